//! What is no hindrance to a binary of another revision, and what its owner does not expect all the same: effects of the application
//! are in each binary, and rules of the database are one for all, from the moment the expand phase is applied.

use crate::diff::Versions;
use crate::diff::effects::{is_same, moved};
use std::fmt;
use workflow_model::{Edge, Effect, Model};

/// What somebody who lets both binaries run should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// At an event that both have, something else is done.
    Event {
        /// Its label.
        event: String,
        /// The labels of the states in which it is fired; none for `create`.
        from: Vec<String>,
        /// What is done.
        differs: Differs,
    },
    /// The field of this label is unique now, and the other binary does not know.
    Unique(String),
}

/// What is done at an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Differs {
    /// The other binary has an effect in the application, and this one none.
    MethodGone(String),
    /// This one has an effect in the application, and the other none.
    MethodNew(String),
    /// Each has one of its own.
    MethodOther {
        /// The other binary's.
        theirs: String,
        /// That of this one.
        ours: String,
    },
    /// A `with sql` of the database, which holds for both, is gone.
    StatementsGone,
    /// It is new.
    StatementsNew,
    /// It is another one.
    StatementsOther,
    /// An `if sql` of the database, which holds for both, is gone.
    ConditionGone,
    /// It is new, or another one.
    ConditionOther,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Event { event, from, differs } if from.is_empty() => write!(f, "at `{event}` {differs}"),
            Note::Event { event, from, differs } => {
                let from: Vec<_> = from.iter().map(|state| format!("`{state}`")).collect();
                write!(f, "at `{event}` from {} {differs}", from.join(", "))
            }
            Note::Unique(field) => write!(
                f,
                "`{field}` is unique already in the expand phase: what it writes there is refused (23505) when another row has the value"
            ),
        }
    }
}

impl fmt::Display for Differs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Differs::MethodGone(theirs) => write!(f, "it goes on running `{theirs}`, its own effect, and this one runs none"),
            Differs::MethodNew(ours) => write!(f, "it runs no effect, and does not know `{ours}`, which this one runs"),
            Differs::MethodOther { theirs, ours } => {
                write!(f, "it goes on running `{theirs}`, its own effect, and this one `{ours}`")
            }
            Differs::StatementsGone => write!(f, "the database runs no `with sql` any more, for both at once"),
            Differs::StatementsNew => write!(f, "the database runs a new `with sql`, for both at once"),
            Differs::StatementsOther => write!(f, "the database runs another `with sql`, for both at once"),
            Differs::ConditionGone => write!(f, "the database has no `if sql` any more, for both at once"),
            Differs::ConditionOther => write!(f, "it may be refused (WF004) by an `if sql` that it does not know"),
        }
    }
}

/// What the two have in common and do differently.
pub(super) fn notes(older: &Model, newer: &Model) -> Vec<Note> {
    let v = Versions::of(older, newer, &[]);
    let mut found = Vec::new();
    for (old, new) in shared(&v) {
        let effect = effect(old.transition.effect.as_ref(), new.transition.effect.as_ref());
        for differs in effect.into_iter().chain(condition(&old, &new)) {
            add(&old, differs, &mut found);
        }
    }
    let create = |model: &Model| model.create.as_ref().and_then(|create| create.effect.clone());
    let at_create = |differs| Note::Event { event: "create".to_owned(), from: Vec::new(), differs };
    found.extend(effect(create(&v.old).as_ref(), create(&v.new).as_ref()).map(at_create));
    found.extend(unique(&v));
    found
}

/// Effects that have moved between the application and the database: the event, and what would become of them. `generate` refuses
/// that in one step; there may be several between the two revisions.
pub(super) fn moves(older: &Model, newer: &Model) -> Vec<(String, &'static str)> {
    let v = Versions::of(older, newer, &[]);
    let mut found: Vec<(String, &'static str)> = Vec::new();
    for (old, new) in shared(&v) {
        let how = moved(old.transition.effect.as_ref(), new.transition.effect.as_ref());
        let moved = how.map(|how| (old.transition.event.label.clone(), how));
        found.extend(moved.filter(|moved| !found.contains(moved)));
    }
    found
}

/// The arrows that both have.
fn shared<'v>(v: &'v Versions<'_>) -> Vec<(Edge<'v>, Edge<'v>)> {
    let new = v.new.edges();
    let pair = |old: Edge<'v>| new.iter().find(|new| is_same(v, &old, new)).map(|new| (old, *new));
    v.old.edges().into_iter().filter_map(pair).collect()
}

fn effect(old: Option<&Effect>, new: Option<&Effect>) -> Option<Differs> {
    match (old, new) {
        (old, new) if old == new => None,
        (None, None) => None,
        (Some(Effect::App(theirs)), None) => Some(Differs::MethodGone(theirs.clone())),
        (None, Some(Effect::App(ours))) => Some(Differs::MethodNew(ours.clone())),
        (Some(Effect::App(theirs)), Some(Effect::App(ours))) => {
            Some(Differs::MethodOther { theirs: theirs.clone(), ours: ours.clone() })
        }
        (Some(Effect::Sql { .. }), None) => Some(Differs::StatementsGone),
        (None, Some(Effect::Sql { .. })) => Some(Differs::StatementsNew),
        (Some(Effect::Sql { .. }), Some(Effect::Sql { .. })) => Some(Differs::StatementsOther),
        // That is a hindrance.
        (Some(Effect::App(_)), Some(Effect::Sql { .. })) | (Some(Effect::Sql { .. }), Some(Effect::App(_))) => None,
    }
}

fn condition(old: &Edge<'_>, new: &Edge<'_>) -> Option<Differs> {
    match (&old.transition.guard, &new.transition.guard) {
        (old, new) if old == new => None,
        (_, None) => Some(Differs::ConditionGone),
        (_, Some(_)) => Some(Differs::ConditionOther),
    }
}

/// The same from several states is one note.
fn add(at: &Edge<'_>, differs: Differs, found: &mut Vec<Note>) {
    let (event, state) = (&at.transition.event.label, at.from.name.label.clone());
    let same = found.iter_mut().find_map(|note| match note {
        Note::Event { event: known, from, differs: so } if known == event && *so == differs => Some(from),
        Note::Event { .. } | Note::Unique(_) => None,
    });
    match same {
        Some(from) => from.push(state),
        None => found.push(Note::Event { event: event.clone(), from: vec![state], differs }),
    }
}

/// Columns that the older binary writes, be it by their former name, and that are unique now.
fn unique(v: &Versions<'_>) -> Vec<Note> {
    let (old, new) = (v.old.columns(), v.new.columns());
    let before = |label: &str| old.iter().find(|column| column.field.name.label == label);
    let written = new.iter().filter(|column| column.field.unique).filter_map(|column| {
        let name = &column.field.name;
        before(&name.label).or_else(|| before(name.renamed_from.as_deref()?))
    });
    written.filter(|column| !column.field.unique).map(|column| Note::Unique(column.field.name.label.clone())).collect()
}
