//! Labels: the names in the database.

use super::context::{Context, Faults};
use super::names::fields;
use crate::diagnostic::{Part, Place};
use crate::model::Name;
use crate::names::{LONGEST_SUFFIX, NAME_LIMIT};
use std::collections::BTreeMap;

/// A name that PostgreSQL would cut off, alone or with what is put before or behind it.
pub(super) fn long_names(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    let table = model.table.name.as_str();
    let schema = model.table.schema.as_deref().unwrap_or_default();
    let room = NAME_LIMIT - LONGEST_SUFFIX.len();
    if table.len() > room || schema.len() > NAME_LIMIT {
        let long = if table.len() > room { format!("{table}{LONGEST_SUFFIX}") } else { schema.to_owned() };
        let help = format!("a table's name has room for {room} bytes, a schema's for {NAME_LIMIT}");
        faults.add(Place::Table, too_long(&long), help);
    }
    // What is too long only because the table is, is said once, at the table.
    let table = if table.len() > room { "" } else { table };
    for (place, name, kind) in labelled(context) {
        let long = match kind {
            "event" => format!("{table}_{}", name.label),
            "field" => format!("{table}_{}_1", name.label),
            _ => name.label.clone(),
        };
        if long.len() > NAME_LIMIT {
            faults.add(place, too_long(&long), format!("give the {kind} a shorter label: `#[label = \"…\"]`"));
        }
    }
}

fn too_long(name: &str) -> String {
    format!("`{name}` is {} bytes long, and PostgreSQL cuts names off after {NAME_LIMIT}", name.len())
}

/// A label is made of ASCII letters, digits, `_`, `.` and `-`, and starts with a letter: it stands in names of functions, in the
/// guard's list of edges (`placed>reserve>reserved`) and in addresses, and must not end any of them.
pub(super) fn malformed_labels(context: &Context<'_>, faults: &mut Faults) {
    for (place, name, kind) in labelled(context) {
        for label in name.renamed_from.iter().chain([&name.label]) {
            if is_label(label) {
                continue;
            }
            let message = match label.as_str() {
                "" => format!("the label of `{}` is empty", name.rust),
                _ => format!("{label:?} cannot be the label of the {kind} `{}`", name.rust),
            };
            faults.add(place, message, "letters, digits, `_`, `.` and `-`, a letter first: `#[label = \"in_transit\"]`");
        }
    }
}

fn is_label(label: &str) -> bool {
    label.starts_with(|c: char| c.is_ascii_alphabetic())
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Two states, columns or events that the database could not tell apart.
pub(super) fn shared_labels(context: &Context<'_>, faults: &mut Faults) {
    let mut owners: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for (place, name, kind) in labelled(context) {
        let owner = *owners.entry((kind, &name.label)).or_insert(&name.rust);
        if owner != name.rust {
            let message = format!("the {kind}s `{owner}` and `{}` both have the label `{}`", name.rust, name.label);
            faults.add(place, message, format!("another label for one of them: `#[label = \"{}_2\"]`", name.label));
        }
    }
}

/// Every name with a label, where it is written first, and what it names.
pub(super) fn labelled<'m>(context: &Context<'m>) -> Vec<(Place, &'m Name, &'static str)> {
    let model = context.model;
    let mut names = vec![(Place::Workflow, &model.name, "workflow")];
    names.extend(fields(model).into_iter().map(|(place, field)| (place, &field.name, "field")));
    names.extend(model.states.iter().enumerate().map(|(i, state)| (Place::State(i), &state.name, "state")));
    let first = context.lines().filter(|(i, line)| context.is_first_line(*i, line));
    names.extend(first.map(|(i, line)| (Place::Transition(i, Part::Event), &line.event, "event")));
    names
}
