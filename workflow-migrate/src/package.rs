//! The packages of a cargo workspace.

use crate::error::{Error, Errors};
use crate::source::{self, Declared};
use cargo_metadata::{MetadataCommand, TargetKind};
use std::path::{Path, PathBuf};

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder of its diagrams: `docs` beside the manifest, unless `[package.metadata.workflow] diagrams = "…"` says otherwise.
    pub diagrams: PathBuf,
    /// The folder of its migrations: `migrations` beside the manifest, unless `migrations = "…"` says otherwise.
    pub migrations: PathBuf,
    /// Labels of workflows that are no longer declared on purpose: `removed = ["order"]`.
    pub removed: Vec<String>,
    /// The files from which the sources are read: libraries, programs, examples.
    pub roots: Vec<PathBuf>,
}

/// The packages of the workspace to which `manifest` (or else the current folder) belongs; only `package`, if it is given.
///
/// # Errors
///
/// When cargo cannot read the workspace, or has no such package.
pub fn packages(manifest: Option<&Path>, package: Option<&str>) -> Result<Vec<Package>, Error> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = manifest {
        command.manifest_path(manifest);
    }
    let metadata = command.exec().map_err(|e| Error::Metadata(e.to_string().trim_end().to_owned()))?;
    let members = metadata.workspace_packages().into_iter().filter(|m| package.is_none_or(|name| m.name.as_str() == name));
    let packages: Vec<_> = members.map(Package::of).collect();
    match package {
        Some(name) if packages.is_empty() => Err(Error::NoPackage(name.to_owned())),
        _ => Ok(packages),
    }
}

impl Package {
    fn of(package: &cargo_metadata::Package) -> Package {
        let home = package.manifest_path.parent().map(|p| p.as_std_path().to_owned()).unwrap_or_default();
        let said = |key: &str| package.metadata.get("workflow").and_then(|w| w.get(key)).and_then(|m| m.as_str());
        let folder = |key, usual| plain(&home.join(said(key).unwrap_or(usual)));
        let roots = package.targets.iter().filter(|target| {
            let kinds = [TargetKind::Lib, TargetKind::RLib, TargetKind::DyLib, TargetKind::CDyLib, TargetKind::StaticLib];
            target.kind.iter().any(|kind| kinds.contains(kind) || matches!(kind, TargetKind::Bin | TargetKind::Example))
        });
        Package {
            name: package.name.to_string(),
            diagrams: folder("diagrams", "docs"),
            migrations: folder("migrations", "migrations"),
            removed: removed(package),
            roots: roots.map(|target| target.src_path.as_std_path().to_owned()).collect(),
        }
    }

    /// The workflows of the package, in the order of their labels.
    ///
    /// # Errors
    ///
    /// Every fault of every block, and every file that cannot be read.
    pub fn declared(&self) -> Result<Vec<Declared>, Errors> {
        source::read(&self.roots)
    }
}

fn removed(package: &cargo_metadata::Package) -> Vec<String> {
    let listed = package.metadata.get("workflow").and_then(|w| w.get("removed")).and_then(|r| r.as_array());
    listed.into_iter().flatten().filter_map(|label| Some(label.as_str()?.to_owned())).collect()
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
