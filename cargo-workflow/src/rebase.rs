//! `cargo workflow rebase`

use crate::{Which, generate, say};
use workflow_migrate::{Errors, Exit, now, projects, rebase};

/// Generates what is this branch's own anew, above the other one.
pub(crate) fn run(which: &Which, base: &str) -> Exit {
    match all(which, base) {
        Ok(()) => Exit::Fine,
        Err(errors) => {
            say::errors(&errors.0);
            errors.exit()
        }
    }
}

fn all(which: &Which, base: &str) -> Result<(), Errors> {
    for project in projects(which.manifest_path.as_deref(), which.package.as_deref())? {
        let rebased = rebase(&project, base, now())?;
        rebased.removed.iter().for_each(|path| say::file("removed", "removed", path));
        generate::told(&rebased.plan);
        if rebased.removed.is_empty() && rebased.plan.files.is_empty() {
            say::remark("up-to-date", "up to date");
        }
    }
    Ok(())
}
