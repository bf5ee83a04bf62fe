//! How a running workflow does: its states with their ages, and its jobs.

use crate::error::InspectError;
use crate::job;
use crate::look::Look;
use crate::site::Site;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub struct StatusAsked {
    /// From when on a job that is due is late.
    pub late: Duration,
    /// Rows from the planner's statistics, without reading the table: no ages, and as old as the last ANALYZE.
    pub estimate: bool,
}

/// One workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// The workflow's label.
    pub workflow: String,
    /// Its table.
    pub table: String,
    /// Whether the rows are estimated.
    pub estimated: bool,
    /// The states of the declaration in its order, then others that rows are in.
    pub states: Vec<StateStatus>,
    /// Unfinished jobs a kind and name.
    pub jobs: Vec<JobStatus>,
}

/// The instances in a state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateStatus {
    /// The state's label.
    pub state: String,
    /// How many; none when the planner does not know.
    pub rows: Option<i64>,
    /// For how many seconds the one has been there that came first.
    pub oldest: Option<f64>,
    /// For how many seconds half of them have been there.
    pub median: Option<f64>,
    /// Whether the snapshot knows the state.
    #[serde(default)]
    pub known: bool,
}

/// The unfinished jobs of a kind and name, by where they stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobStatus {
    /// `timer`, `activity`, `join`, `task` or `creation`.
    pub kind: String,
    /// The timer's event, or the activity's or task's name.
    pub job: String,
    /// Their time has not come, and they were not tried.
    pub scheduled: i64,
    /// Their time has come, and nobody has them.
    pub due: i64,
    /// Of these, those for which it came long ago.
    pub late: i64,
    /// A worker has them, for the first time.
    pub running: i64,
    /// They failed, and wait for the next attempt or are in it.
    pub failed: i64,
    /// They were given up.
    pub parked: i64,
    /// When the first of those that are due was to run.
    pub oldest_due: Option<String>,
    /// How many seconds ago that was.
    pub oldest_due_for: Option<f64>,
}

/// Counts one workflow's instances and jobs.
///
/// Without `estimate` it reads the whole table once, and sorts what each state's median needs. The jobs are always counted.
///
/// # Errors
///
/// When something cannot be read, or takes longer than the look allows. Nothing was written.
pub async fn status(look: &mut Look, site: &Site<'_>, asked: StatusAsked) -> Result<Status, InspectError> {
    let table = site.table.qualified();
    let states = match asked.estimate {
        true => look.ask(&table, include_str!("sql/status_estimate.sql"), &[Some(&table)]).await?,
        false => look.ask(&table, &site.fill(include_str!("sql/status_states.sql")), &[]).await?,
    };
    let sql = site.fill(include_str!("sql/status_jobs.sql")).replace("{standing}", &job::standing(asked.late));
    let jobs = look.ask(&site.table.beside("_jobs"), &sql, &[]).await?;
    let workflow = site.label().to_owned();
    Ok(Status { workflow, table, estimated: asked.estimate, states: in_order(site, states, asked.estimate), jobs })
}

fn in_order(site: &Site<'_>, mut found: Vec<StateStatus>, estimate: bool) -> Vec<StateStatus> {
    let mut all: Vec<StateStatus> = Vec::new();
    for state in site.models().flat_map(|model| &model.states) {
        let label = &state.name.label;
        if all.iter().any(|known| known.state == *label) {
            continue;
        }
        let none = StateStatus { state: label.clone(), rows: (!estimate).then_some(0), oldest: None, median: None, known: true };
        let at = found.iter().position(|state| state.state == *label);
        all.push(at.map_or(none, |at| StateStatus { known: true, ..found.remove(at) }));
    }
    all.extend(found);
    all
}
