//! A model, put so that it can be asked of thousands of rows.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use workflow_model::{Model, Trigger};

pub(crate) type Object = Map<String, Value>;

/// What a model says of rows and steps, by labels; a renamed state has two.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) columns: Vec<Owned>,
    /// The jobs of a state.
    jobs: BTreeMap<String, Vec<Job>>,
    /// What an arrow starts, by its source and event; creation has no source.
    tasks: BTreeMap<(String, String), Vec<String>>,
}

/// Kind, name, and the column without which there is none.
type Job = (&'static str, String, Option<String>);

/// A column, and the states that have it; none for a common one.
#[derive(Debug)]
pub(crate) struct Owned {
    pub(crate) label: String,
    pub(crate) required: bool,
    pub(crate) states: Vec<String>,
}

impl Owned {
    pub(crate) fn owns(&self, state: &str) -> bool {
        self.states.iter().any(|label| label == state)
    }
}

impl Known {
    pub(crate) fn of(model: &Model) -> Known {
        let mut known = Known { columns: columns(model), jobs: BTreeMap::new(), tasks: BTreeMap::new() };
        let created = model.create.iter().flat_map(|create| create.tasks.clone()).collect();
        known.tasks.insert((String::new(), "create".to_owned()), created);
        for edge in model.edges() {
            for from in edge.from.labels().map(str::to_owned) {
                let event = edge.transition.event.label.clone();
                known.tasks.insert((from.clone(), event.clone()), edge.transition.tasks.clone());
                known.jobs.entry(from).or_default().extend(edge.transition.triggers.iter().filter_map(|t| job(model, &event, t)));
            }
        }
        known
    }

    /// What must be pending for a row that stays where it is. No activity or timer of these workflows ends before its state does.
    pub(crate) fn due<'k>(&'k self, row: &'k Object) -> impl Iterator<Item = (&'static str, &'k str)> {
        let jobs = self.jobs.get(text(row, "state")).into_iter().flatten();
        let is_due = |(_, _, column): &&Job| column.as_ref().is_none_or(|column| !row[column].is_null());
        jobs.filter(is_due).map(|(kind, job, _)| (*kind, job.as_str()))
    }

    /// Whether the state has such a job, though perhaps not now.
    pub(crate) fn has(&self, state: &str, kind: &str, job: &str) -> bool {
        self.jobs.get(state).into_iter().flatten().any(|(k, j, _)| *k == kind && j == job)
    }

    /// Nothing when the model has no such arrow.
    pub(crate) fn tasks(&self, step: &Object) -> Option<&Vec<String>> {
        self.tasks.get(&(text(step, "from_state").to_owned(), text(step, "event").to_owned()))
    }
}

fn columns(model: &Model) -> Vec<Owned> {
    let owned = |c: &workflow_model::Column<'_>| Owned {
        label: c.field.name.label.clone(),
        required: !c.field.ty.optional,
        states: c.states.iter().flat_map(|state| state.labels()).map(str::to_owned).collect(),
    };
    model.columns().iter().map(owned).collect()
}

fn job(model: &Model, event: &str, trigger: &Trigger) -> Option<Job> {
    let label = |field: &str| model.columns().iter().find(|c| c.field.name.rust == field).map(|c| c.field.name.label.clone());
    match trigger {
        Trigger::After(_) => Some(("timer", event.to_owned(), None)),
        Trigger::At(field) => Some(("timer", event.to_owned(), label(field))),
        Trigger::By(activity) => Some(("activity", activity.clone(), None)),
        Trigger::Joined { .. } => Some(("join", event.to_owned(), None)),
        Trigger::Exhausted { .. } => None,
    }
}

/// A text that is there.
pub(crate) fn text<'v>(object: &'v Object, name: &str) -> &'v str {
    object[name].as_str().unwrap_or_default()
}
