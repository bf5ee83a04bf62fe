//! The context of a trace, which goes with a transition into the jobs that it writes, and from a job into what it fires.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tracing::Span;

/// How the trace that a span belongs to is read and set: two functions of the application's, so that this crate needs to know no tracing
/// system. Contexts are written as W3C's `traceparent`, `00-<trace>-<parent>-<flags>`; what is none is left out.
///
/// With OpenTelemetry, its `TraceContextPropagator` does both: the example `telemetry` shows how.
///
/// ```
/// # use workflow_runtime::{Settings, TraceContext};
/// let mut settings = Settings::default();
/// settings.trace = Some(TraceContext {
///     current: || Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
///     adopt: |span, traceparent| { span.record("traceparent", traceparent); },
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct TraceContext {
    /// The context of the current span; none when it is in no trace. It is asked once a transition, before it is sent.
    pub current: fn() -> Option<String>,
    /// Makes the context the parent of the span, or links them: called with a job's span before anything is done for the job.
    pub adopt: fn(&Span, &str),
}

impl TraceContext {
    /// Of the current span.
    pub(crate) fn read(&self) -> Option<Traceparent> {
        let current = catch_unwind(self.current).unwrap_or_else(|_| {
            tracing::error!("`TraceContext::current` panicked; the jobs are written without a trace");
            None
        });
        current.as_deref().and_then(Traceparent::parse)
    }

    pub(crate) fn give(&self, span: &Span, parent: &Traceparent) {
        if catch_unwind(AssertUnwindSafe(|| (self.adopt)(span, parent.as_str()))).is_err() {
            tracing::error!("`TraceContext::adopt` panicked; the job is carried out without its trace");
        }
    }
}

/// A context that has W3C's form, and nothing else in it: it may stand in the text of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traceparent(String);

impl Traceparent {
    /// None of what is no context.
    pub(crate) fn parse(text: &str) -> Option<Traceparent> {
        let parts: Vec<&str> = text.split('-').collect();
        let is_context = match parts[..] {
            [version, trace, parent, flags] => {
                [(version, 2), (trace, 32), (parent, 16), (flags, 2)].iter().all(|(part, length)| is_hex(part, *length))
            }
            _ => false,
        };
        is_context.then(|| Traceparent(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_hex(part: &str, length: usize) -> bool {
    part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_has_the_form_of_w3c_is_a_context_and_nothing_else() {
        assert_eq!(Traceparent::parse(CONTEXT).map(|c| c.to_string()).as_deref(), Some(CONTEXT));
        let upper = CONTEXT.to_uppercase();
        let longer = format!("{CONTEXT}-00");
        let quoted = format!("{}'", &CONTEXT[..CONTEXT.len() - 1]);
        let lines = format!("{CONTEXT}\n");
        for text in ["", "00", "---", &upper, &longer, &quoted, &lines, &CONTEXT[1..], &format!(" {CONTEXT}")] {
            assert_eq!(Traceparent::parse(text), None, "{text:?}");
        }
    }
}
