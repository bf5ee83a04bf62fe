//! Rows a state and jobs a kind and name, and what a change would meet among them.

use crate::error::InspectError;
use crate::look::Look;
use crate::site;
use serde::Serialize;
use sqlx::Row;
use std::collections::BTreeMap;
use workflow_migrate::{Meets, Snapshot, Standing, Work, meets};
use workflow_model::names::quoted;
use workflow_model::{Model, Table};

/// What is counted for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The workflow as it was last migrated.
    pub snapshot: &'a Snapshot,
    /// The declaration in the sources; none when the sources do not have it any more.
    pub declared: Option<&'a Model>,
}

/// One workflow's rows and jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Census {
    /// The workflow's label.
    pub workflow: String,
    /// Its table, or none when the database has none.
    pub table: Option<String>,
    /// Rows a state: those of the declaration in its order, then others that rows are in.
    pub rows: Vec<Rows>,
    /// Unfinished jobs a kind and name.
    pub jobs: Vec<Jobs>,
    /// What a change would meet.
    pub burdens: Vec<Burden>,
}

/// The rows of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rows {
    /// The state's label.
    pub state: String,
    /// How many.
    pub rows: i64,
    /// Whether the sources declare the state.
    pub declared: bool,
}

/// The unfinished jobs of a kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jobs {
    /// `timer`, `activity`, `join` or `task`.
    pub kind: String,
    /// The timer's event, or the activity's or task's name.
    pub job: String,
    /// How many.
    pub pending: i64,
    /// Of these, those whose time has come and that no worker holds.
    pub due: i64,
    /// Of these, those whose time came more than a minute ago.
    pub late: i64,
    /// Of the pending ones, those that were tried and did not succeed.
    pub tried: i64,
    /// The most often that one was tried.
    pub attempts: i32,
}

/// Why something would be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The contract phase that waits in the snapshot.
    Contract,
    /// The declaration in the sources, which was not migrated yet.
    Source,
}

/// Something that a change would meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "burden")]
pub enum Burden {
    /// Rows that move on, in batches.
    Drained {
        /// Why.
        cause: Cause,
        /// From this state,
        state: String,
        /// to that.
        to: String,
        /// How many.
        rows: i64,
    },
    /// Rows that get another label, in batches.
    Relabelled {
        /// Why.
        cause: Cause,
        /// From this label,
        state: String,
        /// to that.
        to: String,
        /// How many.
        rows: i64,
    },
    /// Jobs that must be finished first: the migration refuses while there are any.
    Blocked {
        /// Why.
        cause: Cause,
        /// `timer`, `activity`, `join` or `task`.
        kind: String,
        /// Its name.
        job: String,
        /// How many.
        jobs: i64,
    },
    /// Rows of a workflow that goes: its tables are not dropped while there are any.
    Kept {
        /// Why.
        cause: Cause,
        /// How many.
        rows: i64,
    },
}

impl Burden {
    /// Whether the migration refuses to go on until somebody has done something.
    pub fn blocks(&self) -> bool {
        match self {
            Burden::Blocked { jobs, .. } => *jobs > 0,
            Burden::Kept { rows, .. } => *rows > 0,
            Burden::Drained { .. } | Burden::Relabelled { .. } => false,
        }
    }
}

/// Jobs of one kind and name, of instances in one state.
struct Counted {
    state: String,
    jobs: Jobs,
}

/// Counts one workflow's rows and jobs.
///
/// # Errors
///
/// When something cannot be read, or takes longer than the look allows: each count reads the whole table. Nothing was written.
pub async fn census(look: &mut Look, asked: Asked<'_>) -> Result<Census, InspectError> {
    let label = asked.snapshot.model.name.label.clone();
    let Some(table) = site::table(look, asked.snapshot).await? else {
        return Ok(Census { workflow: label, table: None, rows: Vec::new(), jobs: Vec::new(), burdens: Vec::new() });
    };
    let counts = rows(look, &table).await?;
    let counted = jobs(look, &table, &asked.snapshot.model).await?;
    Ok(Census {
        workflow: label,
        table: Some(table.qualified()),
        rows: states(asked, &counts),
        burdens: burdens(asked, &counts, &counted),
        jobs: together(&counted),
    })
}

async fn rows(look: &mut Look, table: &Table) -> Result<BTreeMap<String, i64>, InspectError> {
    let name = table.qualified();
    let rows = look.query(&name, include_str!("sql/rows.sql").replace("{table}", &name)).await?;
    let row = |row: &sqlx::postgres::PgRow| Ok((row.try_get("state")?, row.try_get("rows")?));
    rows.iter().map(row).collect::<Result<_, _>>().map_err(InspectError::reading(name))
}

