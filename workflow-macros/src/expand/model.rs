//! The declaration as data.

use super::Expansion;
use proc_macro2::TokenStream;
use quote::quote;
use workflow_model::{StateKind, fingerprint, names};

impl Expansion<'_> {
    /// Expands to: `pub const MODEL: &Model = &Model { … };`
    pub(super) fn model_constant(&self) -> TokenStream {
        let (vis, model) = (&self.scope.inside, self.model);
        let (name, table) = (&model.name.label, model.table());
        let key = model.key().map(|k| names::quoted(&k.name.label)).unwrap_or_default();
        let (fingerprint, facts) = (fingerprint::fingerprint(model), fingerprint::facts(model));
        let states = model.states.iter().map(|state| {
            let (label, name) = (&state.name.label, &state.name.rust);
            let (initial, is_final) = (state.kind == StateKind::Initial, state.kind == StateKind::Final);
            let fields = state.fields.iter().map(|f| &f.name.label);
            quote! {
                ::workflow_runtime::model::State {
                    label: #label, name: #name, initial: #initial, is_final: #is_final, fields: &[#(#fields),*],
                }
            }
        });
        let edges = model.edges().into_iter().map(|edge| {
            let (from, event, to) = (&edge.from.name.label, &edge.transition.event.label, &edge.to.name.label);
            let internal = edge.transition.is_internal();
            quote!(::workflow_runtime::model::Edge { from: #from, event: #event, to: #to, internal: #internal })
        });
        quote! {
            /// The declaration as data.
            #vis const MODEL: &::workflow_runtime::Model = &::workflow_runtime::Model {
                name: #name,
                table: #table,
                key: #key,
                fingerprint: #fingerprint,
                states: &[#(#states),*],
                edges: &[#(#edges),*],
                facts: &[#(#facts),*],
            };
        }
    }

    /// Expands to: `fn possible(label: &str) -> &'static [&'static str] { match label { "placed" => &["reserve", …], … } }`
    pub(super) fn possibilities(&self) -> TokenStream {
        let edges = self.model.edges();
        let arms = self.model.states.iter().map(|state| {
            let label = &state.name.label;
            let events = edges.iter().filter(|e| e.from.name == state.name).map(|e| &e.transition.event.label);
            quote!(#label => &[#(#events),*])
        });
        quote! {
            fn possible(label: &str) -> &'static [&'static str] {
                match label { #(#arms,)* _ => &[] }
            }
        }
    }
}
