//! A database that is thrown away.

use crate::error::InspectError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A new database, and the connection to it.
pub(super) struct Scratch {
    server: PgConnection,
    name: String,
    pub(super) options: PgConnectOptions,
    pub(super) connection: PgConnection,
}

impl Scratch {
    pub(super) async fn create(server: &PgConnectOptions) -> Result<Scratch, InspectError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let name = format!("workflow_verify_{now:x}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut maker = server.connect().await.map_err(InspectError::Connect)?;
        // template0 has nobody connected to it, and nothing of anybody's in it.
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut maker).await.map_err(InspectError::Create)?;
        let options = server.clone().database(&name);
        let connection = options.connect().await.map_err(InspectError::Connect)?;
        Ok(Scratch { server: maker, name, options, connection })
    }

    /// A connection that knows nothing of what files have set before.
    pub(super) async fn reconnect(&mut self) -> Result<&mut PgConnection, InspectError> {
        self.connection = self.options.connect().await.map_err(InspectError::Connect)?;
        Ok(&mut self.connection)
    }

    pub(super) async fn drop(mut self) {
        // What cannot be dropped is of no use to anybody, and has a name that says so.
        let _ = self.connection.close().await;
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let _ = sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut self.server).await;
        let _ = self.server.close().await;
    }

    /// Texts that a statement gives, a row each.
    pub(super) async fn texts(&mut self, what: &str, sql: &'static str) -> Result<Vec<String>, InspectError> {
        sqlx::query_scalar(sql).fetch_all(&mut self.connection).await.map_err(InspectError::reading(what))
    }
}
