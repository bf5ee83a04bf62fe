//! The packages of a cargo workspace, by their migrations.

use crate::error::Error;
use crate::package::{Package, packages};
use std::path::{Path, PathBuf};

/// A migrations folder, and the sources that declare its workflows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The names of the packages that use it; almost always one.
    pub packages: Vec<String>,
    /// The folder: `migrations` beside the manifest, unless `[package.metadata.workflow] migrations = "…"` says otherwise.
    pub migrations: PathBuf,
    /// Labels of workflows that are no longer declared on purpose: `[package.metadata.workflow] removed = ["order"]`.
    pub removed: Vec<String>,
    /// The files from which the sources are read: libraries, programs, examples.
    pub roots: Vec<PathBuf>,
}

/// The projects of the workspace to which `manifest` (or else the current folder) belongs; only that of `package`, if one is given.
///
/// # Errors
///
/// When cargo cannot read the workspace, or has no such package.
pub fn projects(manifest: Option<&Path>, package: Option<&str>) -> Result<Vec<Project>, Error> {
    let mut projects = Vec::new();
    for package in packages(manifest, package)? {
        add(&mut projects, package);
    }
    Ok(projects)
}

/// Packages that share a folder are one project: its workflows are of one database.
fn add(projects: &mut Vec<Project>, package: Package) {
    let Package { name, migrations, removed, roots, diagrams: _ } = package;
    match projects.iter_mut().find(|project| project.migrations == migrations) {
        Some(project) => {
            project.packages.push(name);
            project.roots.extend(roots);
            project.removed.extend(removed);
        }
        None => projects.push(Project { packages: vec![name], migrations, removed, roots }),
    }
}
