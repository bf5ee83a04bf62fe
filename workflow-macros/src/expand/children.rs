//! A child and its parent: what each has to know of the other.

use super::Expansion;
use super::event::EventOf;
use super::perform::declared_join;
use super::scope::Depth;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type, TypePath};
use workflow_model::names::{constant, quoted};
use workflow_model::{State, StateKind};
use workflow_syntax::ast;

/// A path where a type is wanted.
pub(super) fn type_of(path: &Path) -> Type {
    Type::Path(TypePath { attrs: Vec::new(), qself: None, path: path.clone() })
}

impl Expansion<'_> {
    /// Expands to: `impl Child<Order> for Shipment { … }`, and to a proof that the field holds the parent's key.
    pub(super) fn child(&self) -> TokenStream {
        let Some(ast::Parent { path, field }) = &self.syntax.parent else { return TokenStream::new() };
        let (child, unfinished) = (&self.syntax.name, self.unfinished());
        let parent = self.scope.ty(&type_of(path), Depth::Module);
        let types = self.syntax.fields.iter().filter(|f| f.name == *field).map(|f| self.scope.ty(&f.ty, Depth::Module));
        let proofs = types.map(|ty| {
            let key = quote!(<#parent as ::workflow_runtime::workflow::Workflow>::Id);
            quote_spanned!(field.span()=> <#ty as ::workflow_runtime::workflow::HoldsKey<#key>>::HOLDS)
        });
        quote! {
            impl ::workflow_runtime::workflow::Child<#parent> for #child {
                const UNFINISHED: &'static str = #unfinished;
            }
            fn _holds_the_key_of_its_parent() { #(#proofs)* }
        }
    }

    /// Whether a parent ($1) has a child that is not at its end.
    fn unfinished(&self) -> String {
        let ends = self.model.states.iter().filter(|state| state.kind == StateKind::Final).flat_map(State::labels);
        let ends: Vec<String> = ends.map(constant).collect();
        // With none there is a fault anyway.
        let on_the_way = if ends.is_empty() { String::new() } else { format!(" AND c.state NOT IN ({})", ends.join(", ")) };
        format!("SELECT EXISTS (SELECT FROM {} c WHERE c.{} = $1{on_the_way})", self.model.table(), self.parent_column())
    }

    fn parent_column(&self) -> String {
        let field = self.model.parent.as_ref().and_then(|parent| self.model.field(&parent.field));
        field.map(|field| quoted(&field.name.label)).unwrap_or_default()
    }

    /// Expands to: `Declared { kind: JobKind::Join, name: "complete", … }`, one a name: an event may be called like the parent.
    pub(super) fn declared_joins(&self, events: &[EventOf<'_>]) -> Vec<TokenStream> {
        let mut joins: Vec<(String, Vec<TokenStream>)> = Vec::new();
        let waiting = events.iter().map(|event| (event.first.event.label.clone(), self.waiting(event)));
        for (name, parts) in waiting.chain(self.telling()).filter(|(_, parts)| !parts.is_empty()) {
            match joins.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.extend(parts),
                None => joins.push((name, parts)),
            }
        }
        joins.iter().map(|(name, parts)| declared_join(name, parts)).collect()
    }

    /// Expands to: `Joined::Waits { sources: &["shipping"], unfinished: <Shipment as Child<Order>>::UNFINISHED }`, one a line.
    fn waiting(&self, event: &EventOf<'_>) -> Vec<TokenStream> {
        let order = &self.syntax.name;
        let lines = self.syntax.transitions.iter().zip(&self.model.transitions);
        let lines = lines.filter(|(_, line)| line.event.rust == event.first.event.rust);
        let waits = |(syntax, line): (&ast::Transition, &workflow_model::Transition)| {
            let path = syntax.clauses.triggers.iter().find_map(joined)?;
            let child = self.scope.ty(&type_of(path), Depth::Module);
            let sources = self.known.sources(line).iter().flat_map(|state| state.labels()).map(str::to_owned).collect::<Vec<_>>();
            let unfinished = quote_spanned!(path.span()=> <#child as ::workflow_runtime::workflow::Child<#order>>::UNFINISHED);
            Some(quote! {
                ::workflow_runtime::private::Joined::Waits { sources: &[#(#sources),*], unfinished: #unfinished }
            })
        };
        lines.filter_map(waits).collect()
    }

    /// Expands to: `Joined::Tells { jobs: <Order as Workflow>::STATEMENTS.jobs, column: "order_id" }`
    fn telling(&self) -> Option<(String, Vec<TokenStream>)> {
        let name = self.model.parent.as_ref()?.label();
        let (parent, column) = (self.scope.ty(&type_of(&self.syntax.parent.as_ref()?.path), Depth::Module), self.parent_column());
        let jobs = quote!(<#parent as ::workflow_runtime::workflow::Workflow>::STATEMENTS.jobs);
        Some((name, vec![quote!(::workflow_runtime::private::Joined::Tells { jobs: #jobs, column: #column })]))
    }

    /// Whether a job begins with the end of a child.
    pub(super) fn tells(&self, state: &str) -> bool {
        self.model.parent.is_some() && self.model.state(state).is_some_and(|state| state.kind == StateKind::Final)
    }
}

pub(super) fn joined(trigger: &ast::Trigger) -> Option<&Path> {
    match trigger {
        ast::Trigger::Joined(child) => Some(child),
        ast::Trigger::After { .. } | ast::Trigger::At(_) | ast::Trigger::Exhausted { .. } | ast::Trigger::By(_) => None,
    }
}
