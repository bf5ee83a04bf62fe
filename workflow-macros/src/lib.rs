//! The `workflow!` macro. Use it through `workflow_runtime::workflow`.

mod expand;
mod render;

/// Declares a workflow: see the [language reference](https://docs.rs/workflow-runtime).
#[proc_macro]
pub fn workflow(block: proc_macro::TokenStream) -> proc_macro::TokenStream {
    compile(block.into()).into()
}

/// Parse, lower, check, expand. Whatever is wrong, the types come out as far as they were understood: one mistake must not read
/// like fifty.
fn compile(block: proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    let parsed = workflow_syntax::parse(block);
    let mut faults = render::parse_errors(&parsed.errors);
    let Some(syntax) = parsed.workflow else { return faults };
    let model = workflow_syntax::lower(&syntax);
    if parsed.errors.is_empty() {
        faults.extend(render::diagnostics(&workflow_model::check(&model), &syntax));
    }
    let expansion = expand::Expansion::new(&syntax, &model);
    if faults.is_empty() { expansion.whole() } else { expansion.types_only(faults) }
}
