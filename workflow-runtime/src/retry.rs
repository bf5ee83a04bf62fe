//! Which faults pass, and how long to wait for that.

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use sqlx::error::DatabaseError;
use std::time::Duration;

/// What a database error means for the statement that met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A deadlock, a serialization failure, a lock time-out: nothing was written, and the next attempt may pass.
    Passing,
    /// The connection died: what was under way may have been written or not.
    Lost,
    /// Anything else; trying again gives the same.
    Lasting,
}

impl Fault {
    pub(crate) fn is_passing(self) -> bool {
        self != Fault::Lasting
    }
}

/// 40001 and 40P01: another transaction won. 55P03: a lock was not to be had in time. 57P01 to 57P03 and 08xxx come from a
/// server that is going away, 57P05 and 25P03 from one that lost patience: the connection is dead, as after an error of the socket.
/// 53300: too many connections, nothing was sent yet.
pub(crate) fn fault(error: &sqlx::Error) -> Fault {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => Fault::Lost,
        // sqlx says so of a stream that ends in the middle of a message.
        sqlx::Error::Protocol(_) => Fault::Lost,
        sqlx::Error::Database(error) => said(error.as_ref()),
        _ => Fault::Lasting,
    }
}

/// By PostgreSQL itself.
fn said(error: &dyn DatabaseError) -> Fault {
    match error.code().as_deref() {
        Some("40001" | "40P01" | "55P03" | "53300") => Fault::Passing,
        Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03") => Fault::Lost,
        Some(code) if code.starts_with("08") => Fault::Lost,
        _ => Fault::Lasting,
    }
}

/// The database error inside an application's own error, where there is one: an effect that meets a deadlock is tried again. An error
/// that is `transparent` has the source of what it wraps, and so what PostgreSQL said is looked for, too.
pub(crate) fn fault_of(error: &(dyn std::error::Error + 'static)) -> Option<Fault> {
    std::iter::successors(Some(error), |e| e.source()).find_map(|e| {
        let database = || e.downcast_ref::<Box<dyn DatabaseError>>();
        e.downcast_ref::<sqlx::Error>().map(fault).or_else(|| database().map(|error| said(error.as_ref())))
    })
}

/// The pauses between attempts: from 5 ms up to a second, each with as much again of chance, so that losers of one race do not
/// meet in the next.
pub(crate) fn pauses(attempts: usize) -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(5))
        .with_max_delay(Duration::from_secs(1))
        .with_max_times(attempts.saturating_sub(1))
        .with_jitter()
        .build()
}
