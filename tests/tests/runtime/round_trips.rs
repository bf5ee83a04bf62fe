//! What a transition costs, counted on the wire.
//!
//! Counted up to the answer: sqlx also pings a connection when it goes back to the pool, while nobody waits.

use super::bank::{Bank, account::event};
use super::world::{World, idle};

#[tokio::test]
async fn a_transition_without_an_effect_is_one_round_trip() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    bank.fire(id, event::Touch).await.unwrap();
    idle(bank.pool()).await;

    let before = proxy.bursts();
    bank.fire(id, event::Touch).await.unwrap();
    assert_eq!(proxy.bursts() - before, 1);
}

#[tokio::test]
async fn a_transition_with_an_effect_is_three_round_trips_and_the_effects_own() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let id = world.account().await;
    bank.fire(id, event::Post).await.unwrap();
    idle(bank.pool()).await;

    let before = proxy.bursts();
    bank.fire(id, event::Post).await.unwrap();
    assert_eq!(proxy.bursts() - before, 3 + EFFECT);
}

/// The booking, and the test's own statement, which is empty.
const EFFECT: usize = 2;

#[tokio::test]
async fn many_instances_are_moved_in_one_round_trip() {
    let world = World::new().await;
    let (proxy, bank) = world.behind_a_proxy(|_| Bank::default()).await;
    let ids = [world.account().await, world.account().await, world.account().await];
    bank.fire_all(ids, event::Touch).await.unwrap();
    idle(bank.pool()).await;

    let before = proxy.bursts();
    let moved = bank.fire_all(ids, event::Touch).await.unwrap();
    assert_eq!(proxy.bursts() - before, 1);
    assert!(moved.iter().all(|(_, outcome)| outcome.is_ok()));
}
