//! How long to wait.

use std::time::Duration;

/// How long to wait for locks, and for one's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// How long a statement waits for a lock, with all later comers behind it, before it gives way and is tried again; 2 seconds
    /// by default. Zero waits for ever.
    pub lock_timeout: Duration,
    /// How long there may be no progress, while a file is tried again and again or another process migrates, before it ends with
    /// [`Locked`](crate::Cause::Locked) or [`Busy`](crate::Cause::Busy); 5 minutes by default. Each file has it anew. How long
    /// a statement works does not count.
    pub wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { lock_timeout: Duration::from_secs(2), wait: Duration::from_secs(300) }
    }
}

impl Settings {
    /// The same with another lock time-out.
    #[must_use]
    pub fn with_lock_timeout(self, lock_timeout: Duration) -> Self {
        Settings { lock_timeout, ..self }
    }

    /// The same with another limit.
    #[must_use]
    pub fn with_wait(self, wait: Duration) -> Self {
        Settings { wait, ..self }
    }
}
