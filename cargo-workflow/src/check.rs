//! `cargo workflow check`

use crate::{Which, say};
use workflow_migrate::{Checked, Errors, Exit, Project, above, check, projects};

/// Compares every project with its folder.
pub(crate) fn run(which: &Which, base: Option<&str>) -> Exit {
    let projects = match projects(which.manifest_path.as_deref(), which.package.as_deref()) {
        Ok(projects) => projects,
        Err(error) => return failed(&error.into()),
    };
    projects.iter().map(|project| one(project, base)).max().unwrap_or(Exit::Fine)
}

fn one(project: &Project, base: Option<&str>) -> Exit {
    let stands = check(project).map_or_else(|errors| failed(&errors), |checked| told(&checked));
    // What is damaged was told already.
    match base.filter(|_| stands < Exit::Integrity).map(|base| above(project, base)) {
        Some(Err(errors)) => stands.max(failed(&errors)),
        Some(Ok(())) | None => stands,
    }
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
