//! Declarations of random parts, all the way.

#![no_main]

use workflow_fuzz::{Declaration, file, migrations};

libfuzzer_sys::fuzz_target!(|declaration: Declaration| {
    file(&declaration.0).iter().for_each(migrations);
});
