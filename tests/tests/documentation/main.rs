//! What the documentation says is true: every fenced block of the README and of the book is checked here.
//!
//! ```text
//! rust            an excerpt of a file that is compiled, and mostly also run            excerpts.rs
//! toml            lines of a manifest that stands in this repository                    excerpts.rs
//! sql             run by psql, page by page, on a database with the order workflow      database.rs
//! sql,generated   an excerpt of what the generator writes                               excerpts.rs
//! text            what the block before it answers, or a test's output                  database.rs, outputs.rs
//! console         typed into a shell, in a project that the tutorial has just made      commands.rs
//! ebnf            the grammar: each of its words stands in a declaration that compiles  excerpts.rs
//! …,case=…        what a case of `tests/migrate` shows: a change, and what is generated  changes.rs
//! ```
//!
//! The pages of the faults are read by the parser and the rules instead (faults.rs).

// The tutorial and the guide are programs as a user writes them: public where a library would export it.
#![allow(unreachable_pub, missing_docs)]

mod book;
mod changes;
mod commands;
mod database;
mod declarations;
mod excerpts;
mod faults;
mod guide;
mod links;
mod outputs;
mod proofs;
mod psql;
#[path = "tutorial/shop.rs"]
mod shop;
mod tutorial;
#[path = "tutorial/workflow.rs"]
mod workflow;
