//! The packages of a cargo workspace.

use crate::error::{Error, Errors};
use crate::source::{self, Declarations};
use crate::sqlx_toml::SqlxToml;
use cargo_metadata::{MetadataCommand, Target, TargetKind};
use std::path::{Path, PathBuf};

/// A package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder of its diagrams: `docs` beside the manifest, unless `[package.metadata.workflow] diagrams = "…"` says otherwise.
    pub diagrams: PathBuf,
    /// The folder of its migrations: what `migrations = "…"` says there, or else `migrations-dir` of `sqlx.toml`, or else
    /// `migrations` beside the manifest.
    pub migrations: PathBuf,
    /// The table in which sqlx keeps what it has applied, where `sqlx.toml` names another than `_sqlx_migrations`.
    pub table_name: Option<String>,
    /// Labels of workflows that are no longer declared on purpose: `removed = ["order"]`.
    pub removed: Vec<String>,
    /// The files from which the sources are read: libraries, programs, examples.
    pub roots: Vec<PathBuf>,
}

/// The packages of the workspace to which `manifest` (or else the current folder) belongs; only `package`, if it is given.
///
/// # Errors
///
/// When cargo cannot read the workspace, or has no such package; when a `sqlx.toml` cannot be read, or asks for what is not done.
pub fn packages(manifest: Option<&Path>, package: Option<&str>) -> Result<Vec<Package>, Error> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = manifest {
        command.manifest_path(manifest);
    }
    let metadata = command.exec().map_err(undescribed)?;
    let members = metadata.workspace_packages().into_iter().filter(|m| package.is_none_or(|name| m.name.as_str() == name));
    let packages = members.map(Package::of).collect::<Result<Vec<_>, _>>()?;
    match package {
        Some(name) if packages.is_empty() => Err(Error::NoPackage(name.to_owned())),
        _ => Ok(packages),
    }
}

/// What cargo says, without our own words around it.
fn undescribed(error: cargo_metadata::Error) -> Error {
    match error {
        cargo_metadata::Error::CargoMetadata { stderr } => {
            let stderr = stderr.trim();
            Error::Metadata(stderr.strip_prefix("error: ").unwrap_or(stderr).to_owned())
        }
        other => Error::Metadata(other.to_string().trim_end().to_owned()),
    }
}

/// Libraries, programs, examples: what may run in front of a database.
fn is_read(target: &&Target) -> bool {
    let kinds = [TargetKind::Lib, TargetKind::RLib, TargetKind::DyLib, TargetKind::CDyLib, TargetKind::StaticLib];
    target.kind.iter().any(|kind| kinds.contains(kind) || matches!(kind, TargetKind::Bin | TargetKind::Example))
}

impl Package {
    fn of(package: &cargo_metadata::Package) -> Result<Package, Error> {
        let home = package.manifest_path.parent().map(|p| p.as_std_path().to_owned()).unwrap_or_default();
        let said = |key: &str| package.metadata.get("workflow").and_then(|w| w.get(key)).and_then(|m| m.as_str());
        let folder = |key, usual: &Path| plain(&home.join(said(key).map_or(usual, Path::new)));
        let settings = SqlxToml::read(&home)?;
        settings.keeps_every_character()?;
        let migrations = settings.migrations_dir.as_deref().unwrap_or(Path::new("migrations"));
        let roots = package.targets.iter().filter(is_read);
        Ok(Package {
            name: package.name.to_string(),
            diagrams: folder("diagrams", Path::new("docs")),
            migrations: folder("migrations", migrations),
            table_name: settings.table_name,
            removed: removed(package),
            roots: roots.map(|target| target.src_path.as_std_path().to_owned()).collect(),
        })
    }

    /// The workflows of the package, in the order of their labels.
    ///
    /// # Errors
    ///
    /// Every fault of every block, and every file that cannot be read.
    pub fn declared(&self) -> Result<Declarations, Errors> {
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
