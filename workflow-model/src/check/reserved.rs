//! Names that are taken: by our columns and methods, and by the types that come from a declaration.

use super::context::{Context, Faults};
use super::names::fields;
use crate::diagnostic::{Part, Place};
use crate::model::{Model, Trigger};
use crate::names::{COLUMNS, FUNCTIONS, label};
use heck::ToUpperCamelCase;
use std::collections::BTreeMap;

/// The methods of an instance that a field or a parameter must not look like.
const METHODS: [&str; 7] = ["typed", "possible", "history", "find", "lock", "load", "version"];

/// What else an event, which becomes a method, would hide or be hidden by: our own, and those of the standard traits.
const EVENT_METHODS: [&str; 17] = [
    "create",
    "possible_now",
    "self_",
    "state",
    "entered_at",
    "new",
    "cmp",
    "clone",
    "eq",
    "fmt",
    "into",
    "from",
    "deref",
    "to_string",
    "to_owned",
    "borrow",
    "as_ref",
];

/// The types of the generated module.
const TYPES: [&str; 9] = ["New", "State", "Label", "In", "Event", "Effects", "Work", "Unknown", "Undecodable"];

/// What stands beside the table and is no function.
const BESIDE: [&str; 4] = ["history", "jobs", "timeline", "stuck"];

/// A name that the generated code or the table uses itself.
pub(super) fn reserved_names(context: &Context<'_>, faults: &mut Faults) {
    reserved_types(context.model, faults);
    reserved_fields(context.model, faults);
    reserved_events(context, faults);
    reserved_parameters(context, faults);
}

fn reserved_types(model: &Model, faults: &mut Faults) {
    let workflow = model.name.rust.as_str();
    if TYPES.contains(&workflow) {
        taken(model, Place::Workflow, "workflow", workflow, "a type that every workflow has", faults);
    }
    let states = model.states.iter().enumerate().map(|(i, s)| (Place::State(i), "state", s.name.rust.as_str()));
    let groups = model.groups.iter().enumerate().map(|(i, g)| (Place::Group(i), "group", g.name.as_str()));
    for (place, what, name) in states.chain(groups) {
        if TYPES.contains(&name) {
            taken(model, place, what, name, "a type that every workflow has", faults);
        } else if name == workflow {
            taken(model, place, what, name, "the workflow's own type", faults);
        }
    }
}

fn reserved_fields(model: &Model, faults: &mut Faults) {
    for (place, field) in fields(model) {
        let (name, label) = (field.name.rust.as_str(), field.name.label.as_str());
        let is_key = place == Place::Field(0);
        // The key's column is `id` in the history and the jobs, whatever it is called in the table.
        let hides_key = !is_key && name == "id" && model.key().is_some_and(|key| key.name.rust != "id");
        if METHODS.contains(&name) && !COLUMNS.contains(&name) {
            taken(model, place, "field", name, "a method that every instance has", faults);
        } else if COLUMNS.contains(&name) {
            taken(model, place, "field", name, "a column that every workflow has", faults);
        } else if COLUMNS.contains(&label) {
            taken(model, place, "label", label, "a column that every workflow has", faults);
        } else if hides_key {
            taken(model, place, "field", name, "the key's column in the history", faults);
        }
    }
}

fn reserved_events(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        let (name, label) = (line.event.rust.as_str(), line.event.label.as_str());
        let place = Place::Transition(i, Part::Event);
        if METHODS.contains(&name) || EVENT_METHODS.contains(&name) {
            taken(model, place, "event", name, "a method that every instance has", faults);
        } else if label == "create" {
            taken(model, place, "label", label, "the event of creation", faults);
        } else if FUNCTIONS.contains(&label) {
            let what = if label == name { "event" } else { "label" };
            taken(model, place, what, label, &format!("the function `{}_{label}`", model.table.name), faults);
        } else if BESIDE.contains(&label) {
            let what = if label == name { "event" } else { "label" };
            taken(model, place, what, label, &format!("`{}_{label}`, which stands beside the table", model.table.name), faults);
        }
    }
}

