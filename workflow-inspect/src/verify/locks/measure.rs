//! A file as sqlx carries it out, and what its transaction holds at the end.

use sqlx::migrate::Migration;
use sqlx::{Connection, Executor, PgConnection};
use std::collections::BTreeMap;
use workflow_explain::Mode;

/// A table or view that was there before the file, and what the file does to it.
#[derive(Debug)]
pub(super) struct Taken {
    /// Its name before, its name afterwards, and those of its indexes: `schema.name` without quotes.
    names: Vec<String>,
    /// The strongest lock.
    pub(super) mode: Mode,
    /// How often all its rows were read.
    pub(super) scans: i64,
}

impl Taken {
    /// As it was called before.
    pub(super) fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// Whether a statement can mean it: its name there may be quoted, and without a schema.
    pub(super) fn is(&self, told: &str) -> bool {
        let told = told.replace('"', "");
        let is_bare = !told.contains('.');
        self.names.iter().any(|name| *name == told || is_bare && name.rsplit_once('.').is_some_and(|(_, bare)| bare == told))
    }
}

/// The relations that there are: their number, their name, and the number of the table that they belong to.
type Relations = Vec<(i64, String, i64)>;

/// Carries a file out. One without a transaction is a single statement, which holds no lock for another.
pub(super) async fn carried_out(connection: &mut PgConnection, file: &Migration) -> sqlx::Result<Vec<Taken>> {
    if file.no_tx {
        connection.execute(file.sql.clone()).await?;
        return Ok(Vec::new());
    }
    let before: Relations = sqlx::query_as(include_str!("../../sql/relations_before.sql")).fetch_all(&mut *connection).await?;
    let mut transaction = connection.begin().await?;
    transaction.execute(file.sql.clone()).await?;
    let numbers: Vec<i64> = before.iter().map(|(number, _, _)| *number).collect();
    let rows: Vec<(i64, String, String, i64)> =
        sqlx::query_as(include_str!("../../sql/locks.sql")).bind(numbers).fetch_all(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(strongest(&before, rows))
}

fn strongest(before: &Relations, rows: Vec<(i64, String, String, i64)>) -> Vec<Taken> {
    let mut taken: BTreeMap<i64, Taken> = BTreeMap::new();
    for (number, name, mode, scans) in rows {
        let Some(mode) = mode_of(&mode) else { continue };
        let known = taken.entry(number).or_insert_with(|| Taken { names: names(before, number, name), mode, scans });
        known.mode = known.mode.max(mode);
    }
    taken.into_values().collect()
}

fn names(before: &Relations, number: i64, after: String) -> Vec<String> {
    let own = before.iter().filter(|(other, _, _)| *other == number);
    let indexes = before.iter().filter(|(other, _, table)| *table == number && *other != number);
    own.chain(indexes).map(|(_, name, _)| name.clone()).chain([after]).collect()
}

/// As `pg_locks` writes it.
fn mode_of(word: &str) -> Option<Mode> {
    Some(match word {
        "AccessShareLock" => Mode::AccessShare,
        "RowShareLock" => Mode::RowShare,
        "RowExclusiveLock" => Mode::RowExclusive,
        "ShareUpdateExclusiveLock" => Mode::ShareUpdateExclusive,
        "ShareLock" => Mode::Share,
        "ShareRowExclusiveLock" => Mode::ShareRowExclusive,
        "ExclusiveLock" => Mode::Exclusive,
        "AccessExclusiveLock" => Mode::AccessExclusive,
        _ => return None,
    })
}
