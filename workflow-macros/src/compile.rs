//! From the tokens of a block to Rust.

use super::{expand, render};
use proc_macro2::TokenStream;
use std::path::Path;

/// Parse, lower, check, expand. Whatever is wrong, what was understood comes out all the same: one mistake must not read like
/// fifty.
pub(crate) fn compile(block: TokenStream, home: Option<&Path>) -> TokenStream {
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
