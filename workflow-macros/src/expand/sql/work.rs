//! What a worker sends: a transition that takes its job along, and timers that are due.

use super::super::Expansion;
use super::super::event::EventOf;
use super::{Given, settings};
use proc_macro2::TokenStream;
use quote::quote;
use workflow_model::names::constant;
use workflow_model::{Field, Transition, Trigger};

impl Expansion<'_> {
    /// Outcomes of an activity in one statement, for as many instances as there are rows in the middle, in the order of their keys: each
    /// instance is locked, then the job of its attempt is taken, then it is moved. It compares the job and not the version: an internal
    /// transition meanwhile is no conflict. How an instance is found is forced, as in [`due`](Self::due).
    pub(super) fn outcomes(&self, event: &EventOf<'_>) -> TokenStream {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let own: Vec<&Field> = event.first.parameters.iter().filter_map(|p| self.column(&p.name)).collect();
        let named: String = (0..own.len()).map(|n| format!(", p{n}")).collect();
        let head = format!("WITH {}, v (id, key, version, attempt{named}) AS (VALUES ", settings(1));
        // As everywhere, and in the column's collation, which a parameter does not have.
        let order = format!("coalesce(v.id, (SELECT i.{key} FROM {table} i WHERE false))");
        let tail = format!(
            "), l AS MATERIALIZED (SELECT v.* FROM s, (SELECT * FROM v ORDER BY {order}) v, LATERAL \
             (SELECT FROM {table} i WHERE s.v IS NOT NULL AND i.{key} = v.id AND {} FOR NO KEY UPDATE) i), \
             g AS (DELETE FROM {jobs} j USING l WHERE j.id = l.id AND j.version = l.version AND j.kind = $4 \
             AND j.job = $5 AND j.attempt = l.attempt RETURNING l.*) \
             UPDATE {table} o SET {} FROM g WHERE o.{key} = g.id RETURNING o.{key} AS id, g.version AS job_version",
            self.possible(event, "i"),
            self.set(event, Given::Row("g"))
        );
        let id = self.model.key().and_then(|key| key.ty.sql()).unwrap_or_default();
        let types = [id, "uuid".into(), "bigint".into(), "integer".into()].into_iter();
        let types = types.chain(own.iter().map(|field| field.ty.sql().unwrap_or_default()));
        quote! {
            ::core::option::Option::Some(::workflow_runtime::private::Outcomes {
                head: #head, types: &[#(#types),*], tail: #tail,
            })
        }
    }

    /// A timer that is due, for up to so many instances ($1) in one statement, behind as many ($5) that another statement fires at the
    /// same time. Each instance is locked before its job; those that somebody else holds are left for the next time. A job that
    /// another worker was faster with is not there any more.
    ///
    /// What is looked for by its key stands in a sub-select of its own with a lock, which is carried out once a row. Elsewhere the
    /// planner would count on how many instances are in a state, which the last ANALYZE may have seen quite differently. That the job
    /// is not finished was asked before; asked again, it would lead to the index of all that are due.
    pub(in super::super) fn due(&self, event: &EventOf<'_>) -> String {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let job = format!("j.kind = 'timer' AND j.job = {} AND j.run_at <= now()", constant(&event.first.event.label));
        format!(
            "WITH s AS MATERIALIZED (SELECT set_config('lock_timeout', $2, true) AS v), \
             d AS MATERIALIZED (SELECT j.id, j.version FROM {jobs} j, s WHERE s.v IS NOT NULL AND {job} AND j.finished_at IS NULL \
             ORDER BY j.run_at LIMIT $1 OFFSET $5), \
             l AS MATERIALIZED (SELECT j.place FROM d, LATERAL \
             (SELECT i.{key} AS id FROM {table} i WHERE i.{key} = d.id AND {} FOR NO KEY UPDATE SKIP LOCKED) i, LATERAL \
             (SELECT j.ctid AS place FROM {jobs} j WHERE j.id = i.id AND j.version = d.version AND {job} FOR UPDATE) j), \
             g AS (DELETE FROM {jobs} j WHERE j.ctid = ANY (ARRAY(SELECT l.place FROM l)) RETURNING j.id) \
             UPDATE {table} o SET {} FROM g WHERE o.{key} = g.id",
            self.possible(event, "i"),
            self.set(event, Given::Numbered)
        )
    }

    /// Whether a job that is due at once begins with the state.
    pub(super) fn is_busy(&self, state: &str) -> bool {
        let from_here = |line: &&Transition| self.known.sources(line).iter().any(|source| source.name.rust == state);
        let is_due = |trigger: &Trigger| match trigger {
            Trigger::By(_) | Trigger::Joined { .. } => true,
            Trigger::After(_) | Trigger::At(_) | Trigger::Exhausted { .. } => false,
        };
        self.tells(state) || self.model.transitions.iter().filter(from_here).any(|line| line.triggers.iter().any(is_due))
    }
}
