//! How long a statement holds its locks, and what to think of it.

use serde::Serialize;
use std::fmt;

/// What a statement has to do before it lets go. A lock is kept until the transaction ends, so this is a lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// A change of the catalogue, whatever the size of the table.
    Instant,
    /// Many short transactions.
    Batches,
    /// As long as what it finds or calls takes.
    Unknown,
    /// All rows are read.
    Scan,
    /// An index is built.
    Build,
    /// All rows are written anew, and all indexes with them.
    Rewrite,
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Duration::Instant => "an instant",
            Duration::Batches => "batches, each a transaction of its own",
            Duration::Unknown => "as long as the rows or functions it meets take",
            Duration::Scan => "a scan of the table",
            Duration::Build => "an index build",
            Duration::Rewrite => "a rewrite of the table",
        })
    }
}

/// Whether a statement is safe on a live table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Verdict {
    /// The application does not notice.
    Safe,
    /// The application waits for an instant. With a `lock_timeout`, a long reader makes the migration fail instead of everybody wait.
    Brief,
    /// The application waits for long, or loses something.
    Unsafe {
        /// Never empty.
        reasons: Vec<Reason>,
    },
}

/// Why a statement is unsafe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What happens.
    pub why: String,
    /// What to do.
    pub instead: String,
}
