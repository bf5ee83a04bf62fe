//! The statements that generated code sends: the one place in the macro where SQL is written.
//!
//! Columns are always listed: `*` would break a prepared statement when a migration adds one. `o` is the row, `b` the row before,
//! `h` a step of history, and `r` what it recorded.

mod creation;
mod given;
mod instance;
mod set;
mod transition;
mod work;

use super::Expansion;
use given::Given;
use std::fmt::Write;
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, State};

/// In which transaction it was done: after an effect this tells whether it is still the same.
const XACT: &str = ", pg_current_xact_id()::text AS xact";

/// Of our own columns, those that an instance is read from.
const OWN: [&str; 3] = ["state", "version", "entered_at"];

impl Expansion<'_> {
    fn key(&self) -> String {
        self.model.key().map(|key| quoted(&key.name.label)).unwrap_or_default()
    }

    /// `o.id, o.sku, …`, or `b.id AS "before.id", …`
    fn columns(&self, from: &str, prefix: &str) -> String {
        let fields = self.known.columns.iter().map(|c| c.field.name.label.clone());
        let named = |name: String| match prefix {
            "" => format!("{from}.{}", quoted(&name)),
            prefix => format!("{from}.{} AS {}", quoted(&name), quoted(&format!("{prefix}.{name}"))),
        };
        fields.chain(OWN.map(str::to_owned)).map(named).collect::<Vec<_>>().join(", ")
    }
}

/// What else a transaction says at its beginning, for a statement that is one by itself: two parameters.
fn settings(next: usize) -> String {
    format!("s AS MATERIALIZED (SELECT set_config('lock_timeout', ${next}, true) AS v, {} AS t)", trace(next + 1))
}

/// The trace of the jobs that the transaction writes. NULL leaves what was said before, by whoever began the transaction.
fn trace(parameter: usize) -> String {
    format!("set_config('workflow.trace', coalesce(${parameter}, current_setting('workflow.trace', true), ''), true)")
}

fn typed(number: usize, field: &Field) -> String {
    format!("${number}::{}", field.ty.sql().unwrap_or_default())
}

/// How rows in these states may spell them.
fn labels<'s>(states: &[&'s State]) -> impl Iterator<Item = &'s str> {
    states.iter().flat_map(|state| state.labels())
}

/// Not a row that lacks what its state must have: a newer binary has stopped to write it. It reads as a state that this binary
/// does not know, and is left alone as such: its effect would not be called, and what is carried over would be missing.
fn whole(states: &[&State], row: &str) -> String {
    let mut conditions = String::new();
    for state in states {
        let required = state.fields.iter().filter(|f| !f.ty.optional);
        let there: Vec<_> = required.map(|f| format!("{row}.{} IS NOT NULL", quoted(&f.name.label))).collect();
        let there = there.join(" AND ");
        if there.is_empty() {
            continue;
        }
        let _ = match states {
            [_] => write!(conditions, " AND {there}"),
            _ => write!(conditions, " AND ({row}.state NOT IN ({}) OR {there})", list(state.labels())),
        };
    }
    conditions
}

fn list<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    labels.map(constant).collect::<Vec<_>>().join(", ")
}
