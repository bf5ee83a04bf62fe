//! A transition is never reported as committed when it is not stored, and never as not written when it is.
//!
//! PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and sqlx's `commit()` says `Ok`; an effect has the whole
//! connection and can end the transaction itself.

use super::bank::{Account, Bank, Parcel, account, account::event, parcel};
use super::world::{Stored, World, next_user_is_outside, pool};
use uuid::Uuid;
use workflow_runtime::workflow::Workflow;
use workflow_runtime::{CommitError, Ending, Error, Runtime};

/// What the effect sends without looking at the answer, what the caller is told, and whether the transition is stored.
const CASES: [(&str, Told, bool); 13] = [
    ("SELECT 1", Told::Done, true),
    ("SELECT 1/0", Told::Ended(Ending::Failed), false),
    ("SAVEPOINT mine; SELECT 1/0", Told::Ended(Ending::Failed), false),
    ("SAVEPOINT mine; ROLLBACK TO mine", Told::Done, true),
    ("ROLLBACK", Told::Ended(Ending::RolledBack), false),
    ("ROLLBACK; BEGIN", Told::Ended(Ending::RolledBack), false),
    ("ROLLBACK AND CHAIN", Told::Ended(Ending::RolledBack), false),
    ("COMMIT", Told::Ended(Ending::Committed), true),
    ("COMMIT; BEGIN", Told::Ended(Ending::Committed), true),
    ("COMMIT AND CHAIN", Told::Ended(Ending::Committed), true),
    ("PREPARE TRANSACTION 'refused'", Told::Ended(Ending::RolledBack), false),
    ("DISCARD ALL", Told::Ended(Ending::Failed), false),
    ("INSERT INTO at_commit VALUES (1)", Told::Constraint, false),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Done,
    Ended(Ending),
    Constraint,
    Otherwise,
}

impl<T, W: Workflow> From<Result<T, Error<W>>> for Told {
    fn from(outcome: Result<T, Error<W>>) -> Told {
        match outcome {
            Ok(_) => Told::Done,
            Err(Error::EndedByEffect { how, .. }) => Told::Ended(how),
            Err(Error::Constraint { name, .. }) if name == "at_commit_pkey" => Told::Constraint,
            Err(_) => Told::Otherwise,
        }
    }
}

impl From<Result<(), CommitError>> for Told {
    fn from(outcome: Result<(), CommitError>) -> Told {
        match outcome {
            Ok(()) => Told::Done,
            Err(CommitError::EndedByEffect { how, .. }) => Told::Ended(how),
            Err(CommitError::Constraint { name, .. }) if name == "at_commit_pkey" => Told::Constraint,
            Err(_) => Told::Otherwise,
        }
    }
}

/// Fires `post` in every way there is, with an effect that does what the case says.
async fn each_case(way: impl AsyncFn(Runtime<Bank>, Uuid) -> Told) {
    let world = World::new().await;
    let shared = pool(&world.url(), 2).await;
    let mut wrong = Vec::new();
    for (careless, told, stored) in CASES {
        let id = world.account().await;
        let bank = Runtime::new(shared.clone(), Bank { careless, ..Bank::default() });
        let was_told = way(bank, id).await;
        let was_stored = match world.stored(id).await {
            Stored { version: 2, bookings: 1, .. } => true,
            Stored { version: 1, bookings: 0, .. } => false,
            other => panic!("{careless}: {other:?}"),
        };
        if (was_told, was_stored) != (told, stored) {
            wrong.push(format!("{careless}: told {was_told:?}, stored {was_stored}"));
        }
        next_user_is_outside(&shared, &world).await;
    }
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn fire_tells_what_is_stored_whatever_the_effect_did() {
    each_case(async |bank, id| bank.fire(id, event::Post).await.into()).await;
}

#[tokio::test]
async fn begin_and_commit_tell_what_is_stored_whatever_the_effect_did() {
    each_case(async |bank, id| {
        let mut tx = bank.begin().await.unwrap();
        let open = tx.lock::<Account<account::Open>>(id).await.unwrap();
        // The effect said `Ok`, and the step cannot know better before the commit.
        open.post(&mut tx).await.unwrap();
        tx.commit().await.into()
    })
    .await;
}

#[tokio::test]
async fn a_joined_transaction_tells_what_is_stored_whatever_the_effect_did() {
    each_case(async |bank, id| {
        let mut theirs = bank.pool().begin().await.unwrap();
        let open = bank.join(&mut theirs).lock::<Account<account::Open>>(id).await.unwrap();
        let posted = open.post(&mut bank.join(&mut theirs)).await;
        match posted {
            // The commit is theirs, and so is what it says.
            Ok(_) if theirs.commit().await.is_err() => Told::Constraint,
            Ok(_) => Told::Done,
            Err(error) => Err::<(), _>(error).into(),
        }
    })
    .await;
}

#[tokio::test]
async fn a_creation_tells_what_is_stored_whatever_its_effect_did() {
    let world = World::new().await;
    let shared = pool(&world.url(), 2).await;
    for (careless, told, stored) in CASES {
        let bank = Runtime::new(shared.clone(), Bank { careless, ..Bank::default() });
        let (alone, joined) = (Uuid::new_v4(), Uuid::new_v4());
        assert_eq!(Told::from(bank.create(parcel::New { id: alone }).await), told, "{careless}");
        let mut theirs = bank.pool().begin().await.unwrap();
        let created = bank.join(&mut theirs).create(parcel::New { id: joined }).await;
        let was_told = match created {
            Ok(_) if theirs.commit().await.is_err() => Told::Constraint,
            created => Told::from(created),
        };
        assert_eq!(was_told, told, "joined: {careless}");
        for id in [alone, joined] {
            let there = Parcel::load(&world.admin, id).await.unwrap().is_some();
            assert_eq!(there, stored, "{careless}");
        }
    }
}

#[tokio::test]
async fn a_failed_statement_of_the_callers_own_is_no_silent_commit() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    tx.fire(id, event::Touch).await.unwrap();
    assert!(sqlx::raw_sql("SELECT 1/0").execute(&mut *tx).await.is_err());
    let told = tx.commit().await;
    assert!(matches!(told, Err(CommitError::EndedByEffect { how: Ending::Failed, .. })), "{told:?}");
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn the_error_names_the_effect() {
    let world = World::new().await;
    let bank = world.bank(Bank { careless: "ROLLBACK", ..Bank::default() }).await;
    let error = bank.fire(world.account().await, event::Post).await.unwrap_err();
    let told = "the effect book rolled the transaction back by itself: the transition does not stand";
    assert_eq!(error.to_string(), told);
    assert!(!error.is_retryable());
}
