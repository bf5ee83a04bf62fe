//! For continuous integration: is everything that is declared also generated?

use crate::error::{Errors, Exit};
use crate::generate::{Step, now, plan};
use crate::project::Project;
use crate::report::Report;
use crate::source::declared;

/// How a project stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Labels of workflows that have no migration.
    pub missing: Vec<String>,
    /// Labels of workflows with a change that has not been generated.
    pub changed: Vec<String>,
    /// Labels of workflows whose snapshot only differs in what the database does not know.
    pub stale: Vec<String>,
    /// Labels of workflows whose contract phase waits for a later release.
    pub waiting: Vec<String>,
    /// What the sources do not say for sure, each with its place.
    pub notes: Vec<Report>,
}

impl Checked {
    /// [`Exit::Fine`], or [`Exit::Needed`] when a migration is missing.
    pub fn exit(&self) -> Exit {
        if self.missing.is_empty() && self.changed.is_empty() { Exit::Fine } else { Exit::Needed }
    }
}

/// Compares a project's sources with its folder, and writes nothing.
///
/// # Errors
///
/// Faults of the sources, edited or missing files, and changes that cannot be generated.
pub fn check(project: &Project) -> Result<Checked, Errors> {
    let declared = declared(project)?;
    let plan = plan(project, &declared, Step::Expand, now())?;
    let changed = plan.changes.iter().map(|(label, _)| label.clone()).collect();
    let mut checked = Checked { missing: Vec::new(), changed, stale: Vec::new(), waiting: Vec::new(), notes: declared.notes };
    for file in plan.files.iter().filter(|file| file.snapshot && file.content.is_some()) {
        let label = file.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match (file.path.exists(), checked.changed.contains(&label)) {
            (_, true) => {}
            (true, false) => checked.stale.push(label),
            (false, false) => checked.missing.push(label),
        }
    }
    checked.waiting = plan.waiting.into_iter().filter(|label| !checked.changed.contains(label)).collect();
    Ok(checked)
}
