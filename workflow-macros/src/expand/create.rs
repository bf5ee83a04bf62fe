//! Creation: what it takes, and its effect.

use super::Expansion;
use super::record;
use super::scope::Depth;
use super::state::derive;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use workflow_model::{Effect, StateKind};
use workflow_syntax::ast;

impl Expansion<'_> {
    /// Expands to: `pub struct New { pub id: Uuid, … }`: the common fields, and those of the initial state.
    pub(super) fn new_struct(&self) -> TokenStream {
        let (vis, derive) = (&self.scope.inside, derive());
        let fields = self.new_fields();
        let serde = record::of_struct(&quote!(New), &format_ident!("New", span = self.syntax.name.span()), &fields);
        let fields = fields.into_iter().map(|f| self.field(f, Depth::Module));
        quote! {
            /// What creation takes.
            #derive
            #vis struct New { #(#fields),* }
            #serde
        }
    }

    pub(super) fn new_fields(&self) -> Vec<&ast::Field> {
        let initial = self.pairs().find(|(_, model)| model.kind == StateKind::Initial);
        let own = initial.into_iter().flat_map(|(syntax, _)| &syntax.fields);
        self.syntax.fields.iter().chain(own).collect()
    }

    /// The method of `Effects` that creation calls.
    pub(super) fn create_effect(&self) -> Option<&str> {
        match self.model.create.as_ref()?.effect.as_ref()? {
            Effect::App(name) => Some(name),
            Effect::Sql { .. } => None,
        }
    }

    /// Expands to: `impl New for New { … } impl<A: Effects> Create<A> for New { … }`
    pub(super) fn creation(&self) -> TokenStream {
        let order = &self.syntax.name;
        let Some(initial) = self.model.initial().map(|s| format_ident!("{}", s.name.rust)) else { return TokenStream::new() };
        let fields: Vec<_> = self.new_fields().into_iter().map(|f| &f.name).collect();
        let read = self.read_new();
        let id = self.syntax.fields.first().map(|f| &f.name);
        let common: Vec<_> = self.syntax.fields.iter().map(|f| &f.name).collect();
        let (effect, call) = match self.create_effect() {
            None => (quote!(::core::option::Option::None), quote! { ::core::result::Result::Ok(()) }),
            Some(name) => (quote!(::core::option::Option::Some(#name)), self.create_call(name)),
        };
        let bound = self.application_bound(self.create_effect().is_some());
        quote! {
            impl ::workflow_runtime::workflow::New for New {
                type Workflow = #order;
                type Initial = #order<#initial>;
                const EFFECT: ::core::option::Option<&'static str> = #effect;
                fn id(&self) -> &<#order as ::workflow_runtime::workflow::Workflow>::Id { &self.#id }
                fn bind(
                    &self,
                    arguments: &mut ::workflow_runtime::private::sqlx::postgres::PgArguments,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    #( ::workflow_runtime::private::bind(arguments, &self.#fields)?; )*
                    ::core::result::Result::Ok(())
                }
                fn read(
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                ) -> ::core::result::Result<Self, ::workflow_runtime::private::sqlx::Error> {
                    ::core::result::Result::Ok(New { #(#fields: #read),* })
                }
            }
            impl<S> ::workflow_runtime::private::Forge<S> for New {
                type Instance = #order<S>;
                fn forge(
                    self,
                    state: S,
                    entered_at: ::workflow_runtime::private::chrono::DateTime<::workflow_runtime::private::chrono::Utc>,
                ) -> #order<S> {
                    #order { #( #common: self.#common, )* entered_at, state, version: 1 }
                }
            }
            impl<A: #bound> ::workflow_runtime::workflow::Create<A> for New {
                async fn effect(
                    &self,
                    app: &A,
                    tx: &mut ::workflow_runtime::private::sqlx::PgConnection,
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                ) -> ::core::result::Result<(), ::workflow_runtime::BoxError> {
                    let _ = (app, &tx, row);
                    #call
                }
            }
        }
    }

    /// Expands to: `asked(row, "sku")?`, or `get(row, "note")?` where there may be none.
    fn read_new(&self) -> Vec<TokenStream> {
        let initial = self.model.initial().into_iter().flat_map(|state| &state.fields);
        let read = |field: &workflow_model::Field| {
            let (label, get) = (&field.name.label, if field.ty.optional { quote!(get) } else { quote!(asked) });
            quote!(::workflow_runtime::private::#get(row, #label)?)
        };
        self.model.fields.iter().chain(initial).map(read).collect()
    }

    fn create_call(&self, effect: &str) -> TokenStream {
        let method = format_ident!("{effect}");
        quote! {
            let after = ::workflow_runtime::private::after(row)?;
            app.#method(tx, &after, self).await.map_err(::core::convert::Into::into)
        }
    }
}
