//! What is left to chance.

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::prop_oneof;
use proptest::sample::Index;
use proptest::strategy::{Just, Strategy};
use workflow_runtime::model::Edge;
use workflow_runtime::workflow::Workflow;

/// A step, before it is known where the instance is.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    /// Of two.
    pub(super) instance: usize,
    pub(super) road: Road,
    /// Among what is possible there, or among all.
    pub(super) possible: bool,
    pub(super) which: Index,
    /// Among what is left to be chosen: a wrong target, the kind of a forgery.
    pub(super) other: Index,
    /// Among the samples.
    pub(super) value: usize,
}

/// How the step is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Road {
    /// The runtime's `fire` or `create`.
    Runtime,
    /// The function beside the table.
    Function,
    /// A raw UPDATE or INSERT.
    Raw,
    /// A raw statement that is no transition at all.
    Forged,
}

/// Simpler ones are shorter, and go through the runtime.
pub(super) fn sequences(steps: usize) -> impl Strategy<Value = Vec<Choice>> {
    let road = prop_oneof![5 => Just(Road::Runtime), 3 => Just(Road::Function), 3 => Just(Road::Raw), 2 => Just(Road::Forged)];
    let possible = prop_oneof![3 => Just(true), 1 => Just(false)];
    let choice = (0..2_usize, road, possible, any::<Index>(), any::<Index>(), 0..8_usize)
        .prop_map(|(instance, road, possible, which, other, value)| Choice { instance, road, possible, which, other, value });
    vec(choice, 1..=steps.max(1))
}

impl Choice {
    /// The arrow's own target, where that is to be; else any.
    pub(super) fn raw_target<W: Workflow>(&self, edge: Option<&Edge>) -> &'static str {
        match edge {
            Some(edge) if self.possible => edge.to,
            _ => self.other.get(W::MODEL.states).label,
        }
    }
}
