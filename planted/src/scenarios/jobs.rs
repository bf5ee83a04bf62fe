//! Workers that are late, that meet a user, or each other.

use crate::anomaly::Anomaly;
use crate::app::{App, Courier};
use crate::site::{Site, until};
use crate::workflows::parcels::{Parcel, parcel};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// An outcome of one statement, and one with an effect, which takes a transaction.
const OUTCOMES: [bool; 2] = [false, true];

/// What an attempt leads to waits for its instance, until its lease has ended and somebody else has the job.
pub(crate) async fn late_outcome(site: &Site) -> Vec<Anomaly> {
    let mut found = Vec::new();
    for refuses in OUTCOMES {
        let id = site.parcel().await;
        let mut held = site.admin.begin().await.expect("begun");
        sqlx::query("SELECT FROM parcels WHERE id = $1 FOR UPDATE").bind(id).execute(&mut *held).await.expect("locked");
        let working = site.work(App::with(Arc::new(Courier { refuses, ..Courier::default() }))).await;
        until("the outcome waits", async || site.is_waiting().await).await;
        site.run("UPDATE parcels_jobs SET attempt = attempt + 1, run_at = now() + interval '1 hour'").await;
        held.commit().await.expect("released");
        working.stop().await;
        let moved: bool = site.ask(&format!("SELECT state <> 'packed' FROM parcels WHERE id = '{id}'")).await;
        found.extend(Anomaly::LateAttempt.when(moved));
    }
    found
}

/// A user has the instance and then moves it, which ends its jobs, while an outcome waits for it.
pub(crate) async fn outcome_and_user(site: &Site) -> Vec<Anomaly> {
    // Only for those who find one: otherwise nobody waits so long.
    site.run("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''100ms''', current_database()); END $$")
        .await;
    let mut found = Vec::new();
    for refuses in OUTCOMES {
        let before = deadlocks(site).await;
        let id = site.parcel().await;
        let user = site.runtime(App::default(), 1).await;
        let mut tx = user.begin().await.expect("begun");
        tx.lock::<Parcel>(id).await.expect("locked");
        let working = site.work(App::with(Arc::new(Courier { refuses, ..Courier::default() }))).await;
        until("the outcome waits", async || site.is_waiting().await).await;
        // Whichever of the two PostgreSQL chooses.
        match tx.fire(id, parcel::event::Recall).await {
            Ok(_) => tx.commit().await.expect("committed"),
            Err(_) => tx.rollback().await.expect("rolled back"),
        }
        working.stop().await;
        drop(user);
        found.extend(Anomaly::Deadlock.when(deadlocks(site).await > before));
    }
    found
}

/// A session tells what it has counted when it ends.
async fn deadlocks(site: &Site) -> i64 {
    let ours = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'workflow'";
    until("all sessions have ended", async || site.ask(ours).await).await;
    site.ask("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").await
}

/// A worker looks for jobs while another one is at work, well within its lease.
pub(crate) async fn two_workers(site: &Site) -> Vec<Anomaly> {
    site.parcel().await;
    let (first, second) = (Arc::new(Courier { gate: Semaphore::new(0), ..Courier::default() }), Arc::new(Courier::default()));
    let working = site.work(App::with(first.clone())).await;
    first.asked.acquire().await.expect("open").forget();
    site.worker(App::with(second.clone())).await.until_idle().await.expect("idle");
    first.gate.add_permits(1);
    working.stop().await;
    Anomaly::TwoAtOnce.when(second.asked.available_permits() > 0)
}
