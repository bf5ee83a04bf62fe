//! How long and how often, and clients that do something over and over.

use crate::Failure;
use std::future::Future;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) lasting: Duration,
    pub(crate) quick: bool,
}

impl Effort {
    pub(crate) fn new(quick: bool) -> Effort {
        let (rounds, seconds) = if quick { (2, 2) } else { (9, 4) };
        Effort { rounds, lasting: Duration::from_secs(seconds), quick }
    }

    /// So many, or a tenth of them where it should be quick.
    pub(crate) fn many(&self, number: i64) -> i64 {
        if self.quick { number / 10 } else { number }
    }
}

/// So many clients, each with so many keys of its own, so that none waits for another: 1 to 1,000, 1,001 to 2,000.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) clients: i64,
    pub(crate) keys: i64,
    pub(crate) lasting: Duration,
}

impl Load {
    /// How many keys there must be.
    pub(crate) fn all_keys(&self) -> i64 {
        self.clients * self.keys
    }
}

/// A prime, so that a client visits all its keys, and each of them far from the one before.
const STRIDE: i64 = 1_000_003;

/// Lets the clients do `work` with one of their keys after the other, and says how often a second it was done. One of them that
/// fails ends it.
pub(crate) async fn rate<W, F>(load: Load, work: W) -> Result<f64, Failure>
where
    W: Fn(i64) -> F + Clone + Send + 'static,
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let begun = Instant::now();
    let mut all = JoinSet::new();
    for client in 0..load.clients {
        all.spawn(client_of(load, client * load.keys, begun, work.clone()));
    }
    let mut done = 0;
    while let Some(ended) = all.join_next().await {
        done += ended??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

async fn client_of<W, F>(load: Load, before: i64, begun: Instant, work: W) -> Result<i64, Failure>
where
    W: Fn(i64) -> F,
    F: Future<Output = Result<(), Failure>>,
{
    let mut done = 0;
    while begun.elapsed() < load.lasting {
        work(before + 1 + done * STRIDE % load.keys).await?;
        done += 1;
    }
    Ok(done)
}
