//! Whoever asks for it is told of a parked job, once that is written.

use super::depot::{Depot, World, does, settings, start};
use super::parcels::Parcel;
use std::sync::{Arc, Mutex};
use workflow_runtime::{JobError, JobKind, Parked, Worker};

fn hopeless() -> Depot {
    Depot { search: does(|_, _| Err(JobError::give_up("gone for good").into())), ..Depot::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parked_job_is_told_of_after_it_was_written() {
    let world = World::new().await;
    world.lost().await;
    world.run("DELETE FROM parcels_jobs WHERE kind = 'task'").await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let (tell, url) = (told.clone(), world.db.url().to_owned());
    let worker = Worker::with(world.runtime(hopeless()).await, settings()).serving::<Parcel>();
    let working = start(worker.on_parked(move |parked| {
        let url = url.clone();
        let written = std::thread::spawn(move || is_written(&url)).join().expect("an answer");
        tell.lock().unwrap().push((parked.clone(), written));
    }));
    world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity'").await;
    working.stop().await;
    let told = told.lock().unwrap();
    let [(Parked { workflow, job, last_error, .. }, true)] = &told[..] else { panic!("{told:?}") };
    assert_eq!((*workflow, job.name.as_str(), job.kind, job.attempt), ("parcel", "search", JobKind::Activity, 1));
    assert_eq!(last_error, "gone for good");
}

fn is_written(url: &str) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let pool = sqlx::PgPool::connect(url).await.expect("a pool");
        let parked = "SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity'";
        sqlx::query_scalar(parked).fetch_one(&pool).await.expect("an answer")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_of_whoever_is_told_does_no_harm() {
    let world = World::new().await;
    world.lost().await;
    world.run("DELETE FROM parcels_jobs WHERE kind = 'task'").await;
    let told = Arc::new(Mutex::new(0));
    let tell = told.clone();
    let mut one_at_once = settings();
    one_at_once.concurrency = 1;
    let worker = Worker::with(world.runtime(hopeless()).await, one_at_once).serving::<Parcel>();
    let working = start(worker.on_parked(move |_| {
        *tell.lock().unwrap() += 1;
        panic!("nobody reads this");
    }));
    world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity'").await;
    world.run("UPDATE parcels_jobs SET run_at = now() WHERE run_at = 'infinity'").await;
    world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity' AND attempt = 2").await;
    working.stop().await;
    assert_eq!(*told.lock().map_or_else(std::sync::PoisonError::into_inner, |told| told), 2);
}
