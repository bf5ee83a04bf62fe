//! Two graphs as one: what is in both stands side by side.

use crate::graph::{cause, fields};
use workflow_model::{Edge, Model, Name, State, Transition};

/// Something that is in one of the models, or in both.
#[derive(Clone, Copy)]
pub(super) enum Pair<'m, T> {
    Added(&'m T),
    Removed(&'m T),
    Both(&'m T, &'m T),
}

/// What happened to it, as far as a diagram shows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    None,
    Added,
    Removed,
    Changed,
}

/// A transition from one state to another one, by their positions.
pub(super) struct Arrow<'m> {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) line: Pair<'m, Transition>,
}

/// The states and arrows of both; first those of the later model, in its order, then what was removed.
pub(super) struct Changes<'m> {
    pub(super) states: Vec<Pair<'m, State>>,
    pub(super) arrows: Vec<Arrow<'m>>,
}

impl<'m> Changes<'m> {
    pub(super) fn between(before: &'m Model, after: &'m Model) -> Self {
        let states = paired(before.states.iter().collect(), after.states.iter().collect(), |b, a| same(&b.name, &a.name));
        let position = |state: &State, of: fn(&Pair<'m, State>) -> Option<&'m State>| {
            states.iter().position(|pair| of(pair).is_some_and(|s| std::ptr::eq(s, state)))
        };
        let placed = |edge: Edge<'m>, of| Some((position(edge.from, of)?, position(edge.to, of)?, edge.transition));
        let old: Vec<_> = before.edges().into_iter().filter_map(|edge| placed(edge, Pair::before)).collect();
        let new: Vec<_> = after.edges().into_iter().filter_map(|edge| placed(edge, Pair::after)).collect();
        Changes { arrows: arrows(&old, &new), states }
    }

    /// Nothing that a diagram shows is different.
    pub(super) fn is_none(&self) -> bool {
        let same = |change| change == Change::None;
        self.states.iter().all(|pair| same(pair.change())) && self.arrows.iter().all(|arrow| same(arrow.line.change()))
    }
}

type Placed<'m> = (usize, usize, &'m Transition);

fn arrows<'m>(old: &[Placed<'m>], new: &[Placed<'m>]) -> Vec<Arrow<'m>> {
    let alike = |b: &Placed<'_>, a: &Placed<'_>| {
        (b.0, b.1, b.2.is_internal()) == (a.0, a.1, a.2.is_internal()) && same(&b.2.event, &a.2.event)
    };
    let pairs = paired(old.iter().collect(), new.iter().collect(), alike);
    let arrow = |pair: Pair<'_, Placed<'m>>| {
        let (from, to, _) = *pair.shown();
        let line = match pair {
            Pair::Added(a) => Pair::Added(a.2),
            Pair::Removed(b) => Pair::Removed(b.2),
            Pair::Both(b, a) => Pair::Both(b.2, a.2),
        };
        Arrow { from, to, line }
    };
    pairs.into_iter().map(arrow).collect()
}

/// The label stayed, or the new name says which one it had.
fn same(before: &Name, after: &Name) -> bool {
    match &after.renamed_from {
        Some(old) => *old == before.label || after.label == before.label,
        None => after.label == before.label,
    }
}

fn paired<'m, T>(mut before: Vec<&'m T>, after: Vec<&'m T>, alike: impl Fn(&T, &T) -> bool) -> Vec<Pair<'m, T>> {
    let mut pairs = Vec::new();
    for new in after {
        match before.iter().position(|old| alike(old, new)) {
            Some(i) => pairs.push(Pair::Both(before.remove(i), new)),
            None => pairs.push(Pair::Added(new)),
        }
    }
    pairs.extend(before.into_iter().map(Pair::Removed));
    pairs
}

impl<'m, T> Pair<'m, T> {
    /// As it is now; as it was, when it is gone.
    pub(super) fn shown(&self) -> &'m T {
        match *self {
            Pair::Added(it) | Pair::Removed(it) | Pair::Both(_, it) => it,
        }
    }

    fn before(&self) -> Option<&'m T> {
        match *self {
            Pair::Removed(it) | Pair::Both(it, _) => Some(it),
            Pair::Added(_) => None,
        }
    }

    fn after(&self) -> Option<&'m T> {
        match *self {
            Pair::Added(it) | Pair::Both(_, it) => Some(it),
            Pair::Removed(_) => None,
        }
    }

    fn compared(&self, equal: impl Fn(&T, &T) -> bool) -> Change {
        match *self {
            Pair::Added(_) => Change::Added,
            Pair::Removed(_) => Change::Removed,
            Pair::Both(before, after) if equal(before, after) => Change::None,
            Pair::Both(..) => Change::Changed,
        }
    }
}

impl Pair<'_, State> {
    pub(super) fn change(&self) -> Change {
        self.compared(|b, a| b.name.rust == a.name.rust && b.kind == a.kind && fields(b).eq(fields(a)))
    }
}

impl Pair<'_, Transition> {
    pub(super) fn change(&self) -> Change {
        self.compared(|b, a| b.event.rust == a.event.rust && cause(b) == cause(a) && b.guard == a.guard)
    }
}
