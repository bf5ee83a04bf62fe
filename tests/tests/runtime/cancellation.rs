//! A future that is dropped leaves all or nothing, and a pool whose next user is outside of any transaction.

use super::bank::{Account, Bank, account, account::event, parcel};
use super::world::{World, next_user_is_outside, polled, pool};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

/// Where the server has answered before the client looks, one poll does the work of several: then it is done once more.
const ROUNDS: usize = 50;

/// Drops what `way` does after one poll, after two, and so on until it comes to its end; `check` looks each time.
async fn at_every_poll(way: impl AsyncFn(&Runtime<Bank>, Uuid), check: impl AsyncFn(&World, Uuid, bool)) {
    let world = World::new().await;
    for _ in 0..ROUNDS {
        if until_it_ends(&world, &way, &check).await > 3 {
            return;
        }
    }
    panic!("it was hardly interrupted");
}

/// How many polls it took in the end.
async fn until_it_ends(
    world: &World,
    way: &impl AsyncFn(&Runtime<Bank>, Uuid),
    check: &impl AsyncFn(&World, Uuid, bool),
) -> usize {
    for polls in 1.. {
        let id = world.account().await;
        // One connection, and nothing prepared or compared: every await there can be.
        let bank = Runtime::new(pool(&world.url(), 1).await, Bank::default());
        let finished = polled(polls, way(&bank, id)).await.is_some();
        next_user_is_outside(bank.pool(), world).await;
        check(world, id, finished).await;
        if finished {
            return polls;
        }
    }
    0
}

async fn moved_or_not(world: &World, id: Uuid, finished: bool) {
    // That it holds together is checked there.
    let version = world.stored(id).await.version;
    assert!(version == 2 || (version == 1 && !finished), "version {version}");
}

#[tokio::test]
async fn a_dropped_fire_of_one_statement_is_all_or_nothing() {
    at_every_poll(async |bank, id| bank.fire(id, event::Touch).await.map(|_| ()).unwrap(), moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_fire_with_an_effect_is_all_or_nothing() {
    let close = || event::Close { reason: "moved".into() };
    at_every_poll(async |bank, id| bank.fire(id, close()).await.map(|_| ()).unwrap(), moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_fire_under_a_key_is_all_or_nothing() {
    at_every_poll(async |bank, id| drop(bank.once("k").fire(id, event::Post).await.unwrap()), moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_fire_for_many_is_all_or_nothing() {
    at_every_poll(async |bank, id| drop(bank.fire_all([id], event::Touch).await.unwrap()), moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_transaction_is_all_or_nothing() {
    let way = async |bank: &Runtime<Bank>, id| {
        let mut tx = bank.begin().await.unwrap();
        let open = tx.lock::<Account<account::Open>>(id).await.unwrap();
        let _ = open.post(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    at_every_poll(way, moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_transaction_with_a_savepoint_is_all_or_nothing() {
    let way = async |bank: &Runtime<Bank>, id| {
        let mut tx = bank.begin().await.unwrap();
        let mut inner = tx.savepoint().await.unwrap();
        let _ = inner.fire(id, event::Post).await.unwrap();
        inner.release().await.unwrap();
        tx.commit().await.unwrap();
    };
    at_every_poll(way, moved_or_not).await;
}

#[tokio::test]
async fn a_dropped_creation_is_all_or_nothing() {
    let way = async |bank: &Runtime<Bank>, id: Uuid| {
        let id = Uuid::from_u128(!id.as_u128());
        drop(bank.create(account::New { id, balance: 0 }).await.unwrap());
    };
    at_every_poll(way, async |world, id, finished| {
        let id = Uuid::from_u128(!id.as_u128());
        match Account::load(&world.admin, id).await.unwrap() {
            Some(_) => assert_eq!(world.stored(id).await.version, 1),
            None => assert!(!finished),
        }
    })
    .await;
}

#[tokio::test]
async fn a_dropped_creation_with_an_effect_is_all_or_nothing() {
    let way = async |bank: &Runtime<Bank>, id| drop(bank.create(parcel::New { id }).await.unwrap());
    at_every_poll(way, async |world, id, finished| {
        let there: i64 = sqlx::query_scalar(
            "SELECT (SELECT count(*) FROM parcels WHERE id = $1) + (SELECT count(*) FROM parcels_history WHERE id = $1)
                  + (SELECT count(*) FROM bookings WHERE account = $1)",
        )
        .bind(id)
        .fetch_one(&world.admin)
        .await
        .unwrap();
        assert!(there == 3 || (there == 0 && !finished), "{there} of 3 rows");
    })
    .await;
}

/// What is done in a savepoint is dropped at every poll, and the transaction around it goes on.
#[tokio::test]
async fn a_savepoint_dropped_half_way_never_makes_the_commit_around_it_lie() {
    let world = World::new().await;
    for _ in 0..ROUNDS {
        if kept_without_its_savepoint(&world).await > 0 {
            return;
        }
    }
    panic!("a savepoint that is dropped must not cost the whole transaction");
}

/// How many transactions were committed although their savepoint was dropped.
async fn kept_without_its_savepoint(world: &World) -> usize {
    let mut kept = 0;
    for polls in 1.. {
        let id = world.account().await;
        let bank = Runtime::new(pool(&world.url(), 1).await, Bank::default());
        let mut tx = bank.begin().await.unwrap();
        let _ = tx.fire(id, event::Touch).await.unwrap();
        let inner = async {
            let mut inner = tx.savepoint().await?;
            let _ = inner.fire(id, event::Post).await?;
            Ok::<_, Error<Account>>(inner.release().await?)
        };
        let finished = polled(polls, inner).await.is_some();
        let _ = tx.fire(id, event::Touch).await;
        let committed = tx.commit().await;

        let stored = world.stored(id).await;
        assert_eq!(stored.version, if committed.is_ok() { 3 + stored.bookings } else { 1 }, "{committed:?}");
        next_user_is_outside(bank.pool(), world).await;
        kept += usize::from(committed.is_ok() && !finished);
        if finished {
            assert_eq!(stored.bookings, 1);
            return kept;
        }
    }
    kept
}
