//! Two models in one: what either has is there.

use super::columns::Pair;
use super::{Record, Stage};
use crate::diff::former_label;
use std::collections::{BTreeMap, BTreeSet};
use workflow_model::fingerprint::{facts, fingerprint};
use workflow_model::{Edge, Model, State, StateKind, Transition};

/// What serves the binaries of both models.
pub(super) fn merge(base: &Model, model: &Model) -> Stage {
    let (old, new) = (base.canonical(), with_former_labels(&base.canonical(), model.canonical()));
    let (lines, retired) = retired_lines(&old, &new);
    let mut merged = Model {
        fields: added(&new.fields, &old.fields, |f| &f.name.label),
        states: states(&old, &new),
        transitions: [new.transitions.clone(), lines].concat(),
        // As long as older binaries wait for children, these speak to their parents.
        parent: new.parent.clone().or_else(|| old.parent.clone()),
        ..new.clone()
    };
    merged.states.iter_mut().filter(|s| !is_initial(&new, s)).for_each(|s| s.kind = no_initial(s.kind));
    let columns = merged.fields.iter_mut().chain(merged.states.iter_mut().flat_map(|s| &mut s.fields));
    columns.for_each(|field| field.unique &= stays_unique(&new, &field.name.label));
    let mut stage = Stage {
        model: merged,
        retired,
        initials: initials(&old, &new),
        settling: Vec::new(),
        loose: BTreeMap::new(),
        records: records(base, model),
        base: Some(old.clone()),
    };
    let dropped = dropped(base, model);
    Pair { base: &old, model: &new, dropped }.settle(&mut stage);
    let supplied = supplied(&stage, &old);
    stage.records.iter_mut().for_each(|record| record.supplied.clone_from(&supplied));
    stage
}

/// A renamed state is there under both labels: the newer binaries read and leave it under either.
fn with_former_labels(old: &Model, mut new: Model) -> Model {
    for state in new.states.clone() {
        let Some(former) = former_label(old, &new, &state) else { continue };
        for line in new.transitions.iter_mut().filter(|line| line.sources.contains(&state.name.label)) {
            line.sources.push(former.clone());
        }
        let kind = no_initial(state.kind);
        let mut twin = State { kind, ..state };
        twin.name.rust.clone_from(&former);
        twin.name.label = former;
        new.states.push(twin);
    }
    new
}

/// The first list, and of the second what the first lacks.
fn added<T: Clone>(first: &[T], second: &[T], name: impl Fn(&T) -> &String) -> Vec<T> {
    let missing = second.iter().filter(|b| !first.iter().any(|a| name(a) == name(b)));
    first.iter().chain(missing).cloned().collect()
}

fn states(old: &Model, new: &Model) -> Vec<State> {
    let mut states = interleaved(&old.states, &new.states);
    for state in &mut states {
        let older = old.state(&state.name.label).map(|s| s.fields.clone()).unwrap_or_default();
        state.fields = added(&state.fields, &older, |f| &f.name.label);
    }
    // A column is declared alike wherever it stands: as the newer model does, where that has it.
    let declared: Vec<_> = new.columns().iter().map(|c| c.field.clone()).collect();
    for field in states.iter_mut().flat_map(|s| &mut s.fields) {
        if let Some(newer) = declared.iter().find(|d| d.name.label == field.name.label) {
            *field = newer.clone();
        }
    }
    states
}

/// Newer binaries may give a column that they do not know the same value again and again, by the one that succeeds it.
fn stays_unique(new: &Model, column: &str) -> bool {
    let successor = new.columns().into_iter().find(|c| c.field.name.renamed_from.as_deref() == Some(column));
    successor.is_none_or(|successor| successor.field.unique)
}

/// A state that goes stays where it stood: the CHECK of the states is the same then, and no row is read for it.
fn interleaved(old: &[State], new: &[State]) -> Vec<State> {
    let mut all = new.to_vec();
    for (at, state) in old.iter().enumerate() {
        let place = |label: &str, all: &[State]| all.iter().position(|s| s.name.label == label);
        if place(&state.name.label, &all).is_none() {
            let behind = old[..at].iter().rev().find_map(|before| place(&before.name.label, &all));
            all.insert(behind.map_or(0, |behind| behind + 1), state.clone());
        }
    }
    all
}

fn is_initial(new: &Model, state: &State) -> bool {
    new.initial().is_some_and(|initial| initial.name.label == state.name.label)
}

fn no_initial(kind: StateKind) -> StateKind {
    match kind {
        StateKind::Initial | StateKind::Normal => StateKind::Normal,
        StateKind::Final => StateKind::Final,
    }
}

fn initials(old: &Model, new: &Model) -> Vec<String> {
    let both = [new.initial(), old.initial()].into_iter().flatten().map(|state| state.name.label.clone());
    both.fold(Vec::new(), |mut all, label| {
        if !all.contains(&label) {
            all.push(label);
        }
        all
    })
}

/// The older model's arrows that the newer one lacks, a line each, and how they are spelled.
fn retired_lines(old: &Model, new: &Model) -> (Vec<Transition>, BTreeSet<String>) {
    let kept: BTreeSet<_> = new.edges().iter().map(Edge::spelled).collect();
    let mut retired = BTreeSet::new();
    let mut lines = Vec::new();
    for edge in old.edges().into_iter().filter(|edge| !kept.contains(&edge.spelled())) {
        retired.insert(edge.spelled());
        // What a state starts is the newer model's to say, as long as that has the state.
        let triggers = if new.state(&edge.from.name.label).is_some() { Vec::new() } else { edge.transition.triggers.clone() };
        lines.push(Transition { sources: vec![edge.from.name.label.clone()], triggers, ..edge.transition.clone() });
    }
    (lines, retired)
}

/// Every binary of the two finds what it needs under the label that it asks for.
fn records(base: &Model, model: &Model) -> Vec<Record> {
    let mut all = [facts(model), facts(base)].concat();
    all.sort();
    all.dedup();
    let record = |model: &Model| Record {
        label: model.name.label.clone(),
        fingerprint: fingerprint(model),
        facts: all.clone(),
        supplied: Vec::new(),
    };
    let mut records = vec![record(model)];
    if base.name.label != model.name.label {
        records.push(record(base));
    }
    records
}

/// Columns that one of the two requires, and that a row may come without all the same.
fn supplied(stage: &Stage, old: &Model) -> Vec<String> {
    let was_required = |label: &str| old.columns().iter().any(|c| c.field.name.label == label && !c.field.ty.optional);
    let columns = stage.model.columns();
    let labels = columns.iter().map(|column| (&column.field.name.label, column.field.ty.optional));
    labels
        .filter(|(label, optional)| stage.supplies(label) || *optional && was_required(label))
        .map(|(label, _)| label.clone())
        .collect()
}

/// The newer model speaks of fields by the names that they had in the older one.
fn dropped<'m>(base: &Model, model: &'m Model) -> Vec<(Option<String>, String, &'m workflow_model::Dropped)> {
    let label = |state: Option<&State>, field: &str| {
        let own = state.and_then(|state| state.field(field));
        own.or_else(|| base.field(field)).map_or_else(|| field.to_owned(), |f| f.name.label.clone())
    };
    let resolve = |d: &'m workflow_model::Dropped| {
        let state = d.state.as_deref().and_then(|name| base.state(name));
        let of = d.state.as_ref().map(|name| state.map_or_else(|| name.clone(), |s| s.name.label.clone()));
        (of, label(state, &d.field), d)
    };
    model.dropped.iter().map(resolve).collect()
}
