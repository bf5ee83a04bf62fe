//! The `workflow!` macro. Use it through `workflow_runtime::workflow`.

mod expand;
mod render;
#[cfg(test)]
mod snapshots;

use std::path::Path;

/// Declares a workflow: the language is described in the book, `docs/src/reference/language.md`.
#[proc_macro]
pub fn workflow(block: proc_macro::TokenStream) -> proc_macro::TokenStream {
    // Where the crate stands that is being compiled; absolute, as cargo sets it.
    let home = std::env::var_os("CARGO_MANIFEST_DIR");
    compile(block.into(), home.as_deref().map(Path::new)).into()
}

/// Parse, lower, check, expand. Whatever is wrong, what was understood comes out all the same: one mistake must not read like
/// fifty.
fn compile(block: proc_macro2::TokenStream, home: Option<&Path>) -> proc_macro2::TokenStream {
    let parsed = workflow_syntax::parse(block);
    let Some(syntax) = parsed.workflow else { return render::parse_errors(&parsed.errors) };
    let model = workflow_syntax::lower(&syntax);
    let faults = workflow_model::check(&model);
    if parsed.errors.is_empty() && faults.is_empty() {
        return expand::Expansion::new(&syntax, &model).with_diagram_of(home).whole();
    }
    // A rule that is broken where the text is may only be broken because of it.
    let mut errors =
        if parsed.errors.is_empty() { render::diagnostics(&faults, &syntax) } else { render::parse_errors(&parsed.errors) };
    errors.extend(expand::in_spite_of(&faults, &syntax, &model));
    errors
}
