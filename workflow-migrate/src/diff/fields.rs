//! Fields that came, went, moved between states, or hold something else.

use super::{Change, Difference, Versions};
use workflow_model::{Column, Dropped, Field, Kind, Place};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    let (old, new) = (v.old.columns(), v.new.columns());
    let of = |columns: &[Column<'_>], label: &str| columns.iter().position(|c| c.field.name.label == *label);
    for column in new.iter().skip(1) {
        let label = &column.field.name.label;
        match of(&old, label) {
            Some(before) => kept(v, &old[before], column, found),
            None => match column.field.name.renamed_from.as_deref().and_then(|from| of(&old, from)) {
                Some(before) if of(&new, &old[before].field.name.label).is_none() => renamed(v, &old[before], column, found),
                _ => added(v, column, found),
            },
        }
    }
    for column in old.iter().skip(1).filter(|c| of(&new, &c.field.name.label).is_none()) {
        let succeeded = new.iter().any(|c| c.field.name.renamed_from.as_ref() == Some(&column.field.name.label));
        if !succeeded {
            dropped(v, column, &new, &old, found);
        }
    }
}

fn kept(v: &Versions<'_>, old: &Column<'_>, new: &Column<'_>, found: &mut Difference) {
    let (field, place) = (&new.field.name.label, v.field(&new.field.name.label));
    if old.field.ty.sql() != new.field.ty.sql() {
        return retyped(v, old.field, new.field, found);
    }
    if old.states.is_empty() != new.states.is_empty() {
        let message = format!("`{field}` was a field of {}, and is one of {}", place_of(old), place_of(new));
        let help = format!(
            "give the new one a column of its own, `#[label = \"{field}_2\"]`, and say that the old one goes: `#[dropped({field})]`"
        );
        return found.refuse(place, message, help);
    }
    moved(v, old, new, found);
    match (old.field.ty.optional, new.field.ty.optional) {
        (true, false) => {
            found.change(Change::FieldRequired { field: field.clone() });
            filled(v, new.field, "rows may have none", found);
        }
        (false, true) => {
            found.change(Change::FieldOptional { field: field.clone() });
            if new.states.is_empty() {
                missed(v, new.field, found);
            }
        }
        (true, true) | (false, false) => {}
    }
    unique(old.field.unique, new.field, false, found, place);
}

/// The states that have it are others.
fn moved(v: &Versions<'_>, old: &Column<'_>, new: &Column<'_>, found: &mut Difference) {
    let (was, is) = (labels(old), labels(new));
    let field = &new.field.name.label;
    let gained: Vec<String> = is.iter().filter(|s| v.was_there(s) && !was.contains(&v.former_label(s))).cloned().collect();
    let lost: Vec<String> = was.iter().filter(|s| v.later_label(s).is_some_and(|now| !is.contains(&now))).cloned().collect();
    if !gained.is_empty() {
        found.change(Change::FieldGained { field: field.clone(), states: gained });
        if !new.field.ty.optional {
            filled(v, new.field, "rows that are in the state have none", found);
            all_alike(new.field, found, v.field(field));
        }
    }
    for state in &lost {
        said_dropped(v, Some(state), old.field, found);
    }
    if !lost.is_empty() {
        found.change(Change::FieldLost { field: field.clone(), states: lost });
    }
}

fn retyped(v: &Versions<'_>, old: &Field, new: &Field, found: &mut Difference) {
    let (was, is) = (old.ty.sql().unwrap_or_default(), new.ty.sql().unwrap_or_default());
    let label = &new.name.label;
    let message = format!("`{label}` was {was} and is {is}: binaries of the version before read the column as it was");
    let own = format!("{label}_{}", is.chars().take_while(char::is_ascii_alphanumeric).collect::<String>());
    let help = format!(
        "give it a column of its own: `#[label = \"{own}\"] #[renamed_from = \"{label}\"] #[was({})] {}: {}`",
        old.ty.rust,
        rust_name(v, label),
        new.ty.rust
    );
    found.refuse(v.field(label), message, help);
}

