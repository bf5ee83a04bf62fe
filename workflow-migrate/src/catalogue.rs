//! What stands in a database for a workflow, as data that two sides can be compared by.
//!
//! [`expected`] says what must be there for a snapshot. It reads the very statements that a migration would run, so that there is no
//! second description of a table to keep in step. What is found in a database has the same shape (`workflow-inspect` reads it), and
//! [`compare`] gives the differences, each with what it breaks. All of this is pure.

mod compare;
mod consequence;
mod expected;
mod expression;
mod statement;
mod token;
mod types;

pub use compare::{Fault, Finding, compare};
pub use expected::{Expected, expected};

use std::collections::BTreeMap;
use std::fmt;

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A table.
    Table,
    /// A column of a table.
    Column,
    /// A CHECK, UNIQUE or PRIMARY KEY constraint.
    Constraint,
    /// An index that is no constraint.
    Index,
    /// A function, by its name and the types of its arguments.
    Function,
    /// A trigger.
    Trigger,
    /// A rewrite rule.
    Rule,
    /// A view.
    View,
    /// A row of `workflow.edges`.
    Edge,
    /// A row of `workflow.models`.
    Record,
}

impl Kind {
    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Table => "table",
            Kind::Column => "column",
            Kind::Constraint => "constraint",
            Kind::Index => "index",
            Kind::Function => "function",
            Kind::Trigger => "trigger",
            Kind::Rule => "rule",
            Kind::View => "view",
            Kind::Edge => "edge",
            Kind::Record => "record",
        }
    }
}

/// Something that stands in a database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Thing {
    /// What it is.
    pub kind: Kind,
    /// What it is a part of: the table as `schema.name`, or the workflow's label; empty for what stands by itself.
    pub of: String,
    /// Its name, without quotes; with the schema when it stands by itself.
    pub name: String,
}

impl Thing {
    /// A thing.
    pub fn new(kind: Kind, of: impl Into<String>, name: impl Into<String>) -> Thing {
        Thing { kind, of: of.into(), name: name.into() }
    }
}

impl fmt::Display for Thing {
    /// `trigger orders_transition on public.orders`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, of, name) = (self.kind.word(), &self.of, &self.name);
        match self.kind {
            Kind::Table | Kind::Function | Kind::View => write!(f, "{word} {name}"),
            Kind::Column => write!(f, "{word} {of}.{name}"),
            Kind::Constraint | Kind::Index | Kind::Trigger | Kind::Rule => write!(f, "{word} {name} on {of}"),
            Kind::Edge => write!(f, "{word} {name} of {of} in workflow.edges"),
            Kind::Record => write!(f, "{word} of {of} in workflow.models"),
        }
    }
}

/// What can be said of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// A column's type.
    Type,
    /// `yes` when a column may not be NULL.
    Required,
    /// A column's default; empty when there is none.
    Default,
    /// What a constraint is: `check`, `unique`, `primary key`.
    Form,
    /// What a CHECK demands, or the columns of another constraint.
    Condition,
    /// `yes` when a constraint or an index holds for all rows.
    Valid,
    /// An index's uniqueness, columns and predicate; a trigger's text.
    Definition,
    /// Whether a trigger fires: `yes`, or why not.
    Enabled,
    /// The names of a function's parameters.
    Parameters,
    /// What a function returns.
    Returns,
    /// A function's language.
    Language,
    /// `volatile`, `stable` or `immutable`.
    Volatility,
    /// `definer` or `invoker`.
    Security,
    /// The settings that a function runs with.
    Settings,
    /// A function's text.
    Body,
    /// `yes` when everybody may call a function that is not for everybody.
    Public,
    /// How an edge is treated.
    Mode,
    /// The hash of the declaration.
    Fingerprint,
}

impl Aspect {
    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            Aspect::Type => "type",
            Aspect::Required => "NOT NULL",
            Aspect::Default => "default",
            Aspect::Form => "kind",
            Aspect::Condition => "condition",
            Aspect::Valid => "validity",
            Aspect::Definition => "definition",
            Aspect::Enabled => "firing",
            Aspect::Parameters => "parameters",
            Aspect::Returns => "result",
            Aspect::Language => "language",
            Aspect::Volatility => "volatility",
            Aspect::Security => "security",
            Aspect::Settings => "settings",
            Aspect::Body => "body",
            Aspect::Public => "right of PUBLIC to call it",
            Aspect::Mode => "mode",
            Aspect::Fingerprint => "fingerprint",
        }
    }
}

/// The things of one database, and what is said of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    things: BTreeMap<Thing, BTreeMap<Aspect, String>>,
}

impl Catalogue {
    /// That a thing is there.
    pub fn add(&mut self, thing: Thing) {
        self.things.entry(thing).or_default();
    }

    /// That a thing is there, and something about it.
    pub fn say(&mut self, thing: Thing, aspect: Aspect, value: impl Into<String>) {
        self.things.entry(thing).or_default().insert(aspect, value.into());
    }

    /// Every thing, in order.
    pub fn things(&self) -> impl Iterator<Item = &Thing> {
        self.things.keys()
    }

    /// Whether it is there.
    pub fn has(&self, thing: &Thing) -> bool {
        self.things.contains_key(thing)
    }

    /// What is said of a thing, if it is there.
    pub fn get(&self, thing: &Thing, aspect: Aspect) -> Option<&str> {
        self.things.get(thing)?.get(&aspect).map(String::as_str)
    }

    fn aspects(&self, thing: &Thing) -> impl Iterator<Item = (Aspect, &str)> {
        self.things.get(thing).into_iter().flatten().map(|(aspect, value)| (*aspect, value.as_str()))
    }

    fn forget(&mut self, thing: &Thing, aspect: Aspect) {
        if let Some(aspects) = self.things.get_mut(thing) {
            aspects.remove(&aspect);
        }
    }
}
