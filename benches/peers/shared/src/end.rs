//! When workers are through, or are not getting any further.

use crate::Failure;
use std::future::Future;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    Through,
    /// So many orders did not move any more.
    Stuck(i64),
}

impl End {
    /// What there is to say of it, behind the peer's own words.
    pub fn noted(&self, words: &str) -> String {
        match self {
            End::Through => words.to_owned(),
            End::Stuck(orders) => format!("{words}; {orders} orders did not move for {} s", PATIENCE.as_secs()),
        }
    }
}

/// Asks for how many orders are open and how many steps were done, until none is open or no step is done for a while.
pub async fn end<A, F>(ask: A) -> Result<End, Failure>
where
    A: Fn() -> F,
    F: Future<Output = Result<(i64, i64), Failure>>,
{
    let mut last = (ask().await?, Instant::now());
    while last.0.0 > 0 {
        if last.1.elapsed() > PATIENCE {
            return Ok(End::Stuck(last.0.0));
        }
        tokio::time::sleep(PAUSE).await;
        let now = ask().await?;
        if now != last.0 {
            last = (now, Instant::now());
        }
    }
    Ok(End::Through)
}
