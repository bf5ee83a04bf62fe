//! The steps of one instance.

use crate::error::InspectError;
use crate::look::Look;
use crate::site::Site;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Everything that happened to an instance.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// The workflow's label.
    pub workflow: String,
    /// The instance's key.
    pub id: String,
    /// Its steps, the first one first.
    pub steps: Vec<Step>,
}

/// One transition.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// The version that it led to, from 1.
    pub version: i64,
    /// When.
    pub at: String,
    /// What was fired.
    pub event: String,
    /// The state before; none at creation.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: String,
    /// Who the client says it was.
    pub actor: Option<String>,
    /// Who the database knows it was.
    pub role: String,
    /// The key under which it was fired.
    pub key: Option<String>,
    /// Why, when it was forced or migrated.
    pub note: Option<String>,
    /// The fields of the state, and the common ones that the event set, as the database has them.
    pub data: Option<Box<RawValue>>,
}

/// Reads the steps of one instance.
///
/// # Errors
///
/// When history cannot be read. Nothing was written.
pub async fn history(look: &mut Look, site: &Site<'_>, id: &str) -> Result<History, InspectError> {
    let name = site.table.beside("_history");
    let steps: Vec<Step> = look.ask(&name, &site.fill(include_str!("sql/history.sql")), &[Some(id)]).await?;
    if steps.is_empty() && site.creation(look, id).await.is_some() {
        return Err(site.not_there(look, id).await);
    }
    Ok(History { workflow: site.label().to_owned(), id: id.to_owned(), steps })
}
