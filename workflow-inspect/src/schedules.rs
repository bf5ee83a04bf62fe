//! The schedules by which workers create, whatever they create.

use crate::error::InspectError;
use crate::look::Look;
use serde::{Deserialize, Serialize};

/// How a schedule does, as the database remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleStatus {
    /// Its name.
    pub schedule: String,
    /// The expression of whoever made the last tick.
    pub expression: String,
    /// The tick up to which all is done; at first, when it was seen.
    pub last: String,
    /// How often the next tick has failed.
    pub attempt: i32,
    /// When it is tried again.
    pub retry_at: Option<String>,
    /// What the last failure said.
    pub last_error: Option<String>,
}

/// Reads all schedules of the database. One that no worker has any more stays until somebody deletes its row.
///
/// # Errors
///
/// When they cannot be read. Nothing was written.
pub async fn schedules(look: &mut Look) -> Result<Vec<ScheduleStatus>, InspectError> {
    const TABLE: &str = "workflow.schedules";
    match look.has(TABLE).await? {
        true => look.ask(TABLE, include_str!("sql/schedules.sql"), &[]).await,
        false => Ok(Vec::new()),
    }
}
