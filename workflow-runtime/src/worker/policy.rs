//! When a failed job is tried again, and when no more.

use crate::error::BoxError;
use crate::private::Retry;
use backon::{BackoffBuilder, ExponentialBuilder};
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// The first pause and the longest, where the declaration does not say them.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// The pause after so many failures: a second after the first, or what is declared; then 1.77 times as long each time up to the
/// longest, with up to as much again by chance. Twenty-five attempts take between two and four
/// weeks, three as a rule.
pub(super) fn pause(failures: u32, retry: Retry) -> Duration {
    let first = retry.pause.unwrap_or(FIRST);
    // Who pauses ten days from the first failure on has not asked for less later.
    let longest = retry.longest.unwrap_or(LONGEST.max(first));
    let pauses = ExponentialBuilder::default()
        .with_min_delay(first)
        .with_factor(1.77)
        .with_max_delay(longest)
        .without_max_times()
        .with_jitter();
    let nth = usize::try_from(failures.saturating_sub(1)).unwrap_or(usize::MAX).min(40);
    pauses.build().nth(nth).unwrap_or(longest)
}

/// An error of an activity or a task that says what is to follow. Any other error means: try again, after a pause that grows.
///
/// It may stand anywhere in the chain of sources of the application's own error.
///
/// ```
/// # use workflow_runtime::JobError;
/// # use std::time::Duration;
/// # fn book(status: u16) -> Result<(), JobError> {
/// match status {
///     429 => Err(JobError::retry_after(Duration::from_secs(60), "the courier asks for patience")),
///     422 => Err(JobError::give_up("the courier does not deliver there")),
///     _ => Ok(()),
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct JobError(Marked);

/// A transparent wrapper passes its inner error's source on, and not the inner error itself: so the verdict stands in a source.
#[derive(Debug)]
struct Marked {
    verdict: Verdict,
    source: BoxError,
}

/// What is to follow a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    RetryAfter(Duration),
    GiveUp,
}

impl JobError {
    /// Try again, not before this time has passed. It counts as a failure.
    pub fn retry_after(delay: Duration, source: impl Into<BoxError>) -> Self {
        JobError(Marked { verdict: Verdict::RetryAfter(delay), source: source.into() })
    }

    /// Do not try again: what follows too many failures follows now.
    pub fn give_up(source: impl Into<BoxError>) -> Self {
        JobError(Marked { verdict: Verdict::GiveUp, source: source.into() })
    }
}

impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for JobError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl StdError for Marked {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.source()
    }
}

/// What an error says is to follow, if it says anything.
pub(super) fn verdict(error: &BoxError) -> Option<Verdict> {
    let first: &(dyn StdError + 'static) = error.as_ref();
    std::iter::successors(Some(first), |&e| e.source()).find_map(|e| e.downcast_ref::<Marked>()).map(|marked| marked.verdict)
}

/// An error with its sources, for the job's row.
pub(super) fn text(error: &BoxError) -> String {
    let first: &(dyn StdError + 'static) = error.as_ref();
    let mut said: Vec<String> = Vec::new();
    for text in std::iter::successors(Some(first), |&e| e.source()).map(ToString::to_string) {
        // Transparent wrappers say the same again.
        if !said.iter().any(|s| s.contains(&text)) {
            said.push(text);
        }
    }
    // PostgreSQL's text has no zero byte.
    said.join(": ").replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Shop {
        #[error(transparent)]
        Job(#[from] JobError),
        #[error("the courier said no")]
        Courier(#[source] JobError),
    }

    #[test]
    fn a_verdict_is_found_behind_the_applications_own_error() {
        let transparent: BoxError = Box::new(Shop::from(JobError::give_up("no")));
        let inside: BoxError = Box::new(Shop::Courier(JobError::retry_after(Duration::from_secs(5), "busy")));
        assert_eq!(verdict(&transparent), Some(Verdict::GiveUp));
        assert_eq!(verdict(&inside), Some(Verdict::RetryAfter(Duration::from_secs(5))));
        assert_eq!(verdict(&"plain".into()), None);
        assert_eq!((text(&transparent).as_str(), text(&inside).as_str()), ("no", "the courier said no: busy"));
    }

    #[test]
    fn twenty_five_attempts_take_weeks_and_the_first_ones_seconds() {
        assert!((1..=2).contains(&silent(1).as_secs()), "{:?}", silent(1));
        let all: u64 = (1..25).map(|failures| silent(failures).as_secs()).sum();
        assert!((13 * 86_400..=28 * 86_400).contains(&all), "{all}");
        assert!(silent(u32::MAX) <= Duration::from_secs(14 * 24 * 3600));
    }

    fn silent(failures: u32) -> Duration {
        pause(failures, Retry::SILENT)
    }

    #[test]
    fn a_declared_pause_is_the_first_one_and_grows_to_the_longest() {
        let said = |first, longest: Option<u64>| Retry {
            pause: Some(Duration::from_secs(first)),
            longest: longest.map(Duration::from_secs),
            ..Retry::SILENT
        };
        let within = |failures, retry, least: u64, most: u64| {
            let pause = pause(failures, retry).as_secs_f64();
            assert!((least as f64..=most as f64).contains(&pause), "{pause} after {failures}");
        };
        within(1, said(100, Some(1000)), 100, 200);
        within(2, said(100, Some(1000)), 177, 354);
        within(9, said(100, Some(1000)), 1000, 2000);
        within(u32::MAX, said(100, Some(100)), 100, 200);
        // Longer than the longest of all that are silent.
        within(5, said(864_000, None), 864_000, 2 * 864_000);
        // The longest that the language has.
        within(9, said(3_652_425 * 86_400, None), 3_652_425 * 86_400, 2 * 3_652_425 * 86_400);
    }
}
