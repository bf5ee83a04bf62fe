//! The packages of a cargo workspace, by their migrations.

use crate::error::Error;
use crate::package::{Package, packages};
use std::path::{Path, PathBuf};

/// A migrations folder, and the sources that declare its workflows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// The names of the packages that use it; almost always one.
    pub packages: Vec<String>,
    /// The folder: what `[package.metadata.workflow] migrations = "…"` says, or else `migrations-dir` of `sqlx.toml`, or else
    /// `migrations` beside the manifest.
    pub migrations: PathBuf,
    /// The table in which sqlx keeps what it has applied, where `sqlx.toml` names another than `_sqlx_migrations`.
    pub table_name: Option<String>,
    /// Labels of workflows that are no longer declared on purpose: `[package.metadata.workflow] removed = ["order"]`.
    pub removed: Vec<String>,
    /// The files from which the sources are read: libraries, programs, examples.
    pub roots: Vec<PathBuf>,
}

/// The projects of the workspace to which `manifest` (or else the current folder) belongs; only that of `package`, if one is given.
///
/// # Errors
///
/// When cargo cannot read the workspace, or has no such package; when a `sqlx.toml` cannot be read, or asks for what is not done.
pub fn projects(manifest: Option<&Path>, package: Option<&str>) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    for package in packages(manifest, package)? {
        add(&mut projects, package)?;
    }
    Ok(projects)
}

/// Packages that share a folder are one project: its workflows are of one database.
fn add(projects: &mut Vec<Project>, package: Package) -> Result<(), Error> {
    let Package { name, migrations, table_name, removed, roots, diagrams: _ } = package;
    match projects.iter_mut().find(|project| project.migrations == migrations) {
        Some(project) if project.table_name != table_name => return Err(Error::TwoTables { migrations }),
        Some(project) => {
            project.packages.push(name);
            project.roots.extend(roots);
            project.removed.extend(removed);
        }
        None => projects.push(Project { packages: vec![name], migrations, table_name, removed, roots }),
    }
    Ok(())
}
