//! Reading rows, and binding what a statement is given.

use crate::error::BoxError;
use crate::workflow::{Instance, Workflow};
use ::sqlx::postgres::{PgArguments, PgRow};
use ::sqlx::{Arguments, Postgres, Row};

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
