//! One of several states as a type: the state's own, a group's, or an enum made for the place.

use super::Expansion;
use super::record;
use super::scope::{at, braces};
use super::state::derive;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::State;

/// The type of an instance that is in one of some states.
pub(super) struct Union {
    states: Vec<Ident>,
    shape: Shape,
}

enum Shape {
    /// `Order<Placed>`
    One,
    /// `Open`, or `ReturnStockBefore`: an enum with a variant a state
    Enum {
        name: Ident,
        /// A group has its enum already.
        declared: bool,
    },
}

impl Expansion<'_> {
    /// `otherwise` names the enum that is made when no group has exactly these states.
    pub(super) fn union(&self, states: &[&State], otherwise: &str) -> Union {
        let idents: Vec<_> =
            self.pairs().filter(|(_, m)| states.iter().any(|s| s.name == m.name)).map(|(s, _)| s.name.clone()).collect();
        let same = |group: &&workflow_model::Group| {
            let members = self.model.resolve(&group.name);
            members.len() == idents.len() && members.iter().all(|m| states.iter().any(|s| s.name == m.name))
        };
        let shape = match (idents.len(), self.model.groups.iter().find(same)) {
            (0 | 1, _) => Shape::One,
            (_, Some(group)) => Shape::Enum { name: format_ident!("{}", group.name), declared: true },
            (_, None) => Shape::Enum { name: format_ident!("{otherwise}"), declared: false },
        };
        Union { states: idents, shape }
    }

    /// Expands to: `Order<Placed>` or `Open`
    pub(super) fn union_type(&self, union: &Union) -> TokenStream {
        let name = &self.syntax.name;
        match &union.shape {
            Shape::One => {
                let state = union.states.first();
                quote!(#name<#state>)
            }
            Shape::Enum { name, .. } => quote!(#name),
        }
    }

    /// An instance known to be in one state, as the union: `before` or `Open::Placed(before)`
    pub(super) fn union_value(&self, union: &Union, state: &Ident, value: &TokenStream) -> TokenStream {
        match &union.shape {
            Shape::One => value.clone(),
            Shape::Enum { name, .. } => quote!(#name::#state(#value)),
        }
    }

    /// Expands to the enum, where no group declares it already.
    pub(super) fn union_declared(&self, union: &Union, docs: &str) -> TokenStream {
        match &union.shape {
            Shape::Enum { name, declared: false } => self.union_enum(name, &union.states, &quote!(#[doc = #docs])),
            Shape::One | Shape::Enum { declared: true, .. } => TokenStream::new(),
        }
    }

    /// Expands to: `pub enum Open { Placed(Order<Placed>), Reserved(Order<Reserved>) }`
    pub(super) fn union_enum(&self, name: &Ident, states: &[Ident], docs: &TokenStream) -> TokenStream {
        let (vis, order, derive) = (&self.scope.inside, &self.syntax.name, derive());
        let variant_docs = states.iter().map(|s| format!("In `{s}`."));
        let head = at(name.span(), quote!(#vis enum #name));
        let body = braces(name.span(), quote!(#( #[doc = #variant_docs] #states(#order<#states>), )*));
        let serde = record::of_union(name, states);
        quote! {
            #docs
            #derive
            #head #body
            #serde
            impl ::core::convert::From<#name> for #order {
                fn from(one: #name) -> Self {
                    match one { #( #name::#states(instance) => ::core::convert::From::from(instance), )* }
                }
            }
        }
    }
}
