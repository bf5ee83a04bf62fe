//! What the compiler says to a transition that is not there.
//!
//! `Order<Placed>` has no method `ship`. It dereferences to a hidden type that has one, with a bound that nothing meets, and the
//! text of the error stands on that bound: so the error is not that the method is missing, but why, in the words of the
//! workflow. Each state has a type of its own there, since the text is to name what can be done in that state and no other.

use super::Expansion;
use super::event::EventOf;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use workflow_model::State;

/// Each pair of a state and an event costs a trait and a method: a check of 2,000 pairs took 1.4 s, of 8,000 pairs 10 s. Beyond
/// this the compiler's own words must do: that there is no such method, and in which states there is one.
const MOST_PAIRS: usize = 2_500;

/// The words of one error.
struct Refusal {
    message: String,
    label: String,
    note: String,
}

impl Expansion<'_> {
    /// Expands to: `mod legal { … }`, and what leads there.
    pub(super) fn legality(&self) -> TokenStream {
        if self.model.states.len() * self.known.events.len() > MOST_PAIRS {
            return TokenStream::new();
        }
        let vis = &self.scope.inside;
        let typed = self.pairs().map(|(syntax, model)| {
            let note = self.possible_from(model);
            self.refusing(&syntax.name, |event| self.not_from(event, model, &note))
        });
        let untyped = self.refusing(&format_ident!("State"), |event| Some(self.not_untyped(event)));
        let (types, derefs): (Vec<_>, Vec<_>) = typed.chain([untyped]).unzip();
        quote! {
            /// The text of the errors for transitions that do not exist.
            #[doc(hidden)]
            #vis mod legal { #(#types)* }
            #(#derefs)*
        }
    }

    /// Expands to the hidden type of a state, with a method for each event that the state refuses, and to the `Deref` to it.
    fn refusing(&self, state: &Ident, refusal: impl Fn(&EventOf<'_>) -> Option<Refusal>) -> (TokenStream, TokenStream) {
        let (order, events) = (&self.syntax.name, &self.known.events);
        let refused: Vec<_> = events.iter().filter_map(|event| Some((event, refusal(event)?))).collect();
        let from = format_ident!("From{state}");
        let (traits, methods): (Vec<_>, Vec<_>) =
            refused.iter().map(|(event, refusal)| refused_event(&from, event, refusal)).unzip();
        let types = quote! {
            #[derive(::core::fmt::Debug)]
            pub struct #from;
            impl #from { #(#methods)* }
            #(#traits)*
        };
        let deref = quote! {
            #[doc(hidden)]
            impl ::core::ops::Deref for #order<#state> {
                type Target = legal::#from;
                fn deref(&self) -> &legal::#from { &legal::#from }
            }
        };
        (types, deref)
    }

    /// Where the event does not start from the state.
    fn not_from(&self, event: &EventOf<'_>, state: &State, note: &str) -> Option<Refusal> {
        let legal = self.sources_of(event).any(|source| std::ptr::eq(source, state));
        let (name, method) = (&state.name.rust, &event.first.event.rust);
        (!legal).then(|| Refusal {
            message: format!("this `{}` is `{name}` and cannot `{method}`", self.model.name.rust),
            label: self.starts_from(event),
            note: note.to_owned(),
        })
    }

    /// from `Reserved`: `ship`, `cancel`
    fn possible_from(&self, state: &State) -> String {
        let edges = self.known.edges.iter().filter(|edge| std::ptr::eq(edge.from, state));
        let possible = quoted(edges.map(|edge| edge.transition.event.rust.as_str()));
        format!("from `{}`: {}", state.name.rust, if possible.is_empty() { "nothing, it is final" } else { &possible })
    }

    /// No event starts from an instance that may be in any state.
    fn not_untyped(&self, event: &EventOf<'_>) -> Refusal {
        let method = &event.first.event.rust;
        let (workflow, instance) = (&self.model.name.rust, &self.scope.module);
        let first = self.sources_of(event).next().map_or("…", |s| s.name.rust.as_str());
        Refusal {
            message: format!("this `{workflow}` can be in any state and cannot `{method}`"),
            label: self.starts_from(event),
            note: format!(
                "match it first: `match {instance}.typed() {{ {instance}::In::{first}({instance}) => {instance}.{method}(…), … }}`"
            ),
        }
    }

    fn sources_of<'e>(&'e self, event: &'e EventOf<'_>) -> impl Iterator<Item = &'e State> {
        event.lines.iter().flat_map(|line| self.known.sources(line)).copied()
    }

    /// `ship` starts from `Reserved`
    fn starts_from(&self, event: &EventOf<'_>) -> String {
        let sources = self.sources_of(event).map(|state| state.name.rust.as_str());
        format!("`{}` starts from {}", event.first.event.rust, quoted(sources))
    }
}

/// Expands to the trait that nothing meets, and to a method with as many parameters as the real one, whatever they are, so that
/// neither they nor the result bring errors of their own.
fn refused_event(from: &Ident, event: &EventOf<'_>, refusal: &Refusal) -> (TokenStream, TokenStream) {
    let Refusal { message, label, note } = refusal;
    let (bound, method) = (format_ident!("{}{from}", event.name), &event.syntax.event);
    let parameters: Vec<_> = (0..=event.syntax.parameters.len()).map(|i| format_ident!("P{i}")).collect();
    // At the event's own tokens, so that the note on the bound shows its line in the block. It is about a lifetime, since a
    // bound about nothing generic would be refused here, and not at the call.
    let condition = quote_spanned!(method.span()=> &'a (): #bound);
    let bound = quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        pub trait #bound {}
        // A trait without any implementation would have that suggested.
        #[diagnostic::do_not_recommend]
        impl #bound for #from {}
    };
    let many = super::moves::many_parameters(event.syntax.parameters.len());
    let method = quote! {
        #many
        pub fn #method<'a, #(#parameters,)* T>(&'a self, #(_: #parameters),*) -> ::core::future::Ready<T> where #condition {
            ::workflow_runtime::private::never()
        }
    };
    (bound, method)
}

fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
