//! What the rules ask of a model again and again, worked out once.
//!
//! Here it is decided what counts as a consequence: a name that means nothing, or a group with such a member, is not *sound*. A
//! rule that needs to know where a line starts or leads leaves unsound lines alone, and one that needs the whole graph waits
//! until the graph is complete.

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::model::{Field, Model, Parameter, State, Transition};
use std::collections::{BTreeMap, BTreeSet};

/// A model, and what its names stand for.
#[derive(Debug)]
pub struct Context<'m> {
    pub(super) model: &'m Model,
    /// Every state and sound group, with the positions of the states it stands for.
    meaning: BTreeMap<&'m str, Vec<usize>>,
    /// Every arrow is known: what follows from the graph as a whole can be said.
    pub(super) complete: bool,
}

/// The faults that one rule has found.
#[derive(Debug)]
pub struct Faults {
    code: Code,
    found: Vec<Diagnostic>,
}

impl Faults {
    pub(super) fn of(code: Code) -> Faults {
        Faults { code, found: Vec::new() }
    }

    pub(super) fn add(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic { code: self.code, place, message: message.into(), help: Some(help.into()) });
    }

    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.found
    }
}

impl<'m> Context<'m> {
    pub(super) fn new(model: &'m Model) -> Context<'m> {
        let meaning = meaning(model);
        let complete = is_complete(model, &meaning);
        Context { model, meaning, complete }
    }

    /// Each line with its position.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &'m Transition)> {
        self.model.transitions.iter().enumerate()
    }

    /// Whether the line is its event's first: what holds for the event is said there, once.
    pub(super) fn is_first_line(&self, i: usize, line: &Transition) -> bool {
        !self.model.transitions[..i].iter().any(|earlier| earlier.event.rust == line.event.rust)
    }

    /// The states that a name stands for, by position; none when the name is not sound.
    pub(super) fn states_of(&self, name: &str) -> Option<&[usize]> {
        self.meaning.get(name).map(Vec::as_slice)
    }

    /// Where a line starts: the position of the name, and a state it stands for. Unsound names are left out.
    pub(super) fn starts(&self, line: &Transition) -> Vec<(usize, usize)> {
        let named = line.sources.iter().enumerate();
        named.flat_map(|(i, name)| self.states_of(name).unwrap_or_default().iter().map(move |state| (i, *state))).collect()
    }

    /// The states in which a line may start, each once; none when one of its names is not sound.
    pub(super) fn sources(&self, line: &Transition) -> Option<Vec<&'m State>> {
        let named: Option<Vec<_>> = line.sources.iter().map(|name| self.states_of(name)).collect();
        let states: BTreeSet<usize> = named?.into_iter().flatten().copied().collect();
        Some(states.into_iter().map(|i| &self.model.states[i]).collect())
    }

    /// Where a line leads, when it leads to a state.
    pub(super) fn target(&self, line: &Transition) -> Option<&'m State> {
        self.model.state(&line.target.as_ref()?.state)
    }

    /// The arrows of the graph, from state to state.
    pub(super) fn arrows(&self) -> Vec<(usize, usize)> {
        self.lines()
            .flat_map(|(_, line)| {
                let to = line.target.as_ref().and_then(|t| self.model.states.iter().position(|s| s.name.rust == t.state));
                self.starts(line).into_iter().map(move |(_, from)| (from, to.unwrap_or(from)))
            })
            .collect()
    }

    /// The field that a parameter sets: a common one, one of the target, or, for an internal transition, one of the sources.
    pub(super) fn field_set_by(&self, line: &Transition, parameter: &Parameter) -> Option<(String, &'m Field)> {
        let model = self.model;
        if let Some(field) = model.field(&parameter.name) {
            return Some((field.name.rust.clone(), field));
        }
        let states = if line.is_internal() { self.sources(line)? } else { vec![self.target(line)?] };
        states.into_iter().find_map(|s| Some((format!("{}.{}", s.name.rust, parameter.name), s.field(&parameter.name)?)))
    }
}

/// States stand for themselves. A group is sound as soon as all its members are; one that contains itself never gets there.
fn meaning(model: &Model) -> BTreeMap<&str, Vec<usize>> {
    let mut meaning = BTreeMap::new();
    for (i, state) in model.states.iter().enumerate() {
        meaning.entry(state.name.rust.as_str()).or_insert_with(|| vec![i]);
    }
    for _ in &model.groups {
        for group in model.groups.iter().filter(|g| !g.members.is_empty()) {
            let members: Option<Vec<_>> = group.members.iter().map(|m| meaning.get(m.as_str())).collect();
            let states: Option<BTreeSet<usize>> = members.map(|m| m.into_iter().flatten().copied().collect());
            if let Some(states) = states {
                meaning.entry(group.name.as_str()).or_insert_with(|| states.into_iter().collect());
            }
        }
    }
    meaning
}

fn is_complete(model: &Model, meaning: &BTreeMap<&str, Vec<usize>>) -> bool {
    let names_differ = meaning.len() == model.states.len() + model.groups.len();
    let lines_are_sound = model.transitions.iter().all(|line| {
        line.sources.iter().all(|name| meaning.contains_key(name.as_str()))
            && line.target.as_ref().is_none_or(|target| model.state(&target.state).is_some())
    });
    names_differ && lines_are_sound
}

/// The name that was probably meant: at most a third of its letters differ.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let near = known.into_iter().map(|other| (distance(other), other));
    near.filter(|(d, other)| *d <= name.chars().count().max(other.chars().count()).div_ceil(3))
        .min_by_key(|(d, _)| *d)
        .map(|(_, o)| o)
}

/// `a`, `b` and `c`, each as code.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
