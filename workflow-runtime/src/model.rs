//! The declaration as data, as the macro writes it into a binary.

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
}
