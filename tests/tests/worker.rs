//! The worker: what happens to activities, tasks and timers, whatever happens to those who carry them out.

/// The same suite runs through PgBouncer in `pooled.rs`.
const POOLED: bool = false;

/// One module a promise.
pub mod worker {
    mod activities;
    mod deaths;
    pub mod depot;
    mod failures;
    mod fences;
    mod late;
    mod limits;
    pub mod parcels;
    mod races;
    mod shutdown;
    mod tasks;
    pub mod time;
    mod timers;
    mod waking;
}
