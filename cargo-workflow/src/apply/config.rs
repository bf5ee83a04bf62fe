//! `sqlx.toml`, as far as it is about migrations. sqlx's own command reads it too, and both must find the same table.

use super::fault;
use serde::Deserialize;
use sqlx::migrate::{Migrator, ResolveConfig};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use workflow_migrate::{Error, Errors};

/// The file, with sqlx's names.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    common: Common,
    migrate: Migrate,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Common {
    database_url_var: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Migrate {
    create_schemas: BTreeSet<String>,
    table_name: Option<String>,
    migrations_dir: Option<PathBuf>,
    ignored_chars: BTreeSet<char>,
}

impl Config {
    /// That of a folder; none is an empty one.
    pub(crate) fn read(folder: &Path) -> Result<Config, Errors> {
        let path = folder.join("sqlx.toml");
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|error| {
                fault::plain(
                    format!("`{}`: {}", crate::say::path(&path), error.message()),
                    "sqlx's documentation of `sqlx.toml` shows its form",
                )
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Config::default()),
            Err(source) => Err(Error::Io { path, source }.into()),
        }
    }

    pub(crate) fn migrations_dir(&self) -> Option<&Path> {
        self.migrate.migrations_dir.as_deref()
    }

    pub(crate) fn database_url_var(&self) -> &str {
        self.common.database_url_var.as_deref().unwrap_or("DATABASE_URL")
    }

    /// How the files are read.
    pub(crate) fn resolve(&self) -> ResolveConfig {
        let mut resolve = ResolveConfig::new();
        resolve.ignore_chars(self.migrate.ignored_chars.iter().copied());
        resolve
    }

    /// Where it is written what was applied.
    pub(crate) fn set(&self, migrator: &mut Migrator) {
        if let Some(table) = &self.migrate.table_name {
            migrator.dangerous_set_table_name(table.clone());
        }
        for schema in &self.migrate.create_schemas {
            migrator.create_schema(schema.clone());
        }
    }
}
