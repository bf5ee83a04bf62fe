//! The workflows that the sources declare: from the roots of a package through its modules.

use crate::error::{Error, Errors, none_of};
use crate::project::Project;
use crate::report::{Place, Report};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use workflow_model::Model;
use workflow_syntax::{Found, Module};

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
}

impl Declared {
    /// Where its name stands.
    pub(crate) fn named(&self) -> Place {
        self.place.clone()
    }
}

/// The workflows of a project, in the order of their labels.
///
/// # Errors
///
/// Every fault of every block, and every file that cannot be read.
pub fn declared(project: &Project) -> Result<Vec<Declared>, Errors> {
    read(&project.roots)
}

/// The workflows that are reached from some files.
pub(crate) fn read(roots: &[PathBuf]) -> Result<Vec<Declared>, Errors> {
    let mut walk = Walk::default();
    for root in roots {
        walk.root(root);
    }
    walk.workflows.sort_by(|a, b| a.model.name.label.cmp(&b.model.name.label));
    walk.repeated();
    none_of(walk.errors)?;
    Ok(walk.workflows)
}

#[derive(Default)]
struct Walk {
    seen: BTreeSet<PathBuf>,
    workflows: Vec<Declared>,
    errors: Vec<Error>,
}

impl Walk {
    /// A root is a `mod.rs`, whatever its name: its modules stand beside it.
    fn root(&mut self, file: &Path) {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        self.file(file, &folder);
    }

    /// A file, and the folder in which its modules are looked for.
    fn file(&mut self, file: &Path, folder: &Path) {
        // A program that declares the modules of its library again declares no second workflow.
        if !self.seen.insert(file.to_owned()) {
            return;
        }
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(source) => return self.errors.push(Error::Io { path: file.to_owned(), source }),
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        match workflow_syntax::find(text) {
            Ok(contents) => self.contents(&Source { file, text, folder }, contents),
            Err(error) => {
                let place = Place::new(&shown(file), text, error.span(), None);
                self.errors.push(fault(None, error.to_string(), None, place));
            }
        }
    }

    fn contents(&mut self, source: &Source<'_>, contents: workflow_syntax::File) {
        for unseen in contents.unseen {
            let help = "write the block outside of it: it is read without the compiler, which alone could expand the macro";
            let message = "a workflow inside another macro cannot be migrated".to_owned();
            self.errors.push(fault(None, message, Some(help.to_owned()), source.place(unseen.span, None)));
        }
        for found in contents.found.into_iter().filter(|found| !found.when.test) {
            self.block(source, found);
        }
        for module in contents.modules.into_iter().filter(|module| !module.when.test) {
            self.module(source, &module);
        }
    }

    fn block(&mut self, source: &Source<'_>, found: Found) {
        let parsed = workflow_syntax::parse(found.tokens);
        for error in &parsed.errors {
            let place = source.place(error.span, error.end);
            self.errors.push(fault(Some(error.code.to_string()), error.message.clone(), error.help.clone(), place));
        }
        let Some(workflow) = parsed.workflow.filter(|_| parsed.errors.is_empty()) else { return };
        let model = workflow_syntax::lower(&workflow);
        let faults = workflow_model::check(&model);
        for found in &faults {
            let place = source.place(workflow.span(found.place), None);
            self.errors.push(fault(Some(found.code.to_string()), found.message.clone(), found.help.clone(), place));
        }
        if faults.is_empty() {
            let place = source.place(workflow.name.span(), None);
            self.workflows.push(Declared { model, file: shown(source.file), line: found.span.start().line, place });
        }
    }

    fn module(&mut self, source: &Source<'_>, module: &Module) {
        let candidates = source.candidates(module);
        match candidates.iter().find(|(file, _)| file.is_file()) {
            Some((file, folder)) => self.file(file, folder),
            // What is not always compiled may not always be there.
            None if module.when.conditional => {}
            None => {
                let message = format!("there is no file for the module `{}`", module.name);
                self.errors.push(fault(None, message, None, source.place(module.span, None)));
            }
        }
    }

    /// Two workflows of one name would have one snapshot, and one row in the database.
    fn repeated(&mut self) {
        for pair in self.workflows.windows(2) {
            let (first, second) = (&pair[0], &pair[1]);
            if first.model.name.label == second.model.name.label {
                let message = format!("two workflows of this project are called `{}`", second.model.name.label);
                let help = format!("the other one is at {}:{}; give one of them a `#[label]`", first.file.display(), first.line);
                self.errors.push(fault(None, message, Some(help), second.place.clone()));
            }
        }
    }
}

/// A file that is being read.
struct Source<'a> {
    file: &'a Path,
    text: &'a str,
    folder: &'a Path,
}

impl Source<'_> {
    fn place(&self, first: proc_macro2::Span, last: Option<proc_macro2::Span>) -> Place {
        Place::new(&shown(self.file), self.text, first, last)
    }

    /// Where the file of a module may be, each with the folder of its own modules.
    fn candidates(&self, module: &Module) -> Vec<(PathBuf, PathBuf)> {
        let inline: PathBuf = module.folders.iter().collect();
        let folder = self.folder.join(&inline);
        if let Some(path) = &module.path {
            // Outside of inline modules a path starts at the file, not at the folder of its modules.
            let from = if module.folders.is_empty() { self.file.parent().unwrap_or(Path::new("")) } else { &folder };
            let file = from.join(path);
            let own = file.parent().unwrap_or(Path::new("")).to_owned();
            return vec![(file, own)];
        }
        let own = folder.join(&module.name);
        vec![(folder.join(format!("{}.rs", module.name)), own.clone()), (own.join("mod.rs"), own)]
    }
}

fn fault(code: Option<String>, message: String, help: Option<String>, place: Place) -> Error {
    Error::Source(Box::new(Report { code, message, help, place: Some(place) }))
}

/// As rustc shows it: from where the user stands, when the file is below.
fn shown(file: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    file.strip_prefix(here).unwrap_or(file).to_owned()
}
