//! What `sqlx.toml` says, given to sqlx: its own command reads the file too, and both must find the same table.

use sqlx::migrate::{Migrator, ResolveConfig};
use workflow_migrate::SqlxToml;

pub(super) fn database_url_var(file: &SqlxToml) -> &str {
    file.database_url_var.as_deref().unwrap_or("DATABASE_URL")
}

/// How the files are read.
pub(super) fn resolve(file: &SqlxToml) -> ResolveConfig {
    let mut resolve = ResolveConfig::new();
    resolve.ignore_chars(file.ignored_chars.iter().copied());
    resolve
}

/// Where it is written what was applied.
pub(super) fn set(file: &SqlxToml, migrator: &mut Migrator) {
    if let Some(table) = &file.table_name {
        migrator.dangerous_set_table_name(table.clone());
    }
    for schema in &file.create_schemas {
        migrator.create_schema(schema.clone());
    }
}