/// A parameter that sets a field has that field's name: only the others are looked at.
fn reserved_parameters(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        for (p, parameter) in line.parameters.iter().enumerate() {
            let is_field = fields(model).iter().any(|(_, field)| field.name.rust == parameter.name);
            if METHODS.contains(&parameter.name.as_str()) && !is_field {
                let place = Place::Transition(i, Part::Parameter(p));
                taken(model, place, "parameter", &parameter.name, "a method that every instance has", faults);
            }
        }
    }
}

fn taken(model: &Model, place: Place, what: &str, name: &str, by: &str, faults: &mut Faults) {
    let (workflow, of_workflow) = (&model.name.rust, label(&model.name.rust));
    let help = match what {
        "label" => format!("another label: `#[label = \"{of_workflow}_{name}\"]`"),
        "event" => format!("another name, such as `{name}_{of_workflow}`"),
        "state" | "group" if name != workflow => format!("another name, such as `{workflow}{name}`"),
        "field" | "parameter" => format!("another name, such as `{of_workflow}_{name}`"),
        _ => "another name".to_owned(),
    };
    faults.add(place, format!("the {what} `{name}` has the name of {by}"), help);
}

/// `book_courier` gives the enum `BookCourier`: one that is called like a state, a group or another such type.
pub(super) fn colliding_types(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    let mut types: BTreeMap<String, String> = BTreeMap::new();
    types.insert(model.name.rust.clone(), format!("the workflow `{}`", model.name.rust));
    types.extend(TYPES.iter().map(|name| ((*name).to_owned(), format!("our own `{name}`"))));
    types.extend(model.groups.iter().map(|g| (g.name.clone(), format!("the group `{}`", g.name))));
    types.extend(model.states.iter().map(|s| (s.name.rust.clone(), format!("the state `{}`", s.name.rust))));
    for generated in generated_types(context) {
        collide(&mut types, generated, faults);
    }
    let mut events = BTreeMap::new();
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        let name = line.event.rust.as_str();
        let place = Place::Transition(i, Part::Event);
        collide(&mut events, Generated { place, name: name.to_upper_camel_case(), from: format!("the event `{name}`") }, faults);
    }
}

struct Generated {
    place: Place,
    name: String,
    from: String,
}

fn collide(types: &mut BTreeMap<String, String>, new: Generated, faults: &mut Faults) {
    match types.get(&new.name) {
        Some(other) => {
            let message = format!("{} becomes the type `{}`, which {other} is already", new.from, new.name);
            faults.add(new.place, message, "rename one of the two");
        }
        None => drop(types.insert(new.name, new.from)),
    }
}

/// The types that activities and effects become, each once.
fn generated_types(context: &Context<'_>) -> Vec<Generated> {
    let mut uses: BTreeMap<(bool, &str), (Place, usize)> = BTreeMap::new();
    for (i, line) in context.lines() {
        let arrows = context.starts(line).len();
        for (t, trigger) in line.triggers.iter().enumerate() {
            if let Trigger::By(activity) = trigger {
                uses.entry((true, activity)).or_insert((Place::Transition(i, Part::Trigger(t)), 0)).1 += arrows;
            }
        }
        if let Some(effect) = line.app_effect() {
            uses.entry((false, effect)).or_insert((Place::Transition(i, Part::Effect), 0)).1 += arrows;
        }
    }
    let mut uses: Vec<_> = uses.into_iter().collect();
    uses.sort_by_key(|(_, (place, _))| *place);
    uses.into_iter().flat_map(|((is_activity, name), (place, arrows))| types_of_use(is_activity, name, place, arrows)).collect()
}

/// An activity has an outcome; what stands on several arrows also needs a type for where it may have come from.
fn types_of_use(is_activity: bool, name: &str, place: Place, arrows: usize) -> Vec<Generated> {
    let suffixes: &[&str] = match (is_activity, arrows > 1) {
        (true, true) => &["", "From"],
        (true, false) => &[""],
        (false, true) => &["Before", "After", "Event"],
        (false, false) => &[],
    };
    let camel = name.to_upper_camel_case();
    let from = format!("the {} `{name}`", if is_activity { "activity" } else { "effect" });
    suffixes.iter().map(|suffix| Generated { place, name: format!("{camel}{suffix}"), from: from.clone() }).collect()
}
