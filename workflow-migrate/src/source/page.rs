//! One file, as data.

use super::{Declared, notes, unreadable};
use crate::error::{Error, shown};
use crate::report::{Level, Place, Report};
use std::path::{Path, PathBuf};
use workflow_syntax::{Found, Include, Module};

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) workflows: Vec<Declared>,
    pub(super) errors: Vec<Error>,
    pub(super) notes: Vec<Report>,
    pub(super) next: Vec<Next>,
}

/// A file to read: a module, or what is included.
#[derive(Debug, Clone)]
pub(super) struct Next {
    pub(super) file: PathBuf,
    /// Where its modules are looked for.
    pub(super) folder: PathBuf,
    pub(super) conditions: Vec<String>,
}

impl Next {
    /// A root is a `mod.rs`, whatever its name: its modules stand beside it.
    pub(super) fn root(file: &Path) -> Next {
        Next { file: file.to_owned(), folder: beside(file).to_owned(), conditions: Vec::new() }
    }
}

impl Page {
    /// Reads a file; its modules are looked for in `folder`.
    pub(super) fn read(file: &Path, folder: &Path) -> Page {
        let mut page = Page::default();
        match std::fs::read_to_string(file) {
            Ok(text) => page.text(file, text.strip_prefix('\u{feff}').unwrap_or(&text), folder),
            Err(error) => page.errors.push(Error::Io { path: file.to_owned(), source: error }),
        }
        page
    }

    fn text(&mut self, file: &Path, text: &str, folder: &Path) {
        if !workflow_syntax::worth_parsing(text) {
            return;
        }
        let source = Source { file, text, folder };
        match workflow_syntax::find(text) {
            Ok(contents) => self.contents(&source, contents),
            Err(error) => self.errors.push(unreadable::fault(source.place(error.span(), None), error.to_string())),
        }
    }

    fn contents(&mut self, source: &Source<'_>, contents: workflow_syntax::File) {
        for unseen in contents.unseen.iter().filter(|unseen| !unseen.when.test) {
            let help = "write the block outside of it: it is read without the compiler, which alone could expand the macro";
            let message = "a workflow inside another macro cannot be migrated".to_owned();
            self.errors.push(fault(None, message, Some(help.to_owned()), source.place(unseen.span, None)));
        }
        for found in contents.found.into_iter().filter(|found| !found.when.test) {
            self.block(source, found);
        }
        for include in contents.includes.iter().filter(|include| !include.when.test) {
            self.include(source, include);
        }
        for module in contents.modules.iter().filter(|module| !module.when.test) {
            self.module(source, module);
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
            let (place, line) = (source.place(workflow.name.span(), None), found.span.start().line);
            let conditions = found.when.conditions;
            self.workflows.push(Declared { model, file: shown(source.file).into(), line, place, conditions });
        }
    }

    fn module(&mut self, source: &Source<'_>, module: &Module) {
        let conditions = module.when.conditions.clone();
        let place = || source.place(module.span, None);
        match source.candidates(module).into_iter().find(|(file, _)| file.is_file()) {
            Some((file, folder)) => {
                self.notes.extend(module.unclear.then(|| notes::other_path(module, &file, place())));
                self.next.push(Next { file, folder, conditions });
            }
            None if module.unclear => self.notes.push(notes::unclear_path(module, place())),
            // Whoever takes tokens may leave them out.
            None if module.in_macro => {}
            // What is not always compiled may not always be there.
            None if !conditions.is_empty() => self.notes.push(notes::absent(module, place())),
            None => {
                let message = format!("there is no file for the module `{}`", module.name);
                self.errors.push(fault(None, message, None, place()));
            }
        }
    }

    fn include(&mut self, source: &Source<'_>, include: &Include) {
        let place = || source.place(include.span, None);
        let Some(file) = include.path.as_ref().map(|path| beside(source.file).join(path)) else {
            return self.notes.push(notes::unclear_include(include, place()));
        };
        match include.items {
            true if file.is_file() => {
                let folder = beside(&file).to_owned();
                self.next.push(Next { file, folder, conditions: include.when.conditions.clone() });
            }
            true => self.notes.push(notes::absent_include(&file, place())),
            // What stands for an expression is no list of items, and seldom Rust code at all.
            false => {
                let held = std::fs::read_to_string(&file).is_ok_and(|text| workflow_syntax::may_hold_a_block(&text));
                self.notes.extend(held.then(|| notes::include_in_expression(&file, place())));
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
        Place::new(shown(self.file).as_ref(), self.text, first, last)
    }

    /// Where the file of a module may be, each with the folder of its own modules.
    fn candidates(&self, module: &Module) -> Vec<(PathBuf, PathBuf)> {
        let inline: PathBuf = module.folders.iter().collect();
        let folder = self.folder.join(&inline);
        if let Some(path) = &module.path {
            // Outside of inline modules a path starts at the file, not at the folder of its modules.
            let from = if module.folders.is_empty() { beside(self.file) } else { &folder };
            let file = from.join(path);
            let own = beside(&file).to_owned();
            return vec![(file, own)];
        }
        let own = folder.join(&module.name);
        vec![(folder.join(format!("{}.rs", module.name)), own.clone()), (own.join("mod.rs"), own)]
    }
}

fn beside(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

pub(super) fn fault(code: Option<String>, message: String, help: Option<String>, place: Place) -> Error {
    Error::Source(Box::new(Report { level: Level::Error, code, message, help, place: Some(place) }))
}
