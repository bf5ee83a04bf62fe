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
    let stopped = working.stop();
    gate.notify_one();
    stopped.await;
    assert_eq!(world.state().await, "booked");
    // The task waits for the next worker, or a claim that was under way has seen it and it is done: nothing is left to its lease.
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs WHERE attempt > 0").await, 0);
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
