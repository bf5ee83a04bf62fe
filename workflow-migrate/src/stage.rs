//! What stands in the database between two deploys: a model, and what the binaries before it still need beside it.
//!
//! A [`Stage`] is a model that SQL is rendered from, with marks. A workflow that nobody is changing has one of its model alone
//! ([`Stage::of`]). While binaries of two versions run, the database serves both ([`Stage::between`]): states, columns and
//! transitions of either are there; transitions that only the older one has warn; a field whose rule differs is settled by a
//! trigger instead of refused by a CHECK. Every migration is the difference of two stages.

mod columns;
mod merge;
mod settling;

pub(crate) use settling::{Fill, Settling, Value};

use std::collections::{BTreeMap, BTreeSet};
use workflow_model::fingerprint::{facts, fingerprint};
use workflow_model::{Model, Transition};

/// What stands in the database.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The newer model, in labels, and of the older one what is still there.
    pub(crate) model: Model,
    /// The arrows that only the older model has: they work and warn. Spelled as [`workflow_model::Edge::spelled`] does.
    pub(crate) retired: BTreeSet<String>,
    /// Where instances may start; the newer model's state first.
    pub(crate) initials: Vec<String>,
    /// Columns of states that a trigger settles, and that no CHECK holds.
    pub(crate) settling: Vec<Settling>,
    /// Common columns that are not as their field says.
    pub(crate) loose: BTreeMap<String, Loose>,
    /// What the database tells a binary that asks, by the workflow's label: the older label has a row of its own.
    pub(crate) records: Vec<Record>,
    /// The older model, in labels: its functions are still there where the newer one has others.
    pub(crate) base: Option<Model>,
}

/// A common column that is not as its field says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Loose {
    /// It may be NULL, though its field is required.
    pub(crate) nullable: bool,
    /// What an insert that does not name it gets, as SQL.
    pub(crate) default: Option<String>,
}

/// A row of `workflow.models`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) label: String,
    pub(crate) fingerprint: String,
    pub(crate) facts: Vec<String>,
    /// Labels of required columns that the database fills for binaries that do not know them.
    pub(crate) supplied: Vec<String>,
}

impl Stage {
    /// A model that nothing older needs.
    pub(crate) fn of(model: &Model) -> Stage {
        let canonical = model.canonical();
        Stage {
            initials: canonical.initial().map(|state| state.name.label.clone()).into_iter().collect(),
            retired: BTreeSet::new(),
            settling: Vec::new(),
            loose: BTreeMap::new(),
            records: vec![Record {
                label: model.name.label.clone(),
                fingerprint: fingerprint(model),
                facts: facts(model),
                supplied: Vec::new(),
            }],
            base: None,
            model: canonical,
        }
    }

    /// What serves the binaries of both models.
    pub(crate) fn between(base: &Model, model: &Model) -> Stage {
        merge::merge(base, model)
    }

    /// The newer model, with a trigger that clears the columns which states have lost; none when no state has lost one.
    pub(crate) fn clearing(base: &Model, model: &Model) -> Option<Stage> {
        let mut stage = Stage::of(model);
        stage.settling = columns::lost(&Stage::between(base, model), &stage.model);
        (!stage.settling.is_empty()).then_some(stage)
    }

    /// How a column is settled, if it is.
    pub(crate) fn settling(&self, column: &str) -> Option<&Settling> {
        self.settling.iter().find(|s| s.column == column)
    }

    /// Whether rows come to a column without the binary's doing, or may lack it.
    pub(crate) fn supplies(&self, column: &str) -> bool {
        self.settling(column).is_some() || self.loose.contains_key(column)
    }

    /// Whether an arrow is on its way out.
    pub(crate) fn is_retired(&self, spelled: &str) -> bool {
        self.retired.contains(spelled)
    }

    /// Whether a line is one that only the older model has.
    pub(crate) fn is_retired_line(&self, line: &Transition) -> bool {
        self.model.edges_of(line).iter().any(|edge| self.is_retired(&edge.spelled()))
    }

    /// The older model's table, when it was another one.
    pub(crate) fn former_table(&self) -> Option<&workflow_model::Table> {
        self.base.as_ref().map(|base| &base.table).filter(|table| **table != self.model.table)
    }
}
