//! What PostgreSQL said.

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use std::fmt;

/// An error of PostgreSQL about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Said {
    /// The SQLSTATE, `23505`.
    pub code: String,
    /// The message.
    pub message: String,
    /// More of it: for a unique violation the key, `Key (email)=(ann@example.org) is duplicated.`
    pub detail: Option<String>,
    /// PostgreSQL's own advice.
    pub hint: Option<String>,
    /// Where in the file, in bytes; only errors of syntax and of names have a place.
    pub offset: Option<usize>,
    /// The line of that place, from 1.
    pub line: Option<usize>,
}

impl Said {
    /// None when it is not the database that speaks. `sql` is what was sent.
    pub(crate) fn of(error: &sqlx::Error, sql: &str) -> Option<Said> {
        let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
        let offset = match error.position() {
            Some(PgErrorPosition::Original(character)) => offset(sql, character),
            // Inside a function's own statement, which is not in the file as such.
            Some(PgErrorPosition::Internal { .. }) | None => None,
        };
        Some(Said {
            code: error.code().to_owned(),
            message: error.message().to_owned(),
            detail: error.detail().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
            offset,
            line: offset.map(|offset| 1 + sql[..offset].matches('\n').count()),
        })
    }

    /// Another session builds the index that a file is to build: it has to be waited for, as for a lock.
    pub(crate) fn busy(index: &str) -> Said {
        let message = format!("another session is building the index {index}");
        Said { code: "55P03".to_owned(), message, detail: None, hint: None, offset: None, line: None }
    }

    /// A lock was not to be had in time (55P03), a deadlock (40P01), a serialization failure (40001): the same may succeed later.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self.code.as_str(), "55P03" | "40P01" | "40001")
    }

    pub(crate) fn is_deadlock(&self) -> bool {
        self.code == "40P01"
    }

    /// The server goes away, or has ended this session.
    pub(crate) fn is_farewell(&self) -> bool {
        matches!(self.code.as_str(), "57P01" | "57P02" | "57P03" | "57P05" | "25P03") || self.code.starts_with("08")
    }
}

/// PostgreSQL counts characters, from 1.
fn offset(sql: &str, character: usize) -> Option<usize> {
    sql.char_indices().nth(character.checked_sub(1)?).map(|(offset, _)| offset)
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)?;
        if let Some(line) = self.line {
            write!(f, " in line {line}")?;
        }
        for more in [&self.detail, &self.hint].into_iter().flatten() {
            write!(f, "; {}", more.trim_end_matches('.'))?;
        }
        Ok(())
    }
}
