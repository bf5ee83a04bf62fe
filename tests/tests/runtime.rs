//! The runtime's protocols, each beside the failure that it is there for.

/// The same suite runs through PgBouncer in `pooled.rs`.
const POOLED: bool = false;

/// One module a protocol.
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
    mod muted_statements;
    mod once;
    mod refusals;
    mod restarts;
    mod retries;
    mod round_trips;
    mod savepoints;
    mod settings;
    mod spawned;
    mod unknown;
    mod warm;
    pub mod world;
}
