//! Replays history against the rows and the jobs.
//!
//! Everything is asked set-wise of the server, which compares row by row and answers with what does not fit: no more than `limit`
//! answers come back, however many rows there are. The statements read all of the table, of its history and of its jobs.
//!
//! What an older declaration may have written is no mismatch but is noted ([`Mismatch::older`]): the snapshot knows the last
//! declaration and the one before, and nothing of those before them.

mod expected;

use crate::error::InspectError;
use crate::look::Look;
use crate::site::Site;
use serde::{Deserialize, Serialize};

/// What was found in one workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedData {
    /// The workflow's label.
    pub workflow: String,
    /// What does not fit, no more than was asked for.
    pub mismatches: Vec<Mismatch>,
    /// Whether there is more of it.
    pub more: bool,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// What kind.
    pub fault: DataFault,
    /// The instance's key.
    pub id: String,
    /// The version of the step, the row or the job.
    pub version: Option<i64>,
    /// What it is, in words.
    pub said: String,
    /// It is from before the last migration: the declaration of that time may have allowed it.
    pub older: bool,
}

/// The kinds of what does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataFault {
    /// The row is in a state that no declaration has.
    UnknownState,
    /// The row has no history.
    HistoryMissing,
    /// The row's version is not that of the last step.
    Version,
    /// The row's state is not where the last step led.
    State,
    /// The row's event is not that of the last step.
    Event,
    /// The row's `entered_at` is not the time of the step that entered the state.
    EnteredAt,
    /// What the row says of who made its last step is not what history says.
    Author,
    /// A state's field does not hold what the last step wrote.
    Data,
    /// There is history of an instance that is not there.
    RowMissing,
    /// The first step is no creation.
    Beginning,
    /// A version is missing.
    Gap,
    /// A step does not start where the one before it led.
    Chain,
    /// No declaration has this arrow.
    Arrow,
    /// A repair without a reason.
    Note,
    /// A job of an instance that is not there.
    JobOrphan,
    /// A job that no declaration has.
    JobUnknown,
    /// A timer or an activity of another state.
    JobElsewhere,
    /// A timer or an activity of another stay in the state.
    JobVersion,
    /// A timer or an activity twice.
    JobTwice,
    /// A timer or an activity is not there, and has not fired.
    JobMissing,
    /// A job is to run before its time.
    JobEarly,
    /// A job was put off, and has not been tried.
    JobPutOff,
    /// A task of a step that makes none such.
    TaskUnmade,
}

impl VerifiedData {
    /// Whether something does not fit that no older declaration explains.
    pub fn is_wrong(&self) -> bool {
        self.mismatches.iter().any(|mismatch| !mismatch.older)
    }
}

/// What is compared, a statement each.
const CHECKS: [(&str, &str); 6] = [
    ("", include_str!("sql/verify_rows.sql")),
    ("_history", include_str!("sql/verify_steps.sql")),
    ("_history", include_str!("sql/verify_orphans.sql")),
    ("", include_str!("sql/verify_fields.sql")),
    ("_jobs", include_str!("sql/verify_jobs.sql")),
    ("_jobs", include_str!("sql/verify_missing.sql")),
];

/// Compares one workflow's rows, history and jobs. No more than `limit` mismatches come back, those that are wrong for sure before
/// those that an older declaration may explain.
///
/// # Errors
///
/// When something cannot be read, or takes longer than the look allows. Nothing was written.
pub async fn verify_data(look: &mut Look, site: &Site<'_>, limit: usize) -> Result<VerifiedData, InspectError> {
    let facts = expected::facts(site);
    let mut mismatches: Vec<Mismatch> = Vec::new();
    for (beside, template) in CHECKS {
        let template = template.replace("{entry}", include_str!("sql/verify_entry.sql").trim_end());
        // The labels of states and events last: nothing is looked for in them.
        let sql = facts.iter().fold(site.fill(&template), |sql, (hole, value)| sql.replace(hole, value));
        let sql = format!("{}\nORDER BY found.older LIMIT {}", sql.trim_end(), limit.saturating_add(1));
        mismatches.extend(look.ask::<Mismatch>(&site.table.beside(beside), &sql, &[Some(site.label())]).await?);
    }
    mismatches.sort_by_key(|mismatch| mismatch.older);
    let more = mismatches.len() > limit;
    mismatches.truncate(limit);
    Ok(VerifiedData { workflow: site.label().to_owned(), mismatches, more })
}
