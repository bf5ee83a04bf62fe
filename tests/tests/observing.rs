//! What is seen from outside: spans, numbers, and the trace that goes through jobs.

/// Nothing stands before the server.
const POOLED: bool = false;

/// See `compared.rs`.
const CLAIMING: workflow_runtime::Claims = workflow_runtime::Claims::SkipLocked;

/// One module a subject.
pub mod observing {
    #[path = "../worker/depot.rs"]
    pub mod depot;
    mod gauges;
    mod jobs;
    pub mod letters;
    #[path = "../worker/parcels.rs"]
    pub mod parcels;
    mod parked;
    mod traces;
    mod transitions;
    pub mod watch;
}
