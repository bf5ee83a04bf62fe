//! How much at once, for how long, and how often to look.

use std::fmt;
use std::time::Duration;

/// What a [`Worker`](crate::Worker) holds to.
#[derive(Clone)]
#[non_exhaustive]
pub struct WorkerSettings {
    /// Attempts under way at the same time in this process; 16 by default. They are claimed, loaded and written together: where
    /// each is short, a hundred make more than twice the steps.
    pub concurrency: usize,
    /// How long a claimed job is this worker's before others may have it; 30 seconds by default. It is extended while the job runs,
    /// so it need not be as long as the longest job: it is how long a job waits after its worker has died.
    pub lease: Duration,
    /// How often to look for jobs when there is nothing to do; a second by default. A hint from a transition's process comes earlier,
    /// where it comes.
    pub poll: Duration,
    /// How long one attempt may take before it is cut off and counts as failed, where the declaration does not say
    /// `within …`; an hour by default.
    pub time_out: Duration,
    /// How often a job is tried before it is parked, where the declaration does not say `up to …` or what follows; 25 by default, which takes
    /// about three weeks.
    pub attempts: u32,
    /// How long jobs under way may go on after the shutdown began; 20 seconds by default.
    pub grace: Duration,
    /// How jobs are claimed.
    pub claims: Claims,
    /// Where to listen for hints, when the pool goes through a connection pooler that has no sessions (PgBouncer in transaction
    /// mode); the pool's own address by default, and nowhere when statements have no names
    /// ([`Settings::named_statements`](crate::Settings::named_statements)): then a worker looks by itself.
    pub direct_url: Option<String>,
}

/// How jobs are claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Claims {
    /// One statement that passes over what others are claiming (`SKIP LOCKED`).
    #[default]
    SkipLocked,
    /// Look, then take each that nobody else has taken meanwhile: for engines without `SKIP LOCKED`.
    CompareAndSet,
}

/// Without the direct URL, which has a password in it.
impl fmt::Debug for WorkerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WorkerSettings { concurrency, lease, poll, time_out, attempts, grace, claims, direct_url } = self;
        f.debug_struct("WorkerSettings")
            .field("concurrency", concurrency)
            .field("lease", lease)
            .field("poll", poll)
            .field("time_out", time_out)
            .field("attempts", attempts)
            .field("grace", grace)
            .field("claims", claims)
            .field("direct_url", &direct_url.as_ref().map(|_| "…"))
            .finish()
    }
}

impl Default for WorkerSettings {
    fn default() -> Self {
        WorkerSettings {
            concurrency: 16,
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            time_out: Duration::from_secs(3600),
            attempts: 25,
            grace: Duration::from_secs(20),
            claims: Claims::default(),
            direct_url: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_the_direct_url_is_not_printed() {
        let settings =
            WorkerSettings { direct_url: Some("postgres://ann:secret@localhost/shop".into()), ..WorkerSettings::default() };
        assert!(!format!("{settings:?}").contains("secret"));
    }
}
