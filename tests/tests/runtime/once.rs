//! One key takes effect once on an instance, from however many places it comes.

use super::bank::{Account, Bank, account, account::event};
use super::world::{World, pool};
use tokio::task::JoinSet;
use workflow_runtime::workflow::Fire;
use workflow_runtime::{Error, Fired, Runtime};

const CALLERS: usize = 12;
const INSTANCES: usize = 8;

/// Fires the event under one key from many places at once, between other transitions; how often it took effect now.
async fn race<E: Fire<Bank, Workflow = Account>>(world: &World, event: E) -> Vec<i64> {
    let bank = Runtime::new(pool(&world.url(), CALLERS as u32).await, Bank::default());
    let mut times = Vec::new();
    for _ in 0..INSTANCES {
        let id = world.account().await;
        let mut calls = JoinSet::new();
        for caller in 0..CALLERS {
            let (bank, event) = (bank.clone(), event.clone());
            calls.spawn(async move {
                if caller % 3 == 0 {
                    bank.fire(id, event::Touch).await?;
                }
                bank.once("evt-42").fire(id, event).await
            });
        }
        let outcomes = calls.join_all().await;
        let now = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Fired::Now(_)))).count();
        let before = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Fired::Before(_)))).count();
        assert_eq!((now, before), (1, CALLERS - 1), "{outcomes:?}");
        times.push(world.stored(id).await.version - 1 - (CALLERS / 3) as i64);
    }
    times
}

#[tokio::test]
async fn a_key_takes_effect_once_from_many_connections_and_clones() {
    assert_eq!(race(&World::new().await, event::Touch).await, [1; INSTANCES]);
}

#[tokio::test]
async fn a_key_with_an_effect_takes_effect_once_from_many_connections_and_clones() {
    let world = World::new().await;
    assert_eq!(race(&world, event::Post).await, [1; INSTANCES]);
    assert_eq!(world.count("SELECT count(*) FROM bookings").await, INSTANCES as i64);
}

#[tokio::test]
async fn a_key_is_remembered_after_other_transitions() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    bank.once("k").fire(id, event::Touch).await.unwrap();
    bank.fire(id, event::Touch).await.unwrap();
    bank.once("other").fire(id, event::Touch).await.unwrap();
    let again = bank.once("k").fire(id, event::Touch).await.unwrap();
    assert!(matches!(again, Fired::Before(step) if step.version == 2 && step.event == "touch"));
    assert_eq!(world.stored(id).await.version, 4);
}

#[tokio::test]
async fn a_key_that_took_effect_is_no_conflict_where_the_event_is_not_possible_any_more() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    for again in [false, true] {
        let fired = bank.once("k").fire(id, event::Close { reason: "moved".into() }).await.unwrap();
        assert_eq!(matches!(fired, Fired::Before(_)), again);
    }
    let other = bank.once("other").fire(id, event::Close { reason: "moved".into() }).await;
    assert!(matches!(other, Err(Error::Conflict { .. })));
    assert_eq!(world.stored(id).await.bookings, 1);
}

#[tokio::test]
async fn another_event_or_instance_under_the_same_key_is_another_matter() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let (id, other) = (world.account().await, world.account().await);
    let once = bank.once("k");
    assert!(matches!(once.fire(id, event::Touch).await, Ok(Fired::Now(_))));
    assert!(matches!(once.fire(id, event::Post).await, Ok(Fired::Now(_))));
    assert!(matches!(once.fire(other, event::Touch).await, Ok(Fired::Now(_))));
    let history = world.load(id).await.history(&world.admin).await.unwrap();
    let keys: Vec<_> = history.iter().map(|step| step.key).skip(1).collect();
    assert_eq!(keys, [Some(once.key_of(&event::Touch)), Some(once.key_of(&event::Post))]);
}

#[tokio::test]
async fn a_key_that_was_refused_can_still_take_effect() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    bank.fire(id, event::Hold { by: "court".into() }).await.unwrap();
    assert!(matches!(bank.once("k").fire(id, event::Post).await, Err(Error::Conflict { .. })));
    bank.fire(id, event::Free).await.unwrap();
    let fired = bank.once("k").fire(id, event::Post).await.unwrap();
    assert!(matches!(fired, Fired::Now(account) if account.state == account::Open));
}
