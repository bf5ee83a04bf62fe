//! The declaration as data, as the macro writes it into a binary.

use crate::job::JobKind;

/// What a binary knows of a workflow: `order::MODEL`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Its name in the database: `order`.
    pub name: &'static str,
    /// Its table, schema-qualified and quoted where needed: `public.orders`.
    pub table: &'static str,
    /// The column of the key.
    pub key: &'static str,
    /// Equal for two declarations that mean the same to the database.
    pub fingerprint: &'static str,
    /// Its states, in the order of the declaration.
    pub states: &'static [State],
    /// What creation takes: the common fields, and those of the initial state.
    pub creation: &'static [Parameter],
    /// Its events, in the order of their first lines.
    pub events: &'static [Event],
    /// Its arrows, in the order of the declaration.
    pub edges: &'static [Edge],
    /// What the schema must have, so that this binary can work with it.
    pub facts: &'static [&'static str],
}

/// A state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its label: `reserved`.
    pub label: &'static str,
    /// Its name in Rust: `Reserved`.
    pub name: &'static str,
    /// Every instance starts here.
    pub initial: bool,
    /// Nothing leads out of it.
    pub is_final: bool,
    /// The columns that only instances in this state have.
    pub fields: &'static [&'static str],
    /// The timers, activities and joins that instances in it may have.
    pub jobs: &'static [StateJob],
}

/// A timer, an activity or a join of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateJob {
    /// What it is.
    pub kind: JobKind,
    /// Its name; a timer's event.
    pub name: &'static str,
    /// It is there as long as the instance stays: a timer at a field may have no time, and an internal event ends its own.
    pub lasting: bool,
}

/// An event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Its label: `reserve`.
    pub label: &'static str,
    /// Its payload.
    pub parameters: &'static [Parameter],
}

/// What an event carries, or a creation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in Rust.
    pub name: &'static str,
    /// The column that it sets; none for what only an effect is given.
    pub column: Option<&'static str>,
    /// Its type in the database; none where the declaration says none.
    pub sql: Option<&'static str>,
    /// It may be missing.
    pub optional: bool,
}

/// One arrow of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// The label of the state where it starts.
    pub from: &'static str,
    /// The event's label.
    pub event: &'static str,
    /// The label of the state to which it leads.
    pub to: &'static str,
    /// Timers and activities of the state go on.
    pub internal: bool,
    /// The method of the application's `Effects` that belongs to it.
    pub effect: Option<&'static str>,
    /// It has an effect in the database: `with sql`.
    pub sql: bool,
}
