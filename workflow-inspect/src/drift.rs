//! A live database against the snapshots.

use crate::error::InspectError;
use crate::look::Look;
use crate::relations::found;
use serde::Serialize;
use sqlx::Row;
use sqlx::migrate::Migrator;
use std::collections::BTreeSet;
use workflow_migrate::{Aspect, Expected, Finding, Kind, Snapshot, Thing, compare, expected};

/// How one workflow stands in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The workflow's label.
    pub workflow: String,
    /// Where the database is on the way of the migrations.
    #[serde(flatten)]
    pub standing: Standing,
    /// The differences; none are sought when the database is elsewhere on the way.
    pub findings: Vec<Finding>,
}

/// Where a database is on the way of the migrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "standing")]
pub enum Standing {
    /// Where the folder ends.
    Current,
    /// Files of the folder were not applied.
    Behind {
        /// Their versions.
        pending: Vec<i64>,
    },
    /// Files were applied that the folder does not have.
    Ahead {
        /// Their versions.
        unknown: Vec<i64>,
    },
    /// Nothing says which files were applied, and the database holds another declaration.
    Elsewhere {
        /// The fingerprint that it has; none when it knows nothing of the workflow.
        fingerprint: Option<String>,
    },
}

impl Drift {
    /// Whether the database is not as the snapshot says.
    pub fn is_drift(&self) -> bool {
        self.standing != Standing::Current || self.findings.iter().any(Finding::is_drift)
    }
}

/// Compares a database with what must stand for each snapshot of a folder.
///
/// # Errors
///
/// When something cannot be read. Nothing was written; trying again helps when a statement took too long.
pub async fn drift(look: &mut Look, snapshots: &[Snapshot], migrator: &Migrator) -> Result<Vec<Drift>, InspectError> {
    let applied = applied(look, &migrator.table_name).await?;
    let mut all = Vec::new();
    for snapshot in snapshots {
        all.push(one(look, snapshot, migrator, applied.as_ref()).await?);
    }
    Ok(all)
}

async fn one(
    look: &mut Look,
    snapshot: &Snapshot,
    migrator: &Migrator,
    applied: Option<&BTreeSet<i64>>,
) -> Result<Drift, InspectError> {
    let expected = expected(snapshot);
    let found = found(look, &expected).await?;
    let workflow = snapshot.model.name.label.clone();
    let standing = match applied {
        Some(applied) => by_files(migrator, applied),
        None => by_fingerprint(&expected, &found, &workflow),
    };
    let findings = if standing == Standing::Current { compare(&expected, &found) } else { Vec::new() };
    Ok(Drift { workflow, standing, findings })
}

fn by_files(migrator: &Migrator, applied: &BTreeSet<i64>) -> Standing {
    let files: BTreeSet<i64> =
        migrator.iter().filter(|m| !m.migration_type.is_down_migration()).map(|migration| migration.version).collect();
    let (unknown, pending): (Vec<i64>, Vec<i64>) =
        (applied.difference(&files).copied().collect(), files.difference(applied).copied().collect());
    if !unknown.is_empty() && !migrator.ignore_missing {
        Standing::Ahead { unknown }
    } else if !pending.is_empty() {
        Standing::Behind { pending }
    } else {
        Standing::Current
    }
}

/// A database that another tool has migrated.
fn by_fingerprint(expected: &Expected, found: &workflow_migrate::Catalogue, label: &str) -> Standing {
    let record = Thing::new(Kind::Record, label, "");
    let has = found.get(&record, Aspect::Fingerprint);
    if has == expected.catalogue.get(&record, Aspect::Fingerprint) {
        Standing::Current
    } else {
        Standing::Elsewhere { fingerprint: has.map(str::to_owned) }
    }
}

/// The versions that were applied; none when there is no such table.
async fn applied(look: &mut Look, table: &str) -> Result<Option<BTreeSet<i64>>, InspectError> {
    // The session looks into pg_catalog only, and sqlx's table is where the role's own path leads.
    let name = if table.contains('.') { table.to_owned() } else { path_of(look, table).await? };
    if !look.has(&name).await? {
        return Ok(None);
    }
    let rows = look.query(table, format!("SELECT version FROM {name} WHERE success")).await?;
    let versions: Result<BTreeSet<i64>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    versions.map(Some).map_err(InspectError::reading(table))
}

/// The table as the role finds it by its own search path.
async fn path_of(look: &mut Look, table: &str) -> Result<String, InspectError> {
    let sql = include_str!("sql/place.sql");
    let rows = look.rows(table, sql, &[table.to_owned()]).await?;
    let place = rows.first().map(|row| row.try_get::<String, _>(0)).transpose();
    Ok(place.map_err(InspectError::reading(table))?.unwrap_or_else(|| table.to_owned()))
}
