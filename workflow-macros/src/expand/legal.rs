//! What the compiler says to a transition that is not there.
//!
//! `Order<Placed>` has no method `ship`. It dereferences to a hidden type that has one in every state, whose bound holds only
//! where the real method exists: so the error is not that the method is missing, but why, in the words of the workflow.

use super::Expansion;
use super::event::EventOf;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use workflow_model::State;

impl Expansion<'_> {
    pub(super) fn legality(&self) -> TokenStream {
        let (vis, order) = (&self.scope.inside, &self.syntax.name);
        let events = self.each_event();
        let traits = events.iter().map(|event| self.legal_trait(event));
        let methods = events.iter().map(|event| self.illegal_method(event));
        quote! {
            /// Where each transition is legal, as the compiler is told.
            #[doc(hidden)]
            #vis mod legal {
                use super::*;
                /// What a transition is asked of.
                #[derive(::core::fmt::Debug)]
                pub struct Transition;
                #(#traits)*
            }
            #[doc(hidden)]
            #[derive(::core::fmt::Debug)]
            #vis struct Elsewhere<S>(::core::marker::PhantomData<fn() -> S>);
            impl<S> ::core::ops::Deref for #order<S> {
                type Target = Elsewhere<S>;
                fn deref(&self) -> &Elsewhere<S> { &Elsewhere(::core::marker::PhantomData) }
            }
            impl<S> Elsewhere<S> { #(#methods)* }
        }
    }

    /// Expands to: `pub trait Ship<S> {}` with the text of the error, and an impl for each state where it is legal.
    fn legal_trait(&self, event: &EventOf<'_>) -> TokenStream {
        let (name, method) = (&event.name, &event.first.event.rust);
        let workflow = &self.model.name.rust;
        let sources: Vec<&State> = event.lines.iter().flat_map(|line| self.model.sources(line)).collect();
        let from = quoted(sources.iter().map(|s| s.name.rust.as_str()));
        let message = format!("this `{workflow}` is `{{S}}` and cannot `{method}`");
        let label = format!("`{method}` starts from {from}");
        let notes = self.model.states.iter().map(|s| self.possible_note(s));
        let states = sources.iter().map(|s| format_ident!("{}", s.name.rust));
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, #(note = #notes),*)]
            #[doc(hidden)]
            pub trait #name<S> {}
            #( impl #name<super::#states> for Transition {} )*
        }
    }

    /// from `Placed`: `reserve`, `cancel`
    fn possible_note(&self, state: &State) -> String {
        let from: Vec<_> = self.model.edges().into_iter().filter(|e| e.from.name == state.name).collect();
        let events = quoted(from.iter().map(|e| e.transition.event.rust.as_str()));
        format!("from `{}`: {}", state.name.rust, if events.is_empty() { "nothing, it is final" } else { &events })
    }

    /// Expands to the same signature with a bound that does not hold.
    fn illegal_method(&self, event: &EventOf<'_>) -> TokenStream {
        let (vis, order, name, method) = (&self.scope.inside, &self.syntax.name, &event.name, &event.syntax.event);
        let method = format_ident!("{method}");
        let (parameters, _) = self.parameters(event);
        let unused = parameters.iter().zip(&event.syntax.parameters).map(|(p, f)| {
            let name = &f.name;
            (p, quote!(let _ = #name;))
        });
        let (parameters, drops): (Vec<_>, Vec<_>) = unused.unzip();
        quote! {
            #[doc(hidden)]
            #vis fn #method<A, Kind>(
                &self,
                _: &mut ::workflow_runtime::Tx<'_, A, Kind>,
                #(#parameters),*
            ) -> ::core::future::Ready<::core::result::Result<#order, ::workflow_runtime::Error<#order>>>
            where
                legal::Transition: legal::#name<S>,
            {
                #(#drops)*
                ::workflow_runtime::private::never()
            }
        }
    }
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
