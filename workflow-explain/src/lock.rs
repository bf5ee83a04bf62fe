//! PostgreSQL's locks on tables, and who waits for them.

use serde::Serialize;
use std::fmt;

/// A lock on one relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// The table, view, index or sequence, as the statement names it.
    pub relation: String,
    /// How it is locked.
    pub mode: Mode,
}

/// PostgreSQL's eight modes, from the weakest to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// Taken by every reader.
    AccessShare,
    /// Taken by `SELECT … FOR UPDATE`.
    RowShare,
    /// Taken by every writer.
    RowExclusive,
    /// Lets readers and writers pass, and nothing that changes the table.
    ShareUpdateExclusive,
    /// Lets readers pass.
    Share,
    /// Lets readers pass, and is taken once.
    ShareRowExclusive,
    /// Lets plain readers pass.
    Exclusive,
    /// Lets nobody pass.
    AccessExclusive,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::AccessShare => "ACCESS SHARE",
            Mode::RowShare => "ROW SHARE",
            Mode::RowExclusive => "ROW EXCLUSIVE",
            Mode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Mode::Share => "SHARE",
            Mode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Mode::Exclusive => "EXCLUSIVE",
            Mode::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.mode, self.relation)
    }
}

/// Who waits while a statement holds its locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// No application does.
    Nobody,
    /// Who writes the same rows.
    SameRows,
    /// Who changes the table itself: other migrations, `VACUUM`.
    Ddl,
    /// Who writes.
    Writers,
    /// Who reads, and who writes.
    Everybody,
}

impl Wait {
    /// Who waits for a lock of this mode.
    pub fn of(mode: Mode) -> Wait {
        match mode {
            Mode::AccessShare | Mode::RowShare => Wait::Nobody,
            Mode::RowExclusive => Wait::SameRows,
            Mode::ShareUpdateExclusive => Wait::Ddl,
            Mode::Share | Mode::ShareRowExclusive | Mode::Exclusive => Wait::Writers,
            Mode::AccessExclusive => Wait::Everybody,
        }
    }

    /// Whether an application's ordinary statements wait.
    pub fn stops_the_application(self) -> bool {
        match self {
            Wait::Nobody | Wait::SameRows | Wait::Ddl => false,
            Wait::Writers | Wait::Everybody => true,
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Wait::Nobody => "nobody",
            Wait::SameRows => "writers of the same rows",
            Wait::Ddl => "DDL only",
            Wait::Writers => "writers",
            Wait::Everybody => "readers and writers",
        })
    }
}
