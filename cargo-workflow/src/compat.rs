//! `cargo workflow compat`

use crate::{Which, say};
use workflow_migrate::{Compat, Errors, Exit, Level, Project, Report, compat, projects};

/// Asks of every workflow of another revision whether its binary can run beside this one.
pub(crate) fn run(which: &Which, base: &str) -> Exit {
    let projects = match projects(which.manifest_path.as_deref(), which.package.as_deref()) {
        Ok(projects) => projects,
        Err(error) => return failed(&error.into()),
    };
    projects.iter().map(|project| one(project, base)).max().unwrap_or(Exit::Fine)
}

fn one(project: &Project, base: &str) -> Exit {
    match compat(project, base) {
        Ok(found) => found.iter().map(|compat| told(compat, base)).max().unwrap_or(Exit::Fine),
        Err(errors) => failed(&errors),
    }
}

fn told(compat: &Compat, base: &str) -> Exit {
    let workflow = &compat.workflow;
    let note = |note| Report::new(Level::Note, format!("`{workflow}` of {base} beside this one: {note}"));
    say::notes(&compat.notes.iter().map(note).collect::<Vec<_>>());
    if compat.hindrances.is_empty() {
        let needs = compat.needs;
        say::remark(
            "compatible",
            &format!("`{workflow}` of {base} can run beside this one: all {needs} things that it needs are there"),
        );
        return Exit::Fine;
    }
    for hindrance in &compat.hindrances {
        say::finding("incompatible", &format!("`{workflow}` of {base} cannot run beside this one: {hindrance}"));
    }
    Exit::Refused
}

fn failed(errors: &Errors) -> Exit {
    say::errors(&errors.0);
    errors.exit()
}
