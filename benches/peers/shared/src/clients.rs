//! Clients that share what is to be done.

use crate::Failure;
use std::future::Future;
use tokio::task::JoinSet;

/// Each of the clients does its share, one thing after the other. The first failure ends it.
pub async fn clients<T, W, F>(all: Vec<T>, clients: u32, work: W) -> Result<(), Failure>
where
    T: Send + 'static,
    W: Fn(T) -> F + Clone + Send + 'static,
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let mut working = JoinSet::new();
    for share in shares(all, clients) {
        let work = work.clone();
        working.spawn(async move {
            for one in share {
                work(one).await?;
            }
            Ok::<(), Failure>(())
        });
    }
    while let Some(ended) = working.join_next().await {
        ended??;
    }
    Ok(())
}

fn shares<T>(all: Vec<T>, clients: u32) -> Vec<Vec<T>> {
    let mut shares: Vec<Vec<T>> = (0..clients.max(1)).map(|_| Vec::new()).collect();
    let count = shares.len();
    for (place, one) in all.into_iter().enumerate() {
        shares[place % count].push(one);
    }
    shares
}

/// The states that an order has yet to reach.
pub fn steps_from(state: &str) -> &'static [&'static str] {
    match state {
        "placed" => &["reserved", "shipped", "delivered"],
        "reserved" => &["shipped", "delivered"],
        "shipped" => &["delivered"],
        _ => &[],
    }
}
