//! Timers, activities and tasks that came or went, and what that means for those that are pending.

use super::{Change, Difference, Versions};
use crate::jobs::{Job, of_state, tasks, to_parent};
use workflow_model::{Model, Transition};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    for state in &v.new.states {
        let label = &state.name.label;
        let former = v.former_label(label);
        if v.old.state(&former).is_some() {
            both(v, label, &of_state(&v.old, &former), &of_state(&v.new, label), found);
        }
    }
    let (old, new) = (tasks(&v.old), tasks(&v.new));
    for job in new.iter().filter(|task| !old.contains(task)) {
        found.change(Change::JobAdded { kind: "task", job: job.clone(), states: Vec::new() });
    }
    for job in old.iter().filter(|task| !new.contains(task)) {
        found.change(Change::JobRemoved { kind: "task", job: job.clone(), states: Vec::new() });
    }
}

fn both(v: &Versions<'_>, state: &str, old: &[Job], new: &[Job], found: &mut Difference) {
    for job in new {
        let former = former_name(v, job);
        match old.iter().find(|o| o.kind == job.kind && o.name == former) {
            Some(before) if before.run_at == job.run_at => {}
            Some(before) => {
                let retimed = job.retime || job.run_at.is_from_field() || before.run_at.is_from_field();
                let change = Change::TimerChanged { event: job.name.clone(), retimed };
                if !found.changes.contains(&change) {
                    found.change(change);
                }
            }
            None if is_told(v, job) => {}
            None => found.change(Change::JobAdded { kind: job.kind, job: job.name.clone(), states: vec![state.to_owned()] }),
        }
    }
    let is_gone = |o: &&Job| !new.iter().any(|n| n.kind == o.kind && former_name(v, n) == o.name) && !is_told(v, o);
    for job in old.iter().filter(is_gone) {
        found.change(Change::JobRemoved { kind: job.kind, job: job.name.clone(), states: vec![state.to_owned()] });
    }
}

/// What comes or goes with the parent is told of the parent.
fn is_told(v: &Versions<'_>, job: &Job) -> bool {
    let of = |model: &Model| to_parent(model).as_ref() == Some(job);
    v.old.parent.is_some() != v.new.parent.is_some() && (of(&v.old) || of(&v.new))
}

/// Is it called like the event that it fires?
pub(crate) fn is_named_like_its_event(kind: &str) -> bool {
    matches!(kind, "timer" | "join")
}

/// A timer is called like its event, and so is what waits for children.
pub(crate) fn former_name(v: &Versions<'_>, job: &Job) -> String {
    let renamed = found_event(&v.new, &job.name).and_then(|line| line.event.renamed_from.clone());
    let renamed = renamed.filter(|from| is_named_like_its_event(job.kind) && found_event(&v.old, from).is_some());
    renamed.unwrap_or_else(|| job.name.clone())
}

fn found_event<'m>(model: &'m Model, label: &str) -> Option<&'m Transition> {
    model.transitions.iter().find(|line| line.event.label == label)
}
