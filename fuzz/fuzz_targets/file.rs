//! Any text, as a Rust file: found, parsed, expanded, and written as SQL.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    workflow_fuzz::file(text).iter().for_each(workflow_fuzz::migrations);
});
