//! The line of a help, pasted without its value.

use super::{Difference, Versions};
use workflow_model::{Field, Literal, Place};

/// What our helps have where the value is the author's to choose.
const PLACEHOLDER: &str = "…";

/// Nobody means this as a value, and all rows would get it.
pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    if found.changes.is_empty() {
        return;
    }
    let has_default = |field: &Field| field.default.as_ref().is_some_and(is_placeholder);
    let mut places: Vec<(Place, String)> = Vec::new();
    for (n, field) in v.after.fields.iter().enumerate().filter(|(_, field)| has_default(field)) {
        places.push((Place::FieldAttribute(n, "default"), format!("the default of `{}`", field.name.rust)));
    }
    for (n, state) in v.after.states.iter().enumerate() {
        for (m, field) in state.fields.iter().enumerate().filter(|(_, field)| has_default(field)) {
            places.push((Place::StateFieldAttribute(n, m, "default"), format!("the default of `{}`", field.name.rust)));
        }
    }
    for (n, dropped) in
        v.after.dropped.iter().enumerate().filter(|(_, dropped)| dropped.value.as_ref().is_some_and(is_placeholder))
    {
        places.push((Place::Dropped(n), format!("the value of `{}`", dropped.field)));
    }
    for removed in v.after.removed.iter().filter(|r| r.target.literals.iter().any(|(_, value)| is_placeholder(value))) {
        places.push((Place::Attribute("removed"), format!("a value for the rows of `{}`", removed.state)));
    }
    for (place, what) in places {
        found.refuse(place, format!("{what} is still the `{PLACEHOLDER}` of a help"), "write the value in its place".to_owned());
    }
}

fn is_placeholder(value: &Literal) -> bool {
    *value == Literal::Text(PLACEHOLDER.to_owned())
}
