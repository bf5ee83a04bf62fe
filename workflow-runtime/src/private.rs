//! What generated code uses. No part of the public interface: it may change in any release.

use crate::error::BoxError;
use crate::job::JobKind;
use crate::reach::Reach;
use crate::statement;
use crate::workflow::{Instance, Workflow};
use ::sqlx::postgres::{PgArguments, PgRow};
use ::sqlx::{Arguments, Postgres, Row};
use std::time::Duration;

pub mod record;

pub use crate::history::history;
pub use chrono;
pub use serde;
pub use sqlx;

/// The SQL of a workflow. Every text lists its columns, takes its parameters in the order given, and was written by the macro.
#[derive(Debug)]
pub struct Statements {
    /// (key)
    pub load: &'static str,
    /// (key): the row, locked against other transitions
    pub lock: &'static str,
    /// (keys): the rows, locked in ascending order
    pub lock_all: &'static str,
    /// (actor, key of the transition, fields…, trace or NULL): the new row, and with an effect the transaction's number; none when it exists
    pub create: &'static str,
    /// (key, time, fields…): asks for a creation. Whether the instance is there, or for when it was asked before
    pub create_at: &'static str,
    /// (key): takes it back, and says whether it was there
    pub cancel_creation: &'static str,
    /// (a job's identity): takes the job; the row that it is to create
    pub creation: &'static str,
    /// Whether a creation writes jobs that are due at once.
    pub wakes: bool,
    /// (key, key of a transition): the row, and the step made under that key, or else the last one
    pub look: &'static str,
    /// (key, key of a transition): the row as that transition left it
    pub made: &'static str,
    /// (key, version): the row as the step to that version left it
    pub arrived: &'static str,
    /// The table of jobs, qualified and quoted.
    pub jobs: &'static str,
    /// (keys, key of a transition): the same as `look`, for many
    pub look_all: &'static str,
    /// (key): all steps
    pub history: &'static str,
    /// (key, key of a transition, lock time-out): was it made? Afterwards it never can be.
    pub void: &'static str,
    /// (key): the labels of the events that nothing blocks now
    pub possible: &'static str,
    /// The rows, without a condition
    pub find: &'static str,
}

/// The names under which a row's columns come back, in the order of the fields.
#[derive(Debug)]
pub struct Names {
    /// The row itself: `warehouse`.
    pub row: &'static [&'static str],
    /// The row before the transition: `before.warehouse`.
    pub before: &'static [&'static str],
    /// What a step of history recorded: `recorded.warehouse`, which may be called like a step's own column.
    pub step: &'static [&'static str],
}

/// The SQL of an event. Parameters: key, version or NULL, actor, key of the transition, whether that is new, the event's own.
#[derive(Debug)]
pub struct Transition {
    /// The event's label.
    pub event: &'static str,
    /// The labels of the states from which it leads away, or in which it is internal; former ones too.
    pub sources: &'static [&'static str],
    /// The method of the application's effects, when there is one.
    pub effect: Option<&'static str>,
    /// In a transaction. Returns the row, and with an effect the row before it and the transaction's number.
    pub step: &'static str,
    /// In one statement of its own; two more parameters: the lock time-out, and the trace or NULL.
    pub alone: &'static str,
    /// For many keys in one statement; two more parameters: the lock time-out, and the trace or NULL.
    pub bulk: &'static str,
    /// Of events without an effect in the application.
    pub outcomes: Option<Outcomes>,
    /// Whether it writes jobs that are due at once.
    pub wakes: bool,
}

/// Fires for each instance whose job is still a worker's, in one statement. Parameters: lock time-out, trace or NULL, actor, kind
/// and name of the jobs; then for each instance a row of these types: key, key of the transition, the job's version and attempt, the event's own. It
/// returns the keys of those that were moved.
#[derive(Debug)]
pub struct Outcomes {
    /// Before the rows.
    pub head: &'static str,
    /// The types of a row.
    pub types: &'static [&'static str],
    /// Behind the rows.
    pub tail: &'static str,
}

