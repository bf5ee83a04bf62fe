//! When tasks are due.

use super::context::{Context, Faults, listed, nearest};
use crate::diagnostic::{Part, Place};
use crate::model::{Kind, Later, State, Time};

/// `then remind on due`: a field of the state where the line arrives, or a common one, that says when.
pub(super) fn tasks_without_timestamp(context: &Context<'_>, faults: &mut Faults) {
    let created = context.model.create.iter().map(|create| {
        let initial = context.model.initial().map(|state| vec![state]);
        (&create.later, initial, None)
    });
    let lines = context.lines().map(|(i, line)| {
        let arrives = if line.is_internal() { context.sources(line) } else { context.target(line).map(|state| vec![state]) };
        (&line.later, arrives, Some(i))
    });
    for (later, states, line) in created.chain(lines) {
        for (t, one) in later.iter().enumerate() {
            let unfit = states.as_ref().and_then(|states| unfit(context, states, one));
            if let Some((message, help)) = unfit {
                faults.add(line.map_or(Place::Create(Part::Time(t)), |i| Place::Transition(i, Part::Time(t))), message, help);
            }
        }
    }
}

fn unfit(context: &Context<'_>, states: &[&State], later: &Later) -> Option<(String, String)> {
    let (task, Time::On(name)) = (&later.task, &later.time) else { return None };
    let common = context.model.field(name);
    let Some(field) = common.or_else(|| states.iter().find_map(|state| state.field(name))) else {
        let known = context.model.fields.iter().chain(states.iter().flat_map(|state| &state.fields));
        let timestamps = known.filter(|field| field.ty.kind == Kind::Timestamp).map(|field| field.name.rust.as_str());
        let help = match nearest(name, timestamps) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `{name}: DateTime<Utc>`"),
        };
        let there = listed(states.iter().map(|state| state.name.rust.as_str()));
        return Some((format!("the task `{task}` is due on `{name}`, and {there} has no such field"), help));
    };
    let lacking: Vec<&str> =
        states.iter().filter(|state| state.field(name).is_none()).map(|state| state.name.rust.as_str()).collect();
    if common.is_none() && !lacking.is_empty() {
        let lacking = listed(lacking);
        let help = format!("declare `{name}: {}` in {lacking} too, or write a line of its own for {lacking}", field.ty.rust);
        return Some((format!("the task `{task}` is due on `{name}`, which {lacking} does not have"), help));
    }
    let message = format!("the task `{task}` is due on `{name}`, which is `{}` and no timestamp", field.ty.rust);
    (field.ty.kind != Kind::Timestamp).then(|| (message, format!("`{name}: DateTime<Utc>`")))
}
