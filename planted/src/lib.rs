//! A checker that finds nothing where there is something is no checker. So bugs that we know are planted, one at a time, and each
//! has to be found by its name; and the same scenario has to find nothing where no bug is.
//!
//! [`ROWS`] is the table: a bug, the scenario, what its check must say. `cargo run -p planted --features planted` goes through it, and
//! each run is a process of its own, since a bug is planted in a process.

mod anomaly;
mod app;
mod database;
mod rows;
mod scenarios;
mod site;
pub mod workflows;

pub use anomaly::Anomaly;
pub use rows::{Check, OnSite, Planting, ROWS, Row};
pub use site::Site;