fn renamed(v: &Versions<'_>, old: &Column<'_>, new: &Column<'_>, found: &mut Difference) {
    let (from, to) = (&old.field.name.label, &new.field.name.label);
    let converted = old.field.ty.sql() != new.field.ty.sql();
    found.change(Change::FieldRenamed { from: from.clone(), to: to.clone(), converted });
    let said = new.field.was.as_ref().map(|was| was.ty.sql());
    if converted && said.as_ref() != Some(&old.field.ty.sql()) {
        let message = format!("`{to}` succeeds `{from}`, which was {}", old.field.ty.sql().unwrap_or_default());
        let help = format!(
            "write `#[was({})]` on `{}`, with the two expressions if a cast is not what you mean",
            old.field.ty.rust,
            rust_name(v, to)
        );
        found.refuse(v.field(to), message, help);
    }
    if old.states.is_empty() != new.states.is_empty() {
        let message = format!("`{from}` was a field of {}, and `{to}` is one of {}", place_of(old), place_of(new));
        found.refuse(v.field(to), message, "declare it where it was, or as a field that does not succeed another one");
    } else {
        moved(v, old, new, found);
    }
    match (old.field.ty.optional, new.field.ty.optional) {
        (true, false) => {
            found.change(Change::FieldRequired { field: to.clone() });
            filled(v, new.field, "rows may have none", found);
        }
        (false, true) => {
            found.change(Change::FieldOptional { field: to.clone() });
            if new.states.is_empty() {
                missed(v, new.field, found);
            }
        }
        (true, true) | (false, false) => {}
    }
    unique(old.field.unique, new.field, false, found, v.field(to));
}

fn added(v: &Versions<'_>, column: &Column<'_>, found: &mut Difference) {
    let field = column.field;
    let shared = column.states.iter().any(|s| v.was_there(&s.name.label));
    let required = !field.ty.optional;
    let needs = required && (column.states.is_empty() || shared);
    found.change(Change::FieldAdded {
        field: field.name.label.clone(),
        states: labels(column),
        required,
        filled: needs && !column.states.is_empty(),
    });
    if needs {
        filled(v, field, "rows that are there have none, and binaries of the version before give none", found);
    }
    unique(false, field, needs, found, v.field(&field.name.label));
}

/// Rows that are there, and those of older binaries, need a value.
fn filled(v: &Versions<'_>, field: &Field, why: &str, found: &mut Difference) {
    if field.default.is_some() {
        return;
    }
    let name = rust_name(v, &field.name.label);
    let help =
        format!("write `#[default = {}]` before `{name}`, or declare it as `Option<{}>`", example(&field.ty.kind), field.ty.rust);
    found.refuse(v.field(&field.name.label), format!("`{name}` is required, and {why}"), help);
}

/// Rows of newer binaries must not be ones that older binaries cannot read.
fn missed(v: &Versions<'_>, field: &Field, found: &mut Difference) {
    if field.default.is_some() {
        return;
    }
    let name = rust_name(v, &field.name.label);
    let message = format!("`{name}` is optional now, and binaries of the version before cannot read a row that has none");
    let help = format!(
        "write `#[default = {}]` before `{name}`: it stands in the place of `None` until the contract phase",
        example(&field.ty.kind)
    );
    found.refuse(v.field(&field.name.label), message, help);
}

fn example(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "false",
        Kind::I16 | Kind::I32 | Kind::I64 => "0",
        Kind::F32 | Kind::F64 | Kind::Decimal => "0.0",
        Kind::Bytes => "b\"\"",
        Kind::Text | Kind::Uuid | Kind::Timestamp | Kind::Date | Kind::Json | Kind::Array(_) | Kind::Other => "\"…\"",
    }
}

fn dropped(v: &Versions<'_>, column: &Column<'_>, new: &[Column<'_>], old: &[Column<'_>], found: &mut Difference) {
    let label = &column.field.name.label;
    let states: Vec<String> = labels(column).into_iter().filter(|s| v.later_label(s).is_some()).collect();
    found.change(Change::FieldDropped { field: label.clone(), states: labels(column) });
    let is_new = |c: &&Column<'_>| !old.iter().any(|o| o.field.name.label == c.field.name.label);
    let same_kind = |c: &&Column<'_>| c.states.is_empty() == column.states.is_empty() && c.field.ty == column.field.ty;
    let candidate = new.iter().filter(is_new).find(same_kind).map(|c| &c.field.name.label);
    if let Some(candidate) =
        candidate.filter(|_| !is_said(v, None, column.field) && !states.iter().any(|s| is_said(v, Some(s), column.field)))
    {
        let name = rust_name(v, candidate);
        let gone = line(v, states.first(), column.field);
        let help = format!(
            "write `#[renamed_from = \"{label}\"]` on `{name}` if it is the same field (`#[label = \"{label}\"]` keeps the column, and \
             needs no migration), or `{gone}` on the workflow"
        );
        // What the new one lacks is only a question when it is not the old one.
        found.refusals.retain(|refusal| refusal.place != v.field(candidate));
        return found.refuse(v.field(candidate), format!("`{label}` is gone and `{name}` is new: is it the same field?"), help);
    }
    if column.states.is_empty() {
        said_dropped(v, None, column.field, found);
    }
    for state in &states {
        said_dropped(v, Some(state), column.field, found);
    }
}

