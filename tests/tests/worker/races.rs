//! A late attempt, a newer one and a user's transition at the same time, many times over: one of them wins, and nothing deadlocks.

use super::depot::{Depot, World, book, does, settings};
use super::parcels::{Parcel, parcel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use workflow_runtime::{Error, Job, WorkerSettings};

const PARCELS: u32 = 80;

/// An activity that has begun and waits, until it is let.
fn held(outcome: fn(&Job) -> parcel::FindCourier, begun: &mpsc::UnboundedSender<()>, gate: &Arc<Semaphore>) -> Depot {
    let (begun, gate) = (begun.clone(), gate.clone());
    let find_courier =
        Box::new(move |_: Parcel<parcel::Packed>, job: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            let (begun, gate) = (begun.clone(), gate.clone());
            Box::pin(async move {
                begun.send(())?;
                gate.acquire().await?.forget();
                Ok(outcome(&job))
            })
        });
    Depot { find_courier, ..Depot::default() }
}

/// A lease that is not extended meanwhile.
fn long() -> WorkerSettings {
    let mut settings = settings();
    (settings.lease, settings.concurrency) = (Duration::from_secs(3600), PARCELS as usize);
    settings
}

async fn deadlocks(world: &World) -> i64 {
    // What a backend has counted it tells when it ends or is idle for a while; the workers' have ended.
    world.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await
}

async fn parcels(world: &World) -> Vec<uuid::Uuid> {
    for _ in 0..PARCELS {
        world.parcel().await;
    }
    world.ask("SELECT array_agg(id) FROM parcels").await
}

/// The users' transitions of all parcels, and how many took effect.
async fn users(world: &World, ids: Vec<uuid::Uuid>, event: impl Into<parcel::Event>) -> i64 {
    let (shop, event, mut all) = (world.runtime(Depot::default()).await, event.into(), JoinSet::new());
    for id in ids {
        let (shop, event) = (shop.clone(), event.clone());
        all.spawn(async move { shop.fire(id, event).await });
    }
    let mut fired = 0;
    for ended in all.join_all().await {
        match ended {
            Ok(_) => fired += 1,
            Err(error) => assert!(matches!(error, Error::Conflict { .. }), "{error}"),
        }
    }
    fired
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_late_activity_a_newer_one_and_a_user_one_wins() {
    // With an effect in the application, which takes a transaction, and without, which is one statement.
    for outcome in [book, |_: &Job| parcel::event::Refuse.into()] {
        let world = World::new().await;
        let ids = parcels(&world).await;
        let (begun, mut all_begun) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let late = world.work_with(held(outcome, &begun, &gate), long()).await;
        for _ in 0..PARCELS {
            all_begun.recv().await.unwrap();
        }
        let newer_gate = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        world.run("UPDATE parcels_jobs SET run_at = now()").await;
        let newer = world.work_with(held(outcome, &begun, &newer_gate), long()).await;
        gate.add_permits(PARCELS as usize);
        let recalled = users(&world, ids, parcel::event::Recall).await;
        world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
        late.stop().await;
        newer.stop().await;
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE version = 2").await, i64::from(PARCELS));
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE version > 2").await, 0);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE event = 'recall'").await, recalled);
        let refused = "SELECT count(*) FROM parcels_history WHERE event = 'refuse'";
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks").await, world.ask::<i64>(refused).await);
        assert_eq!(deadlocks(&world).await, 0);
    }
}

/// What is lost stays lost, and has no timers any more.
fn nowhere() -> Depot {
    Depot { search: does(|_, _| Err("it is nowhere".into())), ..Depot::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_timers_in_two_workers_and_a_user_one_wins() {
    let world = World::new().await;
    let ids = parcels(&world).await;
    world.run("UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T', version = 2, entered_at = now()").await;
    world.run("DELETE FROM parcels_jobs WHERE kind <> 'timer'").await;
    let (one, other) = (world.work(nowhere()).await, world.work(nowhere()).await);
    world.run("UPDATE parcels_jobs SET run_at = now()").await;
    let lost = users(&world, ids, parcel::event::Lose).await;
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind = 'timer'").await;
    one.stop().await;
    other.stop().await;
    let left = "SELECT count(*) FROM parcels_history WHERE from_state = 'booked' AND to_state <> 'booked'";
    assert_eq!(world.ask::<i64>(left).await, i64::from(PARCELS));
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE event = 'lose'").await, lost);
    let reminded = "SELECT count(*) FROM parcels_history WHERE event = 'remind'";
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks WHERE what = 'booked'").await, world.ask::<i64>(reminded).await);
    assert_eq!(deadlocks(&world).await, 0);
}
