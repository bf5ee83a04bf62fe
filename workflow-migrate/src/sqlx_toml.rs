//! What `sqlx.toml` says of migrations. sqlx's own type for it would bring the whole of sqlx; this is the part that matters here,
//! and sqlx itself complains of the rest.

use crate::error::{Error, shown};
use crate::report::Place;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The part of `sqlx.toml` that is about migrations, under sqlx's own names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SqlxToml {
    /// Where the file is, or would be.
    path: PathBuf,
    /// `[common] database-url-var`: the variable that names the database, where it is not `DATABASE_URL`.
    pub database_url_var: Option<String>,
    /// `[migrate] migrations-dir`
    pub migrations_dir: Option<PathBuf>,
    /// `[migrate] table-name`: the table of what was applied, where it is not `_sqlx_migrations`.
    pub table_name: Option<String>,
    /// `[migrate] create-schemas`: made before that table.
    pub create_schemas: BTreeSet<String>,
    /// `[migrate] ignored-chars`: left out of the checksums.
    pub ignored_chars: BTreeSet<char>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct File {
    common: Common,
    migrate: Migrate,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Common {
    database_url_var: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Migrate {
    create_schemas: BTreeSet<String>,
    table_name: Option<String>,
    migrations_dir: Option<PathBuf>,
    ignored_chars: BTreeSet<char>,
}

impl SqlxToml {
    /// That of a folder; without the file, everything is as usual.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, with the place where it is not what sqlx reads.
    pub fn read(folder: &Path) -> Result<SqlxToml, Error> {
        let path = folder.join("sqlx.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(SqlxToml { path, ..SqlxToml::default() }),
            Err(source) => return Err(Error::Io { path, source }),
        };
        match toml::from_str(&text) {
            Ok(File { common, migrate }) => Ok(SqlxToml {
                path,
                database_url_var: common.database_url_var,
                migrations_dir: migrate.migrations_dir,
                table_name: migrate.table_name,
                create_schemas: migrate.create_schemas,
                ignored_chars: migrate.ignored_chars,
            }),
            Err(error) => {
                let place = place(&path, text, &error).map(Box::new);
                Err(Error::Settings { path, reason: error.message().to_owned(), place })
            }
        }
    }

    /// Snapshots keep the checksum of a whole file, which then would not be the one in the database.
    pub(crate) fn keeps_every_character(&self) -> Result<(), Error> {
        if self.ignored_chars.is_empty() {
            return Ok(());
        }
        let reason = "`[migrate] ignored-chars` is not supported: a snapshot holds the checksum of every character of a file; \
                      where line ends differ, write `migrations/** text eol=lf` to `.gitattributes` instead";
        Err(Error::Settings { path: self.path.clone(), reason: reason.to_owned(), place: None })
    }
}

fn place(path: &Path, text: String, error: &toml::de::Error) -> Option<Place> {
    Some(Place { file: shown(path).into(), text, range: error.span()? })
}
