//! A change of jobs by hand: one transaction, with limits.

use crate::error::InspectError;
use crate::look::answered;
use serde::de::DeserializeOwned;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::time::Duration;

/// A connection in a transaction that may write.
#[derive(Debug)]
pub struct Touch {
    connection: PgConnection,
}

impl Touch {
    /// Connects. `limit` is for each statement.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached. Nothing was done.
    pub async fn open(options: &PgConnectOptions, limit: Duration) -> Result<Touch, InspectError> {
        let mut connection = options.connect().await.map_err(InspectError::Connect)?;
        let begin = format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = '2s'; \
             SET LOCAL search_path = pg_catalog; SET LOCAL TimeZone = 'UTC'",
            limit.as_millis()
        );
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut connection).await.map_err(InspectError::Connect)?;
        Ok(Touch { connection })
    }

    pub(crate) async fn ask<T>(&mut self, what: &str, sql: &str, given: &[Option<&str>]) -> Result<Vec<T>, InspectError>
    where
        T: DeserializeOwned + Send + Unpin + 'static,
    {
        answered(&mut self.connection, sql, given).await.map_err(InspectError::writing(what))
    }

    /// Keeps what was changed.
    ///
    /// # Errors
    ///
    /// When the connection was lost: then it is not known whether it was kept; look again.
    pub async fn keep(mut self) -> Result<(), InspectError> {
        sqlx::raw_sql("COMMIT").execute(&mut self.connection).await.map_err(InspectError::writing("the jobs"))?;
        let _ = self.connection.close().await;
        Ok(())
    }
}
