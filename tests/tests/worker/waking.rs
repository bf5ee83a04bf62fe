//! A hint wakes a worker that would sleep for long; without one it looks by itself.

use super::depot::{Depot, World, behind, pool, settings, start};
use super::parcels::{Parcel, parcel};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Runtime, Worker};

#[tokio::test(flavor = "multi_thread")]
async fn a_hint_wakes_a_worker_of_another_process_that_would_sleep_for_an_hour() {
    let world = World::new().await;
    let mut settings = settings();
    settings.poll = Duration::from_secs(3600);
    settings.direct_url = crate::POOLED.then(|| world.db.url().to_owned());
    let working = start(Worker::with(world.runtime(Depot::default()).await, settings).serving::<Parcel>());
    world.until("SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^LISTEN'").await;
    let shop = Runtime::with(pool(&world.url()), Depot::default(), behind(true));
    shop.create(parcel::New { id: Uuid::new_v4(), address: "here".into(), ready: true }).await.unwrap();
    world.until("SELECT state = 'booked' FROM parcels").await;
    working.stop().await;
}

/// Without a hint nothing else tells of it: the last look found nothing.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_hint_a_job_waits_for_the_next_look_and_no_longer() {
    let world = World::new().await;
    let mut settings = settings();
    settings.poll = Duration::from_millis(700);
    let working = world.work_with(Depot::default(), settings).await;
    let begun = std::time::Instant::now();
    for _ in 0..3 {
        world.parcel().await;
        world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
    }
    let took = begun.elapsed();
    working.stop().await;
    assert!(
        took > Duration::from_millis(700),
        "three jobs, each after the one before, were found by less than two looks: {took:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_make_no_sense_end_no_worker() {
    let world = World::new().await;
    world.parcel().await;
    let mut settings = settings();
    (settings.concurrency, settings.lease, settings.direct_url) = (0, Duration::ZERO, Some("nowhere".into()));
    let working =
        start(Worker::with(world.runtime(Depot::default()).await, settings).limit("tell", usize::MAX).serving::<Parcel>());
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
    working.stop().await;
    assert_eq!(world.ask::<String>("SELECT state FROM parcels").await, "booked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_looks_by_itself_and_outlives_the_loss_of_its_connections() {
    let world = World::new().await;
    let working = world.work(Depot::default()).await;
    world.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").await;
    world.parcel().await;
    world.until("SELECT state = 'booked' FROM parcels").await;
    working.stop().await;
}
