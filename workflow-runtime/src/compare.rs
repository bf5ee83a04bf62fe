//! Does the schema have what this binary needs? Asked once a workflow and runtime, before its first transition.

use crate::error::Error;
use crate::runtime::Runtime;
use crate::statement;
use crate::workflow::Workflow;
use sqlx::{PgConnection, Row};
use std::sync::PoisonError;

impl<A> Runtime<A> {
    /// A newer schema is fine, as long as everything is there that this binary's declaration speaks of, and rows need no more than it
    /// knows to give them.
    pub(crate) async fn compare<W: Workflow>(&self, connection: &mut PgConnection) -> Result<(), Error<W>> {
        let compared = || self.shared.compared.lock().unwrap_or_else(PoisonError::into_inner);
        if compared().contains(W::MODEL.name) {
            return Ok(());
        }
        let Compared { found, missing, required } = missing::<W>(connection).await?;
        if found.is_none() || !missing.is_empty() || !required.is_empty() {
            return Err(Error::Stale { expected: W::MODEL.fingerprint, found, missing, required });
        }
        compared().insert(W::MODEL.name);
        Ok(())
    }
}

/// What stands between a binary and a schema.
#[derive(Default)]
struct Compared {
    /// The fingerprint of the migrated declaration.
    found: Option<String>,
    missing: Vec<&'static str>,
    required: Vec<String>,
}

async fn missing<W: Workflow>(connection: &mut PgConnection) -> Result<Compared, sqlx::Error> {
    // A missing table would be an error, and fail the transaction in which we are asking.
    let there: bool = statement::query("SELECT to_regclass('workflow.models') IS NOT NULL").scalar(&mut *connection).await?;
    if !there {
        return Ok(Compared::default());
    }
    let facts: Vec<String> = W::MODEL.facts.iter().map(|&fact| fact.to_owned()).collect();
    let row =
        statement::query(include_str!("sql/missing.sql")).bind(W::MODEL.name).bind(facts).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(Compared::default()) };
    let missing: Vec<String> = row.try_get("missing")?;
    let missing = W::MODEL.facts.iter().filter(|fact| missing.iter().any(|m| m == *fact)).copied().collect();
    Ok(Compared { found: Some(row.try_get("fingerprint")?), missing, required: row.try_get("required")? })
}
