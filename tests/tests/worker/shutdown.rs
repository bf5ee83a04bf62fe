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
    let stopped = tokio::spawn(working.stop());
    gate.notify_one();
    stopped.await.unwrap();
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
    assert!(world.ask::<bool>("SELECT run_at <= now() AND attempt = 1 FROM parcels_jobs").await);
}
