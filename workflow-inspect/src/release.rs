//! Jobs that an operator sets going again.
//!
//! Who may change jobs is what the database says: a member of `workflow_worker`, or the owner. What a worker has is never touched;
//! the statement itself says so again, so that a worker that is quicker wins.

use crate::error::InspectError;
use crate::job::{self, Job, JobStanding};
use crate::look::Look;
use crate::site::Site;
use crate::touch::Touch;
use serde::Serialize;
use std::time::Duration;

/// Which parked jobs.
#[derive(Debug, Clone, Copy)]
pub struct Parked<'a> {
    /// Of this name; of any when there is none.
    pub job: Option<&'a str>,
    /// Of these instances; of all when there is none.
    pub ids: &'a [String],
}

/// What became of a wish to try a job at once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Retried {
    /// It is due now.
    Done {
        /// As it was before.
        was: Job,
    },
    /// It was left as it is.
    Refused {
        /// As it is.
        job: Job,
        /// Why.
        why: Kept,
    },
    /// The instance has no such job.
    Absent,
}

/// Why a job was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// A worker has it.
    Running,
    /// It has failed before, and its time is so near that a worker may have it.
    MayBeRunning,
    /// It was given up: it has to be released.
    Parked,
    /// It is due already.
    Due,
    /// It was never tried; its time has not come.
    Scheduled,
    /// It is done.
    Finished,
    /// It has changed meanwhile.
    Changed,
}

/// The parked jobs that [`release()`] would set going.
///
/// # Errors
///
/// When they cannot be read. Nothing was written.
pub async fn parked(look: &mut Look, site: &Site<'_>, which: Parked<'_>) -> Result<Vec<Job>, InspectError> {
    let sql = filled(site, include_str!("sql/parked.sql"), which);
    look.ask(&site.table.beside("_jobs"), &sql, &given(which)).await
}

/// Sets parked jobs going: due now, with all their attempts anew; the last error stays to be read. What comes back is how they were.
///
/// # Errors
///
/// When the role may not, or a statement took too long. Nothing was written; [`Touch::keep`] is what writes.
pub async fn release(touch: &mut Touch, site: &Site<'_>, which: Parked<'_>) -> Result<Vec<Job>, InspectError> {
    let sql = filled(site, include_str!("sql/release.sql"), which);
    touch.ask(&site.table.beside("_jobs"), &sql, &given(which)).await
}

fn given<'a>(which: Parked<'a>) -> Vec<Option<&'a str>> {
    std::iter::once(which.job).chain(which.ids.iter().map(|id| Some(id.as_str()))).collect()
}

fn filled(site: &Site<'_>, template: &str, which: Parked<'_>) -> String {
    let of = match which.ids {
        [] => "",
        _ => "AND j.id = ANY (($1::text[])[2:]::{id_type}[])",
    };
    site.fill(&template.replace("{of}", of).replace("{job}", job::object(Duration::ZERO).trim_end()))
}

/// Makes a job due at once that has failed and waits for its next attempt.
///
/// A row does not say whether its next attempt is awaited or under way. But a worker has a job for no longer than `lease`: one
/// whose time is farther away is not under way. A nearer one is refused.
///
/// # Errors
///
/// When the role may not, or a statement took too long. Nothing was written; [`Touch::keep`] is what writes.
pub async fn retry(
    touch: &mut Touch,
    site: &Site<'_>,
    id: &str,
    name: &str,
    lease: Duration,
) -> Result<Vec<Retried>, InspectError> {
    let table = site.table.beside("_jobs");
    let found = touch.ask::<Job>(&table, &one(site), &[Some(id), Some(name)]).await?;
    let mut outcomes = Vec::new();
    for job in found {
        let outcome = match kept(&job, lease) {
            Some(why) => Retried::Refused { job, why },
            None => {
                let sql = site.fill(include_str!("sql/retry.sql")).replace("{lease}", &job::interval(lease));
                let (version, attempt) = (job.version.to_string(), job.attempt.to_string());
                let given = [Some(id), Some(name), Some(&*version), Some(&*job.kind), Some(&*attempt)];
                match touch.ask::<bool>(&table, &sql, &given).await?.is_empty() {
                    false => Retried::Done { was: job },
                    true => Retried::Refused { job, why: Kept::Changed },
                }
            }
        };
        outcomes.push(outcome);
    }
    if outcomes.is_empty() {
        outcomes.push(Retried::Absent);
    }
    Ok(outcomes)
}

/// What [`retry()`] would do.
///
/// # Errors
///
/// When the jobs cannot be read. Nothing was written.
pub async fn retriable(
    look: &mut Look,
    site: &Site<'_>,
    id: &str,
    name: &str,
    lease: Duration,
) -> Result<Vec<Retried>, InspectError> {
    let jobs: Vec<Job> = look.ask(&site.table.beside("_jobs"), &one(site), &[Some(id), Some(name)]).await?;
    if jobs.is_empty() {
        return Ok(vec![Retried::Absent]);
    }
    let outcome = |job: Job| match kept(&job, lease) {
        Some(why) => Retried::Refused { job, why },
        None => Retried::Done { was: job },
    };
    Ok(jobs.into_iter().map(outcome).collect())
}

fn one(site: &Site<'_>) -> String {
    site.fill(include_str!("sql/jobs_named.sql")).replace("{job}", job::object(Duration::ZERO).trim_end())
}

fn kept(job: &Job, lease: Duration) -> Option<Kept> {
    match job.standing {
        JobStanding::Running => Some(Kept::Running),
        JobStanding::Failed if job.due_in.is_none_or(|seconds| seconds <= lease.as_secs_f64()) => Some(Kept::MayBeRunning),
        JobStanding::Failed => None,
        JobStanding::Parked => Some(Kept::Parked),
        JobStanding::Due | JobStanding::Late => Some(Kept::Due),
        JobStanding::Scheduled => Some(Kept::Scheduled),
        JobStanding::Finished => Some(Kept::Finished),
    }
}
