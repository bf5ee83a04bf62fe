//! The suites of the runtime and the worker once more, through PgBouncer in transaction mode, with named statements off; and what
//! is to be seen only there.

/// To the suites' own files: this is the second time.
const POOLED: bool = true;

/// See `compared.rs`.
const CLAIMING: workflow_runtime::Claims = workflow_runtime::Claims::SkipLocked;

/// See `runtime.rs`. Left out are `lost_statements` and `muted_statements`, since no statement commits by itself here
/// (`sessionless/lost.rs` is in their place); `round_trips`, since there are more of them; `deploys` and `history`, which have a
/// database of their own and no pooler.
pub mod runtime {
    pub mod bank;
    mod begin;
    mod cancellation;
    mod conflicts;
    mod endings;
    mod handles;
    mod locks;
    mod lost_commits;
    mod lost_creations;
    mod once;
    mod refusals;
    mod restarts;
    mod retries;
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
    mod late;
    mod limits;
    pub mod parcels;
    mod races;
    mod shutdown;
    mod tasks;
    mod timers;
    mod waking;
}

/// What is to be seen only here.
mod sessionless {
    mod hints;
    mod lost;
    mod names;
    mod refused;
}
