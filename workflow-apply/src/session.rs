//! The one connection that everything runs on.

use crate::settings::Settings;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::time::Duration;

/// A connection of our own: the lock and the settings are the session's, and must not come back to a pool.
pub(crate) struct Session {
    pub(crate) connection: PgConnection,
    pub(crate) settings: Settings,
}

impl Session {
    pub(crate) async fn open(options: &PgConnectOptions, settings: &Settings) -> sqlx::Result<Session> {
        let options = options.clone().application_name("workflow apply");
        let mut connection = PgConnection::connect_with(&options).await?;
        // So that the server finds out, in the middle of a statement, that this process was killed: else the statement runs on
        // to its end, and keeps the locks. PostgreSQL has it since version 14, and not on every platform; elsewhere it says no.
        let _ = sqlx::raw_sql("SET client_connection_check_interval = '1s'").execute(&mut connection).await;
        let mut session = Session { connection, settings: *settings };
        session.prepare(settings.lock_timeout).await?;
        Ok(session)
    }

    /// To be done before each file, since the one before may have set what it liked.
    pub(crate) async fn prepare(&mut self, lock_timeout: Duration) -> sqlx::Result<()> {
        // For PostgreSQL less than a millisecond would be for ever, and 2^31 is too much.
        let least = u128::from(!lock_timeout.is_zero());
        let lock_timeout = lock_timeout.as_millis().clamp(least, i32::MAX as u128);
        sqlx::query(include_str!("sql/quiet.sql")).bind(lock_timeout.to_string()).execute(&mut self.connection).await?;
        Ok(())
    }

    /// Every lock goes with it; and before it, since the server may need a moment to see that it was closed.
    pub(crate) async fn close(mut self) {
        // When it is dead already, so are the locks.
        let _ = sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut self.connection).await;
        let _ = self.connection.close().await;
    }
}