/// What goes with a field must be said to go.
fn said_dropped(v: &Versions<'_>, state: Option<&String>, field: &Field, found: &mut Difference) {
    let name = old_name(v, field);
    let of = state.map(|s| format!(" of `{}`", v.old_state_name(s))).unwrap_or_default();
    if !is_said(v, state.map(String::as_str), field) {
        let help = format!("write `{}` on the workflow if what it holds may go", line(v, state, field));
        return found.refuse(Place::Workflow, format!("the field `{name}`{of} is gone, with what it holds"), help);
    }
    let is_this =
        |d: &&Dropped| (d.field == name || d.field == field.name.label) && is_of(v, &d.state, state.map(String::as_str));
    let has_value = v.after.dropped.iter().find(is_this).is_some_and(|d| d.value.is_some());
    if field.unique && (has_value || state.is_none() && !field.ty.optional) {
        let help = match state {
            Some(_) => format!("leave out the value: `{}`", line(v, state, field)),
            None => format!("make it `Option<{}>` now, and drop it in a later version", field.ty.rust),
        };
        let message = format!("the field `{name}`{of} is unique, and the rows of newer binaries would all get the same value");
        return found.refuse(Place::Attribute("dropped"), message, help);
    }
    if state.is_none() && !field.ty.optional && !has_value {
        let help = format!("write `#[dropped({name} = {})]`", example(&field.ty.kind));
        let message = format!("binaries of the version before read `{name}`, and find none in the rows of newer ones");
        found.refuse(Place::Attribute("dropped"), message, help);
    }
}

fn is_said(v: &Versions<'_>, state: Option<&str>, field: &Field) -> bool {
    let name = old_name(v, field);
    v.after.dropped.iter().any(|d| (d.field == name || d.field == field.name.label) && is_of(v, &d.state, state))
}

/// Whether what is said of a state, or of all, is said of this one.
fn is_of(v: &Versions<'_>, said: &Option<String>, state: Option<&str>) -> bool {
    match (said, state) {
        (None, None) => true,
        (Some(of), Some(state)) => *of == v.old_state_name(state) || of == state,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn line(v: &Versions<'_>, state: Option<&String>, field: &Field) -> String {
    let name = old_name(v, field);
    match state {
        Some(state) => format!("#[dropped({}.{name})]", v.old_state_name(state)),
        None if field.ty.optional => format!("#[dropped({name})]"),
        None => format!("#[dropped({name} = {})]", example(&field.ty.kind)),
    }
}

fn unique(was: bool, field: &Field, filled: bool, found: &mut Difference, place: Place) {
    let label = &field.name.label;
    match (was, field.unique) {
        (false, true) => {
            found.change(Change::UniqueAdded { field: label.clone() });
            if filled {
                all_alike(field, found, place);
            }
        }
        (true, false) => found.change(Change::UniqueDropped { field: label.clone() }),
        (true, true) | (false, false) => {}
    }
}

/// One value cannot fill a unique column.
fn all_alike(field: &Field, found: &mut Difference, place: Place) {
    if field.unique {
        let help = format!("declare it as `Option<{}>` now, fill it yourself, and require it in a later version", field.ty.rust);
        let message = format!("`{}` is unique, and all rows that are there would get the same value", field.name.label);
        found.refuse(place, message, help);
    }
}

fn labels(column: &Column<'_>) -> Vec<String> {
    column.states.iter().map(|state| state.name.label.clone()).collect()
}

fn place_of(column: &Column<'_>) -> String {
    let states: Vec<String> = labels(column).iter().map(|label| format!("`{label}`")).collect();
    if states.is_empty() { "every state".to_owned() } else { states.join(", ") }
}

fn rust_name(v: &Versions<'_>, label: &str) -> String {
    let name = v.after.columns().into_iter().find(|c| c.field.name.label == label).map(|c| c.field.name.rust.clone());
    name.unwrap_or_else(|| label.to_owned())
}

fn old_name(v: &Versions<'_>, field: &Field) -> String {
    let name = v.before.columns().into_iter().find(|c| c.field.name.label == field.name.label).map(|c| c.field.name.rust.clone());
    name.unwrap_or_else(|| field.name.label.clone())
}
