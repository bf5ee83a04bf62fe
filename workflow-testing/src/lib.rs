//! For tests of workflows: a PostgreSQL server that starts by itself, a database a test, instances without any, and
//! [`assert_migrations_current!`], which needs none. And proofs of a workflow together with its application, the [`Subject`]: it is
//! stopped anywhere ([`crash_sweep`]), raced ([`race_matrix`]) and wandered through ([`random_walk`]); [`coverage`] says what was made.
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

mod coverage;
mod crash;
mod instance;
mod migrations;
mod picture;
mod postgres;
mod race;
mod reach;
mod sample;
mod stage;
mod step;
mod subject;
mod time;
mod truth;
mod unproved;
mod walk;
mod wire;

pub use coverage::{Coverage, Way, coverage};
pub use crash::{CrashSweep, crash_sweep};
pub use instance::{in_state, in_state_since};
#[doc(hidden)]
pub use migrations::migrations_current;
pub use postgres::{Database, Error, Pooler, Server, ServerBuilder};
pub use race::{RaceMatrix, race_matrix};
pub use subject::{Provable, Subject};
pub use time::advance;
pub use unproved::Unproved;
pub use walk::{RandomWalk, WalkSettings, random_walk, random_walk_with};
pub use wire::Proxy;
