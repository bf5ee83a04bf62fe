//! What the row of a job says of it.
//!
//! `run_at` is schedule, lease and back-off in one. A claim moves it to the end of a lease and adds one to `attempt`; a failure
//! writes `last_error` and moves it to the next attempt; a job that is given up has it at `infinity`. So the row tells apart:
//!
//! ```text
//! run_at      attempt  last_error   standing
//! infinity    any      any          parked, but for a timer that was never tried: it waits for a time that never comes
//! past        any      any          due, or late: also what a worker has died of, once its lease has run out
//! future      0        any          scheduled
//! future      > 0      none         running, for the first time
//! future      > 0      some         failed: it waits for its next attempt, or is in it; which, the row does not say
//! ```

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where a job stands, as far as its row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStanding {
    /// Its time has not come, and it was not tried.
    Scheduled,
    /// Its time has come, and nobody has it.
    Due,
    /// The same, for long.
    Late,
    /// A worker has it, for the first time.
    Running,
    /// It has failed, and waits for its next attempt or is in it.
    Failed,
    /// It was given up, and waits for somebody to release it.
    Parked,
    /// It is done, and was kept.
    Finished,
}

/// The job of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// The instance's key.
    pub id: String,
    /// The version of the instance at which it was written.
    pub version: i64,
    /// `timer`, `activity`, `join`, `task` or `creation`.
    pub kind: String,
    /// The timer's event, or the activity's or task's name; `create` of a creation.
    pub job: String,
    /// Where it stands.
    pub standing: JobStanding,
    /// Its time: when it is to run, when its lease ends, or when it is tried again; `infinity` for never.
    pub run_at: String,
    /// Seconds until then, below zero when that is past; none for never.
    pub due_in: Option<f64>,
    /// How often it was begun.
    pub attempt: i32,
    /// What its last failure said.
    pub last_error: Option<String>,
}

impl Job {
    /// Where it stands, in words.
    pub(crate) fn told(&self) -> String {
        let error = self.last_error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
        match self.standing {
            JobStanding::Scheduled => format!("is scheduled for {}", self.run_at),
            JobStanding::Due | JobStanding::Late => format!("is due since {}, and no worker has taken it{error}", self.run_at),
            JobStanding::Running => "is under way".to_owned(),
            JobStanding::Failed => format!("failed, and is tried again at {}{error}", self.run_at),
            JobStanding::Parked => format!("is parked{error}"),
            JobStanding::Finished => "is done".to_owned(),
        }
    }
}

/// The columns of a [`Job`], as an object; `j` is the row.
pub(crate) fn object(late: Duration) -> String {
    include_str!("sql/job.sql").replace("{standing}", standing(late).trim_end())
}

/// Where a job stands; `j` is the row.
pub(crate) fn standing(late: Duration) -> String {
    include_str!("sql/standing.sql").replace("{late}", &interval(late))
}

pub(crate) fn interval(time: Duration) -> String {
    format!("interval '{} milliseconds'", time.as_millis())
}
