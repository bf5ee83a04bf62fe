//! Activities: outside work whose outcome is an event.

use super::Expansion;
use super::record;
use super::state::derive;
use super::union::Union;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::{State, Transition, Trigger, names};

/// One activity, and every line that it fires.
pub(super) struct ActivityOf<'b> {
    pub(super) name: &'b str,
    lines: Vec<&'b Transition>,
    from: Union,
    /// The states where it may start.
    pub(super) sources: Vec<&'b State>,
}

impl Expansion<'_> {
    pub(super) fn each_activity(&self) -> Vec<ActivityOf<'_>> {
        let mut activities: Vec<&str> = Vec::new();
        for name in self.model.transitions.iter().filter_map(activity) {
            if !activities.contains(&name) {
                activities.push(name);
            }
        }
        activities.into_iter().map(|name| self.activity_of(name)).collect()
    }

    fn activity_of<'e>(&'e self, name: &'e str) -> ActivityOf<'e> {
        let lines: Vec<_> = self.model.transitions.iter().filter(|t| activity(t) == Some(name)).collect();
        let from: Vec<&State> = lines.iter().flat_map(|line| self.known.sources(line)).copied().collect();
        let union = self.union(&from, &format!("{}From", names::type_name(name)));
        ActivityOf { name, lines, from: union, sources: from }
    }

    /// Expands to: `In::Reserved(instance) => instance`, an arm a state.
    pub(super) fn activity_arms(&self, activity: &ActivityOf<'_>) -> TokenStream {
        let mut states: Vec<_> = activity.sources.iter().map(|state| format_ident!("{}", state.name.rust)).collect();
        states.sort();
        states.dedup();
        let arms = states.iter().map(|state| {
            let value = self.union_value(&activity.from, state, &quote!(instance));
            quote!(In::#state(instance) => #value,)
        });
        arms.collect()
    }

    /// The names of its outcomes: `Ship`.
    pub(super) fn activity_events(&self, activity: &ActivityOf<'_>) -> Vec<Ident> {
        let mut events: Vec<Ident> = Vec::new();
        for line in &activity.lines {
            let event = format_ident!("{}", names::type_name(&line.event.rust));
            if !events.contains(&event) {
                events.push(event);
            }
        }
        events
    }

    /// Expands to: `pub enum BookCourier { Ship(event::Ship) }`, the outcomes, and where it may start.
    pub(super) fn activity_enums(&self, activity: &ActivityOf<'_>) -> TokenStream {
        let (vis, derive) = (&self.scope.inside, derive());
        let name = format_ident!("{}", names::type_name(activity.name));
        let docs = format!("What `{}` can lead to.", activity.name);
        let variants = self.activity_events(activity);
        let variant_docs = variants.iter().map(|event| format!("[`event::{event}`]"));
        let from = self.union_declared(&activity.from, &format!("Where `{}` is done.", activity.name));
        let serde = record::of_union(&name, &variants);
        quote! {
            #[doc = #docs]
            #derive
            #vis enum #name { #( #[doc = #variant_docs] #variants(event::#variants), )* }
            #serde
            #(
                impl ::core::convert::From<event::#variants> for #name {
                    fn from(event: event::#variants) -> Self { #name::#variants(event) }
                }
            )*
            #from
        }
    }

    /// Expands to: `fn book_courier(&self, order: Order<Reserved>, job: &Job) -> impl Future<Output = Result<BookCourier, Self::Error>> + Send;`
    pub(super) fn activity_method(&self, activity: &ActivityOf<'_>, error: &TokenStream) -> TokenStream {
        let (method, outcome) = (format_ident!("{}", activity.name), format_ident!("{}", names::type_name(activity.name)));
        let (instance, from) = (&self.scope.module, self.union_type(&activity.from));
        quote! {
            /// An activity: its outcome is the event that follows. It may run more than once; `job.key` is the same each time.
            fn #method(
                &self,
                #instance: #from,
                job: &::workflow_runtime::Job,
            ) -> impl ::core::future::Future<Output = ::core::result::Result<#outcome, #error>> + ::core::marker::Send;
        }
    }
}

fn activity(transition: &Transition) -> Option<&str> {
    transition.triggers.iter().find_map(|trigger| match trigger {
        Trigger::By(name) => Some(name.as_str()),
        Trigger::After(_) | Trigger::At(_) | Trigger::Exhausted { .. } | Trigger::Joined { .. } => None,
    })
}
