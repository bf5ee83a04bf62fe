//! How a workflow is written.
//!
//! [`parse()`] keeps every token of a block in an [`ast::Workflow`] and collects its faults; [`lower()`] makes the plain
//! [`workflow_model::Model`]. The lists of both are parallel: the model's state 3 is the syntax's state 3, which is how a
//! diagnostic's [`Place`](workflow_model::Place) finds its tokens again ([`ast::Workflow::span`]). [`find()`] finds the
//! blocks of a file for whoever reads sources without the compiler; [`worth_parsing()`] says quickly that it will find none.

pub mod ast;
mod duration;
mod fault;
mod find;
mod lower;
mod nesting;
mod parse;
mod scan;
mod span;

pub use fault::{CODES, ParseError};
pub use find::{File, Found, Include, Module, Unseen, When, find};
pub use lower::lower;
pub use parse::{Parsed, parse};
pub use scan::{may_hold_a_block, worth_parsing};
