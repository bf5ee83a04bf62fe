//! The jobs of a declaration.

use crate::job::JobKind;
use std::time::Duration;

/// A job that this binary knows.
#[derive(Debug)]
pub struct Declared {
    /// What it is.
    pub kind: JobKind,
    /// Its name; a timer's event.
    pub name: &'static str,
    /// What follows when it has failed too often.
    pub exhausted: &'static [Exhausted],
    /// Of a timer without an effect in the application: the statement that fires it for many instances. Parameters: how many,
    /// lock time-out, actor, key of the transitions, how many others come first.
    pub due: Option<&'static str>,
    /// How it is tried again, as far as the declaration says.
    pub retry: Retry,
    /// What a join does.
    pub join: &'static [Joined],
}

/// What a join does.
#[derive(Debug)]
pub enum Joined {
    /// `after all Shipment`: fires its event when there is no child left on its way.
    Waits {
        /// The labels of the states in which it waits.
        sources: &'static [&'static str],
        /// (key): whether there is such a child
        unfinished: &'static str,
    },
    /// `of Order by order_id`: lets the parent look.
    Tells {
        /// The parent's table of jobs, qualified and quoted.
        jobs: &'static str,
        /// The child's column with the parent's key, quoted.
        column: &'static str,
    },
}

/// `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`; what is not said is the worker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Attempts before it is parked.
    pub attempts: Option<u32>,
    /// The pause after the first failure.
    pub pause: Option<Duration>,
    /// The longest pause, before chance makes it longer.
    pub longest: Option<Duration>,
    /// How long one attempt may take.
    pub within: Option<Duration>,
}

impl Retry {
    /// The declaration says nothing.
    pub const SILENT: Retry = Retry { attempts: None, pause: None, longest: None, within: None };
}

/// `after 5 failures of book_courier`
#[derive(Debug)]
pub struct Exhausted {
    /// How many.
    pub failures: u32,
    /// The event's label.
    pub event: &'static str,
    /// The labels of the states from which it leads away.
    pub sources: &'static [&'static str],
}

/// How a job's method ended.
#[derive(Debug)]
pub enum Done<E> {
    /// An activity's outcome.
    Event(E),
    /// A task is finished.
    Task,
    /// The instance is in no state that this binary knows the job in.
    Elsewhere,
}
