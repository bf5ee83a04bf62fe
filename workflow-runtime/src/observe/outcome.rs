//! How transitions and creations end, in a word.

use crate::error::{CommitError, Error};
use crate::workflow::Workflow;

/// How a transition or a creation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It took effect; in somebody's transaction, if that is committed.
    Fired,
    Created,
    /// It had been made before: nothing was written.
    Repeated,
    /// The instance is elsewhere.
    Conflict,
    /// A guard said no.
    Blocked,
    /// An effect said no.
    Rejected,
    Constraint,
    NotFound,
    /// The schema does not fit.
    Stale,
    /// The job is not the worker's any more.
    Overtaken,
    /// Written or not.
    Unknown,
    /// Nobody waited for the answer: written or not.
    Dropped,
    Error,
}

impl Outcome {
    pub(crate) fn of<W: Workflow>(error: &Error<W>) -> Outcome {
        match error {
            Error::NotFound { .. } => Outcome::NotFound,
            Error::Conflict { .. } => Outcome::Conflict,
            Error::Blocked { .. } => Outcome::Blocked,
            Error::Rejected { .. } => Outcome::Rejected,
            Error::Constraint { .. } | Error::Commit(CommitError::Constraint { .. }) => Outcome::Constraint,
            Error::Stale { .. } => Outcome::Stale,
            Error::Unknown { .. } | Error::Commit(CommitError::Unknown { .. }) => Outcome::Unknown,
            Error::EndedByEffect { .. } | Error::NoTransaction | Error::Commit(_) | Error::Database(_) => Outcome::Error,
        }
    }

    /// As it stands in a span and in a label.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Outcome::Fired => "fired",
            Outcome::Created => "created",
            Outcome::Repeated => "repeated",
            Outcome::Conflict => "conflict",
            Outcome::Blocked => "blocked",
            Outcome::Rejected => "rejected",
            Outcome::Constraint => "constraint",
            Outcome::NotFound => "not_found",
            Outcome::Stale => "stale",
            Outcome::Overtaken => "overtaken",
            Outcome::Unknown => "unknown",
            Outcome::Dropped => "dropped",
            Outcome::Error => "error",
        }
    }
}
