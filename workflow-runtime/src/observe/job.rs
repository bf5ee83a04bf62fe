//! Attempts of jobs.

use super::metrics::{self, Of};
use crate::job::JobKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::{Instrument, Span};

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Its event took effect, or the task is finished.
    Done,
    /// It is tried again later.
    Failed,
    /// It failed for the last time, and nobody tries it any more.
    Parked,
    /// It failed for the last time, and what is declared to follow did.
    Exhausted,
    /// The state was left, or another attempt has begun: nothing was written.
    Overtaken,
    /// It is left to others, or was cut off.
    GivenBack,
    /// How it ended could not be written: it runs again when its lease has ended.
    Unwritten,
}

impl End {
    fn word(self) -> &'static str {
        match self {
            End::Done => "done",
            End::Failed => "failed",
            End::Parked => "parked",
            End::Exhausted => "exhausted",
            End::Overtaken => "overtaken",
            End::GivenBack => "given_back",
            End::Unwritten => "unwritten",
        }
    }
}

/// An attempt while it is watched.
pub(crate) struct Attempting<'j> {
    span: Span,
    of: Of<'j>,
    began: Instant,
    lease: Duration,
    /// When the lease was last extended: milliseconds since it began.
    held: AtomicU64,
}

impl<'j> Attempting<'j> {
    pub(crate) fn new(span: Span, workflow: &'static str, kind: JobKind, job: &'j str, lease: Duration) -> Self {
        let of = Of { workflow, kind: kind.label(), job };
        Attempting { span, of, began: Instant::now(), lease, held: AtomicU64::new(0) }
    }

    /// What comes out of the work is recorded; a future that is dropped was cut off at a shutdown, and its job is given back.
    pub(crate) async fn watch(&self, work: impl Future<Output = End>) {
        let mut ended = Ended { attempting: self, end: End::GivenBack };
        ended.end = work.instrument(self.span.clone()).await;
    }

    /// The lease was extended.
    pub(crate) fn extended(&self) {
        self.held.store(self.milliseconds(), Ordering::Relaxed);
    }

    /// By this process's clock, which decides nothing: it only tells a job that somebody else took from one whose state was left.
    fn has_lost_its_lease(&self) -> bool {
        let since = self.milliseconds().saturating_sub(self.held.load(Ordering::Relaxed));
        Duration::from_millis(since) > self.lease
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

struct Ended<'a, 'j> {
    attempting: &'a Attempting<'j>,
    end: End,
}

impl Drop for Ended<'_, '_> {
    fn drop(&mut self) {
        let Attempting { span, of, began, .. } = self.attempting;
        span.record("outcome", self.end.word());
        metrics::attempted(*of, self.end.word(), began.elapsed());
        if self.end == End::Parked {
            metrics::parked(*of);
        }
        if self.end == End::Overtaken && self.attempting.has_lost_its_lease() {
            metrics::lease_lost(*of);
        }
    }
}
