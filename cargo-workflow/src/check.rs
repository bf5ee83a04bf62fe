//! `cargo workflow check`

use crate::{Which, say};
use workflow_migrate::{Checked, Errors, Exit, Project, check, declared, projects};

/// Compares every project with its folder.
pub(crate) fn run(which: &Which) -> Exit {
    let projects = match projects(which.manifest_path.as_deref(), which.package.as_deref()) {
        Ok(projects) => projects,
        Err(error) => return failed(&error.into()),
    };
    projects.iter().map(one).max().unwrap_or(Exit::Fine)
}

fn one(project: &Project) -> Exit {
    // Faults of the sources are told by the check itself.
    if let Ok(declared) = declared(project) {
        say::notes(&declared.notes);
    }
    check(project).map_or_else(|errors| failed(&errors), |checked| told(&checked))
}

fn failed(errors: &Errors) -> Exit {
    say::errors(&errors.0);
    match errors.exit() {
        // To generate it may have to be refused; to deploy, it is a migration that is missing.
        Exit::Refused => Exit::Needed,
        exit => exit,
    }
}

fn told(checked: &Checked) -> Exit {
    for label in &checked.missing {
        say::finding("missing", &format!("the workflow `{label}` has no migration: run `cargo workflow generate`"));
    }
    for label in &checked.stale {
        let line = format!("the snapshot of `{label}` can be refreshed by `cargo workflow generate`; the database needs nothing");
        say::remark("stale", &line);
    }
    checked.exit()
}
