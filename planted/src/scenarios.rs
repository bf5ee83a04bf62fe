//! The scenarios. Each stops the code under test where it is dangerous, and waits for signals, never for time.

pub(crate) mod children;
pub(crate) mod ends;
pub(crate) mod guard;
pub(crate) mod jobs;
pub(crate) mod lost;
