//! How often a worker asks when there is nothing to do.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread};
use crate::parcel::{Pallet, Parcel};
use crate::rounds::Effort;
use crate::site::Site;
use crate::staff::Staff;
use std::time::{Duration, Instant};
use workflow_runtime::Worker;

const ABOUT: &str = "\
One worker serves two workflows that have nothing due, on a server that nobody else uses. Transactions are counted by the server.";

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let site = Site::new(10).await?;
    let worker = Worker::new(site.runtime(4, site.database.url()).await?).serving::<Parcel>().serving::<Pallet>();
    let staff = Staff::at_work(worker);
    // What it did at its start is told by the server some time later.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let mut rates = Vec::new();
    for _ in 0..effort.rounds {
        rates.push(asked(&site, 2 * effort.lasting).await?);
    }
    staff.go_home().await?;
    let mut chapter = Chapter::new("idle", "An idle worker", ABOUT);
    chapter.bar("queries a second of an idle worker", "nothing", Goal::AtMost(1.0), Spread::of(&rates));
    Ok(chapter)
}

async fn asked(site: &Site, lasting: Duration) -> Result<f64, Failure> {
    let (before, begun) = (transactions(site).await?, Instant::now());
    tokio::time::sleep(lasting).await;
    // The question itself is a transaction, too.
    let asked = transactions(site).await? - before - 1;
    Ok(asked as f64 / begun.elapsed().as_secs_f64())
}

async fn transactions(site: &Site) -> Result<i64, Failure> {
    // What a backend has counted it reports within a second of being idle.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    site.count("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()").await
}
