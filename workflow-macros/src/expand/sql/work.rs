//! What a worker sends: a transition that takes its job along, and timers that are due.

use super::super::Expansion;
use super::super::event::EventOf;
use workflow_model::names::constant;
use workflow_model::{Transition, Trigger};

impl Expansion<'_> {
    /// An activity's outcome in one statement: the instance is locked, then the job of this attempt is taken, then the instance is
    /// moved, in this order. It compares the job and not the version: an internal transition meanwhile is no conflict.
    pub(super) fn fenced(&self, event: &EventOf<'_>) -> String {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let [lock_timeout, version, kind, job, attempt] = std::array::from_fn(|n| self.next_parameter(event) + n);
        format!(
            "WITH s AS MATERIALIZED (SELECT set_config('lock_timeout', ${lock_timeout}, true) AS v), \
             l AS MATERIALIZED (SELECT i.{key} AS id FROM {table} i, s WHERE i.{key} = $1 AND s.v IS NOT NULL AND {} \
             FOR NO KEY UPDATE OF i), \
             g AS (DELETE FROM {jobs} j USING l WHERE j.id = l.id AND j.version = ${version} AND j.kind = ${kind} \
             AND j.job = ${job} AND j.attempt = ${attempt} RETURNING j.id) \
             UPDATE {table} o SET {} FROM g WHERE o.{key} = g.id",
            self.condition(event, "i"),
            self.set(event)
        )
    }

    /// A timer that is due, for up to so many instances ($1) in one statement. The instances are locked before their jobs; those
    /// that somebody else holds are left for the next time. A job that another worker was faster with is not there any more.
    pub(in super::super) fn due(&self, event: &EventOf<'_>) -> String {
        let (table, jobs, key) = (self.model.table(), self.model.jobs(), self.key());
        let job = format!("j.kind = 'timer' AND j.job = {}", constant(&event.first.event.label));
        let due = format!("{job} AND j.finished_at IS NULL AND j.run_at <= now()");
        format!(
            "WITH s AS MATERIALIZED (SELECT set_config('lock_timeout', $5, true) AS v), \
             d AS MATERIALIZED (SELECT j.id, j.version FROM {jobs} j, s WHERE s.v IS NOT NULL AND {due} ORDER BY j.run_at LIMIT $1), \
             l AS MATERIALIZED (SELECT i.{key} AS id, d.version FROM {table} i JOIN d ON d.id = i.{key} WHERE {} \
             ORDER BY i.{key} FOR NO KEY UPDATE OF i SKIP LOCKED), \
             g AS (DELETE FROM {jobs} j USING l WHERE j.id = l.id AND j.version = l.version AND {due} RETURNING j.id) \
             UPDATE {table} o SET {} FROM g WHERE o.{key} = g.id",
            self.condition(event, "i"),
            self.set(event)
        )
    }

    /// Whether a job that is due at once begins with the state.
    pub(super) fn is_busy(&self, state: &str) -> bool {
        let from_here = |line: &&Transition| self.model.sources(line).iter().any(|source| source.name.rust == state);
        let is_due = |trigger: &Trigger| match trigger {
            Trigger::By(_) | Trigger::Joined { .. } => true,
            Trigger::After(_) | Trigger::At(_) | Trigger::Exhausted { .. } => false,
        };
        self.tells(state) || self.model.transitions.iter().filter(from_here).any(|line| line.triggers.iter().any(is_due))
    }
}
