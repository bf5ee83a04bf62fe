//! What can go wrong, whether anything was written, and whether trying again can help.

use crate::history::Step;
use crate::workflow::Workflow;
use uuid::Uuid;

/// Any error of an application.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a transition, a creation or a look-up did not succeed.
///
/// Nothing was written, but where a variant says otherwise. After an error in a transaction of one's own
/// ([`Runtime::begin`](crate::Runtime::begin)), roll that transaction back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error<W: Workflow> {
    /// There is no such instance. Trying again does not help.
    #[error("{} {id:?} does not exist", W::MODEL.name)]
    NotFound {
        /// The key that was looked for.
        id: W::Id,
    },
    /// The instance is in another state (or, for a typed handle, at another version). Trying again does not help: load it,
    /// and decide anew.
    #[error("{} {:?} is {}: {event} is not possible{}", W::MODEL.name, actual.id(), actual.label(), took_it(by))]
    Conflict {
        /// What was tried: the event's label, `lock` or `create`.
        event: &'static str,
        /// Where the instance is.
        actual: Box<W>,
        /// The step that took it there.
        by: Option<Box<Step<W>>>,
        /// The transaction looks at an old snapshot (REPEATABLE READ) that cannot show the winner: roll back, begin again.
        stale: bool,
    },
    /// An `if sql` guard said no. Trying again helps when the row has changed.
    #[error("{guard}")]
    Blocked {
        /// The guard's own words: which instance, which event.
        guard: String,
    },
    /// An effect said no, and state and data were rolled back together. Trying again helps if the effect's reason goes away;
    /// the source can be downcast to the application's own error.
    #[error("the effect of {event} refused: {source}")]
    Rejected {
        /// The event's label.
        event: &'static str,
        /// What the effect returned.
        source: BoxError,
    },
    /// The row or an effect in the database violates a constraint. Trying again helps only when the data has changed.
    #[error("constraint {name} is violated")]
    Constraint {
        /// The constraint's name.
        name: String,
        /// What PostgreSQL said.
        source: sqlx::Error,
    },
    /// The schema lacks what this binary needs: migrate (`cargo workflow apply`, or `sqlx migrate run`), then start again. A binary
    /// that is older than the schema gets it when the contract phase of a change has taken away what it needs, or requires what it does
    /// not know: then start a newer one.
    #[error("the schema of {} does not fit this binary: {}; {}", W::MODEL.name, lacks(missing, required, found), remedy(found))]
    Stale {
        /// The fingerprint of this binary's declaration.
        expected: &'static str,
        /// The fingerprint of the migrated one; none when the workflow was never migrated here.
        found: Option<String>,
        /// What is missing.
        missing: Vec<&'static str>,
        /// Columns that rows must have, and that this binary does not know.
        required: Vec<String>,
    },
    /// The connection died, and whether the transition **was written** could not be learnt before the attempts ran out. Ask
    /// later with [`Runtime::outcome`](crate::Runtime::outcome) and this key.
    #[error("whether {} {id:?} was changed is unknown (key {key}): {source}", W::MODEL.name)]
    Unknown {
        /// The instance.
        id: W::Id,
        /// The key under which history would hold it.
        key: Uuid,
        /// The last fault.
        source: sqlx::Error,
    },
    /// An effect ended the transaction by itself, or went on after a failed statement.
    #[error("the effect {effect} {how}")]
    EndedByEffect {
        /// The method of `Effects`, or of several those that ran in this transaction.
        effect: String,
        /// How it ended it, which also says what was written.
        how: Ending,
    },
    /// [`Runtime::join`](crate::Runtime::join) was given a connection that is in no transaction. Begin one with sqlx.
    #[error("the connection is in no transaction: begin one, or use Runtime::begin")]
    NoTransaction,
    /// A transaction of one's own did not commit; see there whether anything was written.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// Anything else that PostgreSQL or the connection said; [`is_retryable`](Error::is_retryable) tells.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// How an effect ended the transaction that it was lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// It committed: what was written before **stands**, and the transition with it.
    Committed,
    /// It rolled back: nothing of the transaction stands, but what the effect wrote after that may.
    RolledBack,
    /// A statement failed, and the effect returned `Ok` all the same. Nothing was written.
    Failed,
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Ending::Committed => "committed the transaction by itself: the transition stands, what followed may not",
            Ending::RolledBack => "rolled the transaction back by itself: the transition does not stand",
            Ending::Failed => "swallowed the error of a statement: nothing was written",
        })
    }
}

