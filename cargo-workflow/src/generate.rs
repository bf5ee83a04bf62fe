//! `cargo workflow generate`

use crate::{Which, say};
use workflow_migrate::{Error, Errors, Exit, File, Plan, Project, Step};
use workflow_migrate::{contract_of, declared, now, plan, projects, snapshots, unreleased};

/// Plans every project before anything is written.
pub(crate) fn run(which: &Which, step: Step, workflow: Option<&str>, dry_run: bool) -> Exit {
    match plans(which, step, workflow).and_then(|plans| carry_out(&plans, dry_run)) {
        Ok(()) => Exit::Fine,
        Err(errors) => {
            say::errors(&errors.0);
            errors.exit()
        }
    }
}

fn plans(which: &Which, step: Step, workflow: Option<&str>) -> Result<Vec<Plan>, Errors> {
    let now = now();
    let (mut plans, mut errors) = (Vec::new(), Vec::new());
    for project in chosen(projects(which.manifest_path.as_deref(), which.package.as_deref())?, workflow)? {
        match planned(&project, step, workflow, now) {
            Ok(plan) => plans.push(plan),
            Err(Errors(more)) => errors.extend(more),
        }
    }
    if errors.is_empty() { Ok(plans) } else { Err(Errors(errors)) }
}

/// Those that have a workflow of this label.
fn chosen(projects: Vec<Project>, workflow: Option<&str>) -> Result<Vec<Project>, Errors> {
    let Some(label) = workflow else { return Ok(projects) };
    let mut having = Vec::new();
    for project in projects {
        if snapshots(&project.migrations)?.iter().any(|snapshot| snapshot.model.name.label == label) {
            having.push(project);
        }
    }
    if having.is_empty() { Err(Error::NoWorkflow { label: label.to_owned() }.into()) } else { Ok(having) }
}

fn planned(project: &Project, step: Step, workflow: Option<&str>, now: i64) -> Result<Plan, Errors> {
    let declared = declared(project)?;
    say::notes(&declared.notes);
    if step == Step::Contract {
        let unreleased = unreleased(project, workflow)?;
        if !unreleased.is_empty() {
            return Err(Errors(unreleased));
        }
    }
    match workflow {
        Some(label) => contract_of(project, &declared, label, now),
        None => plan(project, &declared, step, now),
    }
}

fn carry_out(plans: &[Plan], dry_run: bool) -> Result<(), Errors> {
    if plans.iter().all(|plan| plan.files.is_empty()) {
        say::remark("up-to-date", "up to date");
    }
    for plan in plans {
        if dry_run {
            changes(plan);
            plan.files.iter().for_each(shown);
        } else {
            plan.write()?;
            told(plan);
        }
    }
    Ok(())
}

/// What was written, why, and what comes next.
pub(crate) fn told(plan: &Plan) {
    changes(plan);
    plan.files.iter().for_each(wrote);
    for label in plan.waiting.iter().filter(|label| plan.changes.iter().any(|(changed, _)| changed == *label)) {
        let later = "`cargo workflow generate --phase contract` in a later release";
        say::remark("waiting", &format!("the contract phase of `{label}` waits: {later}"));
    }
    for (before, after) in &plan.graphs {
        if let Some(diagram) = workflow_diagram::difference(before, after) {
            say::remark("diagram", &format!("\nfor the pull request:\n\n{}", diagram.trim_end()));
        }
    }
}

fn changes(plan: &Plan) {
    for (label, changes) in &plan.changes {
        changes.iter().for_each(|change| say::remark("change", &format!("{label}: {change} [{}]", change.category())));
    }
}

fn wrote(file: &File) {
    let did = if file.content.is_some() { "wrote" } else { "removed" };
    say::file(did, did, &file.path);
}

fn shown(file: &File) {
    let does = if file.content.is_some() { "write" } else { "remove" };
    say::file(&format!("would-{does}"), &format!("-- would {does}"), &file.path);
    if let Some(content) = file.content.as_ref().filter(|_| !file.snapshot) {
        say::result(content);
    }
}
