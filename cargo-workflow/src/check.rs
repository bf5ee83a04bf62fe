//! `cargo workflow check`

use crate::{Which, say};
use workflow_migrate::{Checked, Errors, Exit, check, projects};

/// Compares every project with its folder.
pub(crate) fn run(which: &Which) -> Exit {
    let projects = match projects(which.manifest_path.as_deref(), which.package.as_deref()) {
        Ok(projects) => projects,
        Err(error) => return failed(&error.into()),
    };
    let exits = projects.iter().map(|project| check(project).map_or_else(|errors| failed(&errors), |checked| told(&checked)));
    exits.max().unwrap_or(Exit::Fine)
}

fn failed(errors: &Errors) -> Exit {
    say::errors(&errors.0);
    errors.exit()
}

fn told(checked: &Checked) -> Exit {
    say::notes(&checked.notes);
    for label in &checked.missing {
        say::finding("missing", &format!("the workflow `{label}` has no migration: run `cargo workflow generate`"));
    }
    for label in &checked.changed {
        say::finding("changed", &format!("the workflow `{label}` has changed: run `cargo workflow generate`"));
    }
    for label in &checked.stale {
        let line = format!("the snapshot of `{label}` can be refreshed by `cargo workflow generate`; the database needs nothing");
        say::remark("stale", &line);
    }
    for label in &checked.waiting {
        say::remark("waiting", &format!("the contract phase of `{label}` waits for a later release"));
    }
    checked.exit()
}
