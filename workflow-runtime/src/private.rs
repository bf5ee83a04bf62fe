//! What generated code uses. No part of the public interface: it may change in any release.

use crate::reach::Reach;
use crate::statement;
use crate::workflow::Workflow;
use ::sqlx::Row;

mod declared;
pub mod record;
mod row;
mod statements;

pub use crate::history::history;
pub use chrono;
pub use declared::{Declared, Done, Exhausted, Joined, Retry};
pub use row::{after, asked, before, bind, get, required, step, whole};
pub use serde;
pub use sqlx;
pub use statements::{Names, Outcomes, Statements, Transition};

/// What has a state's label: its type, or the enum of all.
pub trait Labelled {
    /// As the database stores it.
    fn label(&self) -> &str;
    /// Not for a state that this binary does not know.
    fn is_known(&self) -> bool {
        true
    }
}

/// An instance that no database has seen, for tests of what works on one.
pub trait Forge<S> {
    /// The instance in that state.
    type Instance;
    /// With the common fields of what creation takes.
    fn forge(self, state: S, entered_at: chrono::DateTime<chrono::Utc>) -> Self::Instance;
}

/// The instance with this key.
pub async fn load<W: Workflow>(id: &W::Id, reach: impl Into<Reach<'_>>) -> Result<Option<W>, sqlx::Error> {
    let row = statement::query(W::STATEMENTS.load).bind(id.clone()).fetch_optional(reach).await?;
    row.map(|row| W::read(&row, W::NAMES.row)).transpose()
}

/// The events that nothing blocks now, by their labels.
pub async fn possible<W: Workflow>(id: &W::Id, reach: impl Into<Reach<'_>>) -> Result<Vec<String>, sqlx::Error> {
    let rows = statement::query(W::STATEMENTS.possible).bind(id.clone()).fetch_all(reach).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// `Order<Placed>` where only `Order<Reserved>` can `ship`: never called, since its bound does not hold.
pub fn never<T>() -> std::future::Ready<T> {
    unreachable!("a transition that does not exist was called")
}

/// Whether a snapshot has this fingerprint. It is asked while the user's crate is compiled.
#[must_use]
pub const fn is_migrated(snapshot: &[u8], fingerprint: &str) -> bool {
    let (line, mark) = (b"\n  \"fingerprint\": \"", fingerprint.as_bytes());
    let mut at = 0;
    while at + line.len() + mark.len() < snapshot.len() {
        if is_at(snapshot, at, line) {
            return is_at(snapshot, at + line.len(), mark) && snapshot[at + line.len() + mark.len()] == b'"';
        }
        at += 1;
    }
    false
}

const fn is_at(text: &[u8], at: usize, part: &[u8]) -> bool {
    let mut i = 0;
    while i < part.len() {
        if text[at + i] != part[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_migrated;

    #[test]
    fn a_snapshot_has_the_fingerprint_of_its_first_line_of_that_name() {
        let snapshot = b"{\n  \"format\": 2,\n  \"fingerprint\": \"abc\",\n  \"x\": 1\n}\n";
        assert!(is_migrated(snapshot, "abc"));
        assert!(!is_migrated(snapshot, "ab") && !is_migrated(snapshot, "abd") && !is_migrated(b"{}", "abc"));
    }
}
