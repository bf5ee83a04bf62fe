//! Applying the migrations from within the application.

use crate::runtime::Runtime;
use sqlx::migrate::Migrator;
use workflow_apply::{Applied, ApplyError, Cause, apply};

impl<A> Runtime<A> {
    /// Applies the pending migrations: `runtime.migrate(&sqlx::migrate!()).await?`. Several processes may do so at once, and each
    /// returns when all is applied.
    ///
    /// It keeps sqlx's table of applied migrations, so that `sqlx migrate run` may be used beside it. Unlike sqlx it gives up a
    /// lock that it does not get within [`Settings::lock_timeout`](crate::Settings::lock_timeout), so that nobody waits behind it
    /// for longer, and tries again, for 5 minutes a file. It works on a connection of its own and leaves no lock behind. To see what
    /// it does, or to wait for longer, use [`workflow_apply::apply`] itself.
    ///
    /// It needs a session. Behind a pooler in transaction mode it does nothing and says so, where
    /// [`Settings::named_statements`](crate::Settings::named_statements) is false: give [`workflow_apply::apply`] the server's own address.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] says which file and why. What had been applied before it stays;
    /// [`is_retryable`](ApplyError::is_retryable) tells whether calling again can help.
    pub async fn migrate(&self, migrator: &Migrator) -> Result<Applied, ApplyError> {
        if !self.shared.settings.named_statements {
            return Err(Cause::NoSession.into());
        }
        let settings = workflow_apply::Settings::default().with_lock_timeout(self.shared.settings.lock_timeout);
        apply(&self.pool().connect_options(), migrator, &settings, |_| ()).await
    }
}
