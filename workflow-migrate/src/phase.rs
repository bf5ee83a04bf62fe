//! From one stage of a workflow to the next: the files of a phase, in the order in which they are applied.
//!
//! **Expand** comes with a release: afterwards the database serves the binaries before it and its own. **Contract** comes with a
//! later one, when the older binaries are gone: it tightens, and takes away what only they needed. Each file obeys the rules of
//! this folder: one lock that others feel, for an instant, with a time-out; scans apart; rows in batches.

mod contract;
mod draft;
mod expand;
mod meets;
mod work;

pub(crate) use contract::{LATER, contract};
pub(crate) use draft::{Back, Draft};
pub(crate) use expand::expand;
pub use meets::{Meets, Work, meets};

use crate::sql::subject::Revisions;

/// The files of a phase.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Phase {
    pub(crate) drafts: Vec<Draft>,
    /// The numbers of the constraints afterwards.
    pub(crate) revisions: Revisions,
}
