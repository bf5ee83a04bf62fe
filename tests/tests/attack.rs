//! Random and malicious input against the generated SQL: statements of every shape by every role, texts that try to leave their
//! place, settings of a client. What was found once by hand stands in `database.rs`.
//!
//! `ATTACKS=200` makes so many rounds instead of the usual few.

#[path = "attack/door.rs"]
mod door;
#[path = "attack/injected.rs"]
mod injected;
#[path = "attack/random.rs"]
mod random;
#[path = "attack/settings.rs"]
mod settings;
#[path = "attack/shapes.rs"]
mod shapes;
#[path = "agreement/truth.rs"]
#[allow(dead_code)] // other tests look at more of it
mod truth;
#[path = "database/world.rs"]
#[allow(dead_code)]
mod world;

/// How many rounds of random input.
fn rounds(usual: u32) -> u32 {
    std::env::var("ATTACKS").map_or(usual, |number| number.parse().expect("a number"))
}
