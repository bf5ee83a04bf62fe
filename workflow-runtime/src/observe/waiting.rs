//! What waits for a worker, learnt from the question that its rounds ask anyway.

use super::metrics;
use std::time::{Duration, Instant};

/// Counting reads what is due; the oldest alone is the first entry of an index.
const COUNTED_EVERY: Duration = Duration::from_secs(10);

/// When the jobs that are due were last counted.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    counted: Option<Instant>,
}

impl Waiting {
    /// Whether the next question shall count, too.
    pub(crate) fn is_time(&mut self) -> bool {
        let is_time = are_wanted() && self.counted.is_none_or(|at| at.elapsed() >= COUNTED_EVERY);
        if is_time {
            self.counted = Some(Instant::now());
        }
        is_time
    }

    /// The answer for one workflow: seconds until its next job is due, and how many are, where it was asked for.
    pub(crate) fn found(workflow: &'static str, next: Option<f64>, due: Option<i64>) {
        metrics::oldest_due(workflow, next.map_or(0.0, |seconds| (-seconds).max(0.0)));
        if let Some(due) = due {
            metrics::due(workflow, due);
        }
    }
}

/// Whether a recorder is installed. The facade has no question for it; its own stand-in for none is the only recorder without a size, since
/// what records has to keep something.
fn are_wanted() -> bool {
    ::metrics::with_recorder(|recorder| std::mem::size_of_val(recorder) > 0)
}
