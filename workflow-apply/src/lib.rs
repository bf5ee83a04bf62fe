//! Applies the migrations of an sqlx folder to a database that is in use.
//!
//! It keeps the table that sqlx keeps, and takes the lock that sqlx takes, so that one may change between the two at any time. What
//! it adds:
//!
//! | | `sqlx migrate run`, `Migrator::run` | here |
//! |---|---|---|
//! | a file waits for a lock | for ever, and everybody else behind it | for [`Settings::lock_timeout`]; then it lets the others pass, tries again, and says who is in the way |
//! | several processes | the command takes no lock; the migrator waits inside a statement, which can deadlock with a concurrent index build | they ask again and again, and hold nothing between |
//! | a concurrent index build fails or is killed | an invalid index stays; `IF NOT EXISTS` then takes it for the index | it is dropped and built anew |
//! | a file fails | the migrator's lock stays on the pooled connection | the connection is closed |
//! | the process is killed | a long statement runs on, and keeps the lock | the server ends it |
//! | a database's `statement_timeout` | cuts off long statements | does not count |
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use sqlx::migrate::Migrator;
//! use std::path::Path;
//! use workflow_apply::{Settings, apply};
//!
//! let migrator = Migrator::new(Path::new("migrations")).await?;
//! let applied = apply(&"postgres://localhost/shop".parse()?, &migrator, &Settings::default(), |progress| println!("{progress}"))
//!     .await?;
//! println!("{} files", applied.files.len());
//! # Ok(())
//! # }
//! ```
//!
//! # What a file must be like
//!
//! A file runs in a transaction, with its row. One that begins with `-- no-transaction` runs by itself and its row is written
//! afterwards, here as with sqlx: it must be **exactly one statement that can be carried out again**, since a process that is
//! killed between the two leaves it without a row, and since it is tried again after a lock time-out or a deadlock.
//!
//! # Not behind a pooler
//!
//! The lock and the settings belong to a session. Behind PgBouncer in transaction mode there is none: connect to the server itself.

mod apply;
mod error;
mod file;
mod index;
mod patience;
mod progress;
mod record;
mod run;
mod said;
mod session;
mod settings;
mod turn;
mod watch;

pub use apply::{apply, pending};
pub use error::{ApplyError, Cause, Kept};
pub use file::{Applied, Done, File};
pub use progress::Progress;
pub use said::Said;
pub use settings::Settings;
pub use turn::Holder;
pub use watch::Blocker;
