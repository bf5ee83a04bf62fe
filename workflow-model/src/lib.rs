//! What a workflow is: the declaration as data, and the rules it must obey.
//!
//! A [`Model`] knows no tokens and does no input or output. The macro and the migration generator both make one from the same
//! text, both [`check()`] it, and only then go on: an empty list of diagnostics is the licence for everything behind.

mod canonical;
pub mod check;
pub mod diagnostic;
pub mod edges;
pub mod fingerprint;
mod keywords;
pub mod model;
pub mod names;
pub mod sql;
pub mod types;

pub use check::check;
pub use diagnostic::{Code, Diagnostic, Place};
pub use edges::{Column, Edge, Value};
pub use model::{
    Adopt, Create, Dropped, Duration, Effect, Field, Group, Kind, Later, Literal, Model, Name, Parameter, Parent, Removed,
    Retried, Retry, State, StateKind, Table, Target, Time, Transition, Trigger, Was,
};
pub use types::Type;
