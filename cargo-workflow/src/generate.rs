//! `cargo workflow generate`

use crate::{Which, say};
use workflow_migrate::{Errors, Exit, Plan, Project, declared, now, plan, projects};

/// Plans every project before anything is written.
pub(crate) fn run(which: &Which, dry_run: bool) -> Exit {
    match plans(which).and_then(|plans| carry_out(&plans, dry_run)) {
        Ok(()) => Exit::Fine,
        Err(errors) => {
            say::errors(&errors.0);
            errors.exit()
        }
    }
}

fn plans(which: &Which) -> Result<Vec<Plan>, Errors> {
    let now = now();
    let (mut plans, mut errors) = (Vec::new(), Vec::new());
    for project in projects(which.manifest_path.as_deref(), which.package.as_deref())? {
        match planned(&project, now) {
            Ok(plan) => plans.push(plan),
            Err(Errors(more)) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(plans) } else { Err(Errors(errors)) }
}

fn planned(project: &Project, now: i64) -> Result<Plan, Errors> {
    let declared = declared(project)?;
    say::notes(&declared.notes);
    plan(project, &declared, now)
}

fn carry_out(plans: &[Plan], dry_run: bool) -> Result<(), Errors> {
    if plans.iter().all(|plan| plan.files.is_empty()) {
        say::remark("up-to-date", "up to date");
    }
    for plan in plans {
        if dry_run {
            show(plan);
            continue;
        }
        plan.write()?;
        plan.files.iter().for_each(|file| say::file("wrote", "wrote", &file.path));
    }
    Ok(())
}

fn show(plan: &Plan) {
    for file in &plan.files {
        say::file("would-write", "-- would write", &file.path);
        if !file.snapshot {
            say::result(&file.content);
        }
    }
}
