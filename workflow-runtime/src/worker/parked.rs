//! Whom to tell of a job that nobody tries any more.

use crate::job::Job;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A job that has failed for the last time, and for which nothing is declared to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parked {
    /// The workflow's name in the database.
    pub workflow: &'static str,
    /// The job, in its last attempt.
    pub job: Job,
    /// Why that failed, with the error's sources.
    pub last_error: String,
}

/// What the application does then.
#[derive(Clone, Default)]
pub(super) struct OnParked(Option<Arc<Call>>);

type Call = dyn Fn(&Parked) + Send + Sync;

impl OnParked {
    pub(super) fn call(call: impl Fn(&Parked) + Send + Sync + 'static) -> Self {
        OnParked(Some(Arc::new(call)))
    }

    /// A panic is the application's, and no reason for the worker to end an attempt half-way.
    pub(super) fn tell(&self, parked: &Parked) {
        let Some(call) = &self.0 else { return };
        if catch_unwind(AssertUnwindSafe(|| call(parked))).is_err() {
            tracing::error!(workflow = parked.workflow, job = parked.job.key, "what is called for a parked job panicked");
        }
    }
}

impl fmt::Debug for OnParked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OnParked").field(&self.0.is_some()).finish()
    }
}