/// Why a transaction of several steps did not commit.
///
/// Nothing was written, but where a variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// A deferred constraint is violated.
    #[error("constraint {name} is violated")]
    Constraint {
        /// The constraint's name.
        name: String,
        /// What PostgreSQL said.
        source: sqlx::Error,
    },
    /// The transaction is not the one that was begun: an effect, or another statement, ended it or swallowed an error.
    #[error("the transaction had ended before its commit ({effect} {how})")]
    EndedByEffect {
        /// The effects that ran in it.
        effect: String,
        /// How it ended, which also says what was written.
        how: Ending,
    },
    /// The connection died, and whether the transaction **was written** could not be learnt.
    #[error("whether the transaction was written is unknown: {source}")]
    Unknown {
        /// The key of its first transition, to be asked for with [`Runtime::outcome`](crate::Runtime::outcome).
        key: Option<Uuid>,
        /// The last fault.
        source: sqlx::Error,
    },
    /// Anything else that PostgreSQL or the connection said.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl<W: Workflow> Error<W> {
    /// The same call may succeed when it is made again, without anything else having to change. The runtime has already tried
    /// several times by then; inside a transaction of one's own, it is that whole transaction that has to be made again.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Conflict { stale, .. } => *stale,
            Error::Rejected { source, .. } => {
                crate::retry::fault_of(source.as_ref()).is_some_and(crate::retry::Fault::is_passing)
            }
            Error::Commit(error) => error.is_retryable(),
            Error::Database(source) => crate::retry::fault(source).is_passing(),
            Error::Unknown { .. } => false,
            Error::NotFound { .. } | Error::Blocked { .. } | Error::Constraint { .. } | Error::Stale { .. } => false,
            Error::EndedByEffect { .. } | Error::NoTransaction => false,
        }
    }

    /// A database error in the words of this type.
    pub(crate) fn from_database(event: &'static str, source: sqlx::Error) -> Self {
        let Some(error) = source.as_database_error() else { return Error::Database(source) };
        match (error.code().as_deref(), error.constraint()) {
            (Some("WF004"), _) => Error::Blocked { guard: error.message().to_owned() },
            (Some("WF006" | "WF007"), _) => Error::Rejected { event, source: source.into() },
            (Some(code), Some(name)) if code.starts_with("23") => Error::Constraint { name: name.to_owned(), source },
            _ => Error::Database(source),
        }
    }
}

impl CommitError {
    /// The whole transaction may succeed when it is made again: nothing of it was written.
    pub fn is_retryable(&self) -> bool {
        match self {
            CommitError::Database(source) => crate::retry::fault(source).is_passing(),
            CommitError::Constraint { .. } | CommitError::EndedByEffect { .. } | CommitError::Unknown { .. } => false,
        }
    }

    /// The same as the error of one transition.
    pub(crate) fn of<W: Workflow>(self, id: &W::Id, key: Uuid) -> Error<W> {
        match self {
            CommitError::Constraint { name, source } => Error::Constraint { name, source },
            CommitError::EndedByEffect { effect, how } => Error::EndedByEffect { effect, how },
            CommitError::Unknown { source, .. } => Error::Unknown { id: id.clone(), key, source },
            CommitError::Database(source) => Error::Database(source),
        }
    }

    pub(crate) fn failed(effect: &str) -> Self {
        CommitError::EndedByEffect { effect: effect.to_owned(), how: Ending::Failed }
    }

    pub(crate) fn from_database(source: sqlx::Error) -> Self {
        let name = source.as_database_error().and_then(|e| e.constraint()).map(str::to_owned);
        match name {
            Some(name) => CommitError::Constraint { name, source },
            None => CommitError::Database(source),
        }
    }
}

fn took_it<W: Workflow>(by: &Option<Box<Step<W>>>) -> String {
    by.as_ref().map_or(String::new(), |step| format!(" ({} took it there, version {})", step.event, step.version))
}

/// Behind or ahead cannot be told from here: a binary does not know the versions after it.
fn remedy(found: &Option<String>) -> &'static str {
    match found {
        None => "apply its migrations: `cargo workflow apply`, or `sqlx migrate run`",
        Some(_) => "apply the migrations that came with this binary, or start a newer binary if the schema is ahead of this one",
    }
}

fn lacks(missing: &[&str], required: &[String], found: &Option<String>) -> String {
    let Some(_) = found else { return "it was never migrated here".to_owned() };
    let lacks = (!missing.is_empty()).then(|| format!("it lacks {}", missing.join("; ")));
    let requires = (!required.is_empty()).then(|| format!("it requires what this binary does not know: {}", required.join("; ")));
    lacks.into_iter().chain(requires).collect::<Vec<_>>().join("; ")
}
