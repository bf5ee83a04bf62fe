//! What each statement of a PostgreSQL migration locks, who waits for it and for how long, and whether it is safe on a live table.
//!
//! ```
//! let file = workflow_explain::explain("ALTER TABLE orders ALTER note SET NOT NULL;")?;
//! let statement = &file.statements[0];
//! assert_eq!(statement.locks[0].mode, workflow_explain::Mode::AccessExclusive);
//! assert_eq!(statement.duration, workflow_explain::Duration::Scan);
//! assert!(matches!(statement.verdict, workflow_explain::Verdict::Unsafe { .. }));
//! # Ok::<(), workflow_explain::SyntaxError>(())
//! ```
//!
//! It is pure: it sees the text and no database. What only a database knows (how many rows, which check is valid, to which table an
//! index belongs) is said where it matters. The lock modes are those of PostgreSQL 15, and a test compares them with a server.
//!
//! The text is parsed by squawk's own parser (`text → tree`); [`explain`] asks of each statement its effect (`statement.rs` is the
//! table of contents), forgets what happens to tables that the file itself creates, and compares the file with the rules of
//! `rules.rs`.

mod block;
mod column;
mod constraint;
mod create;
mod effect;
mod file;
mod index;
mod lock;
mod name;
mod object;
mod rows;
mod rules;
mod statement;
mod syntax;
mod table;
mod verdict;

pub use file::{File, Statement, explain};
pub use lock::{Lock, Mode, Wait};
pub use rules::{Finding, Rule};
pub use syntax::SyntaxError;
pub use verdict::{Duration, Reason, Verdict};
