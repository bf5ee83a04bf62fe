//! What a state starts as long as it lasts, and what events hand over: timers, activities, joins and tasks.

use workflow_model::{Model, StateKind, Transition, Trigger};

/// A job of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    /// `timer`, `activity` or `join`.
    pub(crate) kind: &'static str,
    /// The timer's event, by label, or the activity; of a join the event that waits for children, or the parent that is told.
    pub(crate) name: String,
    pub(crate) run_at: RunAt,
    /// Whether a changed time holds for those that run.
    pub(crate) retime: bool,
}

/// When a job runs for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunAt {
    /// At once.
    Now,
    /// So long after its state was entered.
    AfterEntry(String),
    /// So long from now on: for an instance that was in the state before there was such a timer.
    FromNow(String),
    /// At the time that stands in a column, by label. There may be none, and then there is no timer.
    At(String),
}

impl RunAt {
    pub(crate) fn is_from_field(&self) -> bool {
        match self {
            RunAt::At(_) => true,
            RunAt::Now | RunAt::AfterEntry(_) | RunAt::FromNow(_) => false,
        }
    }

    /// The same, counted from now.
    pub(crate) fn anew(self) -> RunAt {
        match self {
            RunAt::AfterEntry(interval) => RunAt::FromNow(interval),
            RunAt::Now | RunAt::FromNow(_) | RunAt::At(_) => self,
        }
    }
}

/// The jobs of a state, by its label, in the order of the declaration; each once, though its outcomes may be several lines.
pub(crate) fn of_state(model: &Model, state: &str) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    // Most lines start nothing, and to know where a line starts takes a look at every state.
    let starts_there =
        |line: &&Transition| !line.triggers.is_empty() && model.sources(line).iter().any(|source| source.name.label == state);
    for line in model.transitions.iter().filter(starts_there) {
        for job in line.triggers.iter().filter_map(|trigger| job(model, line, trigger)) {
            if !jobs.iter().any(|j| j.kind == job.kind && j.name == job.name) {
                jobs.push(job);
            }
        }
    }
    let is_end = |state: &workflow_model::State| state.kind == StateKind::Final;
    jobs.extend(to_parent(model).filter(|_| model.state(state).is_some_and(is_end)));
    jobs
}

/// What a child starts at its end: somebody is to look whether its parent has waited for it.
pub(crate) fn to_parent(model: &Model) -> Option<Job> {
    let name = model.parent.as_ref()?.label();
    Some(Job { kind: "join", name, run_at: RunAt::Now, retime: false })
}

fn job(model: &Model, line: &Transition, trigger: &Trigger) -> Option<Job> {
    let of = |kind, name: &str, run_at| Some(Job { kind, name: name.to_owned(), run_at, retime: line.retime });
    match trigger {
        Trigger::After(duration) => of("timer", &line.event.label, RunAt::AfterEntry(duration.interval())),
        Trigger::At(field) => of("timer", &line.event.label, RunAt::At(label(model, field)?)),
        Trigger::By(activity) => of("activity", activity, RunAt::Now),
        Trigger::Joined { .. } => of("join", &line.event.label, RunAt::Now),
        Trigger::Exhausted { .. } => None,
    }
}

fn label(model: &Model, field: &str) -> Option<String> {
    model.columns().into_iter().find(|c| c.field.name.rust == field).map(|c| c.field.name.label.clone())
}

/// The names of all tasks.
pub(crate) fn tasks(model: &Model) -> Vec<String> {
    let created = model.create.iter().flat_map(|create| &create.tasks);
    let mut tasks: Vec<String> = created.chain(model.transitions.iter().flat_map(|line| &line.tasks)).cloned().collect();
    tasks.sort();
    tasks.dedup();
    tasks
}
