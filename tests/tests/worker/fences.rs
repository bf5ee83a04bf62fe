//! Whoever comes late writes nothing.

use super::depot::{Depot, World, book, does, settings};
use super::parcels::parcel::FindCourier;
use super::parcels::{Parcel, SOURCE, parcel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use workflow_inspect::{Look, Parked, Site, Touch};
use workflow_migrate::Snapshot;
use workflow_runtime::Job;

/// An activity that tells when it has begun, and goes on when it is let.
fn held(outcome: fn(&Job) -> FindCourier) -> (Depot, Arc<Notify>, Arc<Semaphore>) {
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (tell_begun, wait) = (begun.clone(), gate.clone());
    let find_courier =
        Box::new(move |_: Parcel<parcel::Packed>, job: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            let (begun, gate) = (tell_begun.clone(), wait.clone());
            Box::pin(async move {
                begun.notify_one();
                gate.acquire().await.expect("open").forget();
                Ok(outcome(&job))
            })
        });
    (Depot { find_courier, ..Depot::default() }, begun, gate)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_after_its_lease_writes_nothing() {
    for outcome in [book, |_: &Job| parcel::event::Refuse.into()] {
        let world = World::new().await;
        world.parcel().await;
        let (depot, begun, gate) = held(outcome);
        let working = world.work(depot).await;
        begun.notified().await;
        // Its lease has ended, and somebody else has the job.
        world.run("UPDATE parcels_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'").await;
        gate.add_permits(1);
        working.stop().await;
        assert_eq!(world.state().await, "packed");
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history").await, 1);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks").await, 0);
        assert_eq!(world.ask::<i32>("SELECT attempt FROM parcels_jobs").await, 2);
    }
}

/// What it leads to waits for the instance, which somebody else has for longer than the lease.
#[tokio::test(flavor = "multi_thread")]
async fn the_lease_is_extended_while_the_outcome_is_written() {
    for outcome in [book, |_: &Job| parcel::event::Refuse.into()] {
        let world = World::new().await;
        world.parcel().await;
        let mut held = world.admin.begin().await.unwrap();
        sqlx::query("SELECT FROM parcels FOR UPDATE").execute(&mut *held).await.unwrap();
        let mut short = settings();
        short.lease = Duration::from_millis(300);
        let find_courier = does(move |_, job: Job| Ok(outcome(&job)));
        let working = world.work_with(Depot { find_courier, ..Depot::default() }, short).await;
        world.until("SELECT attempt = 1 FROM parcels_jobs").await;
        let first: f64 = world.ask("SELECT extract(epoch FROM run_at)::float8 FROM parcels_jobs").await;
        world.until(&format!("SELECT extract(epoch FROM run_at) > {first} + 0.5 FROM parcels_jobs")).await;
        held.commit().await.unwrap();
        world.until("SELECT state <> 'packed' FROM parcels").await;
        working.stop().await;
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE version = 2").await, 1);
    }
}

/// A user's transition has the instance, and then ends its jobs: whoever held one while it waits would be deadlocked with that.
#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_that_waits_for_its_instance_does_not_hold_its_job() {
    for outcome in [book, |_: &Job| parcel::event::Refuse.into()] {
        let world = World::new().await;
        world.parcel().await;
        let mut held = world.admin.begin().await.unwrap();
        sqlx::query("SELECT FROM parcels FOR UPDATE").execute(&mut *held).await.unwrap();
        let find_courier = does(move |_, job: Job| Ok(outcome(&job)));
        let working = world.work(Depot { find_courier, ..Depot::default() }).await;
        world
            .until("SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            .await;
        world.run("SELECT FROM parcels_jobs FOR UPDATE NOWAIT").await;
        held.commit().await.unwrap();
        world.until("SELECT state <> 'packed' FROM parcels").await;
        working.stop().await;
    }
}

/// As an operator does it.
async fn release(world: &World) {
    let (lease, which) = (Duration::from_secs(30), Parked { job: None, ids: &[] });
    let options = world.db.url().parse().expect("a URL");
    let snapshot = Snapshot::first(workflow_tests::models(SOURCE).remove(0), 1, Vec::new());
    let mut look = Look::open(&options, lease).await.expect("a look");
    let site = Site::of(&mut look, &snapshot).await.expect("the catalogue").expect("the workflow is there");
    let mut touch = Touch::open(&options, lease).await.expect("a touch");
    workflow_inspect::release(&mut touch, &site, which).await.expect("released");
    touch.keep().await.expect("kept");
}

/// It hung in its first attempt, the job was parked in its third, and released: the first one after that is another's.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_hung_since_before_a_release_writes_nothing() {
    let world = World::new().await;
    world.parcel().await;
    let (depot, begun, gate) = held(book);
    // It has no room for the released one.
    let mut alone = settings();
    alone.concurrency = 1;
    let working = world.work_with(depot, alone).await;
    begun.notified().await;
    world.run("UPDATE parcels_jobs SET attempt = 3, last_error = 'no courier', run_at = 'infinity'").await;
    release(&world).await;
    assert_eq!(world.ask::<i32>("SELECT attempt - forgiven FROM parcels_jobs WHERE run_at <= now()").await, 0);
    world.run("UPDATE parcels_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'").await;
    gate.add_permits(1);
    working.stop().await;
    assert_eq!(world.state().await, "packed");
    assert_eq!(world.ask::<i32>("SELECT attempt - forgiven FROM parcels_jobs").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_ends_with_the_state_that_it_belongs_to() {
    let world = World::new().await;
    let id = world.parcel().await;
    let (depot, begun, _gate) = held(book);
    let mut short = settings();
    short.lease = Duration::from_millis(60);
    let working = world.work_with(depot, short).await;
    begun.notified().await;
    world.runtime(Depot::default()).await.fire(id, parcel::event::Recall).await.unwrap();
    // It would wait for ever, but its lease cannot be extended: it is dropped.
    working.stop().await;
    assert_eq!(world.ask::<String>("SELECT reason FROM parcels").await, "recalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_internal_transition_meanwhile_is_no_conflict() {
    let world = World::new().await;
    let id = world.parcel().await;
    let (depot, begun, gate) = held(book);
    let working = world.work(depot).await;
    begun.notified().await;
    world.runtime(Depot::default()).await.fire(id, parcel::event::Change { address: "there".into() }).await.unwrap();
    gate.add_permits(1);
    world.until("SELECT state = 'booked' AND address = 'there' FROM parcels").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lease_of_a_long_activity_is_extended() {
    let world = World::new().await;
    world.parcel().await;
    let (depot, begun, gate) = held(book);
    let mut short = settings();
    short.lease = Duration::from_millis(300);
    let working = world.work_with(depot, short).await;
    begun.notified().await;
    let first: f64 = world.ask("SELECT extract(epoch FROM run_at)::float8 FROM parcels_jobs").await;
    world.until(&format!("SELECT extract(epoch FROM run_at) > {first} + 0.5 FROM parcels_jobs")).await;
    gate.add_permits(1);
    world.until("SELECT state = 'booked' FROM parcels").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE event = 'book'").await, 1);
}
