//! Why an instance is where it is: what could happen to it, and what is in the way.

mod guards;
mod lockers;
mod ways;

pub use guards::{Guard, Verdict};
pub use lockers::Locker;
pub use ways::{By, Way};

use crate::error::InspectError;
use crate::job::{self, Job, JobStanding};
use crate::look::Look;
use crate::site::Site;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use workflow_model::StateKind;

/// What is known of one instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    /// The workflow's label.
    pub workflow: String,
    /// The instance as it stands.
    #[serde(flatten)]
    pub instance: Instance,
    /// Whether nothing leads out of its state.
    pub finished: bool,
    /// What could happen from here.
    pub ways: Vec<Way>,
    /// Its unfinished jobs.
    pub jobs: Vec<Job>,
    /// Who has locked its row, or its whole table.
    pub lockers: Vec<Locker>,
    /// What is in the way.
    pub hindrances: Vec<Hindrance>,
}

/// The row of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// Its key.
    pub id: String,
    /// The label of its state.
    pub state: String,
    /// What led there, or happened there last.
    pub event: String,
    /// How often it has moved, from 1.
    pub version: i64,
    /// Since when it is in its state.
    pub entered_at: String,
    /// For how many seconds.
    pub age: f64,
}

/// Something that is in an instance's way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "hindrance")]
pub enum Hindrance {
    /// The snapshot does not know the state: this checkout is older than the row's writer, or newer than the database.
    UnknownState {
        /// The state's label.
        state: String,
    },
    /// A guard says no.
    Guard {
        /// The event that it stops.
        event: String,
        /// What would have to be true.
        guard: String,
    },
    /// Somebody has the row, or the whole table.
    Locked {
        /// The process of the server.
        pid: i32,
    },
    /// A job was given up.
    Parked {
        /// `timer`, `activity`, `join`, `task` or `creation`.
        kind: String,
        /// Its name.
        job: String,
    },
    /// Nobody takes a job that is due for long.
    Late {
        /// `timer`, `activity`, `join`, `task` or `creation`.
        kind: String,
        /// Its name.
        job: String,
    },
    /// A job has failed and waits for its next attempt, or is in it.
    Failed {
        /// `timer`, `activity`, `join`, `task` or `creation`.
        kind: String,
        /// Its name.
        job: String,
    },
}

/// Looks at one instance. `late` is from when on a job that is due is late.
///
/// Guards are asked as the caller's role, in a transaction that cannot write; each costs what its expression costs.
///
/// # Errors
///
/// When there is no such row, or something cannot be read. Nothing was written, and nothing was locked.
pub async fn why(look: &mut Look, site: &Site<'_>, id: &str, late: Duration) -> Result<Why, InspectError> {
    let given = [Some(id)];
    let rows: Vec<Instance> = look.ask(&site.table.qualified(), &site.fill(include_str!("sql/instance.sql")), &given).await?;
    let Some(instance) = rows.into_iter().next() else {
        return Err(site.not_there(look, id).await);
    };
    let mut ways = ways::from(site, &instance.state);
    guards::asked(look, site, id, &mut ways).await?;
    let sql = site.fill(include_str!("sql/instance_jobs.sql")).replace("{job}", job::object(late).trim_end());
    let jobs: Vec<Job> = look.ask(&site.table.beside("_jobs"), &sql, &given).await?;
    let lockers = lockers::of(look, site, id).await?;
    let known = site.models().flat_map(|model| &model.states).find(|state| state.labels().any(|label| label == instance.state));
    Ok(Why {
        workflow: site.label().to_owned(),
        finished: known.is_some_and(|state| state.kind == StateKind::Final),
        hindrances: hindrances(&instance, known.is_some(), &ways, &jobs, &lockers),
        instance,
        ways,
        jobs,
        lockers,
    })
}

fn hindrances(instance: &Instance, known: bool, ways: &[Way], jobs: &[Job], lockers: &[Locker]) -> Vec<Hindrance> {
    let unknown = (!known).then(|| Hindrance::UnknownState { state: instance.state.clone() });
    let guards = ways.iter().filter_map(|way| {
        let guard = way.guard.as_ref().filter(|guard| guard.says == Verdict::No)?;
        Some(Hindrance::Guard { event: way.event.clone(), guard: guard.text.clone() })
    });
    let locked = lockers.iter().map(|locker| Hindrance::Locked { pid: locker.pid });
    unknown.into_iter().chain(guards).chain(locked).chain(jobs.iter().filter_map(stopped)).collect()
}

fn stopped(job: &Job) -> Option<Hindrance> {
    let (kind, name) = (job.kind.clone(), job.job.clone());
    match job.standing {
        JobStanding::Parked => Some(Hindrance::Parked { kind, job: name }),
        JobStanding::Late => Some(Hindrance::Late { kind, job: name }),
        JobStanding::Failed => Some(Hindrance::Failed { kind, job: name }),
        JobStanding::Scheduled | JobStanding::Due | JobStanding::Running | JobStanding::Finished => None,
    }
}
