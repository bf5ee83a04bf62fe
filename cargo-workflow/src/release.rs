//! `cargo workflow release` and `cargo workflow retry`

use crate::columns::plain;
use crate::database::{Database, Instance, looked, unread};
use crate::{say, why};
use clap::{ArgGroup, Args};
use serde::Serialize;
use std::time::Duration;
use workflow_inspect::{Job, Kept, Look, Parked, Retried, Site, parked, release, retriable, retry};
use workflow_migrate::{Errors, Exit, Format, Snapshot};

/// Which parked jobs.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which_jobs").required(true).multiple(true).args(["ids", "job", "workflow", "all"]))]
pub(crate) struct Release {
    /// Only those of these instances
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Only those of this name
    #[arg(long, value_name = "NAME")]
    job: Option<String>,
    /// Only those of the workflow of this label
    #[arg(long, value_name = "LABEL")]
    workflow: Option<String>,
    /// All that are parked
    #[arg(long, conflicts_with_all = ["ids", "job", "workflow"])]
    all: bool,
    /// Show what would be released, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    database: Database,
}

/// Which job.
#[derive(Debug, Args)]
pub(crate) struct Retry {
    #[command(flatten)]
    instance: Instance,
    /// Its name: a timer's event, an activity or a task
    #[arg(long, value_name = "NAME")]
    job: String,
    /// For how long a worker has a job that it has claimed, as the application's WorkerSettings say
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    lease: Duration,
    /// Show what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What became of one job, for programs.
#[derive(Serialize)]
struct Told<'a, T: Serialize> {
    workflow: &'a str,
    dry_run: bool,
    #[serde(flatten)]
    what: &'a T,
}

/// Sets parked jobs going.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(line: &Release) -> Exit {
    looked(released(line).await, |all| {
        all.iter().for_each(|(workflow, job)| tell_released(workflow, job, line.dry_run));
        if all.is_empty() && say::format() != Format::Json {
            say::remark("none", "no such job is parked");
        }
        Exit::Fine
    })
}

async fn released(line: &Release) -> Result<Vec<(String, Job)>, Errors> {
    let (mut look, snapshots) = line.database.open().await?;
    let chosen = chosen(line, &mut look, &snapshots).await?;
    let mut touch = if line.dry_run { None } else { Some(line.database.touch().await?) };
    let mut all = Vec::new();
    for (site, ids) in &chosen {
        let which = Parked { job: line.job.as_deref(), ids };
        let jobs = match &mut touch {
            Some(touch) => release(touch, site, which).await,
            None => parked(&mut look, site, which).await,
        };
        all.extend(jobs.map_err(|error| unread(&error))?.into_iter().map(|job| (site.label().to_owned(), job)));
    }
    if let Some(touch) = touch {
        touch.keep().await.map_err(|error| unread(&error))?;
    }
    look.close().await;
    Ok(all)
}

/// The workflows, each with the instances that are asked for; none means all.
async fn chosen<'s>(line: &Release, look: &mut Look, snapshots: &'s [Snapshot]) -> Result<Vec<(Site<'s>, Vec<String>)>, Errors> {
    let workflow = line.workflow.as_deref();
    if line.ids.is_empty() {
        let sites = Site::all(look, snapshots, workflow).await.map_err(|error| unread(&error))?;
        return Ok(sites.into_iter().map(|site| (site, Vec::new())).collect());
    }
    let mut all: Vec<(Site<'s>, Vec<String>)> = Vec::new();
    for id in &line.ids {
        let site = Site::having(look, snapshots, workflow, id).await.map_err(|error| unread(&error))?;
        match all.iter_mut().find(|(known, _)| known.label() == site.label()) {
            Some((_, ids)) => ids.push(id.clone()),
            None => all.push((site, vec![id.clone()])),
        }
    }
    Ok(all)
}

fn tell_released(workflow: &str, job: &Job, dry_run: bool) {
    if say::format() == Format::Json {
        return say::json(&Told { workflow, dry_run, what: job });
    }
    let (code, word) = if dry_run { ("would-release", "would release") } else { ("released", "released") };
    say::remark(code, &format!("{word} {}, given up after {} attempts{}", named(workflow, job), job.attempt, error(job)));
}

/// Makes a job due that waits for its next attempt.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn again(line: &Retry) -> Exit {
    looked(retried(line).await, |(workflow, outcomes)| {
        outcomes.iter().for_each(|outcome| tell_retried(line, &workflow, outcome));
        let is_done = |outcome: &Retried| matches!(outcome, Retried::Done { .. });
        let is_absent = |outcome: &Retried| matches!(outcome, Retried::Absent);
        match (outcomes.iter().any(is_done), outcomes.iter().any(is_absent)) {
            (true, _) => Exit::Fine,
            (false, true) => Exit::Error,
            (false, false) => Exit::Refused,
        }
    })
}

async fn retried(line: &Retry) -> Result<(String, Vec<Retried>), Errors> {
    let Instance { id, database, .. } = &line.instance;
    let (mut look, snapshots) = database.open().await?;
    let site = line.instance.site(&mut look, &snapshots).await.map_err(|error| unread(&error))?;
    let outcomes = if line.dry_run {
        retriable(&mut look, &site, id, &line.job, line.lease).await.map_err(|error| unread(&error))?
    } else {
        let mut touch = database.touch().await?;
        let outcomes = retry(&mut touch, &site, id, &line.job, line.lease).await.map_err(|error| unread(&error))?;
        touch.keep().await.map_err(|error| unread(&error))?;
        outcomes
    };
    look.close().await;
    Ok((site.label().to_owned(), outcomes))
}

fn tell_retried(line: &Retry, workflow: &str, outcome: &Retried) {
    if say::format() == Format::Json {
        return say::json(&Told { workflow, dry_run: line.dry_run, what: outcome });
    }
    match outcome {
        Retried::Done { was } => {
            let (code, word) = if line.dry_run { ("would-retry", "would be due now") } else { ("retried", "is due now") };
            say::remark(code, &format!("{} {word}, not {}{}", named(workflow, was), why::when(was), error(was)));
        }
        Retried::Refused { job, why } => say::finding("refused", &format!("{} {}", named(workflow, job), kept(*why, job))),
        Retried::Absent => {
            say::finding("absent", &format!("`{workflow}` {} has no job {}", plain(&line.instance.id), plain(&line.job)));
        }
    }
}

fn kept(why: Kept, job: &Job) -> String {
    match why {
        Kept::Running => "is running: it is left to its worker".to_owned(),
        Kept::MayBeRunning => format!(
            "has failed, and its time is {}: a worker may have it; it is left, unless `--lease` says that none has one for so long",
            crate::why::when(job)
        ),
        Kept::Parked => "was given up: `cargo workflow release` sets it going".to_owned(),
        Kept::Due => "is due already: see that a worker runs".to_owned(),
        Kept::Scheduled => format!("was not tried yet: its time is {}", crate::why::when(job)),
        Kept::Finished => "is finished".to_owned(),
        Kept::Changed => "has changed meanwhile: look again".to_owned(),
    }
}

fn named(workflow: &str, job: &Job) -> String {
    format!("the {} {} of `{workflow}` {} version {}", job.kind, job.job, plain(&job.id), job.version)
}

fn error(job: &Job) -> String {
    job.last_error.as_deref().map_or_else(String::new, |error| format!(": {}", plain(error)))
}
