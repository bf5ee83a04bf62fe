//! The statements that generated code sends: the one place in the macro where SQL is written.
//!
//! Columns are always listed: `*` would break a prepared statement when a migration adds one. `o` is the row, `b` the row before,
//! `h` a step of history, and `r` what it recorded.

mod creation;
mod given;
mod work;

use super::Expansion;
use super::event::EventOf;
use given::Given;
use proc_macro2::TokenStream;
use quote::quote;
use std::fmt::Write;
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, State, Transition, Value};

/// A step's own columns, as they are read.
const STEP: [&str; 10] = ["version", "at", "event", "from_state", "to_state", "actor", "role", "key", "note", "data"];

/// In which transaction it was done: after an effect this tells whether it is still the same.
const XACT: &str = ", pg_current_xact_id()::text AS xact";

/// Of our own columns, those that an instance is read from.
const OWN: [&str; 3] = ["state", "version", "entered_at"];

/// What the statements of an event without an effect share.
struct Parts {
    set: String,
    condition: String,
    returning: String,
    /// The number of the first parameter behind the event's own.
    next: usize,
}

impl Expansion<'_> {
    /// Expands to: `Statements { load: "SELECT …", … }`
    pub(super) fn statements(&self) -> TokenStream {
        let (table, key) = (self.model.table(), self.key());
        let (columns, step) = (self.columns("o", ""), self.step_columns());
        let find = format!("SELECT {columns} FROM {table} o");
        let load = format!("{find} WHERE o.{key} = $1");
        let lock = format!("{load} FOR NO KEY UPDATE OF o");
        let lock_all = format!("{find} WHERE o.{key} = ANY ($1) ORDER BY o.{key} FOR NO KEY UPDATE OF o");
        let look = format!("SELECT {columns}, {step} FROM {table} o {} WHERE o.{key}", self.last_step());
        let (look, look_all) = (format!("{look} = $1"), format!("{look} = ANY ($1)"));
        let recorded = self.model.function("recorded");
        // The table is named so that PostgreSQL plans anew when a column of it goes: that the function returns its row does not
        // count, and the old plan would fail ("attribute 15 of type record has been dropped") as long as its connection lives.
        let history = format!(
            "SELECT {step} FROM {table} o JOIN {} h ON h.id = o.{key} LEFT JOIN LATERAL {recorded}(h.data) r ON true \
             WHERE o.{key} = $1 ORDER BY h.version",
            self.model.history()
        );
        let void = format!(
            "WITH s AS MATERIALIZED (SELECT set_config('lock_timeout', $3, true) AS v) \
             SELECT {}($1, $2) FROM s WHERE s.v IS NOT NULL",
            self.model.function("void")
        );
        let (create, possible) = (self.create_statement(), self.possible_statement());
        let (made, arrived) = (self.recorded_statement("h.key = $2"), self.recorded_statement("h.version = $2"));
        let (create_at, creation) = (self.create_at_statement(), self.creation_statement());
        let cancel_creation = format!("SELECT {}($1)", self.model.function("cancel_creation"));
        let jobs = self.model.jobs();
        let wakes = self.model.create.iter().any(|create| !create.tasks.is_empty())
            || self.model.initial().is_some_and(|state| self.is_busy(&state.name.rust));
        quote! {
            ::workflow_runtime::private::Statements {
                load: #load,
                lock: #lock,
                lock_all: #lock_all,
                create: #create,
                create_at: #create_at,
                cancel_creation: #cancel_creation,
                creation: #creation,
                wakes: #wakes,
                look: #look,
                made: #made,
                arrived: #arrived,
                jobs: #jobs,
                look_all: #look_all,
                history: #history,
                void: #void,
                possible: #possible,
                find: #find,
            }
        }
    }

    /// Expands to: `Transition { event: "reserve", sources: &["placed"], effect: Some("take_stock"), step: "UPDATE …", … }`
    pub(super) fn transition_statements(&self, event: &EventOf<'_>) -> TokenStream {
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

    fn step_columns(&self) -> String {
        let own = STEP.iter().map(|name| format!("h.{name} AS {}", quoted(&format!("step.{name}"))));
        let columns = &self.known.columns;
        let recorded = columns.iter().filter(|c| !c.states.is_empty()).map(|c| &c.field.name.label);
        own.chain(recorded.map(|name| format!("r.{} AS {}", quoted(name), quoted(&format!("recorded.{name}")))))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The step under a key, or else the one that led to the row's version.
    fn last_step(&self) -> String {
        format!(
            "LEFT JOIN LATERAL (SELECT s.* FROM {} s WHERE s.id = o.{} AND (s.key = $2 OR s.version = o.version) \
             ORDER BY (s.key = $2) IS TRUE DESC LIMIT 1) h ON true LEFT JOIN LATERAL {}(h.data) r ON true",
            self.model.history(),
            self.key(),
            self.model.function("recorded")
        )
    }

    /// The row as one step left it: its state and own fields from history, the common fields as they are.
    fn recorded_statement(&self, which: &str) -> String {
        let column = |c: &workflow_model::Column<'_>| {
            format!("{}.{}", if c.states.is_empty() { "o" } else { "r" }, quoted(&c.field.name.label))
        };
        let columns: Vec<_> = self.known.columns.iter().map(column).collect();
        format!(
            "SELECT {}, h.to_state AS state, h.version, \
             CASE WHEN h.version = o.version THEN o.entered_at ELSE h.at END AS entered_at \
             FROM {} o JOIN {} h ON h.id = o.{key} AND {which} LEFT JOIN LATERAL {}(h.data) r ON true WHERE o.{key} = $1",
            columns.join(", "),
            self.model.table(),
            self.model.history(),
            self.model.function("recorded"),
            key = self.key()
        )
    }

    /// A row that is there already is left alone. The state is said: the column's default is that of the newest schema, and a
    /// newer binary's instances may start elsewhere.
    fn create_statement(&self) -> String {
        let initial = self.model.initial().into_iter().flat_map(|s| &s.fields);
        let fields: Vec<_> = self.model.fields.iter().chain(initial).collect();
        let names: String = fields.iter().map(|f| format!(", {}", quoted(&f.name.label))).collect();
        let start = self.model.initial().map(|s| constant(&s.name.label)).unwrap_or_default();
        let values: String = fields.iter().enumerate().map(|(i, f)| format!(", {}", typed(i + 3, f))).collect();
        format!(
            "WITH s AS MATERIALIZED (SELECT {} AS t) \
             INSERT INTO {} AS o (state, actor, key, keyed{names}) SELECT {start}, $1::text, $2::uuid, 1{values} FROM s \
             ON CONFLICT ({}) DO NOTHING RETURNING {}{}",
            trace(fields.len() + 3),
            self.model.table(),
            self.key(),
            self.columns("o", ""),
            if self.create_effect().is_some() { XACT } else { "" }
        )
    }

    /// The events that lead on from the row's state, without those that a guard blocks.
    fn possible_statement(&self) -> String {
        let mut cases = String::new();
        for line in &self.model.transitions {
            let sources = self.known.sources(line);
            let (states, whole) = (list(labels(sources)), whole(sources, "o"));
            let guard = match &line.guard {
                // A guard that speaks of the event's payload cannot be asked without one.
                Some(guard) if !guard.to_lowercase().contains("new.") => format!(" AND ({guard})"),
                _ => String::new(),
            };
            let _ = write!(cases, ", CASE WHEN o.state IN ({states}){whole}{guard} THEN {} END", constant(&line.event.label));
        }
        format!(
            "SELECT unnest(array_remove(ARRAY[NULL::text{cases}], NULL)) FROM {} o WHERE o.{} = $1",
            self.model.table(),
            self.key()
        )
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
    fn possible(&self, event: &EventOf<'_>, row: &str) -> String {
        let sources = self.sources(event);
        format!("{row}.state IN ({}){}", list(labels(&sources)), whole(&sources, row))
    }

    fn sources(&self, event: &EventOf<'_>) -> Vec<&State> {
        event.lines.iter().flat_map(|line| self.known.sources(line)).copied().collect()
    }

    fn source_labels(&self, event: &EventOf<'_>) -> Vec<String> {
        labels(&self.sources(event)).map(str::to_owned).collect()
    }

    fn set(&self, event: &EventOf<'_>, given: Given) -> String {
        let mut set = format!(
            "event = {}, version = o.version + 1, actor = $3::text, key = {}, keyed = o.version + 1",
            constant(&event.first.event.label),
            given.key()
        );
        let mut assign = |column: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = write!(set, ", {column} = {value}");
            }
        };
        assign("state", self.by_line(event, |line| Some(constant(&self.target_label(line)?)), "o.state"));
        assign("entered_at", self.by_line(event, |line| line.target.is_some().then(|| "now()".to_owned()), "o.entered_at"));
        for column in &self.known.columns {
            let name = quoted(&column.field.name.label);
            assign(&name, self.by_line(event, |line| self.value(event, line, column.field, given), &format!("o.{name}")));
        }
        set
    }

    fn target_label(&self, line: &Transition) -> Option<String> {
        Some(self.model.state(&line.target.as_ref()?.state)?.name.label.clone())
    }

    fn value(&self, event: &EventOf<'_>, line: &Transition, field: &Field, given: Given) -> Option<String> {
        let (_, value) = self.known.values(line).iter().find(|(f, _)| f.name == field.name)?;
        Some(match *value {
            Value::Parameter(at) => {
                let before = event.first.parameters[..at].iter().filter(|p| self.is_column(&p.name)).count();
                given.parameter(before, field)
            }
            Value::Literal(literal) => format!("{}::{}", literal.sql(), field.ty.sql().unwrap_or_default()),
            Value::Cleared => "NULL".to_owned(),
        })
    }

    /// One expression where all lines agree, else one by the state that the row is in. None when no line says anything.
    fn by_line(&self, event: &EventOf<'_>, value: impl Fn(&Transition) -> Option<String>, kept: &str) -> Option<String> {
        let values: Vec<_> = event.lines.iter().map(|line| value(line)).collect();
        if values.iter().all(|v| *v == values[0]) {
            return values.into_iter().next().flatten();
        }
        let cases: String = event
            .lines
            .iter()
            .zip(values)
            .map(|(line, value)| {
                let states = list(labels(self.known.sources(line)));
                format!(" WHEN o.state IN ({states}) THEN {}", value.unwrap_or_else(|| kept.to_owned()))
            })
            .collect();
        Some(format!("CASE{cases} ELSE {kept} END"))
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
