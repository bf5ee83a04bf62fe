//! Generates a branch's own migrations anew, above those of the branch onto which it comes.

use super::Base;
use super::finished::Finished;
use crate::error::{Error, Errors};
use crate::folder::{self, Folder, snapshots};
use crate::generate::{Plan, Step, is_generated, plan};
use crate::project::Project;
use crate::snapshot::Recorded;
use crate::source::declared;
use std::path::{Path, PathBuf};

/// What was done to a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebased {
    /// Generated files of this branch alone, which are gone.
    pub removed: Vec<PathBuf>,
    /// What came in their place.
    pub plan: Plan,
}

/// Takes away what was generated on this branch alone, takes the snapshots as they are in `revision`, and generates anew. Conflicts
/// that a merge has left in snapshots are gone with that.
///
/// # Errors
///
/// When git cannot be asked, or the change cannot be generated onto the other one: then everything is as it was.
pub fn rebase(project: &Project, revision: &str, now: i64) -> Result<Rebased, Errors> {
    let base = Base::of(project, revision)?;
    let theirs = base.snapshots()?;
    let own = own(project, &base)?;
    let touched: Vec<PathBuf> = overwritten(project, &base, &theirs)?.into_iter().map(|(path, _)| path).collect();
    let kept = Kept::of(project, &[own.clone(), touched].concat())?;
    let done = anew(project, &base, &theirs, &own, now);
    if done.is_err() {
        kept.restore(project, &theirs)?;
    }
    done
}

type Theirs = [(String, String, crate::Snapshot)];

/// Files of the revision that are not as they were there: two branches may have given a file the same name.
fn overwritten(project: &Project, base: &Base, theirs: &Theirs) -> Result<Vec<(PathBuf, String)>, Error> {
    let mut files = Vec::new();
    for recorded in theirs.iter().flat_map(|(_, _, snapshot)| &snapshot.files) {
        let path = project.migrations.join(&recorded.name);
        let is_whole = std::fs::read(&path).is_ok_and(|content| Recorded::of(&recorded.name, &content) == *recorded);
        if let Some(text) = base.text(&path)?.filter(|_| path.exists() && !is_whole) {
            files.push((path, text));
        }
    }
    Ok(files)
}

fn anew(project: &Project, base: &Base, theirs: &Theirs, own: &[PathBuf], now: i64) -> Result<Rebased, Errors> {
    let finished = Finished::of(own)?;
    for path in own {
        std::fs::remove_file(path).map_err(failed(path))?;
    }
    let folder = snapshots(&project.migrations);
    for name in folder::names(&folder)?.iter().filter(|name| !theirs.iter().any(|(theirs, _, _)| theirs == *name)) {
        std::fs::remove_file(folder.join(name)).map_err(failed(&folder.join(name)))?;
    }
    for (path, text) in overwritten(project, base, theirs)? {
        std::fs::write(&path, text).map_err(failed(&path))?;
    }
    for (name, text, _) in theirs {
        std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
        std::fs::write(folder.join(name), text).map_err(failed(&folder.join(name)))?;
    }
    let declared = declared(project)?;
    // This branch may have finished the last change before its own: then it has to do so again.
    let finished = finished.again(project, &declared, &base.revision, now)?;
    let planned = plan(project, &declared, Step::Expand, now).inspect_err(|_| forget(&finished))?;
    planned.write()?;
    let files = finished.files.into_iter().chain(planned.files.iter().cloned()).collect();
    Ok(Rebased { removed: own.to_vec(), plan: Plan { files, ..planned } })
}

/// Migrations that were written a moment ago, and have no sequel. Snapshots are put back as they were.
pub(super) fn forget(plan: &Plan) {
    for file in plan.files.iter().filter(|file| !file.snapshot) {
        let _ = std::fs::remove_file(&file.path);
    }
}

/// Generated files that the revision does not have, with those that take them back.
fn own(project: &Project, base: &Base) -> Result<Vec<PathBuf>, Error> {
    let theirs = base.migrations();
    let folder = Folder::read(&project.migrations)?;
    let mut own = Vec::new();
    for name in folder.files.iter().filter(|name| name.ends_with(".sql") && !theirs.contains(name)) {
        let up = name.strip_suffix(".down.sql").map_or_else(|| name.clone(), |stem| format!("{stem}.up.sql"));
        let up = project.migrations.join(up);
        if up.exists() && is_generated(&up)?.is_some() {
            own.push(project.migrations.join(name));
        }
    }
    Ok(own)
}

/// What is in the way of going back, as it was.
struct Kept {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Kept {
    fn of(project: &Project, own: &[PathBuf]) -> Result<Kept, Error> {
        let folder = snapshots(&project.migrations);
        let snapshots = folder::names(&folder)?.into_iter().map(|name| folder.join(name));
        let read = |path: PathBuf| Ok((path.clone(), std::fs::read(&path).map_err(failed(&path))?));
        let files = own.iter().cloned().chain(snapshots).map(read).collect::<Result<_, Error>>()?;
        Ok(Kept { files })
    }

    fn restore(&self, project: &Project, theirs: &Theirs) -> Result<(), Error> {
        let folder = snapshots(&project.migrations);
        for (name, _, _) in theirs {
            // Of the other branch, and not here before.
            if !self.files.iter().any(|(path, _)| *path == folder.join(name)) {
                std::fs::remove_file(folder.join(name)).map_err(failed(&folder.join(name)))?;
            }
        }
        self.files.iter().try_for_each(|(path, content)| std::fs::write(path, content).map_err(failed(path)))
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
