//! The Rust types, the functions in the database, raw SQL and the model agree: random events from one client and from several at
//! once, legal and illegal, at every isolation level.
//!
//! `AGREEMENT_CASES` says how many runs a test makes, `PROPTEST_RNG_SEED` which.

#[path = "agreement/clients.rs"]
mod clients;
#[path = "agreement/interpreter.rs"]
mod interpreter;
#[path = "agreement/life.rs"]
mod life;
#[path = "agreement/once.rs"]
mod once;
#[path = "agreement/order.rs"]
mod order_life;
#[path = "agreement/runs.rs"]
mod runs;
#[path = "agreement/truth.rs"]
mod truth;
#[path = "agreement/visit.rs"]
mod visit_life;
