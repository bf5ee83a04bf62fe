//! What a declaration says of its change: the attributes that a waiting contract phase is still to be made from.

use std::collections::BTreeSet;
use workflow_model::{Field, Model, Name};

/// Whether both say the same of a change.
pub(super) fn are_alike(recorded: &Model, declared: &Model) -> bool {
    instructions(&recorded.canonical()) == instructions(&declared.canonical())
}

/// Each attribute, with what it stands on; their order, and what has none, means nothing.
fn instructions(model: &Model) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    found.extend(model.removed.iter().map(|removed| format!("removed {removed:?}")));
    found.extend(model.dropped.iter().map(|dropped| format!("dropped {dropped:?}")));
    found.extend(model.moved_from.iter().map(|table| format!("moved from {table:?}")));
    found.extend(former("workflow", &model.name));
    found.extend(model.fields.iter().flat_map(|field| of_field("all", field)));
    for state in &model.states {
        found.extend(former("state", &state.name));
        found.extend(state.fields.iter().flat_map(|field| of_field(&state.name.label, field)));
    }
    for line in &model.transitions {
        found.extend(former("event", &line.event));
        found.extend(line.retime.then(|| format!("retime {} {:?}", line.event.label, line.sources)));
    }
    found
}

fn former(what: &str, name: &Name) -> Option<String> {
    name.renamed_from.as_ref().map(|from| format!("{what} {} was {from}", name.label))
}

fn of_field(of: &str, field: &Field) -> Vec<String> {
    let label = &field.name.label;
    let default = field.default.as_ref().map(|value| format!("default of {label} in {of}: {value:?}"));
    let was = field.was.as_ref().map(|was| format!("{label} in {of} was {was:?}"));
    former(&format!("field in {of}"), &field.name).into_iter().chain(default).chain(was).collect()
}
