//! How many attempts of a job may begin: at the same time, and within a time.

use ratelimit::{Ratelimiter, TryWaitError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// By the jobs' names. What is not here has no limit.
#[derive(Clone, Default)]
pub(super) struct Limits {
    at_once: BTreeMap<String, Arc<Semaphore>>,
    rates: BTreeMap<String, Arc<Rate>>,
}

/// A bucket of tokens, one for each attempt that may begin now. What was taken for jobs that were not there stays in hand.
struct Rate {
    bucket: Ratelimiter,
    hand: Mutex<Hand>,
}

#[derive(Debug, Default)]
struct Hand {
    tokens: usize,
    /// Until there is another one, when last there was none.
    wait: Option<Duration>,
}

impl Limits {
    pub(super) fn at_once(&mut self, job: &str, most: usize) {
        self.at_once.insert(job.to_owned(), Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))));
    }

    /// Nothing at all, when there are to be no attempts; no limit, when they may take no time.
    pub(super) fn rate(&mut self, job: &str, attempts: u32, within: Duration) {
        if attempts == 0 {
            return self.at_once(job, 0);
        }
        let attempts = u64::from(attempts);
        let bucket = Ratelimiter::builder(attempts).period(within).max_tokens(attempts).initial_available(attempts);
        // It refuses a period of nothing.
        if let Ok(bucket) = bucket.build() {
            self.rates.insert(job.to_owned(), Arc::new(Rate { bucket, hand: Mutex::default() }));
        }
    }

    /// How many attempts of a job may begin now, of so many that are wanted.
    pub(super) fn free(&self, job: &str, wanted: usize) -> usize {
        let wanted = self.at_once.get(job).map_or(wanted, |limit| limit.available_permits().min(wanted));
        self.rates.get(job).map_or(wanted, |rate| rate.free(wanted))
    }

    /// For an attempt that begins. None when it may not; else what it holds as long as it runs, if anything.
    pub(super) fn begin(&self, job: &str) -> Option<Option<OwnedSemaphorePermit>> {
        let held = self.at_once.get(job).map(|limit| limit.clone().try_acquire_owned()).transpose().ok()?;
        if let Some(rate) = self.rates.get(job) {
            rate.spend();
        }
        Some(held)
    }

    /// Until one of these jobs may begin that may not now for its rate.
    pub(super) fn wait<'j>(&self, jobs: impl Iterator<Item = &'j str>) -> Option<Duration> {
        jobs.filter_map(|job| self.rates.get(job)?.hand().wait).min()
    }
}

impl Rate {
    fn free(&self, wanted: usize) -> usize {
        let mut hand = self.hand();
        hand.wait = None;
        while hand.tokens < wanted {
            match self.bucket.try_wait() {
                Ok(()) => hand.tokens += 1,
                // What is in hand can be spent: whatever it waits for then, it is not the rate.
                Err(_) if hand.tokens > 0 => break,
                Err(TryWaitError::Insufficient(wait)) => {
                    hand.wait = Some(wait);
                    break;
                }
                // It has room for the attempts of its time, so at least for one.
                Err(_) => break,
            }
        }
        hand.tokens.min(wanted)
    }

    fn spend(&self) {
        let mut hand = self.hand();
        hand.tokens = hand.tokens.saturating_sub(1);
    }

    fn hand(&self) -> MutexGuard<'_, Hand> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_that_were_not_used_are_there_the_next_time() {
        let mut limits = Limits::default();
        limits.rate("mail", 3, Duration::from_secs(3600));
        assert_eq!((limits.free("mail", 2), limits.free("mail", 9)), (2, 3));
        assert!(limits.begin("mail").is_some());
        assert_eq!(limits.free("mail", 9), 2);
        assert_eq!(limits.wait(["mail"].into_iter()), None, "there is one");
        assert!(limits.begin("mail").is_some() && limits.begin("mail").is_some());
        assert_eq!(limits.free("mail", 9), 0);
        let wait = limits.wait(["mail", "other"].into_iter()).expect("there is none");
        assert!((1100..=1200).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(limits.free("other", 9), 9);
    }

    #[test]
    fn no_attempts_are_none_and_no_time_is_no_limit() {
        let mut limits = Limits::default();
        limits.rate("never", 0, Duration::from_secs(1));
        limits.rate("always", 1, Duration::ZERO);
        assert_eq!((limits.free("never", 5), limits.free("always", 5)), (0, 5));
        assert!(limits.begin("never").is_none());
    }
}
