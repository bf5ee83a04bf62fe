//! The checked syntax as Rust.
//!
//! Everything stands in a module named after the workflow, and says only `::core`, `::std` and `::workflow_runtime` paths, so
//! that nothing of the user's can get in its way. Field types are the exception: they mean what they mean where the block stands.

mod activity;
mod children;
mod create;
mod diagram;
mod effect;
mod event;
mod fallback;
mod group;
mod instance;
mod known;
mod legal;
mod model;
mod moves;
mod perform;
mod record;
mod scope;
mod snapshot;
mod sql;
mod state;
mod types;
mod union;
mod work;

use known::Known;
use proc_macro2::TokenStream;
use quote::quote;
use scope::Scope;
use workflow_model::{Diagnostic, Model};
use workflow_syntax::ast;

/// After a fault: what can stand of the block, to go beside the errors. Whatever uses the workflow then has the names it expects,
/// and completion something to offer.
pub(crate) fn in_spite_of(faults: &[Diagnostic], block: &ast::Workflow, model: &Model) -> TokenStream {
    let mut standing = fallback::standing(block, model, faults);
    // What is left of it is not what was declared.
    standing.attrs.snapshot = None;
    if standing.states.is_empty() {
        return TokenStream::new();
    }
    let model = workflow_syntax::lower(&standing);
    fallback::hollow(Expansion::new(&standing, &model).whole())
}

/// One block on its way to Rust.
pub(crate) struct Expansion<'b> {
    syntax: &'b ast::Workflow,
    model: &'b Model,
    known: Known<'b>,
    scope: Scope<'b>,
    /// Below the manifest's folder: `/docs/order.svg`.
    diagram: Option<String>,
}

impl<'b> Expansion<'b> {
    pub(crate) fn new(syntax: &'b ast::Workflow, model: &'b Model) -> Self {
        Expansion { syntax, model, known: Known::new(syntax, model), scope: Scope::new(syntax, model), diagram: None }
    }

    /// Expands to: `pub use order::Order; pub mod order { … }`
    pub(crate) fn whole(&self) -> TokenStream {
        let types = self.types();
        let behaviour = [
            self.model_constant(),
            self.groups(),
            self.possibilities(),
            self.events(),
            self.creation(),
            self.moves(),
            self.legality(),
            self.effects(),
            self.work(),
            self.perform(),
            self.child(),
            self.snapshot(),
        ];
        self.module(quote! { #types #(#behaviour)* })
    }

    fn types(&self) -> TokenStream {
        let parts = [self.states(), self.state_enum(), self.labels(), self.instance(), self.typed(), self.new_struct()];
        quote! { #(#parts)* }
    }

    fn module(&self, items: TokenStream) -> TokenStream {
        let Expansion { syntax, scope, .. } = self;
        let (vis, name, module) = (&syntax.vis, &syntax.name, &scope.module);
        let docs = &syntax.attrs.docs;
        let diagram = self.diagram();
        let aliases = scope.aliases();
        quote! {
            #[allow(unused_imports)]
            #vis use #module::#name;
            #(#docs)*
            #diagram
            #[allow(dead_code, missing_copy_implementations, clippy::pedantic, clippy::nursery, clippy::restriction)]
            #vis mod #module {
                #[allow(unused_imports)]
                use super::*;
                #aliases
                #items
            }
        }
    }
}
