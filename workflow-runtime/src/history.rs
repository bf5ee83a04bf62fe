//! What happened to an instance, decoded back into the types of the workflow.

use crate::reach::Reach;
use crate::statement;
use crate::workflow::Workflow;
use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// One transition, as history recorded it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Step<W: Workflow> {
    /// The instance's version after it; creation is 1.
    pub version: i64,
    /// When its transaction began, on the database's clock.
    pub at: DateTime<Utc>,
    /// The event's label; `create`, `force`, `migrate` and `adopt` are the database's own.
    pub event: String,
    /// The label of the state before; none for a creation.
    pub from: Option<String>,
    /// Who the client said it was.
    pub actor: Option<String>,
    /// The database's role, which the client cannot choose.
    pub role: String,
    /// The transition's key, when a runtime made it.
    pub key: Option<Uuid>,
    /// Why, when it was forced or migrated.
    pub note: Option<String>,
    /// The state that followed, with its fields as they were.
    pub state: Result<W::State, Undecodable>,
}

/// A recorded state that no longer fits the types of the declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Undecodable {
    /// The state's label.
    pub label: String,
    /// What was recorded.
    pub data: serde_json::Value,
}

/// All steps of an instance, the oldest first.
///
/// # Errors
///
/// What PostgreSQL says. A step that does not fit the declaration any more is no error, but [`Undecodable`].
pub async fn history<W: Workflow>(id: &W::Id, reach: impl Into<Reach<'_>>) -> Result<Vec<Step<W>>, sqlx::Error> {
    let rows = statement::query(W::STATEMENTS.history).bind(id.clone()).fetch_all(reach).await?;
    rows.iter().map(Step::read).collect()
}

impl<W: Workflow> Step<W> {
    pub(crate) fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let label: String = row.try_get("step.to_state")?;
        let state = W::read_state(&label, row, W::NAMES.step);
        Ok(Step {
            version: row.try_get("step.version")?,
            at: row.try_get("step.at")?,
            event: row.try_get("step.event")?,
            from: row.try_get("step.from_state")?,
            actor: row.try_get("step.actor")?,
            role: row.try_get("step.role")?,
            key: row.try_get("step.key")?,
            note: row.try_get("step.note")?,
            state: match state {
                Ok(state) => Ok(state),
                Err(_) => Err(Undecodable { label, data: row.try_get::<Option<_>, _>("step.data")?.unwrap_or_default() }),
            },
        })
    }
}
