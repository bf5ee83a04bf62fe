//! `cargo workflow status`

use crate::columns::{self, Side, plain, span, time};
use crate::database::{Database, looked};
use crate::say;
use clap::Args;
use std::time::Duration;
use workflow_inspect::{JobStatus, ScheduleStatus, Site, StateStatus, Status, StatusAsked, schedules, status};
use workflow_migrate::{Errors, Exit, Format};

/// Which workflow, and how much of it.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only the workflow of this label
    #[arg(value_name = "WORKFLOW")]
    workflow: Option<String>,
    /// Rows by the planner's statistics, as of the last ANALYZE: the table is not read, and there are no ages
    #[arg(long)]
    estimate: bool,
    /// From when on a job that is due counts as late
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = humantime::parse_duration)]
    late: Duration,
    #[command(flatten)]
    database: Database,
}

/// Shows each workflow.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(options: &Options) -> Exit {
    looked(asked(options).await, |(all, schedules)| {
        all.iter().for_each(tell);
        tell_schedules(&schedules);
        Exit::Fine
    })
}

/// Schedules are no workflow's own.
async fn asked(options: &Options) -> Result<(Vec<Status>, Vec<ScheduleStatus>), Errors> {
    let (mut look, snapshots) = options.database.open().await?;
    let asked = StatusAsked { late: options.late, estimate: options.estimate };
    let all = async {
        let mut all = Vec::new();
        for site in Site::all(&mut look, &snapshots, options.workflow.as_deref()).await? {
            all.push(status(&mut look, &site, asked).await?);
        }
        let schedules = if options.workflow.is_none() { schedules(&mut look).await? } else { Vec::new() };
        Ok((all, schedules))
    };
    let all = all.await;
    look.close().await;
    all.map_err(|error| crate::database::unread(&error))
}

fn tell(status: &Status) {
    match say::format() {
        Format::Json => say::json(status),
        Format::Human => say::data(&table(status)),
        Format::Github => status.jobs.iter().for_each(|job| {
            if job.parked > 0 {
                say::remark(
                    "parked",
                    &format!("`{}`: {} of the {} {} are parked", status.workflow, job.parked, job.kind, job.job),
                );
            }
            if job.late > 0 {
                say::remark("late", &format!("`{}`: {} of the {} {} are late", status.workflow, job.late, job.kind, job.job));
            }
        }),
    }
}

fn tell_schedules(schedules: &[ScheduleStatus]) {
    match say::format() {
        Format::Json => schedules.iter().for_each(say::json),
        Format::Human if schedules.is_empty() => {}
        Format::Human => {
            let head = ["schedule", "expression", "last", "failures", "tried again", "last error"];
            let head = head.map(|name| (name, if name == "failures" { Side::Right } else { Side::Left }));
            say::data(&columns::lines(&head, &schedules.iter().map(schedule).collect::<Vec<_>>()).join("\n"));
        }
        Format::Github => schedules.iter().for_each(|one| {
            if let Some(error) = &one.last_error {
                say::remark("schedule", &format!("the schedule {} fails: {error}", one.schedule));
            }
        }),
    }
}

fn schedule(one: &ScheduleStatus) -> Vec<String> {
    let or = |text: &Option<String>, shown: fn(&str) -> String| text.as_deref().map_or_else(|| "-".to_owned(), shown);
    let failures = one.attempt.to_string();
    let (retry_at, error) = (or(&one.retry_at, time), or(&one.last_error, plain));
    vec![plain(&one.schedule), plain(&one.expression), time(&one.last), failures, retry_at, error]
}

fn table(status: &Status) -> String {
    let estimated = if status.estimated { ", estimated" } else { "" };
    let mut lines = vec![format!("`{}` in {}{estimated}\n", status.workflow, status.table)];
    let head = [("state", Side::Left), ("rows", Side::Right), ("oldest", Side::Right), ("median", Side::Right), ("", Side::Left)];
    lines.extend(columns::lines(&head, &status.states.iter().map(state).collect::<Vec<_>>()));
    if !status.jobs.is_empty() {
        let counts = ["scheduled", "due", "late", "running", "failed", "parked", "oldest due"].map(|name| (name, Side::Right));
        let head: Vec<_> = [("kind", Side::Left), ("job", Side::Left)].into_iter().chain(counts).collect();
        lines.push(String::new());
        lines.extend(columns::lines(&head, &status.jobs.iter().map(job).collect::<Vec<_>>()));
    }
    lines.join("\n")
}

fn state(state: &StateStatus) -> Vec<String> {
    let age = |age: Option<f64>| age.map_or_else(|| "-".to_owned(), span);
    let rows = state.rows.map_or_else(|| "?".to_owned(), |rows| rows.to_string());
    let note = if state.known { "" } else { "not in the snapshot" };
    vec![state.state.clone(), rows, age(state.oldest), age(state.median), note.to_owned()]
}

fn job(job: &JobStatus) -> Vec<String> {
    let counts = [job.scheduled, job.due, job.late, job.running, job.failed, job.parked].map(|count| count.to_string());
    let oldest = job.oldest_due_for.map_or_else(|| "-".to_owned(), span);
    [job.kind.clone(), job.job.clone()].into_iter().chain(counts).chain([oldest]).collect()
}
