//! What reading without the compiler cannot know. None of it is a fault.

use crate::error::shown;
use crate::report::{Level, Place, Report};
use std::path::Path;
use workflow_model::Model;
use workflow_syntax::{Include, Module};

/// A workflow that is not in every build.
pub(super) fn conditional(model: &Model, place: &Place, conditions: &[String]) -> Option<Report> {
    if conditions.is_empty() {
        return None;
    }
    let message = format!("the workflow `{}` is compiled only under {}", model.name.label, listed(conditions));
    Some(note(message, "it is read as if it were always compiled: its table is in every database", place.clone()))
}

/// `mod name;` under a condition, and no file.
pub(super) fn absent(module: &Module, place: Place) -> Report {
    let message = format!("there is no file for the module `{}`, under {}", module.name, listed(&module.when.conditions));
    note(message, "it is taken for empty: no workflow in it is migrated", place)
}

/// `#[path = some!()] mod name;` and no file at the usual place.
pub(super) fn unclear_path(module: &Module, place: Place) -> Report {
    let message = format!("the file of the module `{}` is known to the compiler only", module.name);
    note(message, "it is not read; write its path as a string, or a workflow in it is not migrated", place)
}

/// The same, and there is one.
pub(super) fn other_path(module: &Module, file: &Path, place: Place) -> Report {
    let message = format!("the module `{}` is read from `{}`, and may be another file in some builds", module.name, shown(file));
    note(message, "a workflow that is only in the other file is not migrated", place)
}

/// `include!(some!())`
pub(super) fn unclear_include(include: &Include, place: Place) -> Report {
    let (message, help) = match include.generated {
        true => {
            ("code that a build script writes is not read", "a workflow in it is not migrated: write the block in the sources")
        }
        false => ("what is included here is known to the compiler only", "it is not read; write its path as a string"),
    };
    note(message.to_owned(), help, place)
}

/// `include!("…")`, and no file.
pub(super) fn absent_include(file: &Path, place: Place) -> Report {
    note(format!("there is no file `{}` to include", shown(file)), "it is taken for empty: no workflow in it is migrated", place)
}

/// An expression that is included, with a block in it.
pub(super) fn include_in_expression(file: &Path, place: Place) -> Report {
    let message = format!("`{}` is included as an expression and is not read", shown(file));
    note(message, "it seems to have a workflow, which is not migrated: include it as an item", place)
}

fn listed(conditions: &[String]) -> String {
    conditions.iter().map(|condition| format!("`{condition}`")).collect::<Vec<_>>().join(" and ")
}

fn note(message: String, help: &str, place: Place) -> Report {
    Report { level: Level::Note, code: None, message, help: Some(help.to_owned()), place: Some(place) }
}
