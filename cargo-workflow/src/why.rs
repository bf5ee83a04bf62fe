//! `cargo workflow why`

use crate::columns::{self, Side, plain, span, time};
use crate::database::{Instance, looked, unread};
use crate::say;
use clap::Args;
use std::time::Duration;
use workflow_inspect::{By, Hindrance, Job, JobStanding, Locker, Verdict, Way, Why, why};
use workflow_migrate::{Errors, Exit, Format};

/// Which instance.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    instance: Instance,
    /// From when on a job that is due counts as late
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = humantime::parse_duration)]
    late: Duration,
}

/// Shows what is known of one instance.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(options: &Options) -> Exit {
    looked(asked(options).await, |why| {
        match say::format() {
            Format::Json => say::json(&why),
            Format::Human => say::data(&text(&why)),
            Format::Github => why.hindrances.iter().for_each(|one| say::remark("hindrance", &hindrance(one, &why))),
        }
        Exit::Fine
    })
}

async fn asked(options: &Options) -> Result<Why, Errors> {
    let instance = &options.instance;
    let (mut look, snapshots) = instance.database.open().await?;
    let read = async {
        let site = instance.site(&mut look, &snapshots).await?;
        why(&mut look, &site, &instance.id, options.late).await
    };
    let read = read.await;
    look.close().await;
    read.map_err(|error| unread(&error))
}

fn text(why: &Why) -> String {
    let row = &why.instance;
    let mut lines = vec![format!(
        "`{}` {} is {} for {}, since {} (version {}, by {})",
        why.workflow,
        plain(&row.id),
        row.state,
        span(row.age),
        time(&row.entered_at),
        row.version,
        row.event
    )];
    let left = |names: &[&'static str]| names.iter().map(|name| (*name, Side::Left)).collect::<Vec<_>>();
    if !why.ways.is_empty() {
        lines.push("\nwhat could happen:".to_owned());
        let head = left(&["event", "to", "by", "possible only if"]);
        lines.extend(columns::lines(&head, &why.ways.iter().map(way).collect::<Vec<_>>()));
    }
    if !why.jobs.is_empty() {
        lines.push("\njobs:".to_owned());
        let head = left(&["kind", "job", "is", "its time", "attempts", "last error"]);
        lines.extend(columns::lines(&head, &why.jobs.iter().map(job).collect::<Vec<_>>()));
    }
    lines.push("\nin the way:".to_owned());
    match why.hindrances.is_empty() {
        true => lines.push(format!("  nothing: {}", waits_for(why))),
        false => lines.extend(why.hindrances.iter().map(|one| format!("  {}", hindrance(one, why)))),
    }
    lines.join("\n")
}

fn way(way: &Way) -> Vec<String> {
    let to = way.to.as_deref().unwrap_or("stays");
    let effect = way.effect.as_ref().map_or_else(String::new, |effect| format!(", in the application (with {effect})"));
    let retired = if way.retired { ", of the older declaration" } else { "" };
    let guard = way.guard.as_ref().map_or_else(String::new, |guard| match &guard.says {
        Verdict::Yes => format!("{}: it is", plain(&guard.text)),
        Verdict::No => format!("{}: it is not", plain(&guard.text)),
        Verdict::Unknown { why } => format!("{}: not known, {}", plain(&guard.text), plain(why)),
    });
    vec![way.event.clone(), to.to_owned(), format!("{}{effect}{retired}", by(&way.by)), guard]
}

fn by(by: &By) -> String {
    match by {
        By::Hand => "hand".to_owned(),
        By::Activity { activity } => format!("the activity {activity}"),
        By::After { interval } => format!("a timer, after {interval}"),
        By::At { field } => format!("a timer, at {field}"),
        By::Joined { child } => format!("the end of all {child}"),
        By::Failures { failures, activity } => format!("{failures} failures of {activity}"),
    }
}

fn job(job: &Job) -> Vec<String> {
    vec![
        job.kind.clone(),
        job.job.clone(),
        standing(job.standing).to_owned(),
        when(job),
        job.attempt.to_string(),
        job.last_error.as_deref().map_or_else(|| "-".to_owned(), plain),
    ]
}

/// The word of a job's standing.
pub(crate) fn standing(standing: JobStanding) -> &'static str {
    match standing {
        JobStanding::Scheduled => "scheduled",
        JobStanding::Due => "due",
        JobStanding::Late => "late",
        JobStanding::Running => "running",
        JobStanding::Failed => "failed",
        JobStanding::Parked => "parked",
        JobStanding::Finished => "finished",
    }
}

/// When it comes, from now.
pub(crate) fn when(job: &Job) -> String {
    match job.due_in {
        Some(seconds) if seconds > 0.0 => format!("in {}", span(seconds)),
        Some(seconds) => format!("{} ago", span(seconds)),
        None => "never".to_owned(),
    }
}

fn waits_for(why: &Why) -> String {
    match (why.finished, why.ways.is_empty()) {
        (true, _) => "it has come to its end".to_owned(),
        (false, true) => "but nothing leads on".to_owned(),
        (false, false) => "it waits for one of these events".to_owned(),
    }
}

fn hindrance(hindrance: &Hindrance, why: &Why) -> String {
    let error = |kind: &str, job: &str| {
        let found = why.jobs.iter().find(|one| one.kind == kind && one.job == job);
        let error = found.and_then(|job| job.last_error.as_deref()).map_or_else(String::new, |e| format!(": {}", plain(e)));
        (found.map(when).unwrap_or_default(), error)
    };
    match hindrance {
        Hindrance::UnknownState { state } => {
            format!("the snapshot does not know the state {state}: look with the checkout whose migrations the database has")
        }
        Hindrance::Guard { event, guard } => format!("{event} is possible only if {}", plain(guard)),
        Hindrance::Locked { pid } => why.lockers.iter().find(|locker| locker.pid == *pid).map(locked).unwrap_or_default(),
        Hindrance::Parked { kind, job } => {
            format!("the {kind} {job} was given up{}; `cargo workflow release` sets it going", error(kind, job).1)
        }
        Hindrance::Late { kind, job } => {
            let (when, error) = error(kind, job);
            format!("the {kind} {job} was due {when}, and no worker takes it{error}")
        }
        Hindrance::Failed { kind, job } => {
            let (when, error) = error(kind, job);
            format!("the {kind} {job} has failed and is tried again {when}, if it is not being tried now{error}")
        }
    }
}

fn locked(locker: &Locker) -> String {
    let what = if locker.row { "the row" } else { "the table" };
    let name = locker.application.as_deref().map_or_else(String::new, |name| format!(" ({})", plain(name)));
    let state = locker.state.as_deref().map_or_else(String::new, |state| format!(", {state}"));
    let age = locker.age.map_or_else(String::new, |age| format!(", its transaction is open for {}", span(age)));
    format!("process {}{name} has locked {what}{state}{age}", locker.pid)
}
