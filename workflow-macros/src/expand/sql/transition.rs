//! An event's own statements: in a transaction, alone, and for many.

use super::super::Expansion;
use super::super::event::EventOf;
use super::given::{self, Given};
use super::{XACT, labels, list, settings, whole};
use proc_macro2::TokenStream;
use quote::quote;
use workflow_model::State;

/// What the statements of an event without an effect share.
struct Parts {
    set: String,
    condition: String,
    returning: String,
    /// The number of the first parameter behind the event's own.
    next: usize,
}

impl Expansion<'_> {
    /// Expands to: `Transition { event: "reserve", sources: &["placed"], effect: Some("take_stock"), step: "UPDATE …", … }`
    pub(in crate::expand) fn transition_statements(&self, event: &EventOf<'_>) -> TokenStream {
        let label = &event.first.event.label;
        let sources = self.source_labels(event);
        let (step, alone, bulk, outcomes) = match event.effect() {
            Some(_) => (self.step_with_before(event), String::new(), String::new(), quote!(::core::option::Option::None)),
            None => {
                let parts = self.parts(event);
                (self.step(&parts), self.alone(&parts), self.bulk(&parts), self.outcomes(event))
            }
        };
        let wakes =
            event.lines.iter().any(|line| !line.tasks.is_empty() || line.target.as_ref().is_some_and(|t| self.is_busy(&t.state)));
        let effect = match event.effect() {
            Some(effect) => quote!(::core::option::Option::Some(#effect)),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            ::workflow_runtime::private::Transition {
                event: #label,
                sources: &[#(#sources),*],
                effect: #effect,
                step: #step,
                alone: #alone,
                bulk: #bulk,
                outcomes: #outcomes,
                wakes: #wakes,
            }
        }
    }

    fn parts(&self, event: &EventOf<'_>) -> Parts {
        Parts {
            set: self.set(event, Given::Numbered),
            condition: self.condition(event, "o"),
            returning: self.columns("o", ""),
            next: self.next_parameter(event),
        }
    }

    fn step(&self, Parts { set, condition, returning, .. }: &Parts) -> String {
        let (table, key) = (self.model.table(), self.key());
        format!("UPDATE {table} o SET {set} WHERE o.{key} = $1 AND {condition} RETURNING {returning}")
    }

    /// Both sides at once: the sub-select takes the row's lock and sees it as it is then.
    fn step_with_before(&self, event: &EventOf<'_>) -> String {
        let (table, key) = (self.model.table(), self.key());
        format!(
            "UPDATE {table} o SET {} FROM (SELECT {} FROM {table} i WHERE i.{key} = $1 FOR NO KEY UPDATE) b \
             WHERE o.{key} = b.{key} AND {} RETURNING {}, {}{XACT}",
            self.set(event, Given::Numbered),
            self.columns("i", ""),
            self.condition(event, "b"),
            self.columns("o", ""),
            self.columns("b", "before")
        )
    }

    /// The lock time-out has to be there before the lock is waited for, and in the same round trip: conditions are asked before a
    /// row is locked.
    fn alone(&self, Parts { set, condition, returning, next }: &Parts) -> String {
        let (table, key) = (self.model.table(), self.key());
        let before = set_before(*next);
        format!("UPDATE {table} o SET {set} WHERE o.{key} = $1 AND {before} AND {condition} RETURNING {returning}")
    }

    /// All rows are locked in the order of their keys before the first one is moved.
    fn bulk(&self, Parts { set, condition, returning, next }: &Parts) -> String {
        let (table, key) = (self.model.table(), self.key());
        format!(
            "WITH {}, d AS MATERIALIZED (SELECT i.{key} FROM {table} i, s WHERE i.{key} = ANY ($1) AND s.v IS NOT NULL \
             ORDER BY i.{key} FOR NO KEY UPDATE OF i) \
             UPDATE {table} o SET {set} FROM d WHERE o.{key} = d.{key} AND {condition} RETURNING {returning}",
            settings(*next)
        )
    }

    fn next_parameter(&self, event: &EventOf<'_>) -> usize {
        given::OWN + event.first.parameters.iter().filter(|p| self.is_column(&p.name)).count()
    }

    /// Where a call may come a second time, its key is asked for; that of a first one is new ($5). Should it be on its way still when
    /// its sender has sent another, history's index refuses the second of them, and what was made void the trigger.
    fn condition(&self, event: &EventOf<'_>, row: &str) -> String {
        let (done, key) = (self.model.function("done"), self.key());
        let possible = self.possible(event, row);
        format!(
            "{possible} AND ($2::bigint IS NULL OR {row}.version = $2) AND ($5::boolean OR NOT {done}({row}.{key}, $4::uuid))"
        )
    }

    /// The row is where the event starts from.
    pub(super) fn possible(&self, event: &EventOf<'_>, row: &str) -> String {
        let sources = self.sources(event);
        format!("{row}.state IN ({}){}", list(labels(&sources)), whole(&sources, row))
    }

    fn sources(&self, event: &EventOf<'_>) -> Vec<&State> {
        event.lines.iter().flat_map(|line| self.known.sources(line)).copied().collect()
    }

    fn source_labels(&self, event: &EventOf<'_>) -> Vec<String> {
        labels(&self.sources(event)).map(str::to_owned).collect()
    }
}

/// [`settings`], as a condition that always holds.
fn set_before(next: usize) -> String {
    let trace = next + 1;
    format!(
        "set_config('lock_timeout', ${next}, true) IS NOT NULL \
         AND (${trace}::text IS NULL OR set_config('workflow.trace', ${trace}, true) IS NOT NULL)"
    )
}
