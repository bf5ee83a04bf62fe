//! The graph: every state can be reached, and every state that is not final can be left.

use super::context::{Context, Faults};
use crate::diagnostic::{Part, Place};
use crate::model::StateKind;
use std::collections::BTreeSet;

/// Creation needs a state to start in.
pub(super) fn missing_initial(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    match model.states.first() {
        None => {
            faults.add(Place::Workflow, format!("`{}` has no states", model.name.rust), "`states { initial Open, final Done }`")
        }
        Some(first) if model.initial().is_none() => {
            let message = format!("`{}` has no initial state", model.name.rust);
            faults.add(Place::Workflow, message, format!("`initial {},`", first.name.rust));
        }
        Some(_) => {}
    }
}

/// And only one.
pub(super) fn several_initials(context: &Context<'_>, faults: &mut Faults) {
    let mut initials = of_kind(context, StateKind::Initial).into_iter();
    let Some(first) = initials.next() else { return };
    for state in initials {
        let (first, this) = (name(context, first), name(context, state));
        let message = format!("`{this}` is initial, but so is `{first}`");
        faults.add(Place::State(state), message, "leave out one `initial`; what differs at creation can be a common field");
    }
}

/// What the initial state does not lead to. Of a chain of such states only the first is reported: the others follow from it.
pub(super) fn unreachable_states(context: &Context<'_>, faults: &mut Faults) {
    let initials = of_kind(context, StateKind::Initial);
    if !context.complete || initials.is_empty() {
        return;
    }
    let arrows = context.arrows();
    let mut explained = reachable(&arrows, initials);
    let entered: BTreeSet<usize> = arrows.iter().filter(|(from, to)| from != to).map(|(_, to)| *to).collect();
    let all = 0..context.model.states.len();
    // First the heads of chains, which nothing leads to, then what only goes round in a circle.
    for state in all.clone().filter(|s| !entered.contains(s)).chain(all) {
        if !explained.contains(&state) {
            explained.extend(reachable(&arrows, [state]));
            let message = format!("no transition leads to `{}`", name(context, state));
            faults.add(Place::State(state), message, format!("`…: … -> {},` in `transitions`", name(context, state)));
        }
    }
}

/// A state that is not final, and that nothing leads out of.
pub(super) fn traps(context: &Context<'_>, faults: &mut Faults) {
    for state in trapped(context) {
        let message = format!("nothing leads out of `{}`, and it is not final", name(context, state));
        faults.add(Place::State(state), message, format!("`final {}`, or a transition from it", name(context, state)));
    }
}

fn trapped(context: &Context<'_>) -> Vec<usize> {
    if !context.complete {
        return Vec::new();
    }
    let left: BTreeSet<usize> = context.arrows().into_iter().filter(|(from, to)| from != to).map(|(from, _)| from).collect();
    let is_trap = |s: &usize| context.model.states[*s].kind != StateKind::Final && !left.contains(s);
    (0..context.model.states.len()).filter(is_trap).collect()
}

/// A final state may have internal transitions and lead to itself, and that is all.
pub(super) fn final_with_way_out(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let Some(target) = context.target(line) else { continue };
        for (source, state) in context.starts(line) {
            let state = &context.model.states[state];
            if state.kind == StateKind::Final && state.name.rust != target.name.rust {
                let message = format!("`{}` is final, but `{}` leads out of it", state.name.rust, line.event.rust);
                let help = format!("`{},` without `final`, or leave it out here", state.name.rust);
                faults.add(Place::Transition(i, Part::Source(source)), message, help);
            }
        }
    }
}

/// States that go round for ever in a workflow that has an end. A circle is reported once; a trap, or an end that nothing leads
/// to, is reported as such.
pub(super) fn endless_states(context: &Context<'_>, faults: &mut Faults) {
    let arrows = context.arrows();
    let reached = reachable(&arrows, of_kind(context, StateKind::Initial));
    let ends: Vec<usize> = of_kind(context, StateKind::Final).into_iter().filter(|s| reached.contains(s)).collect();
    if !context.complete || ends.is_empty() {
        return;
    }
    let backwards: Vec<_> = arrows.iter().map(|(from, to)| (*to, *from)).collect();
    let all_ends = of_kind(context, StateKind::Final).into_iter().chain(trapped(context));
    let mut explained = reachable(&backwards, all_ends);
    for state in 0..context.model.states.len() {
        if explained.contains(&state) {
            continue;
        }
        // Closed: everything it leads to leads back. A state on the way into a circle follows from the circle.
        let circle = reachable(&arrows, [state]);
        if circle.is_subset(&reachable(&backwards, [state])) {
            explained.extend(circle);
            let message = format!("no final state can be reached from `{}`", name(context, state));
            faults.add(Place::State(state), message, format!("a transition to `{}`", name(context, ends[0])));
        }
    }
}

