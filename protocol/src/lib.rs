//! How a transition, its lost answers and its jobs are agreed upon, as three small models whose every run is checked.
//!
//! The runtime keeps its promises by the order in which statements are sent, and by what waits for which lock. Tests run some of
//! these orders; here a checker runs all of them, at small sizes.
//!
//! | model | who takes part | what can happen to them |
//! |---|---|---|
//! | [`Transition`] | clients that fire on one instance, by one statement or in a transaction | connections are cut at any time, statements arrive late or never, the server restarts, an effect hides an error |
//! | [`Work`] | workers at the jobs of one instance, and a user who moves it | leases lapse at any time, workers die, or stall and come back |
//! | [`Join`] | children that end, and their parent's look | all at once |
//!
//! Each model has the [`Bug`]s that fit it: with one of them the checker must find a run that breaks a promise. What is left out:
//! payloads and guards (PostgreSQL judges them under the same lock), pools (a connection is used for one call), what waits for memory
//! or disk, and the clock itself (a lease lapses whenever the checker likes).

mod bug;
mod join;
mod transition;
mod work;

pub use bug::Bug;
pub use join::Join;
pub use transition::{Call, Event, Form, Transition};
pub use work::Work;
