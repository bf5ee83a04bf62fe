//! An attempt of a job is one span and counts once, however it ends.

use super::depot::{Depot, World, does, settings};
use super::parcels::Parcel;
use super::parcels::parcel;
use super::watch::Watch;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tracing::Instrument;
use workflow_runtime::{JobError, Worker, WorkerSettings};

const TOLD: [&str; 5] = ["workflow", "kind", "job", "attempt", "outcome"];

/// Works until the question is answered by true.
async fn work_until(world: &World, depot: Depot, settings: WorkerSettings, question: &str) {
    let worker = Worker::with(world.runtime(depot).await, settings).serving::<Parcel>();
    worker.run(world.until(question)).await;
}

fn attempts(watch: &Watch) -> Vec<(String, f64)> {
    watch.of("workflow_job_attempts_total")
}

fn counted(labels: &str, count: f64) -> (String, f64) {
    (format!("workflow=parcel,{labels}"), count)
}

#[tokio::test]
async fn an_attempt_is_a_span_around_the_work_and_around_the_transition_that_follows() {
    let world = World::new().await;
    let id = world.parcel().await;
    let find_courier = Box::new(|_, job: workflow_runtime::Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        Box::pin(async move { Ok(super::depot::book(&job)) }.instrument(tracing::info_span!("asking the courier")))
    });
    let watch = Watch::begin();
    let depot = Depot { find_courier, ..Depot::default() };
    work_until(&world, depot, settings(), "SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
    let jobs = watch.spans("workflow.job");
    let told: Vec<_> = jobs.iter().map(|seen| seen.told(&TOLD)).collect();
    assert_eq!(told, [["parcel", "activity", "find_courier", "1", "done"], ["parcel", "task", "tell", "1", "done"]]);
    assert_eq!((jobs[0].fields["id"].as_str(), jobs[0].parent), (id.to_string().as_str(), None));
    assert_eq!(watch.span("asking the courier").parent, Some("workflow.job"));
    let fired = watch.span("workflow.fire");
    assert_eq!((fired.told(&["event", "to", "outcome"]), fired.parent), (vec!["book", "booked", "fired"], Some("workflow.job")));
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_job_attempts_total{workflow=parcel,kind=activity,job=find_courier,outcome=done}"], 1.0);
    assert_eq!(numbers["workflow_job_attempts_total{workflow=parcel,kind=task,job=tell,outcome=done}"], 1.0);
    assert_eq!(numbers["workflow_job_seconds{workflow=parcel,kind=activity,job=find_courier}"], 1.0);
    assert_eq!(numbers["workflow_transitions_total{workflow=parcel,event=book,outcome=fired}"], 1.0);
    assert!(numbers.keys().all(|key| !key.contains(&id.to_string())), "{numbers:?}");
}

#[tokio::test]
async fn a_transition_with_an_effect_in_the_application_counts_once_too() {
    let world = World::new().await;
    world.parcel().await;
    let watch = Watch::begin();
    let depot = Depot { find_courier: does(|_, _| Ok(parcel::event::Refuse.into())), ..Depot::default() };
    work_until(&world, depot, settings(), "SELECT count(*) = 1 FROM parcels WHERE state = 'returned'").await;
    assert_eq!(watch.span("workflow.fire").told(&["event", "outcome"]), ["refuse", "fired"]);
    assert_eq!(watch.of("workflow_transitions_total"), [counted("event=refuse,outcome=fired", 1.0)]);
}

#[tokio::test]
async fn failures_are_told_until_what_follows_them() {
    let world = World::new().await;
    world.parcel().await;
    let now = does(|_, _| Err(JobError::retry_after(Duration::ZERO, "nobody answers").into()));
    let watch = Watch::begin();
    let depot = Depot { find_courier: now, ..Depot::default() };
    work_until(&world, depot, settings(), "SELECT count(*) = 1 FROM parcels WHERE state = 'returned'").await;
    let told: Vec<_> = watch.spans("workflow.job").iter().map(|seen| seen.told(&["attempt", "outcome"]).join(" ")).collect();
    assert_eq!(told, ["1 failed", "2 failed", "3 exhausted"]);
    let courier = "kind=activity,job=find_courier,outcome=";
    let expected = [counted(&format!("{courier}exhausted"), 1.0), counted(&format!("{courier}failed"), 2.0)];
    assert_eq!(attempts(&watch), expected);
}

