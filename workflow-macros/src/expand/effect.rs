//! Effects: what the application does in the transaction of a transition.

use super::Expansion;
use super::event::EventOf;
use super::record;
use super::scope::at;
use super::union::Union;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use workflow_model::{State, Transition, names};
use workflow_syntax::ast;

/// One method of `Effects`, and every line that names it.
struct EffectOf<'b> {
    name: &'b str,
    lines: Vec<&'b Transition>,
    before: Union,
    after: Union,
    events: Vec<&'b str>,
}

impl Expansion<'_> {
    /// Expands to: `pub trait Effects { … }`, when there are any, the enums that its methods take, and what calls them.
    pub(super) fn effects(&self) -> TokenStream {
        let effects = self.each_effect();
        if effects.is_empty() && self.create_effect().is_none() {
            return TokenStream::new();
        }
        let enums = effects.iter().map(|effect| self.effect_enums(effect));
        let calls = self.known.events.iter().map(|event| self.effect_call(event, &effects)).collect::<TokenStream>();
        let effects_trait = self.effects_trait(&effects);
        quote! { #effects_trait #(#enums)* #calls }
    }

    pub(super) fn has_effects(&self) -> bool {
        self.create_effect().is_some() || self.model.transitions.iter().any(|t| t.app_effect().is_some())
    }

    fn each_effect(&self) -> Vec<EffectOf<'_>> {
        let mut effects: Vec<&str> = Vec::new();
        for name in self.model.transitions.iter().filter_map(Transition::app_effect) {
            if !effects.contains(&name) {
                effects.push(name);
            }
        }
        effects.into_iter().map(|name| self.effect_of(name)).collect()
    }

    fn effect_of<'e>(&'e self, name: &'e str) -> EffectOf<'e> {
        let lines: Vec<_> = self.model.transitions.iter().filter(|t| t.app_effect() == Some(name)).collect();
        let edges: Vec<_> = lines.iter().flat_map(|line| self.known.edges_of(line)).collect();
        let side = |states: Vec<&State>, suffix: &str| self.union(&states, &format!("{}{suffix}", names::type_name(name)));
        let mut events: Vec<&str> = Vec::new();
        for line in &lines {
            if !events.contains(&line.event.rust.as_str()) {
                events.push(&line.event.rust);
            }
        }
        EffectOf {
            name,
            before: side(edges.iter().map(|e| e.from).collect(), "Before"),
            after: side(edges.iter().map(|e| e.to).collect(), "After"),
            lines,
            events,
        }
    }

    fn effects_trait(&self, effects: &[EffectOf<'_>]) -> TokenStream {
        let vis = &self.scope.inside;
        let workflow = &self.model.name.rust;
        let module = &self.scope.module;
        let methods = effects.iter().map(|effect| self.effect_method(effect));
        let create = self.create_effect().map(|name| self.create_method(name));
        let list: Vec<_> =
            effects.iter().map(|e| format!("`{}`", e.name)).chain(self.create_effect().map(|c| format!("`{c}`"))).collect();
        let message = format!("`{{Self}}` does not provide the effects of `{workflow}`");
        let note = format!("implement `{module}::Effects` for it: {}", list.join(", "));
        quote! {
            /// What the application does in the transaction of a transition: the methods behind `with`.
            ///
            /// Write them as plain `async fn`. An error rolls the transition back. A method may run several times, since a
            /// transition that meets a deadlock is tried again: what it does through `tx` counts once.
            #[diagnostic::on_unimplemented(message = #message, note = #note)]
            #vis trait Effects: ::core::marker::Send + ::core::marker::Sync + 'static {
                /// Why an effect says no.
                type Error: ::core::convert::Into<::workflow_runtime::BoxError> + ::core::marker::Send;
                #create
                #(#methods)*
            }
        }
    }

    /// Expands to: `fn take_stock(&self, tx: &mut PgConnection, before: &Order<Placed>, after: &Order<Reserved>, event: &event::Reserve) -> …`
    fn effect_method(&self, effect: &EffectOf<'_>) -> TokenStream {
        let name = self.effect_name(effect.name);
        let (before, after) = (self.union_type(&effect.before), self.union_type(&effect.after));
        let event = match effect.events[..] {
            [one] => {
                let one = format_ident!("{}", names::type_name(one));
                quote!(event::#one)
            }
            _ => {
                let any = event_enum(effect);
                quote!(#any)
            }
        };
        let events: Vec<_> = effect.events.iter().map(|e| format!("`{e}`")).collect();
        let docs = format!("The effect of {}.", events.join(", "));
        let method = quote! {
            fn #name(
                &self,
                tx: &mut ::workflow_runtime::private::sqlx::PgConnection,
                before: &#before,
                after: &#after,
                event: &#event,
            ) -> impl ::core::future::Future<Output = ::core::result::Result<(), Self::Error>> + ::core::marker::Send;
        };
        let method = at(name.span(), method);
        quote! { #[doc = #docs] #method }
    }

    /// The method's name, at the first place where it is written.
    fn effect_name(&self, name: &str) -> Ident {
        let lines = self.syntax.transitions.iter().map(|line| &line.clauses);
        let written =
            lines.chain(self.syntax.create.iter().map(|create| &create.clauses)).find_map(|clauses| match &clauses.effect {
                Some(ast::Effect::App(written)) if written == name => Some(written.span()),
                _ => None,
            });
        Ident::new(name, written.unwrap_or_else(Span::call_site))
    }

    fn create_method(&self, name: &str) -> TokenStream {
        let (order, name) = (&self.syntax.name, self.effect_name(name));
        let initial = self.model.initial().map(|s| format_ident!("{}", s.name.rust));
        let method = quote! {
            fn #name(
                &self,
                tx: &mut ::workflow_runtime::private::sqlx::PgConnection,
                after: &#order<#initial>,
                new: &New,
            ) -> impl ::core::future::Future<Output = ::core::result::Result<(), Self::Error>> + ::core::marker::Send;
        };
        let method = at(name.span(), method);
        quote! {
            /// The effect of creation.
            #method
        }
    }

    /// Expands to: `pub enum ReturnStockEvent { Undeliverable(event::Undeliverable), Cancel(event::Cancel) }`, and the like.
    fn effect_enums(&self, effect: &EffectOf<'_>) -> TokenStream {
        let before = self.union_declared(&effect.before, &format!("Where `{}` comes from.", effect.name));
        let after = self.union_declared(&effect.after, &format!("Where `{}` leads to.", effect.name));
        let events = (effect.events.len() > 1).then(|| {
            let (vis, name) = (&self.scope.inside, event_enum(effect));
            let derive = super::state::derive();
            let docs = format!("What `{}` belongs to.", effect.name);
            let variant_docs = effect.events.iter().map(|e| format!("`{e}`"));
            let variants: Vec<_> = effect.events.iter().map(|e| format_ident!("{}", names::type_name(e))).collect();
            let serde = record::of_union(&name, &variants);
            quote! {
                #[doc = #docs]
                #derive
                #vis enum #name { #( #[doc = #variant_docs] #variants(event::#variants), )* }
                #serde
            }
        });
        quote! { #before #after #events }
    }

    /// Expands to: `impl<A: Effects> Fire<A> for event::Reserve { … }`, which reads both sides of the row and calls the method
    /// that belongs to the line.
    fn effect_call(&self, event: &EventOf<'_>, effects: &[EffectOf<'_>]) -> TokenStream {
        if event.effect().is_none() {
            return TokenStream::new();
        }
        let (order, name) = (&self.syntax.name, &event.name);
        let arms = event.lines.iter().filter_map(|line| {
            let effect = effects.iter().find(|e| e.lines.iter().any(|l| std::ptr::eq(*l, *line)))?;
            Some(self.known.edges_of(line).map(|edge| self.effect_arm(event, effect, edge)).collect::<TokenStream>())
        });
        let head = at(name.span(), quote!(impl<A: Effects> ::workflow_runtime::workflow::Fire<A> for event::#name));
        quote! {
            #head {
                async fn effect(
                    &self,
                    app: &A,
                    tx: &mut ::workflow_runtime::private::sqlx::PgConnection,
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    match ::workflow_runtime::private::before::<#order>(row)?.typed() {
                        #(#arms)*
                        _ => ::core::result::Result::Ok(()),
                    }
                }
            }
        }
    }

    fn effect_arm(&self, event: &EventOf<'_>, effect: &EffectOf<'_>, edge: workflow_model::Edge<'_>) -> TokenStream {
        let (order, method) = (&self.syntax.name, format_ident!("{}", effect.name));
        let (from, to) = (format_ident!("{}", edge.from.name.rust), format_ident!("{}", edge.to.name.rust));
        let before = self.union_value(&effect.before, &from, &quote!(before));
        let after = self.union_value(&effect.after, &to, &quote!(after));
        let payload = if effect.events.len() > 1 {
            let (any, one) = (event_enum(effect), &event.name);
            quote!(&#any::#one(::core::clone::Clone::clone(self)))
        } else {
            quote!(self)
        };
        quote! {
            In::#from(before) => {
                let after: #order<#to> = ::workflow_runtime::private::after(row)?;
                app.#method(tx, &#before, &#after, #payload).await.map_err(::core::convert::Into::into)
            }
        }
    }
}

fn event_enum(effect: &EffectOf<'_>) -> proc_macro2::Ident {
    format_ident!("{}Event", names::type_name(effect.name))
}
