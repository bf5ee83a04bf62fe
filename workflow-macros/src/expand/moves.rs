//! Transitions as methods, each only where it is legal.

use super::Expansion;
use super::event::EventOf;
use super::scope::{Depth, at};
use super::state::docs_or;
use super::types;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use workflow_model::Edge;

impl Expansion<'_> {
    /// Expands to one impl a state: `impl Order<Placed> { pub async fn reserve(…) … }`
    pub(super) fn moves(&self) -> TokenStream {
        let order = &self.syntax.name;
        let events = &self.known.events;
        let each = self.pairs().map(|(syntax, model)| {
            let state = &syntax.name;
            let methods: Vec<_> = events
                .iter()
                .flat_map(|event| event.lines.iter().flat_map(|line| self.known.edges_of(line)).map(move |edge| (event, edge)))
                .filter(|(_, edge)| edge.from.name == model.name)
                .map(|(event, edge)| self.method(event, &edge))
                .collect();
            if methods.is_empty() {
                TokenStream::new()
            } else {
                quote! { impl #order<#state> { #(#methods)* } }
            }
        });
        each.collect()
    }

    /// Expands to:
    ///
    /// ```text
    /// pub async fn ship<A: Effects, Kind: Send>(self, tx: &mut Tx<'_, A, Kind>, tracking: impl Into<String>)
    ///     -> Result<Order<Shipped>, Error<Order>>
    /// ```
    fn method(&self, event: &EventOf<'_>, edge: &Edge<'_>) -> TokenStream {
        let (vis, order, name) = (&self.scope.inside, &self.syntax.name, &event.name);
        let method = &event.syntax.event;
        let to = format_ident!("{}", edge.to.name.rust);
        let bound = at(method.span(), self.application_bound(event.effect().is_some()));
        let docs = docs_or(&event.syntax.attrs, &format!("`{}`: to `{}`.", event.first.event.rust, edge.to.name.rust));
        let (parameters, values) = self.parameters(event);
        let many = many_parameters(parameters.len());
        let payload = if values.is_empty() { quote!(event::#name) } else { quote!(event::#name { #(#values),* }) };
        let id = self.syntax.fields.first().map(|f| &f.name);
        let this = proc_macro2::Ident::new("self", method.span());
        // Not the user's `tx`: a parameter may be called so.
        let tx = proc_macro2::Ident::new("tx", proc_macro2::Span::mixed_site());
        quote! {
            #(#docs)*
            ///
            /// # Errors
            ///
            /// [`Error`](::workflow_runtime::Error): nothing was written. `Conflict` when somebody else has moved it since it was
            /// loaded: load it again. Roll the transaction back, or use a savepoint.
            #many
            #vis async fn #method<A: #bound, Kind: ::core::marker::Send>(
                #this,
                #tx: &mut ::workflow_runtime::Tx<'_, A, Kind>,
                #(#parameters),*
            ) -> ::core::result::Result<#order<#to>, ::workflow_runtime::Error<#order>> {
                #tx.step(&#this.#id, ::core::option::Option::Some(#this.version), &#payload).await
            }
        }
    }

    /// `tracking: impl Into<String>`, and `tracking: tracking.into()`
    pub(super) fn parameters(&self, event: &EventOf<'_>) -> (Vec<TokenStream>, Vec<TokenStream>) {
        let parameter = |field: &workflow_syntax::ast::Field| {
            let (name, ty) = (&field.name, self.scope.ty(&field.ty, Depth::Module));
            if types::is_string(&field.ty) {
                (quote!(#name: impl ::core::convert::Into<#ty>), quote!(#name: ::core::convert::Into::into(#name)))
            } else {
                (quote!(#name: #ty), quote!(#name))
            }
        };
        event.syntax.parameters.iter().map(parameter).unzip()
    }
}

/// As many as the event has: what clippy says of it is no fault of the user's.
pub(super) fn many_parameters(count: usize) -> Option<TokenStream> {
    (count > 5).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}
