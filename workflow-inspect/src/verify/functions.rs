//! Each function of the folder, looked over by the extension plpgsql_check: also the branches that nobody has taken yet.

use super::scratch::Scratch;
use super::{Outcome, counted};
use crate::error::InspectError;
use workflow_migrate::Exit;

/// Checks them, where the extension is there.
pub(super) async fn functions(scratch: &mut Scratch) -> Result<Outcome, InspectError> {
    let known = "SELECT name::text FROM pg_available_extensions WHERE name = 'plpgsql_check'";
    scratch.reconnect().await?;
    if scratch.texts("the extensions", known).await?.is_empty() {
        return Ok(Outcome::skipped("the server does not have the extension plpgsql_check"));
    }
    if let Err(error) = sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS plpgsql_check").execute(&mut scratch.connection).await {
        return Ok(Outcome::skipped(&format!("the extension plpgsql_check cannot be used: {error}")));
    }
    let functions = scratch.texts("the functions", include_str!("../sql/functions_own.sql")).await?;
    let findings = scratch.texts("the functions", include_str!("../sql/functions_check.sql")).await?;
    Ok(Outcome::of(findings, Exit::Error, format!("{} without a fault", counted(functions.len(), "function"))))
}