/// A job that this binary knows.
#[derive(Debug)]
pub struct Declared {
    /// What it is.
    pub kind: JobKind,
    /// Its name; a timer's event.
    pub name: &'static str,
    /// What follows when it has failed too often.
    pub exhausted: &'static [Exhausted],
    /// Of a timer without an effect in the application: the statement that fires it for many instances. Parameters: how many,
    /// lock time-out, actor, key of the transitions.
    pub due: Option<&'static str>,
    /// How it is tried again, as far as the declaration says.
    pub retry: Retry,
    /// What a join does.
    pub join: &'static [Joined],
}

/// What a join does.
#[derive(Debug)]
pub enum Joined {
    /// `after all Shipment`: fires its event when there is no child left on its way.
    Waits {
        /// The labels of the states in which it waits.
        sources: &'static [&'static str],
        /// (key): whether there is such a child
        unfinished: &'static str,
    },
    /// `of Order by order_id`: lets the parent look.
    Tells {
        /// The parent's table of jobs, qualified and quoted.
        jobs: &'static str,
        /// The child's column with the parent's key, quoted.
        column: &'static str,
    },
}

/// `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`; what is not said is the worker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts before it is parked.
    pub attempts: Option<u32>,
    /// The pause after the first failure.
    pub pause: Option<Duration>,
    /// The longest pause, before chance makes it longer.
    pub longest: Option<Duration>,
    /// How long one attempt may take.
    pub within: Option<Duration>,
}

impl Retry {
    /// The declaration says nothing.
    pub const SILENT: Retry = Retry { attempts: None, pause: None, longest: None, within: None };
}

/// `after 5 failures of book_courier`
#[derive(Debug)]
pub struct Exhausted {
    /// How many.
    pub failures: u32,
    /// The event's label.
    pub event: &'static str,
    /// The labels of the states from which it leads away.
    pub sources: &'static [&'static str],
}

/// How a job's method ended.
#[derive(Debug)]
pub enum Done<E> {
    /// An activity's outcome.
    Event(E),
    /// A task is finished.
    Task,
    /// The instance is in no state that this binary knows the job in.
    Elsewhere,
}

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

/// A column of a row.
pub fn get<'r, T>(row: &'r PgRow, column: &str) -> Result<T, sqlx::Error>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    row.try_get(column)
}

/// A column that the row's state must have. Where it is missing all the same, a newer binary has stopped to write it: see
/// [`whole`].
pub fn required<'r, T>(row: &'r PgRow, column: &str) -> Result<T, sqlx::Error>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    row.try_get::<Option<T>, _>(column)?.ok_or_else(|| sqlx::Error::Decode(Box::new(Missing)))
}

/// A column of what was asked for at a time.
pub fn asked<'r, T>(row: &'r PgRow, column: &str) -> Result<T, sqlx::Error>
where
    T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
{
    let missing =
        || format!("the creation was asked for without `{column}`, which is required now: cancel it, and ask for it again");
    row.try_get::<Option<T>, _>(column)?.ok_or_else(|| sqlx::Error::Decode(missing().into()))
}

/// None when a [required](required()) column is missing: then this binary does not know the state that the row is in.
pub fn whole<S>(state: Result<S, sqlx::Error>) -> Result<Option<S>, sqlx::Error> {
    match state {
        Ok(state) => Ok(Some(state)),
        Err(sqlx::Error::Decode(error)) if error.is::<Missing>() => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Debug)]
struct Missing;

impl std::error::Error for Missing {}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a field that the state must have is missing")
    }
}

/// A parameter of a statement.
pub fn bind<'q, T>(arguments: &mut PgArguments, value: &'q T) -> Result<(), BoxError>
where
    &'q T: sqlx::Encode<'q, Postgres> + sqlx::Type<Postgres>,
{
    arguments.add(value)
}

/// The row after a transition.
pub fn after<I: Instance>(row: &PgRow) -> Result<I, sqlx::Error> {
    crate::call::arrived(row)
}

/// The row before a transition, its type saying where it was.
pub fn before<W: Workflow>(row: &PgRow) -> Result<W, sqlx::Error> {
    W::read(row, W::NAMES.before)
}

/// A row of history.
pub fn step<W: Workflow>(row: &PgRow) -> Result<crate::Step<W>, sqlx::Error> {
    crate::Step::read(row)
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
