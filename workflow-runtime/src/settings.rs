//! Time-outs, and the pool that fits them.

use crate::observe::TraceContext;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::time::Duration;

/// How long to wait, and how often to try.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Settings {
    /// How long a statement waits for a lock before it is tried again; 2 seconds by default. Zero waits for ever.
    pub lock_timeout: Duration,
    /// How long a transaction may do nothing, holding its locks, before PostgreSQL ends it; 60 seconds by default.
    pub idle_timeout: Duration,
    /// How often a transition is sent at most when the database refuses it for a passing reason; 10 by default.
    pub attempts: usize,
    /// Connections of the pool that [`Runtime::connect_with`](crate::Runtime::connect_with) makes; 10 by default.
    pub max_connections: u32,
    /// Whether workers are told of new jobs (`NOTIFY`, at most once in 10 ms, on a connection of the pool, after the commit); true by
    /// default. Without it they find them when they look.
    pub hints: bool,
    /// Whether statements have names, by which PostgreSQL keeps their plans; true by default. False behind a pooler that lends a
    /// server's connection for a transaction and does not keep the names of its clients apart: PgBouncer in transaction mode before
    /// 1.21, or later with `max_prepared_statements = 0`. Without names a statement has none, and what would stand alone has a
    /// transaction around it: four round trips instead of one.
    ///
    /// The first runtime with `false` turns them off in the whole process, for good. The application's own queries are its own:
    /// there, too, each needs `.persistent(false)` and a transaction.
    pub named_statements: bool,
    /// How to read and to set the trace that a span belongs to, so that it goes on in jobs; none by default.
    pub trace: Option<TraceContext>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            lock_timeout: Duration::from_secs(2),
            idle_timeout: Duration::from_secs(60),
            attempts: 10,
            max_connections: 10,
            hints: true,
            named_statements: true,
            trace: None,
        }
    }
}

impl Settings {
    /// A connection is not tested before it is used, since that is a round trip: whatever a dead one swallows is sent again.
    pub(crate) async fn pool(&self, url: &str) -> Result<PgPool, sqlx::Error> {
        let options: PgConnectOptions = url.parse()?;
        let mut options = options.application_name("workflow");
        if !self.named_statements {
            // PgBouncer refuses a setting that it does not follow. The server's own value is as exact.
            options = options.extra_float_digits(None).statement_cache_capacity(0);
        }
        PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
            .connect_with(options)
            .await
    }
}
