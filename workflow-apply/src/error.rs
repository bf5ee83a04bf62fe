//! What can go wrong, what was kept, and whether trying again can help.

use crate::file::{Applied, File};
use crate::said::Said;
use crate::turn::Holder;
use crate::watch::{Blocker, in_the_way};
use std::fmt;
use std::time::Duration;

/// Why not everything was applied. No lock is left, and what had been applied before stays.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApplyError {
    /// What went wrong.
    pub cause: Cause,
    /// What this call had applied by then. It stays, and calling again goes on behind it.
    pub applied: Applied,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The server could not be reached, or let nobody in.
    #[error("no connection to the database: {0}")]
    Connect(#[source] sqlx::Error),
    /// The way to the database has no sessions: a runtime whose statements have no names. Nothing was done.
    #[error("migrations take a lock that belongs to a session, and behind a pooler in transaction mode there is none")]
    NoSession,
    /// Another process had been migrating all the time. Trying again helps.
    #[error("another process has been migrating this database for {waited:.1?}{}", named(holder))]
    Busy {
        /// How long it was waited for.
        waited: Duration,
        /// Who it is, where PostgreSQL says so.
        holder: Option<Holder>,
    },
    /// The locks that a file needs were not to be had in time. Nothing of it was kept. Trying again helps when there is less to do
    /// on the database, or when the transaction in the way has ended.
    #[error("{}: {said}; {attempts} attempts in {waited:.1?}; {}", place(file), in_the_way(blockers))]
    Locked {
        /// The file, or none when it was the table of applied files.
        file: Option<File>,
        /// How often it was tried.
        attempts: u32,
        /// How long, from the first refusal to the last.
        waited: Duration,
        /// What PostgreSQL said last.
        said: Box<Said>,
        /// Who was in the way then, the oldest transaction first; empty where that could not be seen.
        blockers: Vec<Blocker>,
    },
    /// PostgreSQL refuses a file. Trying again does not help before the file, or the data, is mended.
    #[error("{file}: {said}; {kept}")]
    Failed {
        /// The file.
        file: File,
        /// What PostgreSQL said.
        said: Box<Said>,
        /// What stays of the file.
        kept: Kept,
    },
    /// The connection broke. Trying again helps, and finds out what was kept: a file in a transaction was applied with its row or
    /// not at all, one without is carried out again.
    #[error("{}the connection was lost: {source}", before(file))]
    Lost {
        /// The file that was under way, if one was.
        file: Option<File>,
        /// What happened to it.
        #[source]
        source: sqlx::Error,
    },
    /// A file was changed after it had been applied. Nothing was done.
    #[error("{file} was edited after it had been applied")]
    Edited {
        /// The file.
        file: File,
    },
    /// A file was applied that the folder does not have. Nothing was done.
    #[error("{file} was applied to this database, and is not among the migrations")]
    Missing {
        /// The file, as the database names it.
        file: File,
    },
    /// A row says that a file was begun and did not succeed, and the file is not one that can be carried out again as it is. sqlx
    /// leaves no such row, other tools do. Nothing was done.
    #[error("{file} was begun by another tool and did not succeed")]
    Dirty {
        /// The file, as the database names it.
        file: File,
    },
    /// The table of applied files could not be made, read or written.
    #[error("the table of applied migrations: {0}")]
    Record(#[source] sqlx::Error),
}

/// What stays of a file that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// The file ends transactions itself, and what it committed stays: so it is not tried again.
    Committed,
    /// It runs without a transaction: what its statement committed by itself stays.
    Perhaps,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kept::Nothing => "nothing of it was kept",
            Kept::Committed => "what it committed itself stays",
            Kept::Perhaps => "it runs without a transaction, and what it committed stays",
        })
    }
}

impl ApplyError {
    /// Whether the same call can succeed later, with nothing changed but the time.
    pub fn is_retryable(&self) -> bool {
        match &self.cause {
            Cause::Connect(_) | Cause::Busy { .. } | Cause::Locked { .. } | Cause::Lost { .. } => true,
            Cause::NoSession
            | Cause::Failed { .. }
            | Cause::Edited { .. }
            | Cause::Missing { .. }
            | Cause::Dirty { .. }
            | Cause::Record(_) => false,
        }
    }
}

impl Cause {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Cause::NoSession => {
                "connect to the server itself: `workflow_apply::apply(&direct_url.parse()?, …)`, or `cargo workflow apply`"
            }
            Cause::Connect(_) => "look at the address, the name of the database, and the role's rights",
            Cause::Busy { .. } => "wait for it to end and apply again, or allow more time",
            Cause::Locked { .. } => "end the transaction in the way (see pg_stat_activity) and apply again, or allow more time",
            Cause::Failed { said, .. } if said.code == "25001" => {
                "put the statement alone into a file whose first line is `-- no-transaction`"
            }
            Cause::Failed { said, .. } if said.code == "23505" => "mend the rows that have the same key, and apply again",
            Cause::Failed { kept: Kept::Nothing, .. } => "mend the data (or the file, if it is one of your own), and apply again",
            Cause::Failed { .. } => {
                "look at what was kept, mend the data (or the file, if it is one of your own), and apply again"
            }
            Cause::Lost { .. } => "apply again: what was kept is found out",
            Cause::Edited { .. } => "take the file as it was from version control, and put the change into a new one",
            Cause::Missing { .. } => "apply a newer version of the folder; or is this the wrong database?",
            Cause::Dirty { .. } => {
                "look at what of it is in the database, complete or undo that by hand, then set `success` in its row, or delete the row"
            }
            Cause::Record(_) => "the role needs the rights to create, read and write that table",
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        match self.applied.files.len() {
            0 => {}
            1 => f.write_str(". One file before it was applied, and stays")?,
            before => write!(f, ". {before} files before it were applied, and stay")?,
        }
        write!(f, ". To do: {}", self.cause.help())
    }
}

impl std::error::Error for ApplyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.source()
    }
}

/// Before anything was applied.
impl From<Cause> for ApplyError {
    fn from(cause: Cause) -> ApplyError {
        ApplyError { cause, applied: Applied::default() }
    }
}

fn named(holder: &Option<Holder>) -> String {
    holder.as_ref().map_or(String::new(), |holder| format!(": {holder}"))
}

fn before(file: &Option<File>) -> String {
    file.as_ref().map_or(String::new(), |file| format!("{file}: "))
}

fn place(file: &Option<File>) -> String {
    file.as_ref().map_or_else(|| "the table of applied migrations".to_owned(), File::to_string)
}

/// Why an attempt ended.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It can be made again.
    Passing(Said),
    /// It cannot.
    Lasting(Cause),
}

/// About the connection, the lock or the table of applied files, not about a file.
impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Stop {
        match Said::of(&error, "") {
            Some(said) if said.is_passing() => Stop::Passing(said),
            Some(said) if !said.is_farewell() => Stop::Lasting(Cause::Record(error)),
            Some(_) | None => Stop::Lasting(Cause::Lost { file: None, source: error }),
        }
    }
}

impl From<Cause> for Stop {
    fn from(cause: Cause) -> Stop {
        Stop::Lasting(cause)
    }
}
