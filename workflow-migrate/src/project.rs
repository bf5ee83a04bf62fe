//! The packages of a cargo workspace, and where their migrations are.

mod sqlx_toml;

use crate::error::Error;
use cargo_metadata::{MetadataCommand, Package, Target, TargetKind};
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
    /// The files from which the sources are read: libraries, programs, examples.
    pub roots: Vec<PathBuf>,
}

/// The projects of the workspace to which `manifest` (or else the current folder) belongs; only that of `package`, if one is given.
///
/// # Errors
///
/// When cargo cannot read the workspace, or has no such package; when a `sqlx.toml` cannot be read, or asks for what is not done.
pub fn projects(manifest: Option<&Path>, package: Option<&str>) -> Result<Vec<Project>, Error> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    if let Some(manifest) = manifest {
        command.manifest_path(manifest);
    }
    let metadata = command.exec().map_err(undescribed)?;
    let mut projects: Vec<Project> = Vec::new();
    for member in metadata.workspace_packages() {
        if package.is_none_or(|name| member.name.as_str() == name) {
            add(&mut projects, member)?;
        }
    }
    match package {
        Some(name) if projects.is_empty() => Err(Error::NoPackage(name.to_owned())),
        _ => Ok(projects),
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

/// Packages that share a folder are one project: its workflows are of one database.
fn add(projects: &mut Vec<Project>, package: &Package) -> Result<(), Error> {
    let home = package.manifest_path.parent().map(|p| p.as_std_path().to_owned()).unwrap_or_default();
    let settings = sqlx_toml::read(&home)?;
    let folder = package.metadata.get("workflow").and_then(|w| w.get("migrations")).and_then(|m| m.as_str());
    let folder = folder.or(settings.migrations_dir.as_deref()).unwrap_or("migrations");
    let migrations = plain(&home.join(folder));
    let roots: Vec<PathBuf> = package.targets.iter().filter(is_read).map(|target| target.src_path.clone().into()).collect();
    match projects.iter_mut().find(|project| project.migrations == migrations) {
        Some(project) if project.table_name != settings.table_name => Err(Error::TwoTables { migrations }),
        Some(project) => {
            project.packages.push(package.name.to_string());
            project.roots.extend(roots);
            Ok(())
        }
        None => {
            let packages = vec![package.name.to_string()];
            projects.push(Project { packages, migrations, table_name: settings.table_name, roots });
            Ok(())
        }
    }
}

/// Libraries, programs, examples: what may run in front of a database.
fn is_read(target: &&Target) -> bool {
    let kinds = [TargetKind::Lib, TargetKind::RLib, TargetKind::DyLib, TargetKind::CDyLib, TargetKind::StaticLib];
    target.kind.iter().any(|kind| kinds.contains(kind) || matches!(kind, TargetKind::Bin | TargetKind::Example))
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
