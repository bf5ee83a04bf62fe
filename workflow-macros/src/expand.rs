//! The checked syntax as Rust.
//!
//! Everything stands in a module named after the workflow, and says only `::core`, `::std` and `::workflow_runtime` paths, so
//! that nothing of the user's can get in its way. Field types are the exception: they mean what they mean where the block stands.

mod activity;
mod create;
mod effect;
mod event;
mod group;
mod instance;
mod legal;
mod model;
mod moves;
mod scope;
mod sql;
mod state;
mod types;
mod union;
mod work;

use proc_macro2::TokenStream;
use quote::quote;
use scope::Scope;
use workflow_model::Model;
use workflow_syntax::ast;

/// One block on its way to Rust.
pub(crate) struct Expansion<'b> {
    syntax: &'b ast::Workflow,
    model: &'b Model,
    scope: Scope<'b>,
}

impl<'b> Expansion<'b> {
    pub(crate) fn new(syntax: &'b ast::Workflow, model: &'b Model) -> Self {
        Expansion { syntax, model, scope: Scope::new(syntax, model) }
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
        ];
        self.module(quote! { #types #(#behaviour)* })
    }

    /// After a fault: the types alone, so far as they can stand, beside the errors. Whatever uses the workflow then has the names
    /// it expects, and completion something to offer.
    pub(crate) fn types_only(&self, faults: TokenStream) -> TokenStream {
        let module = if self.can_stand() { self.module(self.fallback()) } else { TokenStream::new() };
        quote! { #faults #module }
    }

    fn types(&self) -> TokenStream {
        let parts = [self.states(), self.state_enum(), self.labels(), self.instance(), self.typed(), self.new_struct()];
        quote! { #(#parts)* }
    }

    fn fallback(&self) -> TokenStream {
        let parts =
            [self.states(), self.state_enum(), self.labels(), self.plain_instance(), self.new_struct(), self.event_structs()];
        quote! { #(#parts)* }
    }

    fn module(&self, items: TokenStream) -> TokenStream {
        let Expansion { syntax, scope, .. } = self;
        let (vis, name, module) = (&syntax.vis, &syntax.name, &scope.module);
        let docs = &syntax.attrs.docs;
        let aliases = scope.aliases();
        quote! {
            #[allow(unused_imports)]
            #vis use #module::#name;
            #(#docs)*
            #[allow(clippy::pedantic, clippy::nursery, clippy::restriction)]
            #vis mod #module {
                #[allow(unused_imports)]
                use super::*;
                #aliases
                #items
            }
        }
    }
}

impl Expansion<'_> {
    /// Enough was understood for the types to mean something.
    fn can_stand(&self) -> bool {
        !self.syntax.fields.is_empty() && !self.syntax.states.is_empty()
    }
}
