//! How much fits, and what is said of more: `docs/src/reference/limits.md` has the numbers that are asserted here.
//!
//! `LIMITS=100000` is how many instances are fired at once, `PRINT_LARGE=file` writes the large declaration for a measurement.

#[path = "limits/chain.rs"]
mod chain;
#[path = "limits/large.rs"]
mod large;
#[path = "limits/names.rs"]
mod names;
#[path = "limits/parcels.rs"]
mod parcels;
