//! A snapshot that somebody has edited.

#![no_main]

use std::path::Path;
use workflow_migrate::{Snapshot, diff, first_migration};
use workflow_model::{Model, check};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(snapshot) = Snapshot::read(text, Path::new("order.json")) {
        assert_eq!(Snapshot::read(&snapshot.render(), Path::new("order.json")).ok(), Some(snapshot));
    }
    // The hash keeps most inputs out: what it would let in.
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return };
    let Ok(model) = serde_json::from_value::<Model>(value.get("model").cloned().unwrap_or_default()) else { return };
    let _ = check(&model);
    first_migration(&model);
    diff(&model, &model, &[]);
});
