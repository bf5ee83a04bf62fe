//! Plays a scenario: everybody works, faults strike at their times, the faults end, the work drains, and what is left is checked.

use crate::Failure;
use crate::check::{self, Anomaly, Logs, Name, Said};
use crate::report::Report;
use crate::scenario::Scenario;
use crate::site::Site;
use crate::troupe::Role;
use crate::wire::Manner;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Between two lines.
const PROGRESS: Duration = Duration::from_secs(10);

/// How long it may take until there is less to do, when nothing goes wrong any more.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn play(scenario: &Scenario, folder: &Path) -> Result<Report, Failure> {
    let site = Arc::new(Site::open(folder, &scenario.load, scenario.seed).await?);
    let began = Instant::now();
    let progress = tokio::spawn(progress(site.clone(), began));
    strike(scenario, &site, began).await?;
    progress.abort();
    calm(&site);
    site.troupe.stop(Role::Fires).await?;
    drain(&site).await?;
    site.troupe.stop(Role::Performs).await?;
    println!("  checking");
    let left_out = scenario.faults.iter().filter_map(|plan| Some((plan.kind, plan.kind.left_out(&site)?))).collect();
    let mut report =
        Report { left_out, anomalies: site.anomalies(), tally: site.tally(), seen: site.wire.seen(), ..Report::default() };
    review(&site, &mut report).await?;
    let crashed = site.troupe.crashed();
    if crashed > 0 {
        let said = std::fs::read_to_string(site.logs().join("stderr"))?;
        report.anomalies.push(Anomaly::of(Name::CrashedProcess, Uuid::nil(), [crashed.to_string(), said]));
    }
    site.node.lock().await.stop().await?;
    report.took = began.elapsed();
    Ok(report)
}

/// Faults begin at their times; how long each lasts is its own affair.
async fn strike(scenario: &Scenario, site: &Arc<Site>, began: Instant) -> Result<(), Failure> {
    let mut striking = JoinSet::new();
    for appointment in scenario.timeline() {
        if appointment.kind.left_out(site).is_some() {
            continue;
        }
        tokio::time::sleep((began + appointment.at).saturating_duration_since(Instant::now())).await;
        let site = site.clone();
        striking.spawn(async move {
            let struck = appointment.kind.strike(&site, appointment.random).await;
            struck.map_err(|failure| format!("{}: {failure}", appointment.kind))
        });
        while let Some(ended) = striking.try_join_next() {
            ended??;
        }
    }
    tokio::time::sleep((began + scenario.lasting).saturating_duration_since(Instant::now())).await;
    while let Some(ended) = striking.join_next().await {
        ended??;
    }
    Ok(())
}

async fn progress(site: Arc<Site>, began: Instant) -> Result<(), Failure> {
    loop {
        tokio::time::sleep(PROGRESS).await;
        site.troupe.tend().await?;
        let moved = sqlx::query_scalar::<_, i64>(include_str!("sql/moved.sql")).fetch_one(&site.direct()).await;
        let moved = moved.map_or_else(|_| "away".to_owned(), |moved| moved.to_string());
        let (faults, seen) = (site.tally().values().sum::<u64>(), site.wire.seen());
        println!(
            "{:5.0} s  transitions {moved}, faults {faults}; commits lost {} before, {} after; late {}, looked for {}",
            began.elapsed().as_secs_f64(),
            seen.before,
            seen.after,
            seen.late,
            seen.waiting
        );
    }
}

/// Nothing goes wrong from now on.
fn calm(site: &Site) {
    site.wire.relent();
    site.wire.refuse(false);
    site.wire.behave(Manner::default());
}

/// Comes back when nothing is left to do by itself, or nothing becomes less; the checker says what that means.
async fn drain(site: &Site) -> Result<(), Failure> {
    let (mut least, mut since) = (i64::MAX, Instant::now());
    while since.elapsed() < PATIENCE {
        let left = sqlx::query_scalar::<_, i64>(include_str!("sql/left.sql")).fetch_one(&site.direct()).await?;
        if left == 0 {
            break;
        }
        if left < least {
            (least, since) = (left, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

async fn review(site: &Site, report: &mut Report) -> Result<(), Failure> {
    let mut logs = Logs::read(&site.logs())?;
    let pool = site.direct();
    for ids in check::read::ids(&pool, &logs).await? {
        for account in check::read::accounts(&pool, &mut logs, &ids).await? {
            report.accounts += 1;
            report.transitions += account.instance.steps.len() as u64;
            let answers = account.calls.iter().flat_map(|call| &call.answers);
            report.acknowledged += answers.clone().filter(|said| matches!(said, Said::Ok { .. })).count() as u64;
            report.unknown += answers.filter(|said| matches!(said, Said::Unknown { .. })).count() as u64;
            report.anomalies.extend(check::check(&account));
        }
    }
    Ok(())
}
