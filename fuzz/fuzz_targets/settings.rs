//! `sqlx.toml`

#![no_main]

use workflow_fuzz::Folder;
use workflow_migrate::SqlxToml;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let folder = Folder::new();
    std::fs::write(folder.path().join("sqlx.toml"), text).expect("a file");
    let _ = SqlxToml::read(folder.path());
});
