//! Failures: tried again, given up, panicking, taking too long, and what follows too many.

use super::depot::{Depot, World, book, does, settings};
use std::time::Duration;
use workflow_runtime::{JobError, WorkerSettings};

/// Failed jobs are due again at once.
const NOW: &str =
    "UPDATE parcels_jobs SET run_at = now() WHERE last_error IS NOT NULL AND run_at > now() AND run_at < 'infinity'";

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_activity_is_tried_again_later_and_its_error_is_kept() {
    let world = World::new().await;
    world.parcel().await;
    let find_courier = does(|_, job: workflow_runtime::Job| match job.attempt {
        1 => Err("the courier is asleep".into()),
        _ => Ok(book(&job)),
    });
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    world.until("SELECT last_error = 'the courier is asleep' FROM parcels_jobs WHERE job = 'find_courier'").await;
    let later: bool =
        world.ask("SELECT run_at > now() AND attempt - forgiven = 1 FROM parcels_jobs WHERE job = 'find_courier'").await;
    assert!(later);
    world.run(NOW).await;
    world.until("SELECT state = 'booked' FROM parcels").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_failures_lead_where_the_declaration_says_with_its_effect() {
    let world = World::new().await;
    world.parcel().await;
    let find_courier = does(|_, _| Err("no".into()));
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    for failures in 1..3 {
        world.until(&format!("SELECT attempt - forgiven = {failures} AND last_error IS NOT NULL FROM parcels_jobs")).await;
        world.run(NOW).await;
    }
    world.until("SELECT state = 'returned' AND reason = 'no courier' FROM parcels").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks WHERE what = 'packed'").await, 1);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_jobs").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_leads_there_at_once() {
    let world = World::new().await;
    world.parcel().await;
    let find_courier = does(|_, _| Err(JobError::give_up("not there").into()));
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    world.until("SELECT state = 'returned' AND reason = 'no courier' FROM parcels").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_gives_up_is_parked_and_runs_again_when_it_is_released() {
    let world = World::new().await;
    world.parcel().await;
    let tell = does(
        |_, job: workflow_runtime::Job| if job.attempt == 1 { Err(JobError::give_up("no such address").into()) } else { Ok(()) },
    );
    let working = world.work(Depot { tell, ..Depot::default() }).await;
    world.until("SELECT count(*) = 1 FROM parcels_jobs WHERE kind = 'task' AND run_at = 'infinity' AND last_error = 'no such address'").await;
    world.run("UPDATE parcels_jobs SET run_at = now() WHERE run_at = 'infinity'").await;
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind = 'task'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_parked_after_as_many_attempts_as_the_worker_allows() {
    let world = World::new().await;
    world.parcel().await;
    let tell = does(|_, _| Err(JobError::retry_after(Duration::ZERO, "no such address").into()));
    let mut few = settings();
    few.attempts = 2;
    let working = world.work_with(Depot { tell, ..Depot::default() }, few).await;
    world.until("SELECT attempt - forgiven = 2 AND run_at = 'infinity' FROM parcels_jobs WHERE kind = 'task'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_the_activity_asks_for_is_kept() {
    let world = World::new().await;
    world.parcel().await;
    let find_courier = does(|_, _| Err(JobError::retry_after(Duration::from_secs(3600), "later").into()));
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    world.until("SELECT last_error = 'later' FROM parcels_jobs").await;
    working.stop().await;
    assert!(world.ask::<bool>("SELECT run_at > now() + interval '59 minutes' FROM parcels_jobs").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failure_and_the_worker_goes_on() {
    let world = World::new().await;
    world.parcel().await;
    let find_courier = does(|_, job: workflow_runtime::Job| {
        assert!(job.attempt > 1, "on the first attempt");
        Ok(book(&job))
    });
    let working = world.work(Depot { find_courier, ..Depot::default() }).await;
    world.until("SELECT last_error = 'panicked: on the first attempt' FROM parcels_jobs").await;
    world.run(NOW).await;
    world.until("SELECT state = 'booked' FROM parcels").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_too_long_is_cut_off_and_counts_as_failed() {
    let world = World::new().await;
    world.parcel().await;
    let mut short: WorkerSettings = settings();
    short.time_out = Duration::from_millis(50);
    let depot = Depot { find_courier: Box::new(|_, _| Box::pin(std::future::pending())), ..Depot::default() };
    let working = world.work_with(depot, short).await;
    world.until("SELECT last_error = 'not ready within 50ms' FROM parcels_jobs").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ends_its_process_each_time_is_not_tried_for_ever() {
    let world = World::new().await;
    world.parcel().await;
    // As if three workers had claimed it and died.
    world.run("UPDATE parcels_jobs SET attempt = 3").await;
    let depot = Depot::default();
    let told = depot.told.clone();
    let working = world.work(depot).await;
    world.until("SELECT state = 'returned' AND reason = 'no courier' FROM parcels").await;
    working.stop().await;
    assert!(told.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_number_of_attempts_is_the_jobs_own() {
    let world = World::new().await;
    world.lost().await;
    let search = does(|_, _| Err("not on the shelf".into()));
    let working = world.work(Depot { search, ..Depot::default() }).await;
    world.until("SELECT attempt - forgiven = 1 AND last_error IS NOT NULL FROM parcels_jobs WHERE job = 'search'").await;
    world.run(NOW).await;
    world.until("SELECT attempt - forgiven = 2 AND run_at = 'infinity' FROM parcels_jobs WHERE job = 'search'").await;
    working.stop().await;
    assert_eq!(world.state().await, "lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_with_one_attempt_is_parked_after_its_first_failure() {
    let world = World::new().await;
    world.lost().await;
    let report = does(|_, _| Err("nobody listens".into()));
    let working = world.work(Depot { report, ..Depot::default() }).await;
    world.until("SELECT attempt - forgiven = 1 AND run_at = 'infinity' FROM parcels_jobs WHERE job = 'report'").await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_number_of_attempts_also_counts_those_that_ended_their_process() {
    let world = World::new().await;
    world.lost().await;
    world.run("UPDATE parcels_jobs SET attempt = 2 WHERE job = 'search'").await;
    let depot = Depot::default();
    let told = depot.told.clone();
    let working = world.work(depot).await;
    world.until("SELECT run_at = 'infinity' FROM parcels_jobs WHERE job = 'search'").await;
    working.stop().await;
    assert!(!told.lock().unwrap().iter().any(|job| job.name == "search"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_pause_is_kept() {
    let world = World::new().await;
    world.lost().await;
    let search = does(|_, _| Err("not on the shelf".into()));
    let working = world.work(Depot { search, ..Depot::default() }).await;
    world.until("SELECT last_error IS NOT NULL FROM parcels_jobs WHERE job = 'search'").await;
    working.stop().await;
    // Three hours, and up to as much again by chance.
    let is_kept = "SELECT run_at - now() BETWEEN interval '2 h 59 min' AND interval '6 h' FROM parcels_jobs WHERE job = 'search'";
    assert!(world.ask::<bool>(is_kept).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_time_out_goes_before_the_workers() {
    let world = World::new().await;
    world.lost().await;
    let depot = Depot { search: Box::new(|_, _| Box::pin(std::future::pending())), ..Depot::default() };
    let working = world.work(depot).await;
    world.until("SELECT last_error = 'not ready within 1s' FROM parcels_jobs WHERE job = 'search'").await;
    working.stop().await;
}
