//! How long to go on.

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use std::time::{Duration, Instant};

/// Pauses that grow, until a limit.
pub(crate) struct Patience {
    began: Instant,
    limit: Duration,
    pauses: ExponentialBackoff,
}

impl Patience {
    /// Between attempts at a file. Each may keep others waiting for the lock time-out, so they must soon be rare.
    pub(crate) fn with_locks(limit: Duration) -> Patience {
        Patience::new(limit, Duration::from_millis(200), Duration::from_secs(10))
    }

    /// Between questions whether another process has ended. They cost nobody anything.
    pub(crate) fn with_others(limit: Duration) -> Patience {
        Patience::new(limit, Duration::from_millis(50), Duration::from_secs(1))
    }

    /// Chance keeps processes that started together from asking together.
    fn new(limit: Duration, first: Duration, longest: Duration) -> Patience {
        let pauses =
            ExponentialBuilder::default().with_min_delay(first).with_max_delay(longest).without_max_times().with_jitter();
        Patience { began: Instant::now(), limit, pauses: pauses.build() }
    }

    /// The next pause, cut so that the last attempt is at the limit; none when that is over.
    pub(crate) fn pause(&mut self) -> Option<Duration> {
        let left = self.limit.checked_sub(self.began.elapsed()).filter(|left| !left.is_zero())?;
        self.pauses.next().map(|pause| pause.min(left))
    }

    pub(crate) fn waited(&self) -> Duration {
        self.began.elapsed()
    }
}
