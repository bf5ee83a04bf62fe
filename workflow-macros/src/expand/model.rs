//! The declaration as data.

use super::Expansion;
use super::perform::option;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use workflow_model::{Effect, Field, State, StateKind, Trigger, Type, fingerprint, names};

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
            let jobs = self.state_jobs(state);
            quote! {
                ::workflow_runtime::model::State {
                    label: #label, name: #name, initial: #initial, is_final: #is_final, fields: &[#(#fields),*], jobs: &[#(#jobs),*],
                }
            }
        });
        let edges = self.known.edges.iter().map(|edge| {
            let (from, event, to) = (&edge.from.name.label, &edge.transition.event.label, &edge.to.name.label);
            let internal = edge.transition.is_internal();
            let effect = option(edge.transition.app_effect().map(|effect| quote!(#effect)));
            let sql = matches!(edge.transition.effect, Some(Effect::Sql { .. }));
            quote! {
                ::workflow_runtime::model::Edge {
                    from: #from, event: #event, to: #to, internal: #internal, effect: #effect, sql: #sql,
                }
            }
        });
        let creation = self.creation_parameters();
        let events = model.events().into_iter().map(|event| {
            let label = &event.event.label;
            let parameters = event.parameters.iter().map(|p| parameter(&p.name, &p.ty, self.column(&p.name)));
            quote!(::workflow_runtime::model::Event { label: #label, parameters: &[#(#parameters),*] })
        });
        quote! {
            /// The declaration as data.
            #vis const MODEL: &::workflow_runtime::Model = &::workflow_runtime::Model {
                name: #name,
                table: #table,
                key: #key,
                fingerprint: #fingerprint,
                states: &[#(#states),*],
                creation: &[#(#creation),*],
                events: &[#(#events),*],
                edges: &[#(#edges),*],
                facts: &[#(#facts),*],
            };
        }
    }

    fn creation_parameters(&self) -> Vec<TokenStream> {
        let initial = self.model.initial().into_iter().flat_map(|state| &state.fields);
        self.model.fields.iter().chain(initial).map(|field| parameter(&field.name.rust, &field.ty, Some(field))).collect()
    }

    /// Expands to: `StateJob { kind: JobKind::Timer, name: "expire", lasting: true }`, for each of them.
    fn state_jobs(&self, state: &State) -> Vec<TokenStream> {
        let edges = &self.known.edges;
        let of_edges = edges.iter().filter(|edge| edge.from.name == state.name).flat_map(|edge| {
            let (event, internal) = (&edge.transition.event.label, edge.transition.is_internal());
            edge.transition.triggers.iter().filter_map(move |trigger| match trigger {
                Trigger::After(_) => Some(("Timer", event.clone(), !internal)),
                Trigger::At(_) => Some(("Timer", event.clone(), false)),
                Trigger::By(activity) => Some(("Activity", activity.clone(), !internal)),
                Trigger::Joined { .. } => Some(("Join", event.clone(), !internal)),
                Trigger::Exhausted { .. } => None,
            })
        });
        let told = self.model.parent.iter().filter(|_| state.kind == StateKind::Final);
        let mut all: Vec<(&str, String, bool)> = of_edges.chain(told.map(|parent| ("Join", parent.label(), false))).collect();
        // An activity may stand on several lines.
        all.sort();
        all.dedup_by(|later, first| (&later.0, &later.1) == (&first.0, &first.1));
        all.into_iter().map(|(kind, name, lasting)| state_job(kind, &name, lasting)).collect()
    }

    /// Expands to: `fn possible(label: &str) -> &'static [&'static str] { match label { "placed" => &["reserve", …], … } }`
    pub(super) fn possibilities(&self) -> TokenStream {
        let edges = &self.known.edges;
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

fn state_job(kind: &str, name: &str, lasting: bool) -> TokenStream {
    let kind = format_ident!("{kind}");
    quote!(::workflow_runtime::model::StateJob { kind: ::workflow_runtime::JobKind::#kind, name: #name, lasting: #lasting })
}

/// Expands to: `Parameter { name: "warehouse", column: Some("warehouse"), sql: Some("text"), optional: false }`
fn parameter(name: &str, ty: &Type, column: Option<&Field>) -> TokenStream {
    let sql = column.and_then(|field| field.ty.sql()).or_else(|| ty.sql());
    let sql = option(sql.map(|sql| quote!(#sql)));
    let optional = ty.optional;
    let column = option(column.map(|field| &field.name.label).map(|label| quote!(#label)));
    quote!(::workflow_runtime::model::Parameter { name: #name, column: #column, sql: #sql, optional: #optional })
}
