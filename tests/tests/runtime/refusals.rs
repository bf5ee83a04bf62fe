//! What refuses a transition, each by its own name, and nothing written.

use super::bank::{Account, Bank, Refused, account, account::event};
use super::world::{World, pool};
use workflow_runtime::{Error, Runtime};

#[tokio::test]
async fn a_guard_blocks_one_and_many() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let deposit = event::Deposit { balance: -1 };
    let error = bank.fire(id, deposit.clone()).await.unwrap_err();
    let Error::Blocked { guard } = &error else { panic!("{error:?}") };
    assert!(guard.contains(&id.to_string()) && guard.contains("deposit"), "{guard}");
    assert!(!error.is_retryable());
    assert!(matches!(bank.fire_all([id], deposit).await, Err(Error::Blocked { .. })));
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn a_violated_constraint_is_told_by_its_name() {
    let world = World::new().await;
    world.execute("ALTER TABLE accounts ADD CONSTRAINT at_most_100 CHECK (balance <= 100)").await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let error = bank.fire(id, event::Deposit { balance: 101 }).await.unwrap_err();
    assert!(matches!(&error, Error::Constraint { name, .. } if name == "at_most_100") && !error.is_retryable(), "{error:?}");
    let new = account::New { id: uuid::Uuid::new_v4(), balance: 101 };
    assert!(matches!(bank.create(new).await, Err(Error::Constraint { name, .. }) if name == "at_most_100"));
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn what_an_effect_says_can_be_downcast_and_everything_is_taken_back() {
    let world = World::new().await;
    let bank = world.bank(Bank { careful: "INSERT INTO marks SELECT NULL", ..Bank::default() }).await;
    let id = world.account().await;
    let error = bank.fire(id, event::Post).await.unwrap_err();
    assert!(!error.is_retryable());
    let Error::Rejected { event: "post", source } = error else { panic!("{error:?}") };
    let refused = source.downcast_ref::<Refused>().expect("the bank's own error");
    assert_eq!(refused.0.as_database_error().and_then(|e| e.code()).as_deref(), Some("23502"));
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (1, 0));
}

#[tokio::test]
async fn joining_a_connection_that_is_in_no_transaction_is_refused() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut connection = world.admin.acquire().await.unwrap();
    let mut joined = bank.join(&mut connection);
    assert!(matches!(joined.fire(id, event::Post).await, Err(Error::NoTransaction)));
    assert!(matches!(joined.lock::<Account>(id).await, Err(Error::NoTransaction)));
    assert!(matches!(joined.lock_all::<Account>([id]).await, Err(Error::NoTransaction)));
    let new = account::New { id: uuid::Uuid::new_v4(), balance: 0 };
    assert!(matches!(joined.create(new).await, Err(Error::NoTransaction)));
    assert_eq!(world.stored(id).await.version, 1);
}

#[tokio::test]
async fn a_database_that_was_never_migrated_is_stale() {
    let world = World::new().await;
    let empty = world.server.create_database().await.unwrap();
    let bank = Runtime::new(pool(empty.url(), 2).await, Bank::default());
    let id = uuid::Uuid::new_v4();
    let errors = [
        bank.fire(id, event::Touch).await.unwrap_err(),
        bank.fire(id, event::Post).await.unwrap_err(),
        bank.create(account::New { id, balance: 0 }).await.unwrap_err(),
        bank.fire_all([id], event::Touch).await.unwrap_err(),
        bank.begin().await.unwrap().lock::<Account>(id).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(&error, Error::Stale { found: None, .. }) && !error.is_retryable(), "{error:?}");
    }
}

#[tokio::test]
async fn a_schema_that_lacks_what_the_binary_needs_is_stale_until_it_is_migrated() {
    let world = World::new().await;
    let id = world.account().await;
    world
        .execute(
            "UPDATE workflow.models SET model = jsonb_set(model, '{facts}', (model -> 'facts') - 'edge open>touch>open'::text)",
        )
        .await;
    let bank = world.bank(Bank::default()).await;
    let error = bank.fire(id, event::Post).await.unwrap_err();
    let Error::Stale { found: Some(_), missing, .. } = &error else { panic!("{error:?}") };
    assert_eq!(missing, &["edge open>touch>open"]);
    assert!(error.to_string().contains("edge open>touch>open"), "{error}");

    world.execute("UPDATE workflow.models SET model = jsonb_insert(model, '{facts,0}', '\"edge open>touch>open\"')").await;
    let _ = bank.fire(id, event::Post).await.unwrap();
}

#[tokio::test]
async fn a_schema_whose_rows_need_more_than_the_binary_knows_is_stale() {
    let world = World::new().await;
    let id = world.account().await;
    world
        .execute(
            r#"UPDATE workflow.models SET model = jsonb_set(model, '{facts}', (model -> 'facts')
               || '["field opened date null in all", "field why text in frozen", "field currency text in all"]')"#,
        )
        .await;
    let error = world.bank(Bank::default()).await.fire(id, event::Touch).await.unwrap_err();
    let Error::Stale { found: Some(_), missing, required, .. } = &error else { panic!("{error:?}") };
    assert!(missing.is_empty());
    assert_eq!(
        required,
        &["field currency text in all"],
        "not what may be left out, nor what is in states that it does not know"
    );
    assert!(error.to_string().contains("it requires what this binary does not know: field currency text in all;"), "{error}");

    world.execute(r#"UPDATE workflow.models SET model = jsonb_insert(model, '{supplied}', '["currency"]')"#).await;
    let _ = world.bank(Bank::default()).await.fire(id, event::Touch).await.unwrap();

    let nickname = r#"UPDATE workflow.models SET model = jsonb_insert(model, '{facts,0}', '"field nickname text in open"')"#;
    world.execute(nickname).await;
    let error = world.bank(Bank::default()).await.fire(id, event::Touch).await.unwrap_err();
    assert!(matches!(&error, Error::Stale { required, .. } if required == &["field nickname text in open"]), "{error:?}");
}

#[tokio::test]
async fn a_newer_schema_fits_an_older_binary() {
    let world = World::new().await;
    let facts = "UPDATE workflow.models SET fingerprint = 'newer', model = jsonb_insert(model, '{facts,0}', '\"state frozen\"')";
    world.execute(facts).await;
    let _ = world.bank(Bank::default()).await.fire(world.account().await, event::Touch).await.unwrap();
}

#[tokio::test]
async fn a_state_that_this_binary_does_not_know_is_no_decode_error() {
    let world = World::new().await;
    let id = world.account().await;
    world
        .execute(
            "ALTER TABLE accounts DROP CONSTRAINT accounts_state_1;
             BEGIN; SET LOCAL session_replication_role = replica; UPDATE accounts SET state = 'frozen'; COMMIT",
        )
        .await;
    let account = world.load(id).await;
    assert_eq!(account.state, account::State::Unknown("frozen".into()));
    assert_eq!(account.possible(), [""; 0]);
    assert!(matches!(account.typed(), account::In::Unknown(_)));
    let bank = world.bank(Bank::default()).await;
    for error in [bank.fire(id, event::Touch).await.unwrap_err(), bank.fire(id, event::Post).await.unwrap_err()] {
        assert!(
            matches!(&error, Error::Conflict { actual, stale: false, .. } if actual.state == account::State::Unknown("frozen".into())),
            "{error:?}"
        );
    }
}
