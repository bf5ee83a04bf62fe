//! Why something was not proved: a fault was found, or it could not be tried.

use std::fmt;

/// What a proof ends with when it does not hold. It is printed as it reads, also by a test that returns it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Unproved {
    /// The workflow, or what its application does along with it, breaks a promise.
    #[error("{0}")]
    Broken(Box<Broken>),
    /// A value is needed of whose type the kit has none.
    #[error(
        "{needed} needs `{name}`, and there is no sample of the type {sql}\nhelp: give the subject some: .sample(\"{name}\", [\"…\"])"
    )]
    Sample {
        /// What it is for: an event, or `create`.
        needed: String,
        /// The field or parameter.
        name: String,
        /// Its type in the database.
        sql: String,
    },
    /// Samples do not fit the types of an event, or of creation.
    #[error("{needed} cannot be made of its samples: {reason}\nthey are {samples}\nhelp: give the subject others: {help}")]
    Misfit {
        /// What they are for: an event, or `create`.
        needed: String,
        /// What serde says.
        reason: String,
        /// As JSON.
        samples: String,
        /// A line to begin with.
        help: String,
    },
    /// No way leads to the state.
    #[error("no instance of {workflow} can come to `{state}`: {reason}")]
    Unreachable {
        /// The workflow.
        workflow: &'static str,
        /// The state.
        state: String,
        /// Why not.
        reason: String,
    },
    /// An event that the declaration allows was refused, on the way to a state or as the one to be proved.
    #[error(
        "{way}: {event} was refused: {reason}\n\
         help: give it what it needs: .sample(\"parameter\", [\"…\"]), .preparing(\"{event}\", |pool| async move {{ … }}), \
         or rows in the database"
    )]
    Refused {
        /// The events fired before, with the states between.
        way: String,
        /// The event's label, or `create`.
        event: String,
        /// What the runtime said.
        reason: String,
    },
    /// What is to be proved needs a process of its own, and how this test is called is not known.
    #[error(
        "the name of this test is not known, so no process can be started that runs it alone\n\
         help: name it: .in_test(\"module::name_of_the_test\")"
    )]
    Unnamed,
    /// A process that was started to be killed ended before, or did not start.
    #[error("the process that runs the test `{test}` alone, to be killed in a transition, {how}")]
    Process {
        /// The test.
        test: String,
        /// What became of it.
        how: String,
    },
    /// The surroundings of the test lack something.
    #[error(transparent)]
    Surroundings(#[from] crate::Error),
    /// PostgreSQL or the connection failed where nothing was to fail.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What was promised, where, and what came instead.
#[derive(Debug)]
#[non_exhaustive]
pub struct Broken {
    /// The transition: `order: placed -reserve-> reserved`.
    pub transition: String,
    /// What does not hold: `is not all or nothing`.
    pub promise: String,
    /// Where, and how it came to that.
    pub place: String,
    /// What there was, and what there should have been.
    pub found: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.transition, self.promise)?;
        write!(f, "{}\n{}", self.place, self.found.trim_end())
    }
}

/// `unwrap`, and `main` and tests that return it, show what is to be read.
impl fmt::Debug for Unproved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<Broken> for Unproved {
    fn from(broken: Broken) -> Self {
        Unproved::Broken(Box::new(broken))
    }
}
