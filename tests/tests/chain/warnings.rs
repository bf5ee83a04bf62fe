//! Counts what the database warns the programs of: each transition that is on its way out.

use std::sync::atomic::{AtomicU64, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

static SEEN: AtomicU64 = AtomicU64::new(0);

/// Begins to count in this process. Whatever else wants to hear of events hears nothing.
pub(crate) fn listen() {
    // Another test may have begun already.
    let _ = tracing::subscriber::set_global_default(Listener);
}

/// How many there were until now.
pub(crate) fn seen() -> u64 {
    SEEN.load(Ordering::Relaxed)
}

struct Listener;

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice" && *metadata.level() == Level::WARN
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Message;

impl Visit for Message {
    fn record_str(&mut self, _: &Field, value: &str) {
        if value.contains("is being retired") {
            SEEN.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
