//! Another branch: what stands there of a project, and what that means for what was generated here.

mod compat;
mod finished;
mod rebase;

pub use compat::{Compat, Differs, Hindrance, Note, compat};
pub use rebase::{Rebased, rebase};

use crate::error::{Error, Errors};
use crate::folder::{self, Folder, version};
use crate::generate::snapshots;
use crate::git::Repository;
use crate::project::Project;
use crate::snapshot::{Snapshot, Standing};
use std::path::{Path, PathBuf};

/// A project's folder as it is in a revision.
pub(crate) struct Base {
    repository: Repository,
    revision: String,
    /// The paths of its files, from the root of the repository.
    files: Vec<PathBuf>,
}

impl Base {
    pub(crate) fn of(project: &Project, revision: &str) -> Result<Base, Error> {
        // The folder may not be there yet; the package is.
        let near = project.migrations.ancestors().find(|path| path.is_dir()).unwrap_or(&project.migrations);
        let repository = Repository::of(near)?;
        let files = repository.list(revision, &project.migrations)?;
        Ok(Base { repository, revision: revision.to_owned(), files })
    }

    /// The names of the migrations.
    pub(crate) fn migrations(&self) -> Vec<String> {
        let names = self.files.iter().filter(|path| path.parent().is_none_or(|p| !p.ends_with(".workflow")));
        names.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
    }

    /// The names of migrations that are there and here, and differ.
    fn altered(&self) -> Result<Vec<String>, Error> {
        let Some(folder) = self.files.iter().find_map(|path| Some(path.parent()?.to_owned())) else { return Ok(Vec::new()) };
        let folder = folder.ancestors().find(|path| !path.ends_with(".workflow")).unwrap_or(&folder);
        let altered = self.repository.altered(&self.revision, &self.repository.root().join(folder))?;
        let beside = altered.iter().filter(|path| path.parent() == Some(folder));
        Ok(beside.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect())
    }

    /// A file as it is there.
    fn text(&self, path: &Path) -> Result<Option<String>, Error> {
        Ok(self.repository.show(&self.revision, path)?)
    }

    /// The snapshots with their names, as text and read.
    pub(crate) fn snapshots(&self) -> Result<Vec<(String, String, Snapshot)>, Error> {
        let mut snapshots = Vec::new();
        for path in self.files.iter().filter(|path| path.parent().is_some_and(|p| p.ends_with(".workflow"))) {
            let Some(text) = self.repository.show(&self.revision, &self.repository.root().join(path))? else { continue };
            let named = PathBuf::from(format!("{}:{}", self.revision, path.display()));
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            snapshots.push((name, text.clone(), Snapshot::read(&text, &named)?));
        }
        Ok(snapshots)
    }
}

/// Whether what was generated here fits onto a revision: its files are all here, and the new ones come after them.
///
/// # Errors
///
/// A file of the revision that is missing or unknown here, and new files that would be applied between those of the revision.
pub fn above(project: &Project, revision: &str) -> Result<(), Errors> {
    let base = Base::of(project, revision)?;
    let theirs = base.migrations();
    let folder = Folder::read(&project.migrations)?;
    let known: Vec<String> =
        snapshots(&project.migrations)?.iter().flat_map(|s| &s.files).map(|file| file.name.clone()).collect();
    let at = |name: &String| (project.migrations.join(name), revision.to_owned());
    let mut errors: Vec<Error> = Vec::new();
    let missing = theirs.iter().filter(|name| version(name).is_some() && !folder.files.contains(name)).map(at);
    errors.extend(missing.map(|(file, revision)| Error::Behind { file, revision }));
    let altered = base.altered()?;
    let altered = theirs.iter().filter(|name| altered.contains(name)).map(at);
    errors.extend(altered.map(|(file, revision)| Error::Altered { file, revision }));
    let highest = theirs.iter().filter_map(|name| Some((version(name)?, name))).max();
    if let Some((top, head)) = highest {
        let below = folder.files.iter().filter(|name| known.contains(name) && !theirs.contains(name));
        let below = below.filter(|name| version(name).is_some_and(|version| version <= top) && !name.ends_with(".down.sql"));
        errors.extend(below.map(|name| Error::Below {
            file: project.migrations.join(name),
            head: head.clone(),
            revision: revision.to_owned(),
        }));
    }
    crate::error::none_of(errors)
}

/// Whether the expand phase, or the removal, that a snapshot speaks of is committed: the contract phase belongs into a later release.
/// `only` is the label of a workflow that is asked for alone.
///
/// # Errors
///
/// When git cannot be asked; where there is no repository, nothing is refused.
pub fn unreleased(project: &Project, only: Option<&str>) -> Result<Vec<Error>, Errors> {
    let Ok(base) = Base::of(project, "HEAD") else { return Ok(Vec::new()) };
    let committed = base.snapshots()?;
    let mut errors = Vec::new();
    let snapshots = snapshots(&project.migrations)?;
    for snapshot in snapshots.iter().filter(|s| only.is_none_or(|label| s.model.name.label == label)) {
        let label = &snapshot.model.name.label;
        let before = committed.iter().find(|(_, _, s)| s.model.name.label == *label || Some(&s.hash) == snapshot.parent.as_ref());
        let is_new = |before: &Snapshot| match (&snapshot.pending, snapshot.standing) {
            (Some(_), Standing::Declared | Standing::Removed) => before.pending != snapshot.pending,
            (None, Standing::Removed) => before.standing != Standing::Removed,
            (None, Standing::Declared) | (_, Standing::Dropped) => false,
        };
        if before.is_some_and(|(_, _, before)| is_new(before)) {
            let path = folder::snapshots(&project.migrations).join(format!("{label}.json"));
            let step = if snapshot.pending.is_some() { "expand phase" } else { "removal" };
            errors.push(Error::Unreleased { step, workflow: label.clone(), snapshot: path });
        }
    }
    Ok(errors)
}
