//! Any text, as a migration.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(file) = workflow_explain::explain(text) {
        // Each statement's place is in the text.
        file.statements.iter().for_each(|statement| assert!(!statement.text.is_empty()));
    }
});
