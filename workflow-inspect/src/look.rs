//! One look at a database: a single transaction that cannot write.

use crate::error::InspectError;
use serde::de::DeserializeOwned;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::time::Duration;

/// A connection in a `READ ONLY` transaction, with one snapshot of everything.
#[derive(Debug)]
pub struct Look {
    connection: PgConnection,
}

impl Look {
    /// Connects. `limit` is for each statement.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached. Nothing was done.
    pub async fn open(options: &PgConnectOptions, limit: Duration) -> Result<Look, InspectError> {
        let mut connection = options.connect().await.map_err(InspectError::Connect)?;
        let limit = limit.as_millis();
        // Names come out with their schema, and times in one zone.
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = '2s'; \
             SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; \
             SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
        );
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut connection).await.map_err(InspectError::Connect)?;
        Ok(Look { connection })
    }

    /// Ends it.
    pub async fn close(mut self) {
        // There is nothing to keep, and the server ends the transaction with the connection.
        let _ = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
        let _ = self.connection.close().await;
    }

    /// The rows of a statement whose only parameter is a list of names.
    pub(crate) async fn rows(&mut self, what: &str, sql: &'static str, names: &[String]) -> Result<Vec<PgRow>, InspectError> {
        // Named statements break behind a pooler.
        let query = sqlx::query(sql).persistent(false).bind(names);
        query.fetch_all(&mut self.connection).await.map_err(InspectError::reading(what))
    }

    /// The rows of a statement that was put together from quoted names.
    pub(crate) async fn query(&mut self, what: &str, sql: String) -> Result<Vec<PgRow>, InspectError> {
        let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        query.fetch_all(&mut self.connection).await.map_err(InspectError::reading(what))
    }

    /// The rows of a statement, by the names of their columns. `$1` is a list of texts: whatever a user has typed goes that way.
    pub(crate) async fn ask<T>(&mut self, what: &str, sql: &str, given: &[Option<&str>]) -> Result<Vec<T>, InspectError>
    where
        T: DeserializeOwned + Send + Unpin + 'static,
    {
        answered(&mut self.connection, sql, given).await.map_err(InspectError::reading(what))
    }

    /// The same for what may fail and is not the end then: the look goes on as it was.
    pub(crate) async fn attempt<T>(&mut self, settings: &str, sql: &str, given: &[Option<&str>]) -> sqlx::Result<Vec<T>>
    where
        T: DeserializeOwned + Send + Unpin + 'static,
    {
        let begin = format!("SAVEPOINT attempt; {settings}");
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut self.connection).await?;
        let answer = answered(&mut self.connection, sql, given).await;
        sqlx::raw_sql("ROLLBACK TO attempt").execute(&mut self.connection).await?;
        answer
    }

    /// Whether there is such a relation; the name is as SQL writes it.
    pub(crate) async fn has(&mut self, relation: &str) -> Result<bool, InspectError> {
        let query = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").persistent(false).bind(relation);
        query.fetch_one(&mut self.connection).await.map_err(InspectError::reading(relation))
    }
}

/// Rows come as JSON, in which a time is text, `infinity` too, and no type of a user's is unknown.
pub(crate) async fn answered<T>(connection: &mut PgConnection, sql: &str, given: &[Option<&str>]) -> sqlx::Result<Vec<T>>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    let query = sqlx::query_scalar::<_, Json<T>>(AssertSqlSafe(sql.to_owned())).persistent(false).bind(given);
    Ok(query.fetch_all(connection).await?.into_iter().map(|Json(row)| row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_look_cannot_write_and_makes_no_temporary_table() {
        let database = workflow_testing::Database::create().await.unwrap();
        let options = database.url().parse().unwrap();
        for writing in ["CREATE TABLE public.t (x integer)", "CREATE TEMPORARY SEQUENCE s", "SELECT pg_sleep(10)"] {
            let mut look = Look::open(&options, Duration::from_millis(500)).await.unwrap();
            let refused = look.query("nothing", writing.to_owned()).await.unwrap_err().to_string();
            assert!(refused.contains("read-only transaction") || refused.contains("statement timeout"), "{refused}");
        }
    }
}
