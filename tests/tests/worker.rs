//! The worker: what happens to activities, tasks and timers, whatever happens to those who carry them out.

/// The same suite runs through PgBouncer in `pooled.rs`.
const POOLED: bool = false;

/// And without `SKIP LOCKED` in `compared.rs`.
const CLAIMING: workflow_runtime::Claims = workflow_runtime::Claims::SkipLocked;

/// One module a promise.
pub mod worker {
    mod activities;
    mod backlog;
    pub mod bids;
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
    mod together;
    mod waking;
}
