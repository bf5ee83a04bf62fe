//! Events: what the lines of one event say together, and what an event may touch.

use super::context::{Context, Faults, listed};
use crate::diagnostic::{Part, Place};
use crate::model::{Parameter, State, Transition};
use std::collections::BTreeMap;

/// In one state, an event leads to one place.
pub(super) fn ambiguous_events(context: &Context<'_>, faults: &mut Faults) {
    let mut first: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for (i, line) in context.lines() {
        for (source, state) in context.starts(line) {
            let event = line.event.rust.as_str();
            if *first.entry((event, state)).or_insert(i) != i {
                let state = &context.model.states[state].name.rust;
                let message = format!("`{event}` stands on two lines for `{state}`");
                let help = format!("leave `{state}` out of one of them, or give one another event");
                faults.add(Place::Transition(i, Part::Source(source)), message, help);
            }
        }
    }
}

/// All lines of an event are fired by the same call.
pub(super) fn disagreeing_payloads(context: &Context<'_>, faults: &mut Faults) {
    for (i, line, first) in later_lines(context) {
        if spelled(&line.parameters) != spelled(&first.parameters) {
            let event = &line.event.rust;
            let message = format!("`{event}` carries {} here, but {} where it stands first", payload(line), payload(first));
            faults.add(Place::Transition(i, Part::Event), message, format!("`{event}{}`", parentheses(first)));
        }
    }
}

fn spelled(parameters: &[Parameter]) -> Vec<String> {
    parameters.iter().map(|p| format!("{}: {}", p.name, p.ty.rust)).collect()
}

fn payload(line: &Transition) -> String {
    if line.parameters.is_empty() { "nothing".to_owned() } else { format!("`{}`", spelled(&line.parameters).join(", ")) }
}

fn parentheses(line: &Transition) -> String {
    if line.parameters.is_empty() { String::new() } else { format!("({})", spelled(&line.parameters).join(", ")) }
}

/// An event has one name in the database, so each of its lines says the same one.
pub(super) fn disagreeing_labels(context: &Context<'_>, faults: &mut Faults) {
    for (i, line, first) in later_lines(context) {
        let event = &line.event.rust;
        let place = Place::Transition(i, Part::Event);
        if line.event.label != first.event.label {
            let message =
                format!("`{event}` has the label `{}` here, but `{}` where it stands first", line.event.label, first.event.label);
            faults.add(place, message, format!("`#[label = \"{}\"]` on each of its lines", first.event.label));
        } else if line.event.renamed_from != first.event.renamed_from {
            let message = format!("`{event}` has another `#[renamed_from]` here than where it stands first");
            faults.add(place, message, "the same `#[renamed_from]` on each of its lines");
        }
    }
}

/// Each line of an event but its first, with its position and that first one.
fn later_lines<'m>(context: &Context<'m>) -> Vec<(usize, &'m Transition, &'m Transition)> {
    let mut first: BTreeMap<&str, &Transition> = BTreeMap::new();
    let mut later = Vec::new();
    for (i, line) in context.lines() {
        match first.get(line.event.rust.as_str()) {
            Some(first) => later.push((i, line, *first)),
            None => drop(first.insert(&line.event.rust, line)),
        }
    }
    later
}

/// History, jobs and everybody's references go by the key.
pub(super) fn events_that_set_the_key(context: &Context<'_>, faults: &mut Faults) {
    let Some(key) = context.model.key() else { return };
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        if let Some(p) = line.parameters.iter().position(|p| p.name == key.name.rust) {
            let message = format!("`{}` would set the key `{}`, and a key never changes", line.event.rust, key.name.rust);
            let help = format!("rename the parameter: `other_{}`", key.name.rust);
            faults.add(Place::Transition(i, Part::Parameter(p)), message, help);
        }
    }
}

/// An internal transition stays where it is: what it sets must be there in each of its states.
pub(super) fn fields_some_sources_lack(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines().filter(|(_, line)| line.is_internal()) {
        let Some(sources) = context.sources(line) else { continue };
        for (p, parameter) in line.parameters.iter().enumerate().filter(|(_, p)| context.model.field(&p.name).is_none()) {
            let (having, lacking): (Vec<&State>, Vec<&State>) =
                sources.iter().copied().partition(|s| s.field(&parameter.name).is_some());
            if !having.is_empty() && !lacking.is_empty() {
                let lacking = listed(lacking.iter().map(|s| s.name.rust.as_str()));
                let message = format!("`{}` sets `{}`, which {lacking} does not have", line.event.rust, parameter.name);
                let help =
                    format!("declare `{}: {}` in {lacking} too, or leave {lacking} out", parameter.name, parameter.ty.rust);
                faults.add(Place::Transition(i, Part::Parameter(p)), message, help);
            }
        }
    }
}
