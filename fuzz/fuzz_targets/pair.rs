//! Three versions of a declaration, one after the other: the generator answers with files or refuses.

#![no_main]

use workflow_fuzz::{Declaration, Folder};

libfuzzer_sys::fuzz_target!(|versions: (Declaration, Declaration, Declaration)| {
    let (first, second, third) = versions;
    let folder = Folder::new();
    for (n, version) in (1..).zip([first, second, third]) {
        folder.declare(&version.0, 20_260_101_000_000 + n * 100);
    }
});