#[tokio::test]
async fn a_job_that_is_parked_counts_as_parked() {
    let world = World::new().await;
    world.lost().await;
    world.run("DELETE FROM parcels_jobs WHERE kind = 'task'").await;
    let watch = Watch::begin();
    let depot = Depot { search: does(|_, _| Err(JobError::give_up("gone").into())), ..Depot::default() };
    work_until(&world, depot, settings(), "SELECT count(*) = 1 FROM parcels_jobs WHERE run_at = 'infinity'").await;
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_jobs_parked_total{workflow=parcel,kind=activity,job=search}"], 1.0);
    assert_eq!(numbers["workflow_job_attempts_total{workflow=parcel,kind=activity,job=search,outcome=parked}"], 1.0);
    assert_eq!(watch.span("workflow.job").fields["outcome"], "parked");
}

#[tokio::test]
async fn what_is_cut_off_at_a_shutdown_is_given_back() {
    let world = World::new().await;
    world.parcel().await;
    let begun = Arc::new(Notify::new());
    let told = begun.clone();
    let find_courier = Box::new(move |_, _| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        told.notify_one();
        Box::pin(std::future::pending())
    });
    let mut settings = settings();
    settings.grace = Duration::ZERO;
    let worker = Worker::with(world.runtime(Depot { find_courier, ..Depot::default() }).await, settings);
    let watch = Watch::begin();
    worker.serving::<Parcel>().run(begun.notified()).await;
    assert_eq!(watch.span("workflow.job").fields["outcome"], "given_back");
    assert_eq!(attempts(&watch), [counted("kind=activity,job=find_courier,outcome=given_back", 1.0)]);
}

/// An activity whose parcel is recalled meanwhile, after so long.
async fn recalled_after(world: &World, time: Duration) -> Depot {
    let runtime = world.runtime(Depot::default()).await;
    let find_courier = Box::new(move |parcel: Parcel<parcel::Packed>, job: workflow_runtime::Job| {
        let runtime = runtime.clone();
        let answer: std::pin::Pin<Box<dyn Future<Output = _> + Send>> = Box::pin(async move {
            tokio::time::sleep(time).await;
            runtime.fire(parcel.id, parcel::event::Recall).await?;
            Ok(super::depot::book(&job))
        });
        answer
    });
    Depot { find_courier, ..Depot::default() }
}

/// Works until an attempt has ended.
async fn work_once(world: &World, watch: &Watch, depot: Depot, settings: WorkerSettings) {
    let worker = Worker::with(world.runtime(depot).await, settings).serving::<Parcel>();
    let ended = async {
        while watch.spans("workflow.job").is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    worker.run(ended).await;
    assert_eq!(watch.span("workflow.job").fields["outcome"], "overtaken");
}

fn leases_lost(watch: &Watch) -> Vec<(String, f64)> {
    watch.of("workflow_leases_lost_total")
}

#[tokio::test]
async fn a_job_whose_state_was_left_is_overtaken() {
    let world = World::new().await;
    world.parcel().await;
    let watch = Watch::begin();
    work_once(&world, &watch, recalled_after(&world, Duration::ZERO).await, settings()).await;
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_job_attempts_total{workflow=parcel,kind=activity,job=find_courier,outcome=overtaken}"], 1.0);
    assert_eq!(numbers["workflow_transitions_total{workflow=parcel,event=book,outcome=overtaken}"], 1.0);
}

#[tokio::test]
async fn no_lease_is_lost_that_was_extended_when_the_state_was_left() {
    let world = World::new().await;
    world.parcel().await;
    let mut settings = settings();
    settings.lease = Duration::from_secs(1);
    let watch = Watch::begin();
    work_once(&world, &watch, recalled_after(&world, settings.lease * 3 / 2).await, settings).await;
    assert_eq!(leases_lost(&watch), []);
}

#[tokio::test]
async fn an_attempt_that_stalls_beyond_its_lease_and_is_overtaken_has_lost_it() {
    let world = World::new().await;
    world.parcel().await;
    let mut settings = settings();
    settings.lease = Duration::from_millis(100);
    let (url, lease) = (world.db.url().to_owned(), settings.lease);
    // The whole process stalls, as it seems to itself: its only thread is blocked, while another worker takes the job.
    let find_courier = does(move |_, job| {
        let (began, url) = (Instant::now(), url.clone());
        std::thread::spawn(move || another_worker_takes_it(&url)).join().expect("it is taken");
        std::thread::sleep((lease * 2).saturating_sub(began.elapsed()));
        Ok(super::depot::book(&job))
    });
    let watch = Watch::begin();
    work_once(&world, &watch, Depot { find_courier, ..Depot::default() }, settings).await;
    assert_eq!(leases_lost(&watch), [counted("kind=activity,job=find_courier", 1.0)]);
}

fn another_worker_takes_it(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let pool = sqlx::PgPool::connect(url).await.expect("a pool");
        let take = "UPDATE parcels_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'";
        sqlx::query(take).execute(&pool).await.expect("the job");
    });
}
