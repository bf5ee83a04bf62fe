//! Text to model to everything that comes of a model.

use crate::macros::compile::compile;
use proc_macro2::TokenStream;
use workflow_model::Model;
use workflow_syntax::Found;

/// Reads a file as the command line does, and gives the models without faults.
pub fn file(text: &str) -> Vec<Model> {
    let worth = workflow_syntax::worth_parsing(text);
    let Ok(file) = workflow_syntax::find(text) else { return Vec::new() };
    assert!(worth || file.found.is_empty() && file.modules.is_empty(), "a look at the words has missed something");
    file.found.into_iter().filter_map(|Found { tokens, .. }| block(tokens)).collect()
}

/// Expands a block as the macro does, and gives its model if it has no faults.
pub fn block(tokens: TokenStream) -> Option<Model> {
    let rust = compile(tokens.clone(), None);
    // Reading it takes ten times as long as all the rest: one of eight is read.
    if tokens.to_string().len() % 8 == 0 {
        is_rust(rust);
    }
    let parsed = workflow_syntax::parse(tokens);
    let syntax = parsed.workflow?;
    parsed.errors.iter().for_each(|error| assert!(!error.message.is_empty()));
    let model = workflow_syntax::lower(&syntax);
    let faults = workflow_model::check(&model);
    // Each place has tokens, which is how the fault gets a line.
    faults.iter().for_each(|fault| _ = syntax.span(fault.place));
    (parsed.errors.is_empty() && faults.is_empty()).then_some(model)
}

fn is_rust(expansion: TokenStream) {
    if let Err(error) = syn::parse2::<syn::File>(expansion.clone()) {
        panic!("the expansion is no Rust: {error}\n{expansion}");
    }
}

/// Everything that is written of a model; its statements must be ones that PostgreSQL's grammar has.
pub fn migrations(model: &Model) {
    let migration = workflow_migrate::first_migration(model);
    for text in [&migration.up, &migration.down] {
        if let Err(error) = workflow_explain::explain(text) {
            panic!("no SQL: {error}\n{text}");
        }
    }
    for text in [workflow_diagram::svg(model), workflow_diagram::mermaid(model), workflow_diagram::dot(model)] {
        assert!(!text.is_empty());
    }
}
