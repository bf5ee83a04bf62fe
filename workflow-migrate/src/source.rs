//! The workflows that the sources declare: from the roots of a package through its modules.
//!
//! Every file is read once, by several threads (`files.rs`), to data that no longer needs its text (`page.rs`); then the pages
//! are put together in the order of the modules. What the text alone cannot say for sure is a note.

mod files;
mod notes;
mod page;
mod unreadable;

use crate::error::{Error, Errors, none_of};
use crate::project::Project;
use crate::report::{Place, Report};
use page::Page;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use workflow_model::Model;

/// A workflow, and where it stands.
#[derive(Debug, Clone)]
pub struct Declared {
    /// What it says; it has no faults.
    pub model: Model,
    /// The file.
    pub file: PathBuf,
    /// The line of the word `workflow!`.
    pub line: usize,
    place: Place,
    /// The `#[cfg(…)]` over it, from the outside.
    conditions: Vec<String>,
}

impl Declared {
    /// Where its name stands.
    pub(crate) fn named(&self) -> Place {
        self.place.clone()
    }
}

/// What the sources of a project declare; as a slice, its workflows in the order of their labels.
#[derive(Debug, Clone, Default)]
pub struct Declarations {
    /// In the order of their labels.
    pub workflows: Vec<Declared>,
    /// What was read as if it were always compiled, and what was not read, each with its place. They are no faults.
    pub notes: Vec<Report>,
}

impl std::ops::Deref for Declarations {
    type Target = [Declared];

    fn deref(&self) -> &[Declared] {
        &self.workflows
    }
}

/// The workflows of a project.
///
/// # Errors
///
/// Every fault of every block, and every file that cannot be read.
pub fn declared(project: &Project) -> Result<Declarations, Errors> {
    read(&project.roots)
}

/// The workflows that are reached from some files.
pub(crate) fn read(roots: &[PathBuf]) -> Result<Declarations, Errors> {
    let mut walk = Walk { pages: files::read(roots), declarations: Declarations::default(), errors: Vec::new() };
    for root in roots {
        walk.file(root, &[]);
    }
    walk.declarations.workflows.sort_by(|a, b| a.model.name.label.cmp(&b.model.name.label));
    walk.repeated();
    none_of(walk.errors)?;
    Ok(walk.declarations)
}

struct Walk {
    /// Those that are still to be put together.
    pages: BTreeMap<PathBuf, Page>,
    declarations: Declarations,
    errors: Vec<Error>,
}

impl Walk {
    /// A file, and the conditions of the modules that lead to it.
    fn file(&mut self, file: &Path, conditions: &[String]) {
        // A program that declares the modules of its library again declares no second workflow.
        let Some(page) = self.pages.remove(file) else { return };
        self.errors.extend(page.errors);
        self.declarations.notes.extend(page.notes);
        for declared in page.workflows {
            let all = [conditions, &declared.conditions].concat();
            self.declarations.notes.extend(notes::conditional(&declared.model, &declared.place, &all));
            self.declarations.workflows.push(declared);
        }
        for next in page.next {
            self.file(&next.file, &[conditions, &next.conditions].concat());
        }
    }

    /// Two workflows of one name would have one snapshot, and one row in the database.
    fn repeated(&mut self) {
        for pair in self.declarations.workflows.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if first.model.name.label == second.model.name.label {
                let message = format!("two workflows of this project are called `{}`", second.model.name.label);
                let help = format!("the other one is at {}:{}; give one of them a `#[label]`", first.file.display(), first.line);
                self.errors.push(page::fault(None, message, Some(help), second.place.clone()));
            }
        }
    }
}
