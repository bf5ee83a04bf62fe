//! What an activity or a task is told of the job that it carries out.

use chrono::{DateTime, Utc};
use std::fmt;

/// The row of a pending activity, task, timer, join or creation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// `order/0190…/2/book_courier`: the same in every attempt. Hand it to outside systems as the idempotency key.
    pub key: String,
    /// What it is.
    pub kind: JobKind,
    /// Its name.
    pub name: String,
    /// Which attempt this is, from 1. One that a crash has ended counts.
    pub attempt: u32,
    /// When this attempt was due, on the database's clock.
    pub due: DateTime<Utc>,
    /// The trace of the transition that wrote it, as W3C's `traceparent`, where it had one: for a call to the outside that is not
    /// instrumented by itself.
    pub trace: Option<String>,
}

/// What a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// `after` and `at`: fires an event at a time.
    Timer,
    /// `by`: outside work whose outcome is an event.
    Activity,
    /// `then`: outside work after the commit.
    Task,
    /// `after all` and `of`: a parent counts its children, or a child that is at its end lets it.
    Join,
    /// `create_at`: an instance that is to be created at a time.
    Creation,
}

impl JobKind {
    /// As the database has it.
    pub(crate) fn label(self) -> &'static str {
        match self {
            JobKind::Timer => "timer",
            JobKind::Activity => "activity",
            JobKind::Task => "task",
            JobKind::Join => "join",
            JobKind::Creation => "creation",
        }
    }

    pub(crate) fn of(label: &str) -> Option<JobKind> {
        let all = [JobKind::Timer, JobKind::Activity, JobKind::Task, JobKind::Join, JobKind::Creation];
        all.into_iter().find(|kind| kind.label() == label)
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
