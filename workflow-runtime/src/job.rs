//! What an activity or a task is told of the job that it carries out.

use chrono::{DateTime, Utc};

/// The row of a pending activity, task or timer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// `order/0190…/2/book_courier`: the same in every attempt. Hand it to outside systems as the idempotency key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// When it was due first, on the database's clock.
    pub due: DateTime<Utc>,
}
