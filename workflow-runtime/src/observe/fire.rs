//! Transitions and creations.

use super::metrics;
use super::outcome::Outcome;
use crate::private::Transition;
use crate::workflow::Workflow;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;
use tracing::field::{Empty, display};
use tracing::{Instrument, Span, debug_span, info_span};

/// A transition, or one event for many instances, while it is watched.
pub(crate) struct Firing {
    span: Span,
    workflow: &'static str,
    event: &'static str,
    /// Of so many instances.
    count: AtomicU64,
    attempts: AtomicU32,
}

impl Firing {
    /// One instance's.
    pub(crate) fn one<W: Workflow>(transition: &'static Transition, id: &W::Id) -> Firing {
        let (workflow, event, from) = (W::MODEL.name, transition.event, display(Either(transition.sources)));
        let span = info_span!("workflow.fire", workflow, event, from, id = ?id, to = Empty, outcome = Empty, attempts = Empty);
        Firing::new(span, workflow, event, 1)
    }

    pub(crate) fn creation<W: Workflow>(id: &W::Id) -> Firing {
        let (workflow, event) = (W::MODEL.name, "create");
        let span = info_span!("workflow.fire", workflow, event, id = ?id, to = Empty, outcome = Empty, attempts = Empty);
        Firing::new(span, workflow, event, 1)
    }

    /// That of many instances in one statement.
    pub(crate) fn many<W: Workflow>(transition: &'static Transition, count: usize) -> Firing {
        let (workflow, event, from) = (W::MODEL.name, transition.event, display(Either(transition.sources)));
        let span =
            info_span!("workflow.fire", workflow, event, from, count = count.cast_signed(), outcome = Empty, attempts = Empty);
        Firing::new(span, workflow, event, count as u64)
    }

    /// That of all instances whose timer is due. Most of these statements find none, so their spans are for who looks closely.
    pub(crate) fn due<W: Workflow>(event: &'static str) -> Firing {
        let workflow = W::MODEL.name;
        let span = debug_span!("workflow.fire", workflow, event, count = Empty, outcome = Empty, attempts = Empty);
        Firing::new(span, workflow, event, 0)
    }

    fn new(span: Span, workflow: &'static str, event: &'static str, count: u64) -> Firing {
        Firing { span, workflow, event, count: AtomicU64::new(count), attempts: AtomicU32::new(1) }
    }

    /// What is told of the result is recorded; of a future that is dropped half-way, that it was.
    ///
    /// The work is put aside, for the sake of the callers' stacks: a transition's future is large.
    pub(crate) fn watch<T>(&self, work: impl Future<Output = T>, tell: impl FnOnce(&T) -> Outcome) -> impl Future<Output = T> {
        let work = Box::pin(work.instrument(self.span.clone()));
        async move {
            let mut ended = Ended { firing: self, began: Instant::now(), outcome: Outcome::Dropped };
            let result = work.await;
            ended.outcome = tell(&result);
            result
        }
    }

    /// It is tried once more.
    pub(crate) fn again(&self) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        metrics::retried(self.workflow, self.event);
    }

    /// Where it led.
    pub(crate) fn arrived(&self, state: &str) {
        self.span.record("to", state);
    }

    /// The same, where the statement tells no row: as declared, where that is one state.
    pub(crate) fn arrived_as_declared<W: Workflow>(&self) {
        let mut states = W::MODEL.edges.iter().filter(|edge| edge.event == self.event).map(|edge| edge.to);
        if let Some(state) = states.next()
            && states.all(|other| other == state)
        {
            self.arrived(state);
        }
    }

    /// The same, by the row.
    pub(crate) fn arrived_at(&self, row: &PgRow) {
        if !self.span.is_disabled() {
            self.arrived(row.try_get("state").unwrap_or_default());
        }
    }

    /// Of many instances, those that were not moved, each for a reason of its own.
    pub(crate) fn refused(&self, refused: impl Iterator<Item = Outcome>) {
        for outcome in refused {
            self.count.fetch_sub(1, Ordering::Relaxed);
            metrics::transitions(self.workflow, self.event, outcome.word(), 1);
        }
    }

    /// How many instances there were.
    pub(crate) fn counted(&self, count: u64) {
        self.count.store(count, Ordering::Relaxed);
        self.span.record("count", count.cast_signed());
    }
}

struct Ended<'f> {
    firing: &'f Firing,
    began: Instant,
    outcome: Outcome,
}

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let Firing { span, workflow, event, count, attempts } = self.firing;
        span.record("outcome", self.outcome.word());
        // As the number that all tracing systems know.
        span.record("attempts", i64::from(attempts.load(Ordering::Relaxed)));
        match count.load(Ordering::Relaxed) {
            0 => {}
            count => {
                metrics::transitions(workflow, event, self.outcome.word(), count);
                metrics::transition_took(workflow, event, self.began.elapsed());
            }
        }
    }
}

/// `placed | reserved`
struct Either(&'static [&'static str]);

impl fmt::Display for Either {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, state) in self.0.iter().enumerate() {
            let between = if n == 0 { "" } else { " | " };
            write!(f, "{between}{state}")?;
        }
        Ok(())
    }
}
