//! Names: that they mean something, are written as Rust writes them, and are declared once.

use super::context::{Context, Faults, nearest};
use crate::diagnostic::{Part, Place};
use crate::model::{Effect, Field, Model, Transition, Trigger};
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::BTreeSet;

/// A source, target or member of a group that is no state (or group).
pub(super) fn unknown_names(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    for (g, group) in model.groups.iter().enumerate() {
        for (m, name) in group.members.iter().enumerate() {
            state_or_group(model, name, Place::GroupMember(g, m), faults);
        }
    }
    if let Some(create) = &model.create {
        only_a_state(model, &create.target, Place::Create(Part::Target), faults);
    }
    for (i, line) in context.lines() {
        for (s, name) in line.sources.iter().enumerate() {
            state_or_group(model, name, Place::Transition(i, Part::Source(s)), faults);
        }
        if let Some(target) = &line.target {
            only_a_state(model, &target.state, Place::Transition(i, Part::Target), faults);
        }
    }
    for (i, removed) in model.removed.iter().enumerate() {
        only_a_state(model, &removed.target.state, Place::Removed(i, Part::Target), faults);
    }
}

fn state_or_group(model: &Model, name: &str, place: Place, faults: &mut Faults) {
    if model.state(name).is_none() && model.group(name).is_none() {
        let known = state_names(model).chain(model.groups.iter().map(|g| g.name.as_str()));
        faults.add(place, format!("there is no state or group `{name}`"), meant(name, known));
    }
}

fn only_a_state(model: &Model, name: &str, place: Place, faults: &mut Faults) {
    if model.state(name).is_some() {
        return;
    }
    if let Some(group) = model.group(name) {
        let help = format!("name one state, such as `{}`", group.members.first().unwrap_or(&group.name));
        faults.add(place, format!("`{name}` is a group, and only one state can stand here"), help);
    } else {
        faults.add(place, format!("there is no state `{name}`"), meant(name, state_names(model)));
    }
}

fn state_names(model: &Model) -> impl Iterator<Item = &str> {
    model.states.iter().map(|s| s.name.rust.as_str())
}

fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declare it in `states`: `{name},`"),
    }
}

/// Types are written in camel case, everything else in snake case; rustc would warn about each place of use instead.
pub(super) fn miscased_names(context: &Context<'_>, faults: &mut Faults) {
    for Chosen { what, name, place } in types(context.model) {
        let camel = name.to_upper_camel_case();
        let starts_low = name.starts_with(|c: char| c.is_lowercase() || c == '_');
        if (starts_low || name.contains('_')) && camel != name {
            faults.add(place, format!("the {what} `{name}` is not written in camel case"), format!("`{camel}`"));
        }
    }
    let mut seen = BTreeSet::new();
    for Chosen { what, name, place } in values(context) {
        let snake = name.to_snake_case();
        if snake != name && seen.insert((what, name)) {
            faults.add(place, format!("the {what} `{name}` is not written in snake case"), format!("`{snake}`"));
        }
    }
}

/// A name that somebody chose, and where.
struct Chosen<'m> {
    what: &'static str,
    name: &'m str,
    place: Place,
}

fn types(model: &Model) -> Vec<Chosen<'_>> {
    let mut names = vec![Chosen { what: "workflow", name: &model.name.rust, place: Place::Workflow }];
    let states = model.states.iter().enumerate();
    names.extend(states.map(|(i, s)| Chosen { what: "state", name: &s.name.rust, place: Place::State(i) }));
    let groups = model.groups.iter().enumerate();
    names.extend(groups.map(|(i, g)| Chosen { what: "group", name: &g.name, place: Place::Group(i) }));
    names
}

fn values<'m>(context: &Context<'m>) -> Vec<Chosen<'m>> {
    let mut names: Vec<Chosen<'m>> =
        fields(context.model).into_iter().map(|(place, field)| Chosen { what: "field", name: &field.name.rust, place }).collect();
    if let Some(create) = &context.model.create {
        names.extend(called(&create.effect, &create.tasks, Place::Create));
    }
    for (i, line) in context.lines() {
        names.extend(names_of_line(i, line));
    }
    names
}

