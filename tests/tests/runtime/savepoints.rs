//! A savepoint: kept, taken back, dropped, and what is around it goes on.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, until};
use workflow_runtime::{Ending, Error};

#[tokio::test]
async fn what_was_released_is_kept_and_what_was_undone_or_dropped_is_not() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (kept, undone, dropped) = (world.account().await, world.account().await, world.account().await);
    let mut tx = bank.begin().await.unwrap();

    let mut inner = tx.savepoint().await.unwrap();
    let _ = inner.fire(kept, event::Post).await.unwrap();
    inner.release().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    let _ = inner.fire(undone, event::Post).await.unwrap();
    inner.undo().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    let _ = inner.fire(dropped, event::Post).await.unwrap();
    drop(inner);
    let _ = tx.fire(undone, event::Touch).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((world.stored(kept).await.version, world.stored(kept).await.bookings), (2, 1));
    assert_eq!((world.stored(undone).await.version, world.stored(undone).await.bookings), (2, 0));
    assert_eq!(world.stored(dropped).await.version, 1);
}

#[tokio::test]
async fn a_failed_statement_in_a_savepoint_leaves_the_transaction_around_it_usable() {
    let world = World::new().await;
    let bank = world.bank(Bank { careful: "SELECT 1/0", ..Bank::default() }).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    let open = tx.lock::<Account<account::Open>>(id).await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    assert!(matches!(open.post(&mut inner).await, Err(Error::Rejected { event: "post", .. })));
    inner.undo().await.unwrap();
    let _ = tx.fire(id, event::Touch).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (2, 0));
}

#[tokio::test]
async fn releasing_after_a_failed_statement_says_so_and_takes_back_what_was_done_since() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    let _ = inner.fire(id, event::Post).await.unwrap();
    assert!(sqlx::raw_sql("SELECT 1/0").execute(&mut *inner).await.is_err());
    inner.release().await.unwrap_err();
    let _ = tx.fire(id, event::Touch).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (2, 0));
}

#[tokio::test]
async fn savepoints_can_be_nested() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    let mut outer = tx.savepoint().await.unwrap();
    let _ = outer.fire(id, event::Touch).await.unwrap();
    let mut inner = outer.savepoint().await.unwrap();
    let _ = inner.fire(id, event::Post).await.unwrap();
    inner.undo().await.unwrap();
    outer.release().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((world.stored(id).await.version, world.stored(id).await.bookings), (2, 0));
}

/// Whoever holds the transaction, ours or theirs, there the effect is found out before the savepoint's end.
#[tokio::test]
async fn an_effect_that_ends_the_transaction_within_a_savepoint_is_told_at_once() {
    let world = World::new().await;
    let cases = [
        ("ROLLBACK", Ending::RolledBack, 1),
        ("ROLLBACK; BEGIN; SAVEPOINT _sqlx_savepoint_1", Ending::RolledBack, 1),
        ("COMMIT", Ending::Committed, 2),
        ("COMMIT; BEGIN; SAVEPOINT _sqlx_savepoint_1", Ending::Committed, 2),
        ("SELECT 1/0", Ending::Failed, 1),
    ];
    for (careless, ending, version) in cases {
        let bank = world.bank(Bank { careless, ..Bank::default() }).await;
        let (own, joined) = (world.account().await, world.account().await);
        let mut tx = bank.begin().await.unwrap();
        let told = tx.savepoint().await.unwrap().fire(own, event::Post).await;
        assert!(matches!(&told, Err(Error::EndedByEffect { how, .. }) if *how == ending), "{careless}: {told:?}");
        tx.rollback().await.ok();
        let mut theirs = bank.pool().begin().await.unwrap();
        let told = bank.join(&mut theirs).savepoint().await.unwrap().fire(joined, event::Post).await;
        assert!(matches!(&told, Err(Error::EndedByEffect { how, .. }) if *how == ending), "{careless}: {told:?}");
        theirs.rollback().await.ok();
        assert_eq!((world.stored(own).await.version, world.stored(joined).await.version), (version, version), "{careless}");
    }
}

#[tokio::test]
async fn a_lost_commit_is_asked_about_by_what_a_savepoint_did() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    let mut tx = bank.begin().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    let _ = inner.fire(id, event::Post).await.unwrap();
    inner.release().await.unwrap();
    proxy.mute();
    let committed = tokio::spawn(tx.commit());
    until("COMMIT took effect", async || world.stored(id).await.version == 2).await;
    proxy.cut();
    committed.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_joined_transaction_has_savepoints_too() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (kept, undone) = (world.account().await, world.account().await);
    let mut theirs = bank.pool().begin().await.unwrap();
    let mut joined = bank.join(&mut theirs);
    let mut inner = joined.savepoint().await.unwrap();
    let _ = inner.fire(kept, event::Post).await.unwrap();
    inner.release().await.unwrap();
    let mut inner = joined.savepoint().await.unwrap();
    let _ = inner.fire(undone, event::Post).await.unwrap();
    drop(inner);
    drop(joined);
    theirs.commit().await.unwrap();
    assert_eq!((world.stored(kept).await.version, world.stored(undone).await.version), (2, 1));
}
