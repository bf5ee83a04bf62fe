//! A shutdown lets come to an end what can, and loses nothing of what cannot.

use super::depot::{Depot, World, book, settings};
use super::parcels::{Parcel, parcel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use workflow_runtime::Job;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_comes_to_its_end() {
    let world = World::new().await;
    world.parcel().await;
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (begun.clone(), gate.clone());
    let find_courier =
        Box::new(move |_: Parcel<parcel::Packed>, job: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
            let (begun, gate) = (tell.clone(), wait.clone());
            Box::pin(async move {
                begun.notify_one();
                gate.notified().await;
                Ok(book(&job))
            })
        });
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    begun.notified().await;
    // A round is under way when the shutdown begins, and comes to its end before the outcome is written, which it could else see.
    let mut outcome = world.admin.begin().await.unwrap();
    sqlx::query("SELECT FROM parcels FOR UPDATE").execute(&mut *outcome).await.unwrap();
    let mut round = world.admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE parcels_jobs IN ACCESS EXCLUSIVE MODE").execute(&mut *round).await.unwrap();
    world.until(&waiting("= 'relation'")).await;
    let stopped = working.stop();
    gate.notify_one();
    round.commit().await.unwrap();
    world.until(&waiting("<> 'relation'")).await;
    outcome.commit().await.unwrap();
    stopped.await;
    assert_eq!(world.state().await, "booked");
    // Nothing new was claimed: the task waits for the next worker.
    assert_eq!(world.ask::<i32>("SELECT attempt FROM parcels_jobs WHERE kind = 'task'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_is_due_again_at_once() {
    let world = World::new().await;
    world.parcel().await;
    let begun = Arc::new(Notify::new());
    let tell = begun.clone();
    let find_courier = Box::new(move |_: Parcel<parcel::Packed>, _: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let begun = tell.clone();
        Box::pin(async move {
            begun.notify_one();
            std::future::pending().await
        })
    });
    let mut settings = settings();
    settings.grace = Duration::from_millis(10);
    let working = world.work_with(Depot { find_courier, ..Depot::default() }, settings).await;
    begun.notified().await;
    working.stop().await;
    assert!(world.ask::<bool>("SELECT run_at <= now() AND attempt = 2 AND forgiven = 1 FROM parcels_jobs").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_that_is_under_way_is_not_left_to_its_lease() {
    let world = World::new().await;
    world.parcel().await;
    let mut held = world.admin.begin().await.unwrap();
    sqlx::query("LOCK TABLE parcels_jobs IN EXCLUSIVE MODE").execute(&mut *held).await.unwrap();
    let working = world.work(Depot::default()).await;
    let claims = "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    world.until(claims).await;
    let stopped = working.stop();
    held.commit().await.unwrap();
    stopped.await;
    assert_eq!(world.state().await, "booked");
}

/// Whether all who wait for a lock, and somebody does, wait for one like this.
fn waiting(event: &str) -> String {
    format!(
        "SELECT bool_and(wait_event {event}) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
}
