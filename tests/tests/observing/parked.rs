//! Whoever asks for it is told of a parked job, once that is written.

use super::depot::{Depot, World, does, settings, start};
use super::parcels::Parcel;
use super::watch::Watch;
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

#[tokio::test]
async fn a_panic_of_whoever_is_told_does_no_harm() {
    let world = World::new().await;
    world.lost().await;
    world.run("DELETE FROM parcels_jobs WHERE kind = 'task'").await;
    let watch = Watch::begin();
    let worker = Worker::with(world.runtime(hopeless()).await, settings()).serving::<Parcel>();
    let worker = worker.on_parked(|parked| panic!("nobody reads of {}", parked.job.key));
    worker.run(world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity'")).await;
    assert_eq!(watch.span("workflow.job").fields["outcome"], "parked");
}
