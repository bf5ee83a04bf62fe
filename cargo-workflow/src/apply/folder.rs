//! Which folder is applied.

use super::{config, fault};
use crate::{Which, say};
use sqlx::migrate::{Migrator, ResolveWith};
use std::path::{Path, PathBuf};
use workflow_migrate::{Errors, Project, SqlxToml, projects};

/// A migrations folder, and the `sqlx.toml` that it is under.
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    config: SqlxToml,
}

impl Folder {
    /// The one that is named, or the one that the workspace has.
    pub(crate) fn find(source: Option<&Path>, which: &Which) -> Result<Folder, Errors> {
        let here = SqlxToml::read(&std::env::current_dir().unwrap_or_default())?;
        match (source.or(here.migrations_dir.as_deref()), &which.package) {
            (Some(path), None) => Folder::at(path.to_owned(), here),
            (Some(_), Some(_)) | (None, _) => Folder::of(&only(which)?.migrations),
        }
    }

    /// sqlx's own command is started beside the manifest, and so finds the file there.
    fn of(path: &Path) -> Result<Folder, Errors> {
        Folder::at(path.to_owned(), SqlxToml::read(path.parent().unwrap_or(path))?)
    }

    fn at(path: PathBuf, config: SqlxToml) -> Result<Folder, Errors> {
        if path.is_dir() {
            return Ok(Folder { path, config });
        }
        let help = "name one by `--source`, or write the first migration by `cargo workflow generate`";
        Err(fault::plain(format!("there is no folder `{}`", say::path(&path)), help))
    }

    /// The variable that names the database.
    pub(crate) fn database_url_var(&self) -> &str {
        config::database_url_var(&self.config)
    }

    /// Its files.
    pub(crate) async fn migrator(&self) -> Result<Migrator, Errors> {
        let mut migrator =
            Migrator::new(ResolveWith(self.path.clone(), config::resolve(&self.config))).await.map_err(|error| {
                fault::plain(
                    format!("`{}`: {error}", say::path(&self.path)),
                    "sqlx reads files that are named `<number>_<words>.sql`",
                )
            })?;
        config::set(&self.config, &mut migrator);
        Ok(migrator)
    }
}

/// A workspace may be of several databases; one line applies to one.
fn only(which: &Which) -> Result<Project, Errors> {
    let mut all = projects(which.manifest_path.as_deref(), which.package.as_deref())?;
    if all.len() > 1 {
        all.retain(|project| project.migrations.is_dir());
    }
    if all.len() > 1 {
        let named: Vec<_> = all.iter().map(|p| format!("`{}` of {}", say::path(&p.migrations), p.packages.join(", "))).collect();
        let message = format!("the workspace has several migrations folders: {}", named.join("; "));
        return Err(fault::plain(message, "choose one by its package, `-p NAME`, or by `--source DIR`"));
    }
    all.pop().ok_or_else(|| {
        fault::plain("no package of the workspace has a migrations folder".to_owned(), "name one by `--source DIR`")
    })
}
