//! Whether history is a path of the declaration, from creation to where the row is.

use super::{Account, Anomaly, Instance, Name, Step};
use crate::load::workflow::{account, part};
use workflow_runtime::Model;

pub(super) fn check(of: &Account, found: &mut Vec<Anomaly>) {
    path(&of.instance, account::MODEL, found);
    of.parts.iter().for_each(|part| path(&part.instance, part::MODEL, found));
}

fn path(instance: &Instance, model: &Model, found: &mut Vec<Anomaly>) {
    let mut before: Option<&Step> = None;
    for step in &instance.steps {
        let follows = match before {
            None => is_creation(step, model),
            Some(before) => is_next(before, step, model),
        };
        if !follows {
            found.push(Anomaly::new(Name::BrokenHistory, instance.id, [before, Some(step)]));
        }
        before = Some(step);
    }
    let end = before.map(|step| (&step.to_state, &step.event, step.version));
    let row = instance.row.as_ref().map(|row| (&row.state, &row.event, row.version));
    if end != row {
        found.push(Anomaly::of(Name::StateDisagrees, instance.id, [format!("row {row:?}"), format!("history {end:?}")]));
    }
}

fn is_creation(step: &Step, model: &Model) -> bool {
    let initial = model.states.iter().find(|state| state.initial).map(|state| state.label);
    step.version == 1 && step.event == "create" && step.from_state.is_none() && Some(step.to_state.as_str()) == initial
}

fn is_next(before: &Step, step: &Step, model: &Model) -> bool {
    let arrow = (before.to_state.as_str(), step.event.as_str(), step.to_state.as_str());
    step.version == before.version + 1
        && step.from_state.as_ref() == Some(&before.to_state)
        && model.edges.iter().any(|edge| (edge.from, edge.event, edge.to) == arrow)
}
