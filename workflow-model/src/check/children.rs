//! A workflow whose parent waits for it, and a line that waits for children.

use super::context::{Context, Faults, nearest};
use crate::diagnostic::{Part, Place};
use crate::model::{StateKind, Trigger};

/// `by order_id`: a common field that every child has a value in.
pub(super) fn unfit_parent_fields(context: &Context<'_>, faults: &mut Faults) {
    let Some(parent) = &context.model.parent else { return };
    let (name, of) = (&parent.field, &parent.path);
    let Some(field) = context.model.field(name) else {
        let message = format!("there is no common field `{name}` to hold the key of `{of}`");
        let known = context.model.fields.iter().map(|f| f.name.rust.as_str());
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it before `states`, with the type of the key of `{of}`: `{name}: Uuid`"),
        };
        return faults.add(Place::ParentField, message, help);
    };
    if field.ty.optional {
        let message = format!("`{name}` may be empty, and every child has a parent");
        let bare = field.ty.rust.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or("Uuid");
        faults.add(Place::ParentField, message, format!("declare it without `Option`: `{name}: {bare}`"));
    }
}

/// Whoever counts a parent's children must not miss one that is on its way to another parent.
pub(super) fn changing_parents(context: &Context<'_>, faults: &mut Faults) {
    let Some(parent) = &context.model.parent else { return };
    // That an event sets the key is told of the key.
    if context.model.key().is_some_and(|key| key.name.rust == parent.field) {
        return;
    }
    for (i, line) in context.lines().filter(|(i, line)| context.is_first_line(*i, line)) {
        if let Some(p) = line.parameters.iter().position(|p| p.name == parent.field) {
            let message = format!("`{}` would give the child another parent by `{}`", line.event.rust, parent.field);
            let help = format!("rename the parameter, `other_{}`, or create another child", parent.field);
            faults.add(Place::Transition(i, Part::Parameter(p)), message, help);
        }
    }
}

/// The parent would wait for ever.
pub(super) fn endless_children(context: &Context<'_>, faults: &mut Faults) {
    let Some(parent) = &context.model.parent else { return };
    if !context.model.states.iter().any(|state| state.kind == StateKind::Final) {
        let message =
            format!("`{}` has no final state, and `{}` would wait for it for ever", context.model.name.rust, parent.path);
        faults.add(Place::Workflow, message, "write `final` before the states in which nothing more is to come");
    }
}

/// Where would the first one come from?
pub(super) fn children_of_themselves(context: &Context<'_>, faults: &mut Faults) {
    let (Some(parent), name) = (&context.model.parent, &context.model.name.rust) else { return };
    if parent.path == *name {
        let message = format!("`{name}` cannot be a child of itself: the first one would have no parent");
        faults.add(Place::Parent, message, "two workflows: one for the whole, and one for its parts");
    }
}

/// What was true when the line was taken is still true when it has led back.
pub(super) fn lines_that_wait_again(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let Some(target) = context.target(line) else { continue };
        let leads_back = context.sources(line).is_some_and(|sources| sources.iter().any(|s| s.name == target.name));
        let waits = line.triggers.iter().position(|trigger| matches!(trigger, Trigger::Joined { .. }));
        if let (Some(t), true) = (waits, leads_back) {
            let (event, state) = (&line.event.rust, &target.name.rust);
            let message =
                format!("`{event}` would be fired again and again: it leads back to `{state}`, and all children are still final");
            let help = format!("another state behind `->`, or without `-> {state}`: then it fires once a stay");
            faults.add(Place::Transition(i, Part::Trigger(t)), message, help);
        }
    }
}
