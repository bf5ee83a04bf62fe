//! The packages of a cargo workspace, and where their migrations are.

use crate::error::Error;
use cargo_metadata::{MetadataCommand, Package, TargetKind};
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
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = manifest {
        command.manifest_path(manifest);
    }
    let metadata = command.exec().map_err(|e| Error::Metadata(e.to_string().trim_end().to_owned()))?;
    let mut projects: Vec<Project> = Vec::new();
    for member in metadata.workspace_packages() {
        if package.is_none_or(|name| member.name.as_str() == name) {
            add(&mut projects, member);
        }
    }
    match package {
        Some(name) if projects.is_empty() => Err(Error::NoPackage(name.to_owned())),
        _ => Ok(projects),
    }
}

/// Packages that share a folder are one project: its workflows are of one database.
fn add(projects: &mut Vec<Project>, package: &Package) {
    let folder = package.metadata.get("workflow").and_then(|w| w.get("migrations")).and_then(|m| m.as_str());
    let home = package.manifest_path.parent().map(|p| p.as_std_path().to_owned()).unwrap_or_default();
    let migrations = plain(&home.join(folder.unwrap_or("migrations")));
    let roots = package.targets.iter().filter(|target| {
        let kinds = [TargetKind::Lib, TargetKind::RLib, TargetKind::DyLib, TargetKind::CDyLib, TargetKind::StaticLib];
        target.kind.iter().any(|kind| kinds.contains(kind) || matches!(kind, TargetKind::Bin | TargetKind::Example))
    });
    let roots: Vec<PathBuf> = roots.map(|target| target.src_path.as_std_path().to_owned()).collect();
    let removed = package.metadata.get("workflow").and_then(|w| w.get("removed")).and_then(|r| r.as_array());
    let removed: Vec<String> = removed.into_iter().flatten().filter_map(|label| Some(label.as_str()?.to_owned())).collect();
    match projects.iter_mut().find(|project| project.migrations == migrations) {
        Some(project) => {
            project.packages.push(package.name.to_string());
            project.roots.extend(roots);
            project.removed.extend(removed);
        }
        None => projects.push(Project { packages: vec![package.name.to_string()], migrations, removed, roots }),
    }
}

/// `a/../b` is `b`: the same folder must have the same path, also when it is not there yet.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
