//! The worker's suite once more, with claims that do without `SKIP LOCKED`.

/// Nothing stands before the server.
const POOLED: bool = false;

/// Look, then take what nobody else has taken meanwhile.
const CLAIMING: workflow_runtime::Claims = workflow_runtime::Claims::CompareAndSet;

/// See `worker.rs`.
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
    mod timers;
    mod waking;
}
