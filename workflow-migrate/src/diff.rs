//! Two declarations of a workflow: what became of the first one, and what cannot be decided without more being said.
//!
//! Pure: it knows no files and no database. Everything is named by labels, as the database knows it.

mod change;
mod children;
pub(crate) mod effects;
mod fields;
pub(crate) mod jobs;
mod names;
mod placeholders;
mod states;
mod transitions;

pub use change::{Category, Change};

use workflow_model::{Field, Model, Place, State};

/// What became of a workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Every change, in the order of the declaration.
    pub changes: Vec<Change>,
    /// What cannot be decided, each with the line to write. With one of these, no migration can be made.
    pub refusals: Vec<Refusal>,
}

/// A change that cannot be made without more being said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the newer declaration.
    pub place: Place,
    /// What is not known.
    pub message: String,
    /// What to write.
    pub help: String,
}

/// Compares two declarations of one workflow, both without faults. `retired` are labels of states that history still has.
pub fn diff(before: &Model, after: &Model, retired: &[String]) -> Difference {
    let versions = Versions::of(before, after, retired);
    let mut found = Difference::default();
    names::compare(&versions, &mut found);
    states::compare(&versions, &mut found);
    fields::compare(&versions, &mut found);
    transitions::compare(&versions, &mut found);
    effects::compare(&versions, &mut found);
    jobs::compare(&versions, &mut found);
    children::compare(&versions, &mut found);
    placeholders::compare(&versions, &mut found);
    if found.changes.is_empty() && found.refusals.is_empty() && before != after {
        found.changes.push(Change::Wording);
    }
    found
}

/// The two declarations, as written and in labels.
pub(crate) struct Versions<'m> {
    pub(crate) before: &'m Model,
    pub(crate) after: &'m Model,
    pub(crate) old: Model,
    pub(crate) new: Model,
    pub(crate) retired: &'m [String],
}

impl<'m> Versions<'m> {
    pub(crate) fn of(before: &'m Model, after: &'m Model, retired: &'m [String]) -> Versions<'m> {
        Versions { before, after, old: before.canonical(), new: after.canonical(), retired }
    }

    /// Where a state of the newer declaration stands.
    fn state(&self, label: &str) -> Place {
        position(&self.new.states, |s| s.name.label == label).map_or(Place::Workflow, Place::State)
    }

    /// Where a field of the newer declaration stands: a state's own, or a common one.
    fn field(&self, label: &str) -> Place {
        let is = |f: &Field| f.name.label == label;
        if let Some(i) = position(&self.new.fields, is) {
            return Place::Field(i);
        }
        let owned =
            self.new.states.iter().enumerate().find_map(|(s, state)| Some(Place::StateField(s, position(&state.fields, is)?)));
        owned.unwrap_or(Place::Workflow)
    }

    /// The state's older label: another one when it was renamed.
    pub(crate) fn former_label(&self, label: &str) -> String {
        let state = self.new.state(label);
        state.and_then(|state| former_label(&self.old, &self.new, state)).unwrap_or_else(|| label.to_owned())
    }

    /// The state's newer label, if the newer declaration has it.
    pub(crate) fn later_label(&self, label: &str) -> Option<String> {
        let renamed = || self.new.states.iter().find(|state| self.former_label(&state.name.label) == label);
        self.new.state(label).or_else(renamed).map(|state| state.name.label.clone())
    }

    /// Whether a state of the newer declaration was there before.
    fn was_there(&self, label: &str) -> bool {
        self.old.state(&self.former_label(label)).is_some()
    }

    /// How the newer declaration's author called something of the older one.
    pub(crate) fn old_state_name(&self, label: &str) -> String {
        self.before.states.iter().find(|s| s.name.label == label).map_or_else(|| label.to_owned(), |s| s.name.rust.clone())
    }
}

/// The label that a state had before, in labels, when it was renamed. A state that takes another one's label has none: the rows of
/// the two could not be told apart.
pub(crate) fn former_label(old: &Model, new: &Model, state: &State) -> Option<String> {
    let former = claimed_label(old, new, state)?;
    old.state(&state.name.label).is_none().then_some(former)
}

/// The older state whose label a newer one says was its own.
fn claimed_label(old: &Model, new: &Model, state: &State) -> Option<String> {
    let former = state.name.renamed_from.clone()?;
    (old.state(&former).is_some() && new.state(&former).is_none()).then_some(former)
}

impl Difference {
    fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    fn refuse(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.refusals.push(Refusal { place, message: message.into(), help: help.into() });
    }
}

fn position<T>(list: &[T], is: impl Fn(&T) -> bool) -> Option<usize> {
    list.iter().position(is)
}
