//! The migrations, tried out on databases that are thrown away.

mod functions;
mod locks;
mod scratch;
mod way;

use crate::error::InspectError;
use scratch::Scratch;
use serde::Serialize;
use sqlx::migrate::{Migration, Migrator};
use sqlx::postgres::PgConnectOptions;
use workflow_migrate::{Exit, Snapshot};

/// What is tried, and where.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// A server, by a database of it. Databases are made there and dropped again; the group roles of workflows stay.
    pub server: &'a PgConnectOptions,
    /// The folder.
    pub migrator: &'a Migrator,
    /// Its snapshots.
    pub snapshots: &'a [Snapshot],
    /// Files with lower versions are carried out, and their locks are not judged: they were applied long ago.
    pub since: i64,
}

/// What came of it, a check after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `replay`, `catalogue`, `back`, `again`, `locks`, `functions`.
    pub name: &'static str,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// All is well.
    Passed {
        /// What was looked at.
        detail: String,
    },
    /// It is not.
    Failed {
        /// The exit status that says so.
        #[serde(serialize_with = "number")]
        exit: Exit,
        /// What is the matter; never empty.
        findings: Vec<String>,
    },
    /// It could not be made.
    Skipped {
        /// Why.
        reason: String,
    },
}

fn number<S: serde::Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(*exit as u8)
}

impl Verified {
    /// The gravest of the exit statuses.
    pub fn exit(&self) -> Exit {
        self.checks.iter().map(|check| check.outcome.exit()).max().unwrap_or(Exit::Fine)
    }
}

impl Outcome {
    /// The exit status.
    pub fn exit(&self) -> Exit {
        match self {
            Outcome::Passed { .. } | Outcome::Skipped { .. } => Exit::Fine,
            Outcome::Failed { exit, .. } => *exit,
        }
    }

    /// Failed where there are findings.
    fn of(findings: Vec<String>, exit: Exit, detail: String) -> Outcome {
        if findings.is_empty() { Outcome::Passed { detail } } else { Outcome::Failed { exit, findings } }
    }

    fn skipped(reason: &str) -> Outcome {
        Outcome::Skipped { reason: reason.to_owned() }
    }
}

/// Carries the files out, compares what stands with the snapshots, goes all the way back and there again, and measures locks.
///
/// # Errors
///
/// When no database can be made, or the server is lost. Databases that were made are dropped, unless the server is gone.
pub async fn verify(trial: Trial<'_>) -> Result<Verified, InspectError> {
    let (mut way, mut measured) = (Scratch::create(trial.server).await?, Scratch::create(trial.server).await?);
    let checks = checks(trial, &mut way, &mut measured).await;
    way.drop().await;
    measured.drop().await;
    Ok(Verified { checks: checks? })
}

async fn checks(trial: Trial<'_>, way: &mut Scratch, measured: &mut Scratch) -> Result<Vec<Check>, InspectError> {
    let (replayed, stands) = way::there(trial, way).await?;
    let mut checks = vec![Check { name: "replay", outcome: replayed }];
    let Some(stands) = stands else {
        let rest = ["catalogue", "back", "again", "locks", "functions"];
        checks.extend(rest.map(|name| Check { name, outcome: Outcome::skipped("not all files could be carried out") }));
        return Ok(checks);
    };
    let mut add = |name, outcome| checks.push(Check { name, outcome });
    add("catalogue", way::catalogue(trial, way).await?);
    add("back", way::back(trial, way, &stands).await?);
    add("again", way::again(trial, way, &stands).await?);
    add("locks", locks::locks(trial, measured).await?);
    add("functions", functions::functions(measured).await?);
    Ok(checks)
}

/// The files that lead on, in order.
fn ups(migrator: &Migrator) -> impl Iterator<Item = &Migration> {
    migrator.iter().filter(|migration| !migration.migration_type.is_down_migration())
}

/// As the file is called, without its ending.
fn named(migration: &Migration) -> String {
    format!("{}_{}", migration.version, migration.description.replace(' ', "_"))
}

/// `1 file`, `2 files`
fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
