//! Timers that all fall due at once.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread, number};
use crate::parcel::Parcel;
use crate::rounds::Effort;
use crate::site::Site;
use crate::staff::{self, Staff};
use std::time::Instant;
use workflow_runtime::Worker;

const ABOUT: &str = "\
The timers of all moving parcels are due when one worker starts; the clock stops when the last parcel is lost, each by a transition of its own in history.";

const WHY: &str = "A thousand timers are one statement, and two of them run at the same time, but each row passes the trigger, as in *Many at once*.";

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let timers = effort.many(100_000);
    let mut rates = Vec::new();
    for _ in 0..effort.rounds {
        rates.push(fallen_due(timers).await?);
    }
    let mut chapter = Chapter::new("timers", "Timers", ABOUT);
    chapter.because(WHY);
    chapter.bar(
        &format!("{} timers due at once, a second", number(timers as f64)),
        "the clock",
        Goal::AtLeast(20_000.0),
        Spread::of(&rates),
    );
    Ok(chapter)
}

async fn fallen_due(timers: i64) -> Result<f64, Failure> {
    let site = Site::new(timers).await?;
    site.run("UPDATE parcels SET state = 'moving', event = 'send', version = 2, entered_at = now(), truck = 'north'").await?;
    site.run("UPDATE parcels_jobs SET run_at = now() - interval '1 second'").await?;
    site.run("VACUUM ANALYZE").await?;
    site.run("CHECKPOINT").await?;
    let worker = Worker::new(site.runtime(20, site.database.url()).await?).serving::<Parcel>();
    let begun = Instant::now();
    let staff = Staff::at_work(worker);
    staff::done(&site, "parcels_jobs").await?;
    let took = begun.elapsed().as_secs_f64();
    staff.go_home().await?;
    site.is_sound().await?;
    match site.count("SELECT count(*) FROM parcels_history WHERE event = 'lose'").await? {
        lost if lost == timers => Ok(timers as f64 / took),
        lost => Err(format!("{lost} of {timers} parcels were lost").into()),
    }
}
