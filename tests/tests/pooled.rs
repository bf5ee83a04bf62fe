//! The suites of the runtime and the worker once more, through PgBouncer in transaction mode: with named statements off. Clients
//! have more connections than PgBouncer has to the server, so that each of these is shared.

/// To the suites' own files: this is the second time.
const POOLED: bool = true;

/// See `runtime.rs`.
pub mod runtime {
    pub mod bank;
    mod begin;
    mod cancellation;
    mod conflicts;
    pub mod deploys;
    mod endings;
    mod handles;
    pub mod history;
    mod locks;
    mod lost_commits;
    mod lost_creations;
    mod lost_statements;
    mod once;
    mod refusals;
    mod restarts;
    mod retries;
    mod round_trips;
    mod savepoints;
    mod spawned;
    mod unknown;
    pub mod world;
}

/// See `worker.rs`.
pub mod worker {
    mod activities;
    mod deaths;
    pub mod depot;
    mod failures;
    mod fences;
    mod limits;
    pub mod parcels;
    mod shutdown;
    mod tasks;
    mod timers;
    mod waking;
}
