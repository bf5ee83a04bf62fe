//! Applying the migrations from within the application.

use crate::runtime::Runtime;
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnection;

impl<A> Runtime<A> {
    /// Applies the pending migrations, exactly as `sqlx migrate run` does: `runtime.migrate(&sqlx::migrate!()).await?`. Several
    /// processes may do so at once.
    ///
    /// It works on a connection of its own: sqlx leaves its lock behind on the connection when a migration fails, and a pool
    /// would hand that on.
    ///
    /// # Errors
    ///
    /// What sqlx says; the migrations before the failed one stay applied. Mend the cause and call it again.
    pub async fn migrate(&self, migrator: &Migrator) -> Result<(), MigrateError> {
        let mut connection = PgConnection::connect_with(&self.pool().connect_options()).await?;
        let applied = migrator.run_direct(None, &mut connection, false).await;
        // Whatever happened, the lock goes with the connection.
        let _ = connection.close().await;
        applied
    }
}
