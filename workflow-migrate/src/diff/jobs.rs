//! Timers, activities and tasks that came or went, and what that means for those that are pending.

use super::{Change, Difference, Versions};
use workflow_model::{Model, Transition, Trigger};

/// A job of a state, or of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// When it runs, as SQL over the row `o`; from the entry of the state.
    pub(crate) run_at: String,
    /// Whether a changed time holds for those that run.
    pub(crate) retime: bool,
}

/// What stands as long as a state.
pub(crate) fn of_state(model: &Model, state: &str) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for line in model.transitions.iter().filter(|line| line.sources.iter().any(|s| s == state)) {
        for job in line.triggers.iter().filter_map(|trigger| job(line, trigger)) {
            if !jobs.iter().any(|j| j.kind == job.kind && j.name == job.name) {
                jobs.push(job);
            }
        }
    }
    jobs
}

fn job(line: &Transition, trigger: &Trigger) -> Option<Job> {
    let of = |kind, name: &str, run_at| Some(Job { kind, name: name.to_owned(), run_at, retime: line.retime });
    match trigger {
        Trigger::After(duration) => of("timer", &line.event.label, format!("o.entered_at + interval '{}'", duration.interval())),
        Trigger::At(field) => of("timer", &line.event.label, format!("o.{}", workflow_model::names::quoted(field))),
        Trigger::By(activity) => of("activity", activity, "now()".to_owned()),
        Trigger::Exhausted { .. } => None,
    }
}

/// Whether a timer's time stands in a field, rather than after the entry of its state.
pub(crate) fn is_from_field(run_at: &str) -> bool {
    !run_at.starts_with("o.entered_at + ")
}

/// The names of all tasks.
pub(crate) fn tasks(model: &Model) -> Vec<String> {
    let created = model.create.iter().flat_map(|create| &create.tasks);
    let mut tasks: Vec<String> = created.chain(model.transitions.iter().flat_map(|line| &line.tasks)).cloned().collect();
    tasks.sort();
    tasks.dedup();
    tasks
}

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
                let retimed = job.retime || is_from_field(&job.run_at) || is_from_field(&before.run_at);
                let change = Change::TimerChanged { event: job.name.clone(), retimed };
                if !found.changes.contains(&change) {
                    found.change(change);
                }
            }
            None => found.change(Change::JobAdded { kind: job.kind, job: job.name.clone(), states: vec![state.to_owned()] }),
        }
    }
    for job in old.iter().filter(|o| !new.iter().any(|n| n.kind == o.kind && former_name(v, n) == o.name)) {
        found.change(Change::JobRemoved { kind: job.kind, job: job.name.clone(), states: vec![state.to_owned()] });
    }
}

/// A timer is called like its event.
pub(crate) fn former_name(v: &Versions<'_>, job: &Job) -> String {
    let renamed = found_event(&v.new, &job.name).and_then(|line| line.event.renamed_from.clone());
    let renamed = renamed.filter(|from| job.kind == "timer" && found_event(&v.old, from).is_some());
    renamed.unwrap_or_else(|| job.name.clone())
}

fn found_event<'m>(model: &'m Model, label: &str) -> Option<&'m Transition> {
    model.transitions.iter().find(|line| line.event.label == label)
}
