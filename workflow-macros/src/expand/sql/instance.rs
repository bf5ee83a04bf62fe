//! What is asked of instances and their history, and their creation.

use super::super::Expansion;
use super::{XACT, labels, list, trace, typed, whole};
use proc_macro2::TokenStream;
use quote::quote;
use std::fmt::Write;
use workflow_model::names::{constant, quoted};

/// A step's own columns, as they are read.
const STEP: [&str; 10] = ["version", "at", "event", "from_state", "to_state", "actor", "role", "key", "note", "data"];

impl Expansion<'_> {
    /// Expands to: `Statements { load: "SELECT …", … }`
    pub(in crate::expand) fn statements(&self) -> TokenStream {
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
}
