//! Many at once, against a statement that somebody writes for the occasion.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread, number};
use crate::parcel::{Depot, parcel};
use crate::rounds::Effort;
use crate::site::Site;
use std::time::Instant;
use workflow_runtime::Runtime;

const ABOUT: &str = "\
All parcels are sent by one call of `fire_all`, and then stopped by another. Against it stands an UPDATE with INSERT … SELECT into history
and into the timers, or a DELETE of them, written for the occasion: it checks nothing, tells nobody what became of which, and is not safe
against a lost answer.";

const WHY: &str = "\
Each row passes the trigger, which guards it against any client, and writes its history and its timers: this is what it costs that nobody can
go around it. Counted by callgrind, a row takes 235,000 instructions in the database. 42,000 of them are the trigger that guards history, 35,000 the two
indexes of history, 24,000 the settings of the trigger's function. A trigger for the statement as a whole would need the rows before and after it, which
PostgreSQL then collects for each single transition, too.

A million at once writes 1.7 GB of WAL and works on tables that no cache of the processor holds. Of a hundred samples taken by `perf`, 9 copy new
pages into files that grow, and 6 look for a page among the buffers. Of a hundred thousand at once, these are 1 and 3. It is neither
`shared_buffers` nor checkpoints: with 8 GB of the first and none of the second, a million is as slow.";

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let mut chapter = Chapter::new("bulk", "Many at once", ABOUT);
    let mut rows = Vec::new();
    let numbers = [effort.many(10_000), effort.many(100_000), effort.many(1_000_000)];
    let mut rates = Vec::new();
    for number_of in numbers {
        let (ours, theirs) = compared(effort, number_of).await?;
        rows.push((number(number_of as f64), vec![Spread::of(&ours), Spread::of(&theirs), Spread::ratio(&ours, &theirs)]));
        rates.push((ours, theirs));
    }
    let [_, (ours, theirs), (most, _)] = &rates[..] else { return Err("three sizes were measured".into()) };
    let against = "a set-based UPDATE with INSERT … SELECT";
    chapter.bar("instances moved at once", against, Goal::AtLeast(0.5), Spread::ratio(ours, theirs));
    chapter.bar("ten times as many at once", "the same rate", Goal::AtLeast(0.9), Spread::ratio(most, ours));
    chapter.because(WHY);
    chapter.table("Transitions a second", &["`fire_all`", "by hand", "ratio"], rows);
    Ok(chapter)
}

async fn compared(effort: Effort, number_of: i64) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let site = Site::new(number_of).await?;
    let depot = site.runtime(1, site.database.url()).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..effort.rounds {
        site.run("VACUUM ANALYZE").await?;
        theirs.push(by_hand(&site, number_of).await?);
        ours.push(fired(&depot, number_of).await?);
    }
    site.is_sound().await?;
    Ok((ours, theirs))
}

async fn fired(depot: &Runtime<Depot>, number_of: i64) -> Result<f64, Failure> {
    let begun = Instant::now();
    let sent = depot.fire_all(1..=number_of, parcel::event::Send { truck: "north".into() }).await?;
    let stopped = depot.fire_all(1..=number_of, parcel::event::Stop).await?;
    let took = begun.elapsed().as_secs_f64();
    let moved =
        sent.iter().filter(|(_, sent)| sent.is_ok()).count() + stopped.iter().filter(|(_, stopped)| stopped.is_ok()).count();
    if moved as i64 != 2 * number_of {
        return Err(format!("{moved} of {} moves were made", 2 * number_of).into());
    }
    Ok(moved as f64 / took)
}

async fn by_hand(site: &Site, number_of: i64) -> Result<f64, Failure> {
    let begun = Instant::now();
    site.run(include_str!("../sql/hand_send_all.sql")).await?;
    site.run(include_str!("../sql/hand_stop_all.sql")).await?;
    Ok(2.0 * number_of as f64 / begun.elapsed().as_secs_f64())
}
