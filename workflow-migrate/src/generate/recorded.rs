//! Snapshots, and whether the folder is as they say.

use crate::error::{Error, Errors, none_of};
use crate::folder::{self, Folder};
use crate::project::Project;
use crate::snapshot::{Recorded, Snapshot, Standing};
use crate::source::Declared;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Every snapshot of a migrations folder, each whole and each with its files as they were.
///
/// # Errors
///
/// When a snapshot is damaged, or a file that it knows was edited or is gone.
pub fn snapshots(migrations: &Path) -> Result<Vec<Snapshot>, Errors> {
    let folder = folder::snapshots(migrations);
    let (mut snapshots, mut errors) = (Vec::new(), Vec::new());
    for name in folder::names(&folder)?.iter().filter(|name| name.ends_with(".json")) {
        match Snapshot::load(&folder.join(name)) {
            Ok(snapshot) => snapshots.push(snapshot),
            Err(error) => errors.push(error),
        }
    }
    for recorded in snapshots.iter().flat_map(|s: &Snapshot| &s.files) {
        errors.extend(changed(&migrations.join(&recorded.name), recorded));
    }
    none_of(errors)?;
    Ok(snapshots)
}

fn changed(path: &Path, recorded: &Recorded) -> Option<Error> {
    match std::fs::read(path) {
        Ok(content) if Recorded::of(&recorded.name, &content) == *recorded => None,
        Ok(_) => Some(Error::Edited(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Error::Missing(path.to_owned())),
        Err(source) => Some(Error::Io { path: path.to_owned(), source }),
    }
}

/// The snapshot of a workflow: by its label, or by the one that it had.
pub(super) fn snapshot_of<'s>(workflow: &Declared, snapshots: &'s [Snapshot]) -> Option<&'s Snapshot> {
    let by = |label: &str| snapshots.iter().find(|s| s.model.name.label == label);
    let name = &workflow.model.name;
    by(&name.label).or_else(|| by(name.renamed_from.as_deref()?))
}

/// Differences between the folder, the snapshots and the sources for which no file can be written.
pub(super) fn unexplained(
    project: &Project,
    folder: &Folder,
    declared: &[Declared],
    snapshots: &[Snapshot],
) -> Result<Vec<Error>, Error> {
    let mut errors = unrecorded(project, folder, snapshots)?;
    errors.extend(doubled(project, folder));
    errors.extend(snapshots.iter().filter_map(|snapshot| vanished(project, snapshot, declared, snapshots)));
    Ok(errors)
}

/// A snapshot without a declaration.
fn vanished(project: &Project, snapshot: &Snapshot, declared: &[Declared], snapshots: &[Snapshot]) -> Option<Error> {
    let label = &snapshot.model.name.label;
    let is_explained = snapshot.standing != Standing::Declared
        || project.removed.contains(label)
        || declared.iter().any(|d| snapshot_of(d, snapshots).is_some_and(|s| s.model.name.label == *label));
    if is_explained {
        return None;
    }
    let heir = declared.iter().find(|d| snapshot_of(d, snapshots).is_none() && d.model.table == snapshot.model.table);
    Some(match heir {
        Some(heir) => {
            Error::Renamed { workflow: label.clone(), heir: heir.model.name.rust.clone(), place: Box::new(heir.named()) }
        }
        None => Error::Vanished { workflow: label.clone(), snapshot: snapshot_path(&project.migrations, label) },
    })
}

/// Two migrations of one version, of which a database would run one: two branches have made them in the same second.
fn doubled(project: &Project, folder: &Folder) -> Vec<Error> {
    let ups: Vec<&String> = folder.files.iter().filter(|name| !name.ends_with(".down.sql")).collect();
    let of = |name: &str| folder::version(name);
    let pairs = ups.windows(2).filter(|pair| of(pair[0]).is_some() && of(pair[0]) == of(pair[1]));
    pairs.map(|pair| Error::SameVersion { file: project.migrations.join(pair[1]), other: pair[0].clone() }).collect()
}

/// Generated files that no snapshot knows: those of another branch, when a merge took one side's snapshot and both sides' files.
fn unrecorded(project: &Project, folder: &Folder, snapshots: &[Snapshot]) -> Result<Vec<Error>, Error> {
    let mut errors = Vec::new();
    for name in folder.files.iter().filter(|name| name.ends_with(".sql")) {
        if snapshots.iter().flat_map(|s| &s.files).any(|recorded| recorded.name == *name) {
            continue;
        }
        let file = project.migrations.join(name);
        if let Some(workflow) = is_generated(&file)?.filter(|label| label != SHARED) {
            let path = snapshot_path(&project.migrations, &workflow);
            errors.push(match path.exists() {
                true => Error::TwoHeads { file, workflow, snapshot: path },
                false => Error::Orphan { file, workflow, snapshot: path },
            });
        }
    }
    Ok(errors)
}

/// What stands for a label where a file belongs to all workflows.
const SHARED: &str = "";

/// The label of the workflow for which a file was generated, as its head says.
pub(crate) fn is_generated(file: &Path) -> Result<Option<String>, Error> {
    let mut head = Vec::new();
    let read = std::fs::File::open(file).and_then(|open| open.take(256).read_to_end(&mut head));
    read.map_err(|source| Error::Io { path: file.to_owned(), source })?;
    let head = String::from_utf8_lossy(&head);
    let line = head.lines().find(|line| *line != "-- no-transaction").unwrap_or_default();
    if line.starts_with("-- What all workflows of a database share, written by `cargo workflow generate`") {
        return Ok(Some(SHARED.to_owned()));
    }
    let label =
        line.strip_prefix("-- The `").and_then(|rest| rest.split_once("` workflow, written by `cargo workflow generate`"));
    Ok(label.map(|(label, _)| label.to_owned()))
}

pub(crate) fn snapshot_path(migrations: &Path, label: &str) -> PathBuf {
    folder::snapshots(migrations).join(format!("{label}.json"))
}
