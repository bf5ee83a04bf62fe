//! The rendered SQL on a real PostgreSQL: PL/pgSQL's faults show only where it runs.

#[path = "../models/mod.rs"]
mod models;

mod account;
mod order;
mod parcel;
mod plpgsql;
mod reversal;
mod rights;
mod support;
