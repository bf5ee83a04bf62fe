//! Everything that this crate sends, whatever stands before the server.
//!
//! sqlx gives a statement a name, parses it with one message and carries it out with the next. A pooler that lends a server's
//! connection for a transaction and no longer breaks both habits. A name may be another client's. Without a name, and outside of a
//! transaction, the two messages can reach two servers, and what is carried out is the statement that another client has parsed
//! there: most of 400 queries at once had the answer to another question, and no error.
//!
//! So with names off a statement has none, and stands in a transaction: its caller's, or one of its own.

use crate::reach::{Reach, Reached};
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow};
use sqlx::query::Query;
use sqlx::{Connection, Decode, Encode, Error, PgConnection, Postgres, Row, SqlSafeStr, Type};
use std::sync::atomic::{AtomicBool, Ordering};

/// One for the process: `Order::load` and its like may be given a pool, and know of no runtime then. It only ever turns names off, which is
/// slower, and never wrong.
static NAMED: AtomicBool = AtomicBool::new(true);

/// From now on no statement of this process has a name.
pub(crate) fn without_names() {
    NAMED.store(false, Ordering::Relaxed);
}

/// Statements have names, and may stand alone.
pub(crate) fn are_named() -> bool {
    NAMED.load(Ordering::Relaxed)
}

/// A statement and its parameters.
#[must_use = "a statement does nothing until it is sent"]
pub(crate) struct Statement(Query<'static, Postgres, PgArguments>);

pub(crate) fn query(sql: impl SqlSafeStr) -> Statement {
    query_with(sql, PgArguments::default())
}

pub(crate) fn query_with(sql: impl SqlSafeStr, arguments: PgArguments) -> Statement {
    #[cfg(feature = "__planted")]
    let sql = crate::planted::rewritten(sql.into_sql_str());
    Statement(sqlx::query_with(sql, arguments))
}

impl Statement {
    pub(crate) fn bind<'t, T: Encode<'t, Postgres> + Type<Postgres>>(self, value: T) -> Self {
        Statement(self.0.bind(value))
    }

    pub(crate) async fn execute(self, reach: impl Into<Reach<'_>>) -> Result<PgQueryResult, Error> {
        let mut reached = Reached::of(reach.into()).await?;
        let result = self.on(&reached)?.execute(&mut *reached).await?;
        reached.done().await?;
        Ok(result)
    }

    pub(crate) async fn fetch_all(self, reach: impl Into<Reach<'_>>) -> Result<Vec<PgRow>, Error> {
        let mut reached = Reached::of(reach.into()).await?;
        let rows = self.on(&reached)?.fetch_all(&mut *reached).await?;
        reached.done().await?;
        Ok(rows)
    }

    pub(crate) async fn fetch_optional(self, reach: impl Into<Reach<'_>>) -> Result<Option<PgRow>, Error> {
        let mut reached = Reached::of(reach.into()).await?;
        let row = self.on(&reached)?.fetch_optional(&mut *reached).await?;
        reached.done().await?;
        Ok(row)
    }

    pub(crate) async fn fetch_one(self, reach: impl Into<Reach<'_>>) -> Result<PgRow, Error> {
        self.fetch_optional(reach).await?.ok_or(Error::RowNotFound)
    }

    /// The first column of the only row.
    pub(crate) async fn scalar<T>(self, reach: impl Into<Reach<'_>>) -> Result<T, Error>
    where
        T: for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        self.fetch_one(reach).await?.try_get(0)
    }

    /// As it is sent on this connection.
    fn on(self, connection: &PgConnection) -> Result<Query<'static, Postgres, PgArguments>, Error> {
        if are_named() {
            return Ok(self.0);
        }
        if !connection.is_in_transaction() {
            return Err(Error::Configuration(ALONE.into()));
        }
        Ok(self.0.persistent(false))
    }
}

const ALONE: &str = "a connection outside of a transaction was given while statements have no names, and a pooler could mix it up \
                     with those of other clients; help: give the pool, or begin a transaction";

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// A query that is made elsewhere has a name, and goes wrong behind a pooler where nobody looks.
    #[test]
    fn every_query_is_made_here() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let strays: Vec<String> = files(&sources).iter().flat_map(|file| strays(file)).collect();
        assert!(strays.is_empty(), "write `statement::query(…)` instead:\n{}", strays.join("\n"));
    }

    /// What a file sends by itself. BEGIN and COMMIT go by `raw_sql`, without a name and in one message.
    fn strays(file: &Path) -> Vec<String> {
        let made = ["sqlx::query", "query_as", "query_scalar", "QueryBuilder", "sqlx::raw_sql", "use sqlx::query"];
        let allowed: &[&str] = match file.file_name().and_then(|name| name.to_str()) {
            Some("statement.rs") => return Vec::new(),
            Some("commit.rs") => &["sqlx::raw_sql"],
            _ => &[],
        };
        let text = std::fs::read_to_string(file).expect("a source");
        let is_stray = |line: &&str| {
            let is_code = !line.trim_start().starts_with("//");
            is_code && made.iter().any(|made| line.contains(made) && !allowed.contains(made))
        };
        text.lines().filter(is_stray).map(|line| format!("{}: {}", file.display(), line.trim())).collect()
    }

    fn files(folder: &Path) -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        let deeper = folders.iter().flat_map(|folder| self::files(folder));
        files.into_iter().filter(|file| file.extension().is_some_and(|e| e == "rs")).chain(deeper).collect()
    }
}
