//! What a worker gets done of work that takes no time itself, and how soon it begins.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::Spread;
use crate::parcel::{Depot, Print, print};
use crate::rounds::Effort;
use crate::site::{self, Site};
use crate::staff::{self, Staff};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use workflow_runtime::{Runtime, Settings, Worker, WorkerSettings};

const CONCURRENCY: [usize; 3] = [1, 16, 64];

const ABOUT: &str = "\
Each print is an activity and a task, both of which return at once: what is measured is claiming, the transition, and noting that a job is
done. A start is the time from the return of `fire` to the first line of the activity, in another runtime; a worker without hints looks once a second.";

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let mut chapter = Chapter::new("jobs", "Jobs", ABOUT);
    let mut rates = vec![Vec::new(); CONCURRENCY.len()];
    let mut starts = [Vec::new(), Vec::new()];
    for _ in 0..effort.rounds {
        for (concurrency, rates) in CONCURRENCY.into_iter().zip(&mut rates) {
            rates.push(printed(concurrency, effort.many(if concurrency == 1 { 2_000 } else { 10_000 })).await?);
        }
        starts[0].extend(started(true, effort.many(50)).await?);
        starts[1].extend(started(false, effort.many(20)).await?);
    }
    let rows = CONCURRENCY.iter().zip(&rates).map(|(at_once, rates)| (format!("{at_once} at once"), vec![Spread::of(rates)]));
    chapter.table("Jobs a second of one worker", &["activities and tasks"], rows.collect());
    let rows = ["with hints", "without"].iter().zip(&starts).map(|(how, starts)| ((*how).to_owned(), vec![Spread::of(starts)]));
    chapter.table("Milliseconds from the commit to the start", &["of an activity"], rows.collect());
    Ok(chapter)
}

async fn printed(concurrency: usize, prints: i64) -> Result<f64, Failure> {
    let site = waiting(prints).await?;
    site.run("UPDATE prints SET state = 'printing', event = 'begin', version = 2, entered_at = now()").await?;
    site.run("VACUUM ANALYZE").await?;
    let mut settings = WorkerSettings::default();
    settings.concurrency = concurrency;
    let worker = Worker::with(site.runtime(20, site.database.url()).await?, settings).serving::<Print>();
    let begun = Instant::now();
    let staff = Staff::at_work(worker);
    staff::done(&site, "prints_jobs").await?;
    let took = begun.elapsed().as_secs_f64();
    staff.go_home().await?;
    match site.count("SELECT count(*) FROM prints_history WHERE event = 'end'").await? {
        ended if ended == prints => Ok(2.0 * prints as f64 / took),
        ended => Err(format!("{ended} of {prints} prints ended").into()),
    }
}

/// Milliseconds.
async fn started(hints: bool, prints: i64) -> Result<Vec<f64>, Failure> {
    let site = waiting(prints).await?;
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut settings = Settings::default();
    settings.hints = hints;
    let pool = site::connected(4, site.database.url()).await?;
    let runtime = |depot| Runtime::with(pool.clone(), depot, settings);
    let staff = Staff::at_work(Worker::new(runtime(Depot { told: Some(tell) })).serving::<Print>());
    let depot = runtime(Depot::default());
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut waits = Vec::new();
    for id in 1..=prints {
        depot.fire(id, print::event::Begin).await?;
        let committed = Instant::now();
        let (_, started) = told.recv().await.ok_or("the worker is gone")?;
        waits.push(1_000.0 * started.saturating_duration_since(committed).as_secs_f64());
        // Not in step with the worker's own rounds.
        tokio::time::sleep(Duration::from_millis(37 * u64::try_from(id)? % 400)).await;
    }
    staff.go_home().await?;
    Ok(waits)
}

async fn waiting(prints: i64) -> Result<Site, Failure> {
    let site = Site::new(1).await?;
    site.run(&format!("INSERT INTO prints (id) SELECT generate_series(1, {prints})")).await?;
    Ok(site)
}
