//! The `workflow!` macro. Use it through `workflow_runtime::workflow`.

mod compile;
mod expand;
mod render;
#[cfg(test)]
mod snapshots;

use compile::compile;
use std::path::Path;

/// Declares a workflow: the language is described in the book, `docs/src/reference/language.md`.
#[proc_macro]
pub fn workflow(block: proc_macro::TokenStream) -> proc_macro::TokenStream {
    // Where the crate stands that is being compiled; absolute, as cargo sets it.
    let home = std::env::var_os("CARGO_MANIFEST_DIR");
    compile(block.into(), home.as_deref().map(Path::new)).into()
}
