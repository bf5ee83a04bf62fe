//! Connections that stay at hand between one statement of the runtime and the next.
//!
//! sqlx asks each connection whether it lives when it goes back to its pool: a round trip for which nobody waits, but which the
//! connection is away for. So what has just carried out a statement is kept for an instant, for the next one.
//!
//! Others want connections of the same pool, and wait for what is kept: so it goes back after a millisecond or two without use, and
//! after a while in any case. Then the pool gives it to whoever has waited longest.

use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use std::mem;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A connection that was not used from one tick to the next goes back.
const TICK: Duration = Duration::from_millis(1);

/// Away from the pool, whatever it is used for.
const LONGEST: Duration = Duration::from_millis(50);

/// The connections of a runtime that are at hand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Warm(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// Since the last tick.
    fresh: Vec<Lent>,
    /// Since the one before.
    stale: Vec<Lent>,
    /// Who looks after them.
    sweeper: Option<JoinHandle<()>>,
}

/// A connection, and since when it is away from the pool.
#[derive(Debug)]
pub(crate) struct Lent {
    connection: PoolConnection<Postgres>,
    since: Instant,
}

impl Warm {
    pub(crate) async fn acquire(&self, pool: &PgPool) -> Result<Lent, sqlx::Error> {
        let kept = self.lock().take();
        match kept {
            Some(lent) => Ok(lent),
            None => Ok(Lent { connection: pool.acquire().await?, since: Instant::now() }),
        }
    }

    /// After a statement that has come to its end. A connection that is merely dropped goes back, and is asked whether it lives.
    pub(crate) fn keep(&self, lent: Lent) {
        if lent.since.elapsed() >= LONGEST {
            return;
        }
        let mut kept = self.lock();
        kept.fresh.push(lent);
        // It ends by itself, or with tokio's runtime, which may be followed by another one.
        if kept.sweeper.as_ref().is_none_or(JoinHandle::is_finished) {
            kept.sweeper = Some(tokio::spawn(self.clone().sweep()));
        }
    }

    async fn sweep(self) {
        loop {
            tokio::time::sleep(TICK).await;
            let unused = self.lock().tick();
            if unused.is_none() {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The one that was used last, so that the others can go.
    fn take(&mut self) -> Option<Lent> {
        self.fresh.pop().or_else(|| self.stale.pop())
    }

    /// What was not used since the last tick; nothing when there is nothing to look after any more.
    fn tick(&mut self) -> Option<Vec<Lent>> {
        if self.stale.is_empty() && self.fresh.is_empty() {
            self.sweeper = None;
            return None;
        }
        Some(mem::replace(&mut self.stale, mem::take(&mut self.fresh)))
    }
}

/// The runtime may outlive tokio's, without which no connection can go back: sqlx panics.
impl Drop for Kept {
    fn drop(&mut self) {
        if Handle::try_current().is_err() {
            self.fresh.drain(..).chain(self.stale.drain(..)).for_each(mem::forget);
        }
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
