//! Events: one struct each, the enum of all, and how they are sent.

use super::Expansion;
use super::record::{self, Variant};
use super::scope::{Depth, at, braces};
use super::state::{derive, docs_or};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::{Field, State, Transition};
use workflow_syntax::ast;

/// An event, by its first line, and all its lines.
pub(super) struct EventOf<'b> {
    pub(super) syntax: &'b ast::Transition,
    pub(super) first: &'b Transition,
    pub(super) lines: Vec<&'b Transition>,
    /// `Reserve`
    pub(super) name: Ident,
}

impl EventOf<'_> {
    /// The method of `Effects` that at least one of its lines has.
    pub(super) fn effect(&self) -> Option<&str> {
        self.lines.iter().find_map(|line| line.app_effect())
    }
}

impl Expansion<'_> {
    /// Expands to: `pub mod event { … }`, `pub enum Event { … }`, and their traits.
    pub(super) fn events(&self) -> TokenStream {
        let structs = self.event_structs();
        let traits = self.known.events.iter().map(|event| self.event_trait(event)).collect::<TokenStream>();
        let every = self.event_enum();
        quote! { #structs #traits #every }
    }

    /// Expands to: `pub mod event { pub struct Reserve { pub warehouse: String } … }`
    pub(super) fn event_structs(&self) -> TokenStream {
        let vis = &self.scope.inside;
        let structs = self.known.events.iter().map(|event| {
            let (vis, name, derive) = (&self.scope.in_event, &event.name, derive());
            let docs = docs_or(&event.syntax.attrs, &format!("`{}`.", event.first.event.rust));
            if event.syntax.parameters.is_empty() {
                let whole = at(name.span(), quote!(#vis struct #name;));
                return quote! { #(#docs)* #derive #whole };
            }
            let head = at(name.span(), quote!(#vis struct #name));
            let fields = event.syntax.parameters.iter().map(|f| self.field(f, Depth::Event));
            let body = braces(name.span(), quote!(#(#fields),*));
            quote! { #(#docs)* #derive #head #body }
        });
        quote! {
            /// What can happen: one struct an event, with its payload.
            #vis mod event {
                #[allow(unused_imports)]
                use super::super::*;
                #(#structs)*
            }
        }
    }

    /// Expands to: `impl Event for event::Reserve { … }`
    fn event_trait(&self, event: &EventOf<'_>) -> TokenStream {
        let (order, name) = (&self.syntax.name, &event.name);
        let to = self.arrival(event);
        let transition = self.transition_statements(event);
        let binds =
            event.syntax.parameters.iter().zip(&event.first.parameters).filter(|(_, p)| self.is_column(&p.name)).map(|(f, _)| {
                let field = &f.name;
                quote!(::workflow_runtime::private::bind(arguments, &self.#field)?;)
            });
        let effectless = event.effect().is_none().then(|| {
            quote! {
                #[diagnostic::do_not_recommend]
                impl ::workflow_runtime::workflow::Effectless for event::#name {}
                impl<A: ::core::marker::Send + ::core::marker::Sync> ::workflow_runtime::workflow::Fire<A> for event::#name {
                    async fn effect(
                        &self,
                        _: &A,
                        _: &mut ::workflow_runtime::private::sqlx::PgConnection,
                        _: &::workflow_runtime::private::sqlx::postgres::PgRow,
                    ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                        ::core::result::Result::Ok(())
                    }
                }
            }
        });
        let serde = record::of_struct(&quote!(event::#name), name, &event.syntax.parameters.iter().collect::<Vec<_>>());
        quote! {
            #serde
            #[diagnostic::do_not_recommend]
            impl ::workflow_runtime::workflow::Event for event::#name {
                type Workflow = #order;
                type To = #to;
                fn transition(&self) -> &'static ::workflow_runtime::private::Transition {
                    const TRANSITION: ::workflow_runtime::private::Transition = #transition;
                    &TRANSITION
                }
                fn bind(
                    &self,
                    arguments: &mut ::workflow_runtime::private::sqlx::postgres::PgArguments,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    let _ = &arguments;
                    #(#binds)*
                    ::core::result::Result::Ok(())
                }
            }
            #effectless
        }
    }

    /// A parameter that is no field is handed to the effect only.
    pub(super) fn is_column(&self, parameter: &str) -> bool {
        self.column(parameter).is_some()
    }

    /// The field that a parameter of this name sets.
    pub(super) fn column(&self, parameter: &str) -> Option<&Field> {
        self.known.columns.iter().map(|c| c.field).find(|field| field.name.rust == parameter)
    }

    /// `Order<Reserved>` where all lines lead to one state, else `Order`.
    fn arrival(&self, event: &EventOf<'_>) -> TokenStream {
        let order = &self.syntax.name;
        let edges = event.lines.iter().flat_map(|line| self.known.edges_of(line));
        let mut targets: Vec<&State> = edges.map(|edge| edge.to).collect();
        targets.dedup_by(|a, b| a.name == b.name);
        match targets[..] {
            [one] => {
                let state = format_ident!("{}", one.name.rust);
                quote!(#order<#state>)
            }
            _ => quote!(#order),
        }
    }

    /// Expands to: `pub enum Event { Reserve(event::Reserve), … }`, itself an event.
    fn event_enum(&self) -> TokenStream {
        let (vis, order, derive) = (&self.scope.inside, &self.syntax.name, derive());
        let events = &self.known.events;
        if events.is_empty() {
            return TokenStream::new();
        }
        let names: Vec<_> = events.iter().map(|e| &e.name).collect();
        let variants = events.iter().map(|e| Variant { name: &e.name, spellings: vec![&e.first.event.label] });
        let serde = record::of_enum(&format_ident!("Event"), &variants.collect::<Vec<_>>());
        let docs = events.iter().map(|e| format!("`{}`", e.first.event.rust));
        let bound = self.application_bound(events.iter().any(|e| e.effect().is_some()));
        quote! {
            /// Any event, with its payload.
            #derive
            #vis enum Event { #( #[doc = #docs] #names(event::#names), )* }
            #serde
            #(
                impl ::core::convert::From<event::#names> for Event {
                    fn from(event: event::#names) -> Self { Event::#names(event) }
                }
            )*
            #[diagnostic::do_not_recommend]
            impl ::workflow_runtime::workflow::Event for Event {
                type Workflow = #order;
                type To = #order;
                fn transition(&self) -> &'static ::workflow_runtime::private::Transition {
                    match self { #( Event::#names(event) => ::workflow_runtime::workflow::Event::transition(event), )* }
                }
                fn bind(
                    &self,
                    arguments: &mut ::workflow_runtime::private::sqlx::postgres::PgArguments,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    match self { #( Event::#names(event) => ::workflow_runtime::workflow::Event::bind(event, arguments), )* }
                }
            }
            impl<A: #bound> ::workflow_runtime::workflow::Fire<A> for Event {
                async fn effect(
                    &self,
                    app: &A,
                    tx: &mut ::workflow_runtime::private::sqlx::PgConnection,
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    match self {
                        #( Event::#names(event) => ::workflow_runtime::workflow::Fire::effect(event, app, tx, row).await, )*
                    }
                }
            }
        }
    }

    /// What the application must be: the workflow's `Effects`, or anything.
    pub(super) fn application_bound(&self, effects: bool) -> TokenStream {
        if effects { quote!(Effects) } else { quote!(::core::marker::Send + ::core::marker::Sync + 'static) }
    }
}
