//! Connections that are kept for the next transition, and are the pool's all the same.

use super::bank::{Bank, account::event};
use super::world::{World, pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use workflow_runtime::Runtime;

#[tokio::test]
async fn nothing_is_sent_between_transitions_that_follow_each_other() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    bank.fire(id, event::Touch).await.unwrap();
    let before = proxy.bursts();
    for _ in 0..200 {
        bank.fire(id, event::Touch).await.unwrap();
    }
    // A question after each of them would make 400; where the machine was busy for a while, there are some.
    let bursts = proxy.bursts() - before;
    assert!((200..300).contains(&bursts), "{bursts} bursts");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_connection_gets_it_while_others_fire_without_an_end() {
    let world = World::new().await;
    let bank = Runtime::new(pool(world.db.url(), 1).await, Bank::default());
    let is_over = Arc::new(AtomicBool::new(false));
    let mut firing = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (bank, is_over, id) = (bank.clone(), is_over.clone(), world.account().await);
        firing.spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                bank.fire(id, event::Touch).await.unwrap();
            }
        });
    }
    for _ in 0..10 {
        let one: i32 = sqlx::query_scalar("SELECT 1").fetch_one(bank.pool()).await.unwrap();
        assert_eq!(one, 1);
    }
    is_over.store(true, Ordering::Relaxed);
    while let Some(fired) = firing.join_next().await {
        fired.unwrap();
    }
}

#[test]
fn a_runtime_may_outlive_tokios() {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bank = tokio.block_on(async {
        let world = World::new().await;
        let bank = Runtime::new(pool(world.db.url(), 1).await, Bank::default());
        bank.fire(world.account().await, event::Touch).await.unwrap();
        bank
    });
    drop(tokio);
    drop(bank);
}
