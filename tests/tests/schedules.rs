//! What happens at a time, and again and again: once, whatever happens to those who do it.

/// One module a promise.
pub mod schedules {
    pub mod bills;
    mod creations;
    mod deaths;
    mod functions;
    pub mod office;
    mod tasks;
    mod ticks;
}
