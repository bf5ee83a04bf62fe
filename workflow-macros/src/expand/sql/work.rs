//! What a worker sends: a transition that takes its job along, and timers that are due.

use super::super::Expansion;
use super::super::event::EventOf;
use super::{Given, settings};
use proc_macro2::TokenStream;
use quote::quote;
use workflow_model::names::constant;
use workflow_model::{Field, Transition, Trigger};

impl Expansion<'_> {
    /// Outcomes of an activity in one statement, for as many instances as there are rows in the middle: the instances are locked,
    /// then the jobs of these attempts are taken, then the instances are moved, in this order. It compares the job and not the
    /// version: an internal transition meanwhile is no conflict.
    pub(super) fn outcomes(&self, event: &EventOf<'_>) -> TokenStream {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let own: Vec<&Field> = event.first.parameters.iter().filter_map(|p| self.column(&p.name)).collect();
        let named: String = (0..own.len()).map(|n| format!(", p{n}")).collect();
        let head = format!("WITH {}, v (id, key, version, attempt{named}) AS (VALUES ", settings(1));
        let tail = format!(
            "), l AS MATERIALIZED (SELECT v.* FROM {table} i JOIN v ON v.id = i.{key}, s WHERE s.v IS NOT NULL AND {} \
             ORDER BY i.{key} FOR NO KEY UPDATE OF i), \
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
    /// same time. The instances are locked before their jobs; those that somebody else holds are left for the next time. A job that
    /// another worker was faster with is not there any more.
    pub(in super::super) fn due(&self, event: &EventOf<'_>) -> String {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let job = format!("j.kind = 'timer' AND j.job = {}", constant(&event.first.event.label));
        let due = format!("{job} AND j.finished_at IS NULL AND j.run_at <= now()");
        format!(
            "WITH s AS MATERIALIZED (SELECT set_config('lock_timeout', $2, true) AS v), \
             d AS MATERIALIZED (SELECT j.id, j.version FROM {jobs} j, s WHERE s.v IS NOT NULL AND {due} ORDER BY j.run_at LIMIT $1 OFFSET $5), \
             l AS MATERIALIZED (SELECT i.{key} AS id, d.version FROM {table} i JOIN d ON d.id = i.{key} WHERE {} \
             ORDER BY i.{key} FOR NO KEY UPDATE OF i SKIP LOCKED), \
             g AS (DELETE FROM {jobs} j USING l WHERE j.id = l.id AND j.version = l.version AND {due} RETURNING j.id) \
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
