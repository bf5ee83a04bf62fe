//! A begin that is given up leaves nothing behind.

use super::bank::{Bank, account::event};
use super::world::{World, next_user_is_outside, polled, pool};
use workflow_runtime::Runtime;

#[tokio::test]
async fn a_begin_dropped_at_any_poll_leaves_the_pool_usable_and_outside_of_a_transaction() {
    let world = World::new().await;
    for polls in 1.. {
        let bank = Runtime::new(pool(&world.url(), 1).await, Bank::default());
        let begun = polled(polls, bank.begin()).await;
        let finished = begun.is_some();
        drop(begun);
        next_user_is_outside(bank.pool(), &world).await;
        if finished {
            assert!(polls > 1, "it was never interrupted");
            return;
        }
    }
}

#[tokio::test]
async fn those_who_gave_up_waiting_for_a_connection_begin_nothing() {
    let world = World::new().await;
    let proxy = world.proxy().await;
    let bank = Runtime::new(pool(&proxy.url(world.db.url()), 1).await, Bank::default());
    let held = bank.pool().acquire().await.unwrap();
    for _ in 0..50 {
        assert!(polled(1, bank.begin()).await.is_none(), "there is no connection to be had");
        // Whatever it left running comes to wait in the pool's queue, in front of us.
        tokio::task::yield_now().await;
    }
    let before = proxy.bursts();
    drop(held);
    next_user_is_outside(bank.pool(), &world).await;
    let sent = proxy.bursts() - before;
    assert!(sent < 50, "{sent} messages for those who were gone");
    bank.fire(world.account().await, event::Touch).await.unwrap();
}
