//! Looks into a PostgreSQL database that has workflows.
//!
//! | | asks | the database |
//! |---|---|---|
//! | [`drift()`] | does it hold what the snapshots say? | any; only read |
//! | [`census()`] | what would a removal meet: rows a state, jobs a kind and name? | any; only read |
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
pub use site::Site;
pub use status::{JobStatus, StateStatus, Status, StatusAsked, status};
pub use touch::Touch;
pub use verify::{Check, Outcome, Trial, Verified, verify};
pub use verify_data::{DataFault, Mismatch, VerifiedData, verify_data};
pub use why::{By, Guard, Hindrance, Instance, Locker, Verdict, Way, Why, why};
