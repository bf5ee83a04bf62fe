//! Looks into a PostgreSQL database that has workflows.
//!
//! | | asks | the database |
//! |---|---|---|
//! | [`drift()`] | does it hold what the snapshots say? | any; only read |
//! | [`census()`] | what would a removal meet: rows a state, jobs a kind and name? | any; only read |
//! | [`status()`] | how does a running system do: states with their ages, jobs by where they stand? | any; only read |
//! | [`schedules()`] | up to where were they made, and what failed? | any; only read |
//! | [`history()`], [`why()`] | what happened to an instance, and what is in its way? | any; only read |
//! | [`verify_data()`] | do rows, history and jobs fit together? | any; only read |
//! | [`release()`], [`retry()`] | jobs set going by hand | any; jobs are changed ([`Touch`]) |
//! | [`verify()`] | do the migrations lead where they say, there and back, and lock no more than they tell? | a new one that may be thrown away |
//!
//! What is only read is read in one `READ ONLY` transaction of one connection, with a limit on each statement ([`Look`]): it writes
//! nothing, makes no temporary table, and blocks nobody.

mod census;
mod drift;
mod error;
mod history;
mod job;
mod look;
mod relations;
mod release;
mod schedules;
mod site;
mod status;
mod touch;
mod verify;
mod verify_data;
mod why;

pub use census::{Asked, Burden, Cause, Census, Jobs, Rows, census};
pub use drift::{Drift, Standing, drift};
pub use error::InspectError;
pub use history::{History, Step, history};
pub use job::{Job, JobStanding};
pub use look::Look;
pub use release::{Kept, Parked, Retried, parked, release, retriable, retry};
pub use schedules::{ScheduleStatus, schedules};
pub use site::Site;
pub use status::{JobStatus, StateStatus, Status, StatusAsked, status};
pub use touch::Touch;
pub use verify::{Check, Outcome, Trial, Verified, verify};
pub use verify_data::{DataFault, Mismatch, VerifiedData, verify_data};
pub use why::{By, Guard, Hindrance, Instance, Locker, Verdict, Way, Why, why};
