//! Can the binary of another revision run beside this one? A proof by inclusion: everything that it needs of the schema is there
//! after the expand phase of this one.

mod notes;

pub use notes::{Differs, Note};

use super::Base;
use crate::error::{Error, Errors};
use crate::generate::snapshots;
use crate::project::Project;
use crate::snapshot::{Snapshot, Standing};
use crate::stage::Stage;
use std::fmt;
use workflow_model::fingerprint::facts;
use workflow_model::{Model, State};

/// What was found of one workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compat {
    /// Its label in the other revision.
    pub workflow: String,
    /// How many things the other binary needs of the schema.
    pub needs: usize,
    /// What is in its way; when there is nothing, it can run.
    pub hindrances: Vec<Hindrance>,
    /// What is in nobody's way, and should be known.
    pub notes: Vec<Note>,
}

/// Why a binary of another revision cannot run beside this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The workflow's tables are gone.
    Dropped,
    /// Something is not there that it needs, in the words of [`facts`].
    Missing(String),
    /// It reads a field as required, and this one may leave it out.
    Optional(String),
    /// It does not know a column that its rows must have.
    Required(String),
    /// The effect of an event is in the application for one of the two, and in the database for the other.
    Moved {
        /// The event.
        event: String,
        /// Where it went, and what would become of it.
        how: &'static str,
    },
}

impl fmt::Display for Hindrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hindrance::Dropped => write!(f, "its tables are dropped"),
            Hindrance::Missing(fact) => write!(f, "it needs, and will not find: {fact}"),
            Hindrance::Optional(field) => write!(f, "it reads `{field}` as required, and rows of newer binaries may have none"),
            Hindrance::Required(column) => write!(f, "it does not know `{column}`, which its rows must have"),
            Hindrance::Moved { event, how } => write!(f, "the effect of `{event}` has moved {how}"),
        }
    }
}

/// Compares what the binaries of a revision need with what stands after this one's migrations.
///
/// # Errors
///
/// When git or a snapshot cannot be read.
pub fn compat(project: &Project, revision: &str) -> Result<Vec<Compat>, Errors> {
    let here = snapshots(&project.migrations)?;
    let base = Base::of(project, revision)?;
    let theirs = base.snapshots().map_err(|error: Error| Errors(vec![error]))?;
    let still = theirs.iter().map(|(_, _, snapshot)| snapshot).filter(|snapshot| snapshot.standing != Standing::Dropped);
    Ok(still.map(|older| beside(older, &here)).collect())
}

fn beside(older: &Snapshot, here: &[Snapshot]) -> Compat {
    let label = older.model.name.label.clone();
    let needs = facts(&older.model);
    let serves =
        here.iter().filter(|s| s.standing != Standing::Dropped).find_map(|snapshot| Some((snapshot, serving(snapshot, &label)?)));
    let (hindrances, notes) = match serves {
        Some((snapshot, found)) => {
            (hindrances(&older.model, &needs, snapshot, &found), notes::notes(&older.model, &snapshot.model))
        }
        None => (vec![Hindrance::Dropped], Vec::new()),
    };
    Compat { workflow: label, needs: needs.len(), hindrances, notes }
}

/// What the database tells a binary that asks by this label.
fn serving(snapshot: &Snapshot, label: &str) -> Option<Vec<String>> {
    let stage = stage(snapshot);
    stage.records.into_iter().find(|record| record.label == label).map(|record| record.facts)
}

fn stage(snapshot: &Snapshot) -> Stage {
    match &snapshot.pending {
        Some(base) => Stage::between(base, &snapshot.model),
        None => Stage::of(&snapshot.model),
    }
}

fn hindrances(older: &Model, needs: &[String], snapshot: &Snapshot, found: &[String]) -> Vec<Hindrance> {
    let missing = needs.iter().filter(|fact| !found.contains(fact)).cloned().map(Hindrance::Missing);
    let unread = unread(older, snapshot).into_iter().map(Hindrance::Optional);
    let unknown = unknown(older, snapshot).into_iter().map(Hindrance::Required);
    let moved = notes::moves(older, &snapshot.model).into_iter().map(|(event, how)| Hindrance::Moved { event, how });
    missing.chain(unread).chain(unknown).chain(moved).collect()
}

/// Columns that rows must have, that nobody fills for it, and that the older binary does not know, in states that it leads rows to.
/// The runtime asks the same when it starts: its `missing.sql`.
fn unknown(older: &Model, snapshot: &Snapshot) -> Vec<String> {
    let (stage, edges) = (stage(snapshot), older.edges());
    let enters = |state: &&State| {
        let is_it = |other: &State| other.name.label == state.name.label;
        older.initial().is_some_and(is_it) || edges.iter().any(|edge| is_it(edge.to) && !is_it(edge.from))
    };
    let knows = |label: &str| older.columns().iter().any(|column| column.field.name.label == label);
    let columns = stage.model.columns();
    let must = columns.iter().filter(|column| !column.field.ty.optional && !stage.supplies(&column.field.name.label));
    let entered = must.filter(|column| column.states.is_empty() || column.states.iter().any(enters));
    entered.map(|column| column.field.name.label.clone()).filter(|label| !knows(label)).collect()
}

/// Common fields that the older binary reads as required, and that the newer one may leave out. A state's field is no
/// hindrance: a row without it is in a state that the older binary does not know.
fn unread(older: &Model, snapshot: &Snapshot) -> Vec<String> {
    let stage = stage(snapshot);
    let settled = |label: &str| stage.settling(label).is_some_and(|settling| !settling.fills.is_empty());
    let may_be_null = |label: &str| {
        let loose = stage.loose.get(label);
        let field = stage.model.fields.iter().find(|field| field.name.label == label);
        field.is_some_and(|field| field.ty.optional) || loose.is_some_and(|loose| loose.nullable && loose.default.is_none())
    };
    let required = older.fields.iter().filter(|field| !field.ty.optional).map(|field| field.name.label.clone());
    required.filter(|label| may_be_null(label) && !settled(label)).collect()
}
