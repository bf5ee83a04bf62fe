//! Tasks and timers whose worker comes late write nothing either.

use super::depot::{Depot, World, settings};
use super::parcels::{Parcel, parcel};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use workflow_runtime::Job;

const BOOK: &str = "UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T', version = 2, entered_at = now()";
/// Its lease has ended, and somebody else has the job.
const TAKEN: &str = "UPDATE parcels_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'";

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_ends_after_its_lease_leaves_the_newer_attempt_its_job() {
    let world = World::new().await;
    world.parcel().await;
    world.run(BOOK).await;
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tells, waits) = (begun.clone(), gate.clone());
    let tell = Box::new(move |_: Parcel<parcel::Booked>, _: Job| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let (begun, gate) = (tells.clone(), waits.clone());
        Box::pin(async move {
            begun.notify_one();
            gate.notified().await;
            Ok(())
        })
    });
    let working = world.work(Depot { tell, ..Depot::default() }).await;
    begun.notified().await;
    world.run(&format!("{TAKEN} WHERE kind = 'task'")).await;
    gate.notify_one();
    working.stop().await;
    assert_eq!(world.ask::<i32>("SELECT attempt FROM parcels_jobs WHERE kind = 'task'").await, 2);
}

/// Between the claim of a timer and its transaction lies the lock of its instance, which somebody else has for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_is_fired_after_its_lease_fires_nothing() {
    let world = World::new().await;
    world.parcel().await;
    world.run(BOOK).await;
    world.run("DELETE FROM parcels_jobs WHERE job <> 'remind'").await;
    let mut held = world.admin.begin().await.unwrap();
    sqlx::query("SELECT FROM parcels FOR UPDATE").execute(&mut *held).await.unwrap();
    let mut long = settings();
    long.lease = Duration::from_secs(3600);
    let working = world.work_with(Depot::default(), long).await;
    world.run("UPDATE parcels_jobs SET run_at = now()").await;
    world
        .until("SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        .await;
    world.run(TAKEN).await;
    held.commit().await.unwrap();
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks").await, 0);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history WHERE event = 'remind'").await, 0);
    assert_eq!(world.ask::<i32>("SELECT attempt FROM parcels_jobs").await, 2);
}
