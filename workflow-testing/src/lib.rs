//! For tests of workflows: a PostgreSQL server that starts by itself, a database a test, instances without any, and
//! [`assert_migrations_current!`], which needs none.
//!
//! ```no_run
//! # async fn test() -> Result<(), Box<dyn std::error::Error>> {
//! let db = workflow_testing::Database::create().await?;
//! let pool = db.pool().await?;
//! # Ok(())
//! # }
//! ```
//!
//! PostgreSQL's programs must be installed; [`Error::NotInstalled`] says how. With `DATABASE_URL` in
//! the environment no server is started: the databases are made on the one it names.

mod instance;
mod migrations;
mod postgres;
mod time;

pub use instance::{in_state, in_state_since};
#[doc(hidden)]
pub use migrations::migrations_current;
pub use postgres::{Database, Error, Pooler, Server, ServerBuilder};
pub use time::advance;
