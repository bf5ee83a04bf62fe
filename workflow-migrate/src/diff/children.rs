//! Whose child the workflow is.

use super::{Change, Difference, Versions};
use workflow_model::{Parent, Place};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    let named = |parent: &Parent| (parent.label(), parent.field.clone());
    match (v.old.parent.as_ref().map(named), v.new.parent.as_ref().map(named)) {
        (None, Some((parent, field))) => found.change(Change::ParentAdded { parent, field }),
        (Some((parent, _)), None) => found.change(Change::ParentRemoved { parent }),
        (Some((old, _)), Some((new, _))) if old != new => another(&old, &new, found),
        (Some((_, old)), Some((parent, field))) if old != field => found.change(Change::ParentByOther { parent, field }),
        (Some(_), Some(_)) | (None, None) => {}
    }
}

/// Binaries of the two versions would each speak to a parent that the other does not know.
fn another(old: &str, new: &str, found: &mut Difference) {
    let help = format!("first leave `of …` out and let that be released, with its contract phase; then write it for `{new}`");
    found.refuse(Place::Parent, format!("it was a child of `{old}`, and cannot become one of `{new}` in one step"), help);
}