/// A group that comes down to no state.
pub(super) fn baseless_groups(context: &Context<'_>, faults: &mut Faults) {
    empty_groups(context, faults);
    circular_groups(context, faults);
}

/// The grammar has no such group, but a model that was read from a file may.
fn empty_groups(context: &Context<'_>, faults: &mut Faults) {
    for (g, group) in context.model.groups.iter().enumerate().filter(|(_, group)| group.members.is_empty()) {
        let states = context.model.states.iter().take(2).map(|s| s.name.rust.as_str()).collect::<Vec<_>>().join(" | ");
        faults.add(Place::Group(g), format!("the group `{}` has no members", group.name), format!("`{} = {states}`", group.name));
    }
}

/// `Open = Open | Placed`, also by way of other groups.
fn circular_groups(context: &Context<'_>, faults: &mut Faults) {
    let groups = &context.model.groups;
    let position = |name: &String| groups.iter().position(|g| g.name == *name);
    let arrows: Vec<(usize, usize)> =
        groups.iter().enumerate().flat_map(|(g, group)| group.members.iter().filter_map(position).map(move |m| (g, m))).collect();
    let mut explained = BTreeSet::new();
    for (g, group) in groups.iter().enumerate() {
        let back = |m: &usize| reachable(&arrows, [*m]).contains(&g);
        let Some(m) = group.members.iter().position(|member| position(member).as_ref().is_some_and(back)) else { continue };
        if !explained.contains(&g) {
            explained.extend(reachable(&arrows, [g]));
            let message = format!("the group `{}` contains itself", group.name);
            faults.add(Place::GroupMember(g, m), message, format!("leave `{}` out of `{}`", group.members[m], group.name));
        }
    }
}

/// A state that a line, or a group, names twice: once itself and once by a group, or by two groups.
pub(super) fn states_named_twice(context: &Context<'_>, faults: &mut Faults) {
    for (g, group) in context.model.groups.iter().enumerate() {
        named_twice(context, &group.members, |m| Place::GroupMember(g, m), faults);
    }
    for (i, line) in context.lines() {
        named_twice(context, &line.sources, |s| Place::Transition(i, Part::Source(s)), faults);
    }
}

fn named_twice(context: &Context<'_>, names: &[String], at: impl Fn(usize) -> Place, faults: &mut Faults) {
    let mut named: BTreeSet<usize> = BTreeSet::new();
    for (i, member) in names.iter().enumerate() {
        let states = context.states_of(member).unwrap_or_default();
        if let Some(twice) = states.iter().find(|s| named.contains(*s)) {
            let twice = name(context, *twice);
            let message = if member == twice {
                format!("`{twice}` is named twice")
            } else {
                format!("`{twice}` is named twice, here by the group `{member}`")
            };
            faults.add(at(i), message, format!("leave `{member}` out, or the name that stands before it"));
        }
        named.extend(states);
    }
}

/// `create: -> Placed`: nothing is created in the middle of its life.
pub(super) fn misled_creation(context: &Context<'_>, faults: &mut Faults) {
    let model = context.model;
    let (Some(create), Some(initial)) = (&model.create, model.initial()) else { return };
    if model.state(&create.target).is_some_and(|s| s.kind != StateKind::Initial) {
        let message = format!("`create` leads to `{}`, but the initial state is `{}`", create.target, initial.name.rust);
        faults.add(Place::Create(Part::Target), message, format!("`create: -> {}`", initial.name.rust));
    }
}

fn of_kind(context: &Context<'_>, kind: StateKind) -> Vec<usize> {
    let states = context.model.states.iter().enumerate();
    states.filter(|(_, s)| s.kind == kind).map(|(i, _)| i).collect()
}

fn name<'m>(context: &Context<'m>, state: usize) -> &'m str {
    &context.model.states[state].name.rust
}

/// Where the arrows lead from there, the start included.
fn reachable(arrows: &[(usize, usize)], from: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    let mut reached: BTreeSet<usize> = from.into_iter().collect();
    let mut next: Vec<usize> = reached.iter().copied().collect();
    while let Some(at) = next.pop() {
        next.extend(arrows.iter().filter(|(start, to)| *start == at && reached.insert(*to)).map(|(_, to)| *to));
    }
    reached
}
