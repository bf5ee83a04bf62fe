//! The hint: a worker that sleeps is told that there may be work. It is a courtesy; what counts is what the worker finds when it looks.

use crate::statement;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

const CHANNEL: &str = "workflow";

/// Transitions within this time are told of together.
const TOGETHER: Duration = Duration::from_millis(10);

/// Tells workers, at most once in a while.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hint {
    is_under_way: Arc<AtomicBool>,
}

impl Hint {
    /// After a commit that may have written jobs. Nobody waits for it.
    pub(crate) fn give(&self, pool: &PgPool) {
        if self.is_under_way.swap(true, Ordering::AcqRel) {
            return;
        }
        let (hint, pool) = (self.clone(), pool.clone());
        tokio::spawn(async move {
            tokio::time::sleep(TOGETHER).await;
            // What is committed from here on needs another one.
            hint.is_under_way.store(false, Ordering::Release);
            if let Err(error) = statement::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&pool).await {
                tracing::debug!(%error, "workers were not told of new jobs; they will look by themselves");
            }
        });
    }
}

/// Listens on a connection of its own, as long as it is polled.
pub(super) async fn listen(pool: PgPool, direct_url: Option<String>, woken: Arc<Notify>) {
    if direct_url.is_none() && !statement::are_named() {
        tracing::warn!("a pooler has no session to listen in, and there is no direct URL: there are no hints, only polling");
        return std::future::pending().await;
    }
    let own = direct_url.map_or_else(|| Ok((*pool.connect_options()).clone()), |url| url.parse::<PgConnectOptions>());
    let options = match own {
        Ok(options) => options,
        Err(error) => {
            tracing::error!(%error, "the direct URL cannot be read: there are no hints, only polling");
            return std::future::pending().await;
        }
    };
    let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(options);
    loop {
        if let Err(error) = forward(&pool, &woken).await {
            tracing::debug!(%error, "no hints for now, only polling");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn forward(pool: &PgPool, woken: &Notify) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // None says that the connection was lost, and hints with it: look once.
        listener.try_recv().await?;
        woken.notify_one();
    }
}
