//! What is done all the time.
pub(crate) mod workflow;
