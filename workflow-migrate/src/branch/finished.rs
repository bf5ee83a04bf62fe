//! What a branch has finished of what its base had begun: contract phases are generated anew for that alone.

use crate::error::{Error, Errors, none_of};
use crate::folder::version;
use crate::generate::{Plan, contract_of, is_generated, snapshots};
use crate::phase::LATER;
use crate::project::Project;
use crate::snapshot::{Recorded, Snapshot};
use crate::source::Declared;
use std::path::{Path, PathBuf};

/// Generated files of a branch alone, as they were before they were taken away.
pub(super) struct Finished {
    files: Vec<Own>,
}

struct Own {
    path: PathBuf,
    /// The label of the workflow that it belongs to.
    workflow: String,
    content: String,
}

impl Finished {
    pub(super) fn of(own: &[PathBuf]) -> Result<Finished, Error> {
        let mut files = Vec::new();
        for path in own.iter().filter(|path| !named(path).ends_with(".down.sql")) {
            let content = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.clone(), source })?;
            let workflow = is_generated(path)?.unwrap_or_default();
            files.push(Own { path: path.clone(), workflow, content });
        }
        Ok(Finished { files })
    }

    /// Writes anew the contract phases that this branch has written. Which ones those are, their text says: it is the same where it
    /// finishes the change that waits in the base, and names of files may mean anything.
    pub(super) fn again(&self, project: &Project, declared: &[Declared], revision: &str, now: i64) -> Result<Plan, Errors> {
        let mut done = Plan::default();
        let written = self.write(project, declared, revision, now, &mut done);
        if written.is_err() {
            super::rebase::forget(&done);
        }
        written.map(|()| done)
    }

    fn write(&self, project: &Project, declared: &[Declared], revision: &str, now: i64, done: &mut Plan) -> Result<(), Errors> {
        let mut errors = Vec::new();
        for snapshot in snapshots(&project.migrations)? {
            let (label, mut has_finished) = (&snapshot.model.name.label, false);
            loop {
                let plan = contract_of(project, declared, label, now)?;
                if plan.migrates() && self.has(&plan) {
                    plan.write()?;
                    done.files.extend(plan.files);
                    // A workflow that was removed is finished twice: its last change, and then its tables.
                    has_finished = true;
                    continue;
                }
                let other = self.files.iter().find(|own| own.finishes(label) && !own.is_in(&snapshot));
                let other = other.filter(|_| plan.migrates() && !has_finished);
                errors.extend(other.map(|own| Error::OtherContract {
                    file: own.path.clone(),
                    workflow: label.clone(),
                    revision: revision.to_owned(),
                }));
                break;
            }
        }
        none_of(errors)
    }

    /// Whether this branch has written the same, under other numbers.
    fn has(&self, plan: &Plan) -> bool {
        let migrations = plan.files.iter().filter(|file| !file.snapshot && !named(&file.path).ends_with(".down.sql"));
        migrations.into_iter().all(|file| {
            let is_same =
                |own: &Own| unnumbered(&own.path) == unnumbered(&file.path) && file.content.as_ref() == Some(&own.content);
            self.files.iter().any(is_same)
        })
    }
}

impl Own {
    /// Whether it begins a contract phase of this workflow, of whichever change.
    fn finishes(&self, label: &str) -> bool {
        let drops = format!("{label}_drop.");
        self.workflow == label && (self.content.contains(LATER) || unnumbered(&self.path).starts_with(&drops))
    }

    /// Whether the base has done the same meanwhile.
    fn is_in(&self, base: &Snapshot) -> bool {
        let sha384 = Recorded::of("", self.content.as_bytes()).sha384;
        base.files.iter().any(|recorded| recorded.sha384 == sha384)
    }
}

fn named(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A file's name without its version.
fn unnumbered(path: &Path) -> String {
    let name = named(path);
    match version(&name) {
        Some(_) => name.split_once('_').map_or_else(|| name.clone(), |(_, rest)| rest.to_owned()),
        None => name,
    }
}
