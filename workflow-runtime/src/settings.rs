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
    /// Connections of the pool that [`Runtime::connect`](crate::Runtime::connect) makes; 10 by default.
    pub max_connections: u32,
    /// Whether workers are told of new jobs (`NOTIFY`, at most once in 10 ms, on a connection of the pool, after the commit); true by
    /// default. Without it they find them when they look.
    pub hints: bool,
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
            trace: None,
        }
    }
}

impl Settings {
    /// A connection is not tested before it is used, since that is a round trip: whatever a dead one swallows is sent again.
    pub(crate) async fn pool(&self, url: &str) -> Result<PgPool, sqlx::Error> {
        let options: PgConnectOptions = url.parse()?;
        let options = options.application_name("workflow");
        PgPoolOptions::new()
            .max_connections(self.max_connections)
            .acquire_timeout(Duration::from_secs(30))
            .test_before_acquire(false)
            .connect_with(options)
            .await
    }
}
