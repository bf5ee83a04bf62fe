//! What waits is told, and asking for it costs nothing beside what is asked anyway.

use super::depot::{Depot, World, settings};
use super::parcels::Parcel;
use super::watch::Watch;
use std::time::Duration;
use workflow_runtime::{Worker, WorkerSettings};

/// Works until something is so.
async fn work_until(worker: Worker<Depot>, is_so: impl AsyncFn() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let limit = tokio::time::timeout(Duration::from_secs(20), wait);
    worker.run(async { limit.await.expect("it comes to be so") }).await;
}

fn looks(watch: &Watch) -> Vec<String> {
    watch.statements().into_iter().map(|(text, _)| text).filter(|text| text.contains("AS lane")).collect()
}

#[tokio::test]
async fn the_jobs_that_wait_and_the_oldest_of_them_are_told() {
    let world = World::new().await;
    world.parcel().await;
    world.parcel().await;
    world.run("UPDATE parcels_jobs SET run_at = now() - interval '100 seconds'").await;
    world.parcel().await;
    for later in ["now() + interval '1 hour'", "'infinity'"] {
        let id = world.parcel().await;
        world.run(&format!("UPDATE parcels_jobs SET run_at = {later} WHERE id = '{id}'")).await;
    }
    let worker = Worker::with(world.runtime(Depot::default()).await, settings()).limit("find_courier", 0);
    let watch = Watch::begin();
    work_until(worker.serving::<Parcel>(), async || looks(&watch).len() > 1).await;
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_jobs_due{workflow=parcel}"], 3.0);
    assert!((100.0..120.0).contains(&numbers["workflow_oldest_due_seconds{workflow=parcel}"]), "{numbers:?}");
}

#[tokio::test]
async fn where_nothing_waits_both_are_zero() {
    let world = World::new().await;
    let worker = Worker::with(world.runtime(Depot::default()).await, settings());
    let watch = Watch::begin();
    work_until(worker.serving::<Parcel>(), async || looks(&watch).len() > 1).await;
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_jobs_due{workflow=parcel}"], 0.0);
    assert_eq!(numbers["workflow_oldest_due_seconds{workflow=parcel}"], 0.0);
}

#[tokio::test]
async fn an_idle_worker_sends_no_more_than_a_statement_a_second_and_counts_in_the_first_one() {
    let world = World::new().await;
    let worker = Worker::with(world.runtime(Depot::default()).await, WorkerSettings::default());
    let watch = Watch::begin();
    let began = std::time::Instant::now();
    work_until(worker.serving::<Parcel>(), async || looks(&watch).len() > 2).await;
    assert!(began.elapsed() >= Duration::from_secs(2));
    let statements: Vec<_> =
        watch.statements().into_iter().map(|(text, _)| text).filter(|text| !text.contains("LISTEN")).collect();
    assert_eq!(statements.len(), 3, "{statements:#?}");
    let counts: Vec<_> = statements.iter().map(|text| text.contains("count(*)")).collect();
    assert_eq!(counts, [true, false, false]);
}

#[tokio::test]
async fn nothing_is_counted_where_no_recorder_is_installed() {
    let world = World::new().await;
    let worker = Worker::with(world.runtime(Depot::default()).await, settings());
    let watch = Watch::begin();
    let _none = metrics::set_default_local_recorder(&metrics::NoopRecorder);
    work_until(worker.serving::<Parcel>(), async || looks(&watch).len() > 1).await;
    assert!(looks(&watch).iter().all(|text| !text.contains("count(*)")), "{:#?}", looks(&watch));
}