fn names_of_line(i: usize, line: &Transition) -> Vec<Chosen<'_>> {
    let at = move |part| Place::Transition(i, part);
    let mut names = vec![Chosen { what: "event", name: &line.event.rust, place: at(Part::Event) }];
    let parameters = line.parameters.iter().enumerate();
    names.extend(parameters.map(|(p, x)| Chosen { what: "parameter", name: &x.name, place: at(Part::Parameter(p)) }));
    for (t, trigger) in line.triggers.iter().enumerate() {
        if let Trigger::By(activity) = trigger {
            names.push(Chosen { what: "activity", name: activity, place: at(Part::Trigger(t)) });
        }
    }
    names.extend(called(&line.effect, &line.tasks, at));
    names
}

fn called<'m>(effect: &'m Option<Effect>, tasks: &'m [String], at: impl Fn(Part) -> Place) -> Vec<Chosen<'m>> {
    let mut names = Vec::new();
    if let Some(Effect::App(effect)) = effect {
        names.push(Chosen { what: "effect", name: effect, place: at(Part::Effect) });
    }
    names.extend(tasks.iter().enumerate().map(|(t, name)| Chosen { what: "task", name, place: at(Part::Task(t)) }));
    names
}

/// Every field with the place of its name: the common ones, then the states' own.
pub(super) fn fields(model: &Model) -> Vec<(Place, &Field)> {
    let common = model.fields.iter().enumerate().map(|(i, field)| (Place::Field(i), field));
    let own = model
        .states
        .iter()
        .enumerate()
        .flat_map(|(s, state)| state.fields.iter().enumerate().map(move |(f, field)| (Place::StateField(s, f), field)));
    common.chain(own).collect()
}

/// A name that is declared twice where one declaration hides the other.
pub(super) fn repeated_names(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    let mut types = BTreeSet::new();
    for Chosen { what, name, place } in self::types(model).into_iter().skip(1) {
        once(&mut types, what, name, place, faults);
    }
    let mut common = BTreeSet::new();
    for (i, field) in model.fields.iter().enumerate() {
        once(&mut common, "field", &field.name.rust, Place::Field(i), faults);
    }
    for (s, state) in model.states.iter().enumerate() {
        let mut own = common.clone();
        for (f, field) in state.fields.iter().enumerate() {
            once(&mut own, "field", &field.name.rust, Place::StateField(s, f), faults);
        }
    }
    for (i, line) in context.lines() {
        let mut parameters = BTreeSet::new();
        for (p, parameter) in line.parameters.iter().enumerate() {
            once(&mut parameters, "parameter", &parameter.name, Place::Transition(i, Part::Parameter(p)), faults);
        }
    }
    let mut removed = BTreeSet::new();
    for (i, gone) in model.removed.iter().enumerate() {
        once(&mut removed, "removed state", &gone.state, Place::Removed(i, Part::Source(0)), faults);
    }
    for (i, gone) in model.dropped.iter().enumerate() {
        if model.dropped[..i].iter().any(|other| other.state == gone.state && other.field == gone.field) {
            let message = format!("the field `{}` is dropped twice", gone.path());
            faults.add(Place::Dropped(i), message, "leave one of the two out");
        }
    }
}

fn once<'m>(seen: &mut BTreeSet<&'m str>, what: &str, name: &'m str, place: Place, faults: &mut Faults) {
    if !seen.insert(name) {
        faults.add(place, format!("the {what} `{name}` has a name that is taken already"), "remove one of the two, or rename it");
    }
}

/// `#[removed(Hold -> Placed)]` says where the rows of a state go that is no more.
pub(super) fn removed_but_declared(context: &Context<'_>, faults: &mut Faults) {
    for (i, (name, target)) in context.model.removed.iter().map(|r| (&r.state, &r.target.state)).enumerate() {
        if context.model.state(name).is_some() {
            let help = format!("remove `{name}` from `states`, or the attribute `#[removed({name} -> {target})]`");
            faults.add(Place::Removed(i, Part::Source(0)), format!("`{name}` is removed, but it is still declared"), help);
        }
    }
}
