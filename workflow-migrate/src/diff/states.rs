//! States that came, went, or are called otherwise.

use super::{Change, Difference, Versions, claimed_label};
use workflow_model::{Field, Literal, Place, Removed, State, StateKind};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    for state in &v.new.states {
        appeared(v, state, found);
    }
    let is_claimed = |label: &str| v.new.states.iter().any(|new| claimed_label(&v.old, &v.new, new).is_some_and(|c| c == label));
    for state in v.old.states.iter().filter(|state| v.later_label(&state.name.label).is_none() && !is_claimed(&state.name.label))
    {
        vanished(v, state, found);
    }
    initial(v, found);
}

fn appeared(v: &Versions<'_>, state: &State, found: &mut Difference) {
    let label = &state.name.label;
    let former = v.former_label(label);
    let before = v.old.state(&former);
    let is_given = before.is_none() || former != *label;
    if is_given && v.retired.contains(label) {
        let help = format!("give it another one: `#[label = \"{label}_2\"]`");
        let message = format!("the label `{label}` belonged to a state that was removed: history still has it");
        found.refuse(v.state(label), message, help);
    }
    if let Some(claimed) = claimed_label(&v.old, &v.new, state).filter(|_| !is_given) {
        return taken(v, state, &claimed, found);
    }
    let Some(before) = before else {
        return found.change(Change::StateAdded { state: label.clone() });
    };
    if former != *label {
        found.change(Change::StateRenamed { from: former, to: label.clone() });
    }
    let is_final = state.kind == StateKind::Final;
    if is_final != (before.kind == StateKind::Final) {
        found.change(Change::FinalChanged { state: label.clone(), is_final });
    }
}

/// A renamed state with the label of another one: the rows of both would be in one state.
fn taken(v: &Versions<'_>, state: &State, claimed: &str, found: &mut Difference) {
    let label = &state.name.label;
    let (was, other) = (v.old_state_name(claimed), v.old_state_name(label));
    let message = format!("the label `{label}` was that of `{other}`, whose rows would be taken for those of `{was}`");
    let name = v.after.states.iter().find(|s| s.name.label == *label).map_or(label, |s| &s.name.rust);
    let to = v.old.state(label).map(|other| suggestion(v, other)).unwrap_or_default();
    let help = format!(
        "write `#[label = \"{claimed}\"]` on `{name}` to keep its label, and `#[removed({label} -> {to})]` on the workflow if the rows of \
         the other one go to another state"
    );
    found.refuse(v.state(label), message, help);
}

fn vanished(v: &Versions<'_>, state: &State, found: &mut Difference) {
    let (label, name) = (&state.name.label, v.old_state_name(&state.name.label));
    let removed = v.after.removed.iter().zip(&v.new.removed).find(|(r, _)| r.state == name || r.state == *label);
    if let Some((written, removed)) = removed {
        found.change(Change::StateRemoved { state: label.clone(), to: removed.target.state.clone() });
        return values(v, state, written, removed, found);
    }
    let to = suggestion(v, state);
    let removal = format!("write `#[removed({name} -> {to})]` on the workflow if its rows go to another state");
    // The same name with another label is no riddle, but no less a change.
    if let Some(same) = v.after.states.iter().find(|s| s.name.rust == name) {
        let help = format!("write `#[renamed_from = \"{label}\"]` on `{name}`, or `#[label = \"{label}\"]` to keep the label");
        let message = format!("the label of `{name}` was `{label}` and is `{}`", same.name.label);
        return found.refuse(v.state(&same.name.label), message, help);
    }
    match v.new.states.iter().position(|s| !v.was_there(&s.name.label)) {
        Some(new) => {
            let candidate = &v.after.states[new].name.rust;
            let help = format!(
                "write `#[renamed_from = \"{label}\"]` on `{candidate}` if it is the same state (`#[label = \"{label}\"]` keeps its label, \
                 and needs no migration), or {removal}"
            );
            found.refuse(Place::State(new), format!("`{name}` is gone and `{candidate}` is new: is it the same state?"), help);
        }
        None => found.refuse(Place::Workflow, format!("the state `{name}` is gone, and rows may be in it"), removal),
    }
}

/// A state to which an arrow led, else the one where instances start.
fn suggestion(v: &Versions<'_>, state: &State) -> String {
    let edges = v.old.edges();
    let led = edges.iter().filter(|e| e.from.name.label == state.name.label).find_map(|e| v.new.state(&e.to.name.label));
    let label = led.or(v.new.initial()).map(|s| s.name.label.clone()).unwrap_or_default();
    v.after.states.iter().find(|s| s.name.label == label).map(|s| s.name.rust.clone()).unwrap_or_default()
}

/// A row that is moved must have the fields of its new state.
fn values(v: &Versions<'_>, state: &State, written: &Removed, removed: &Removed, found: &mut Difference) {
    let Some(target) = v.new.state(&removed.target.state) else { return };
    all_alike(target, written, removed, found);
    let has = |field: &&Field| {
        let given = removed.target.literals.iter().any(|(name, _)| *name == field.name.label);
        given || field.ty.optional || state.fields.iter().any(|f| f.name.label == field.name.label && f.ty == field.ty)
    };
    let missing: Vec<&Field> = target.fields.iter().filter(|field| !has(field)).collect();
    if missing.is_empty() {
        return;
    }
    // As the declaration has it: a literal is written with the field's name in Rust.
    let written_field = |field: &&Field| {
        v.after.columns().iter().find(|c| c.field.name.label == field.name.label).map(|c| c.field.name.rust.clone())
    };
    let rust: Vec<String> = missing.iter().filter_map(written_field).collect();
    let names: Vec<String> = rust.iter().map(|name| format!("`{name}`")).collect();
    let literals: Vec<String> = rust.iter().map(|name| format!("{name}: …")).collect();
    let (from, to) = (&written.state, &written.target.state);
    let help = format!("write `#[removed({from} -> {to} {{ {} }})]`", literals.join(", "));
    found.refuse(Place::Attribute("removed"), format!("rows of `{from}` have no {} for `{to}`", names.join(", ")), help);
}

/// One value cannot be that of all rows that are moved.
fn all_alike(target: &State, written: &Removed, removed: &Removed, found: &mut Difference) {
    let is_given = |field: &Field| {
        let of_field = |(name, value): &(String, Literal)| *name == field.name.label && *value != Literal::None;
        removed.target.literals.iter().any(of_field)
    };
    for field in target.fields.iter().filter(|field| field.unique && is_given(field)) {
        let (from, label) = (&written.state, &field.name.label);
        let message = format!("`{label}` is unique, and all rows of `{from}` would get the same value");
        let none = if field.ty.optional { String::new() } else { format!("make it `Option<{}>` and ", field.ty.rust) };
        let help = format!("let them go to a state without `{label}`, or {none}write `{label}: None`");
        found.refuse(Place::Attribute("removed"), message, help);
    }
}

fn initial(v: &Versions<'_>, found: &mut Difference) {
    let (Some(old), Some(new)) = (v.old.initial(), v.new.initial()) else { return };
    if v.former_label(&new.name.label) != old.name.label {
        found.change(Change::InitialChanged { from: old.name.label.clone(), to: new.name.label.clone() });
    }
}
