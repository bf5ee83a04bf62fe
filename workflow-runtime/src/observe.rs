//! What is seen from outside: a span and a few numbers for each transition and for each attempt of a job.
//!
//! Spans are `tracing`'s, numbers go through the facade of `metrics`; where nobody listens to either, nothing is formatted and
//! nothing is kept. An instance's key may stand in a span, never in a label: each value of a label is a time series of its own.

mod fire;
mod job;
mod metrics;
mod outcome;
mod trace;
mod waiting;

pub use trace::TraceContext;

pub(crate) use fire::Firing;
pub(crate) use job::{Attempting, End};
pub(crate) use metrics::describe;
pub(crate) use outcome::Outcome;
pub(crate) use trace::Traceparent;
pub(crate) use waiting::Waiting;
