//! Settings in which a test matters that no other test is about.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, pool, until};
use sqlx::postgres::PgListener;
use std::time::Duration;
use workflow_runtime::{Runtime, Settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_does_nothing_is_ended_and_leaves_its_locks() {
    let world = World::new().await;
    let id = world.account().await;
    let mut settings = Settings::default();
    settings.idle_timeout = Duration::from_millis(100);
    let bank = Runtime::with(pool(world.db.url(), 2).await, Bank::default(), settings);
    let mut tx = bank.begin().await.unwrap();
    let open = tx.lock::<Account<account::Open>>(id).await.unwrap();
    // The database ends it; whoever waits for the account gets it.
    let touched = bank.fire(id, event::Touch).await.unwrap();
    assert_eq!(touched.version(), 2);
    assert!(open.touch(&mut tx).await.is_err());
    assert!(tx.commit().await.is_err());
    assert_eq!(world.load(id).await.version(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_makes_as_many_connections_as_it_is_told() {
    let world = World::new().await;
    let mut settings = Settings::default();
    settings.max_connections = 2;
    let bank = Runtime::connect_with(world.db.url(), Bank::default(), settings).await.unwrap();
    let both = (bank.begin().await.unwrap(), bank.begin().await.unwrap());
    let third = tokio::spawn({
        let bank = bank.clone();
        async move { bank.begin().await.map(|_| ()) }
    });
    let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'";
    until("both are there", async || world.count(sessions).await == 2).await;
    assert!(!third.is_finished());
    drop(both);
    third.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_are_told_of_new_jobs_unless_it_is_turned_off() {
    for hints in [false, true] {
        let world = World::new().await;
        let id = world.account().await;
        let mut told = PgListener::connect(world.db.url()).await.unwrap();
        told.listen("workflow").await.unwrap();
        let mut settings = Settings::default();
        settings.hints = hints;
        let bank = Runtime::with(pool(world.db.url(), 2).await, Bank::default(), settings);
        let _ = bank.fire(id, event::Hold { by: "court".into() }).await.unwrap();
        // Ten times as long as a hint waits for others.
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.execute("NOTIFY workflow, 'end'").await;
        let mut before_the_end = 0;
        while told.recv().await.unwrap().payload() != "end" {
            before_the_end += 1;
        }
        assert_eq!(before_the_end, i32::from(hints));
    }
}