async fn jobs(look: &mut Look, table: &Table, model: &Model) -> Result<Vec<Counted>, InspectError> {
    let name = table.beside("_jobs");
    let id = quoted(model.key().map_or("id", |key| &key.name.label));
    // The key last: it is the only one that a user may have named as he likes.
    let sql = include_str!("sql/jobs.sql").replace("{jobs}", &name).replace("{table}", &table.qualified()).replace("{id}", &id);
    let rows = look.query(&name, sql).await?;
    let row = |row: &sqlx::postgres::PgRow| {
        let jobs = Jobs {
            kind: row.try_get("kind")?,
            job: row.try_get("job")?,
            pending: row.try_get("pending")?,
            due: row.try_get("due")?,
            late: row.try_get("late")?,
            tried: row.try_get("tried")?,
            attempts: row.try_get("attempts")?,
        };
        Ok(Counted { state: row.try_get("state")?, jobs })
    };
    rows.iter().map(row).collect::<Result<_, _>>().map_err(InspectError::reading(name))
}

fn together(counted: &[Counted]) -> Vec<Jobs> {
    let mut all: Vec<Jobs> = Vec::new();
    for Counted { jobs, .. } in counted {
        match all.iter_mut().find(|known| known.kind == jobs.kind && known.job == jobs.job) {
            None => all.push(jobs.clone()),
            Some(known) => {
                known.pending += jobs.pending;
                known.due += jobs.due;
                known.late += jobs.late;
                known.tried += jobs.tried;
                known.attempts = known.attempts.max(jobs.attempts);
            }
        }
    }
    all
}

fn states(asked: Asked<'_>, counts: &BTreeMap<String, i64>) -> Vec<Rows> {
    let labels = |model: &Model| model.states.iter().map(|state| state.name.label.clone()).collect::<Vec<_>>();
    let declared = asked.declared.map(labels).unwrap_or_default();
    let of = |state: &String| Rows {
        state: state.clone(),
        rows: counts.get(state).copied().unwrap_or(0),
        declared: declared.contains(state),
    };
    let migrated = labels(&asked.snapshot.model);
    let mut all: Vec<Rows> = declared.iter().map(of).collect();
    for state in migrated.iter().chain(counts.keys()) {
        if !all.iter().any(|known| known.state == *state) {
            all.push(of(state));
        }
    }
    all
}

fn burdens(asked: Asked<'_>, counts: &BTreeMap<String, i64>, jobs: &[Counted]) -> Vec<Burden> {
    let Asked { snapshot, declared } = asked;
    let mut all = Vec::new();
    if let Some(base) = &snapshot.pending {
        let meets = meets(base, &snapshot.model, &snapshot.retired);
        all.extend(met(&meets, Cause::Contract, counts, jobs));
    }
    match (declared, snapshot.standing) {
        (Some(declared), Standing::Declared) => {
            let meets = meets(&snapshot.model, declared, &snapshot.retired);
            all.extend(met(&meets, Cause::Source, counts, jobs));
        }
        (_, Standing::Removed) => all.push(Burden::Kept { cause: Cause::Contract, rows: counts.values().sum() }),
        (None, Standing::Declared) => all.push(Burden::Kept { cause: Cause::Source, rows: counts.values().sum() }),
        (_, Standing::Dropped) => {}
    }
    all
}

fn met(meets: &Meets, cause: Cause, counts: &BTreeMap<String, i64>, jobs: &[Counted]) -> Vec<Burden> {
    let rows = |state: &String| counts.get(state).copied().unwrap_or(0);
    let drained = meets.drained.iter().map(|(state, to)| Burden::Drained {
        cause,
        state: state.clone(),
        to: to.clone(),
        rows: rows(state),
    });
    let relabelled = meets.relabelled.iter().map(|(state, to)| Burden::Relabelled {
        cause,
        state: state.clone(),
        to: to.clone(),
        rows: rows(state),
    });
    let blocked = meets.work.iter().map(|work| {
        let of = jobs.iter().filter(|counted| is_waited_for(meets, work, counted));
        let (kind, job) = (work.kind.clone(), work.job.clone());
        Burden::Blocked { cause, kind, job, jobs: of.map(|counted| counted.jobs.pending).sum() }
    });
    drained.chain(relabelled).chain(blocked).collect()
}

fn is_waited_for(meets: &Meets, work: &Work, counted: &Counted) -> bool {
    let is_of = counted.jobs.kind == work.kind && counted.jobs.job == work.job;
    let is_there = work.states.is_empty() || work.states.contains(&counted.state);
    let is_drained = work.kind != "task" && meets.drained.iter().any(|(state, _)| *state == counted.state);
    is_of && is_there && !is_drained
}
