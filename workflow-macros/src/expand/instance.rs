//! The instance: `Order<S>`, in a known state or in any.

use super::Expansion;
use super::record;
use super::scope::{Depth, at, braces};
use super::state::{derive, docs_or};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use workflow_model::names::COLUMNS;
use workflow_model::{Column, State};

impl Expansion<'_> {
    /// Expands to the struct, its reading from a row, and what holds for it in every state.
    pub(super) fn instance(&self) -> TokenStream {
        let parts = [self.instance_struct(), self.reading(), self.any_state(), self.conversions()];
        quote! { #(#parts)* }
    }

    /// Expands to: `pub struct Order<S = State> { pub id: Uuid, …, pub state: S, version: i64 }`
    fn instance_struct(&self) -> TokenStream {
        let (vis, name, docs) = (&self.scope.inside, &self.syntax.name, docs_or(&self.syntax.attrs, "An instance."));
        let fields = self.syntax.fields.iter().map(|f| self.field(f, Depth::Module));
        let (derive, head) = (derive(), at(name.span(), quote!(#vis struct #name<S = State>)));
        let body = quote! {
            #(#fields,)*
            /// When it entered its state, on the database's clock.
            #vis entered_at: ::workflow_runtime::private::chrono::DateTime<::workflow_runtime::private::chrono::Utc>,
            /// Its state; as a type of its own in `S`, or any.
            #vis state: S,
            version: i64,
        };
        let body = braces(name.span(), body);
        let serde = self.instance_written();
        quote! { #(#docs)* #derive #head #body #serde }
    }

    /// Expands to: `impl<S: Serialize> Serialize for Order<S> { … }`. Nobody reads one: it comes from the database.
    fn instance_written(&self) -> TokenStream {
        let name = &self.syntax.name;
        let own = ["entered_at", "state", "version"].map(|own| Ident::new(own, Span::call_site()));
        let fields = self.syntax.fields.iter().map(|f| (&f.name, f.ty.span()));
        record::of_instance(name, fields.chain(own.iter().map(|own| (own, own.span()))))
    }

    /// Expands to: `impl Workflow for Order`, which reads a row by the names of its columns.
    fn reading(&self) -> TokenStream {
        let name = &self.syntax.name;
        let columns = &self.known.columns;
        let common = self.syntax.fields.iter().enumerate().map(|(i, f)| {
            let (name, i) = (&f.name, Literal::usize_unsuffixed(i));
            quote!(#name: ::workflow_runtime::private::get(row, columns[#i])?)
        });
        let (state, version, entered) = (index(columns.len()), index(columns.len() + 1), index(columns.len() + 2));
        let arms = self.pairs().map(|(syntax, model)| {
            let (name, labels) = (&syntax.name, model.labels());
            let fields = syntax.fields.iter().zip(&model.fields).map(|(f, m)| {
                let (name, at) = (&f.name, index(position(columns, &m.name.label)));
                let get = if m.ty.optional { quote!(get) } else { quote!(required) };
                quote!(#name: ::workflow_runtime::private::#get(row, columns[#at])?)
            });
            let value = if syntax.fields.is_empty() { quote!(#name) } else { quote!(#name { #(#fields),* }) };
            quote!(#(#labels)|* => State::#name(#value))
        });
        let (id, id_ty) = match self.syntax.fields.first() {
            Some(key) => (&key.name, self.scope.ty(&key.ty, Depth::Module)),
            None => return TokenStream::new(),
        };
        let row_names = columns.iter().map(|c| c.field.name.label.clone()).chain(own());
        let before = columns.iter().map(|c| format!("before.{}", c.field.name.label)).chain(own().map(|c| format!("before.{c}")));
        let step = columns.iter().map(|c| format!("recorded.{}", c.field.name.label));
        let statements = self.statements();
        quote! {
            impl ::workflow_runtime::workflow::Workflow for #name {
                type Id = #id_ty;
                type State = State;
                type New = New;
                const MODEL: &'static ::workflow_runtime::Model = MODEL;
                const STATEMENTS: &'static ::workflow_runtime::private::Statements = &#statements;
                const NAMES: &'static ::workflow_runtime::private::Names = &::workflow_runtime::private::Names {
                    row: &[#(#row_names),*],
                    before: &[#(#before),*],
                    step: &[#(#step),*],
                };
                fn id(&self) -> &Self::Id { &self.#id }
                fn version(&self) -> i64 { self.version }
                fn label(&self) -> &str { ::workflow_runtime::private::Labelled::label(&self.state) }
                fn is_known(&self) -> bool { ::workflow_runtime::private::Labelled::is_known(&self.state) }
                fn read(
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                    columns: &'static [&'static str],
                ) -> ::core::result::Result<Self, ::workflow_runtime::private::sqlx::Error> {
                    let label: &str = ::workflow_runtime::private::get(row, columns[#state])?;
                    let state = <Self as ::workflow_runtime::workflow::Workflow>::read_state(label, row, columns);
                    let state = ::workflow_runtime::private::whole(state)?;
                    ::core::result::Result::Ok(#name {
                        #(#common,)*
                        version: ::workflow_runtime::private::get(row, columns[#version])?,
                        entered_at: ::workflow_runtime::private::get(row, columns[#entered])?,
                        state: state.unwrap_or_else(|| State::Unknown(::std::string::String::from(label))),
                    })
                }
                fn read_state(
                    label: &str,
                    row: &::workflow_runtime::private::sqlx::postgres::PgRow,
                    columns: &'static [&'static str],
                ) -> ::core::result::Result<State, ::workflow_runtime::private::sqlx::Error> {
                    let _ = (row, columns);
                    ::core::result::Result::Ok(match label {
                        #(#arms,)*
                        other => State::Unknown(::std::string::String::from(other)),
                    })
                }
            }
            impl<'r> ::workflow_runtime::private::sqlx::FromRow<'r, ::workflow_runtime::private::sqlx::postgres::PgRow> for #name {
                fn from_row(
                    row: &'r ::workflow_runtime::private::sqlx::postgres::PgRow,
                ) -> ::core::result::Result<Self, ::workflow_runtime::private::sqlx::Error> {
                    <Self as ::workflow_runtime::workflow::Workflow>::read(
                        row,
                        <Self as ::workflow_runtime::workflow::Workflow>::NAMES.row,
                    )
                }
            }
        }
    }

    /// Expands to the methods of `Order<S>` that do not depend on the state, and those of `Order`.
    fn any_state(&self) -> TokenStream {
        let (vis, name) = (&self.scope.inside, &self.syntax.name);
        let common: Vec<_> = self.syntax.fields.iter().map(|f| &f.name).collect();
        let states: Vec<_> = self.syntax.states.iter().map(|s| &s.name).collect();
        let Some(id) = common.first() else { return TokenStream::new() };
        quote! {
            impl<S> #name<S> {
                /// How many transitions it has made, its creation included.
                #[must_use]
                #vis fn version(&self) -> i64 { self.version }
            }
            fn with_state<S, T>(instance: #name<S>, state: T) -> (#name<T>, S) {
                let #name { #(#common,)* entered_at, state: was, version } = instance;
                (#name { #(#common,)* entered_at, state, version }, was)
            }
            impl<S: ::workflow_runtime::private::Labelled> #name<S> {
                /// The events that lead on from its state, by their labels. A guard may still block one.
                #[must_use]
                #vis fn possible(&self) -> &'static [&'static str] {
                    if ::workflow_runtime::private::Labelled::is_known(&self.state) {
                        possible(::workflow_runtime::private::Labelled::label(&self.state))
                    } else {
                        &[]
                    }
                }

                /// The same as the database sees it now: without those that an `if sql` guard blocks. A guard that depends on
                /// the event's payload counts as open.
                ///
                /// # Errors
                ///
                /// What PostgreSQL says. Nothing is written.
                #vis async fn possible_now(
                    &self,
                    reach: impl ::core::convert::Into<::workflow_runtime::Reach<'_>>,
                ) -> ::core::result::Result<::std::vec::Vec<::std::string::String>, ::workflow_runtime::private::sqlx::Error> {
                    ::workflow_runtime::private::possible::<#name>(&self.#id, reach).await
                }

                /// Everything that happened to it, the oldest first.
                ///
                /// # Errors
                ///
                /// What PostgreSQL says. Nothing is written.
                #vis async fn history(
                    &self,
                    reach: impl ::core::convert::Into<::workflow_runtime::Reach<'_>>,
                ) -> ::core::result::Result<
                    ::std::vec::Vec<::workflow_runtime::Step<#name>>,
                    ::workflow_runtime::private::sqlx::Error,
                > {
                    ::workflow_runtime::private::history::<#name>(&self.#id, reach).await
                }
            }
            impl #name {
                /// The instance with this key, in whichever state it is.
                ///
                /// # Errors
                ///
                /// What PostgreSQL says. Nothing is written.
                #vis async fn load(
                    reach: impl ::core::convert::Into<::workflow_runtime::Reach<'_>>,
                    id: impl ::core::borrow::Borrow<<#name as ::workflow_runtime::workflow::Workflow>::Id>,
                ) -> ::core::result::Result<::core::option::Option<#name>, ::workflow_runtime::private::sqlx::Error> {
                    ::workflow_runtime::private::load::<#name>(id.borrow(), reach).await
                }

                /// Finds instances by their state: see [`Find`](::workflow_runtime::Find).
                #vis fn find<'c>(
                    reach: impl ::core::convert::Into<::workflow_runtime::Reach<'c>>,
                ) -> ::workflow_runtime::Find<'c, #name> {
                    ::workflow_runtime::Find::new(reach)
                }

                /// The same instance, its type saying where it is: match it, and each arm has exactly its transitions.
                #vis fn typed(self) -> In {
                    let (rest, state) = with_state(self, ());
                    match state {
                        #( State::#states(state) => In::#states(with_state(rest, state).0), )*
                        State::Unknown(label) => In::Unknown(with_state(rest, Unknown(label)).0),
                    }
                }
            }
            #[diagnostic::do_not_recommend]
            impl ::workflow_runtime::workflow::Instance for #name {
                type Workflow = #name;
                const STATES: ::core::option::Option<&'static [&'static str]> = ::core::option::Option::None;
                fn narrow(any: #name) -> ::core::result::Result<Self, ::std::boxed::Box<#name>> {
                    ::core::result::Result::Ok(any)
                }
            }
        }
    }

    /// Expands to what ties each state's type to `Order<S>`, and `From<Order<Placed>> for Order`.
    fn conversions(&self) -> TokenStream {
        let name = &self.syntax.name;
        let each = self.pairs().map(|(syntax, model)| {
            let (state, label, labels) = (&syntax.name, &model.name.label, model.labels());
            quote! {
                impl ::workflow_runtime::private::Labelled for #state {
                    fn label(&self) -> &str { #label }
                }
                #[diagnostic::do_not_recommend]
                impl ::workflow_runtime::workflow::InState for #state {
                    type Instance = #name<#state>;
                }
                #[diagnostic::do_not_recommend]
                impl ::workflow_runtime::workflow::Instance for #name<#state> {
                    type Workflow = #name;
                    const STATES: ::core::option::Option<&'static [&'static str]> = ::core::option::Option::Some(&[#(#labels),*]);
                    fn narrow(any: #name) -> ::core::result::Result<Self, ::std::boxed::Box<#name>> {
                        match any.typed() {
                            In::#state(instance) => ::core::result::Result::Ok(instance),
                            other => ::core::result::Result::Err(::std::boxed::Box::new(::core::convert::From::from(other))),
                        }
                    }
                }
                impl ::core::convert::From<#name<#state>> for #name {
                    fn from(instance: #name<#state>) -> Self {
                        let (rest, state) = with_state(instance, ());
                        with_state(rest, State::#state(state)).0
                    }
                }
            }
        });
        let labels = self.pairs().map(|(syntax, model)| {
            let (state, label) = (&syntax.name, &model.name.label);
            quote!(State::#state(_) => #label)
        });
        quote! {
            #(#each)*
            impl ::workflow_runtime::private::Labelled for State {
                fn label(&self) -> &str {
                    match self { #(#labels,)* State::Unknown(label) => label }
                }
                fn is_known(&self) -> bool { !::core::matches!(self, State::Unknown(_)) }
            }
            impl ::workflow_runtime::private::Labelled for Unknown {
                fn label(&self) -> &str { &self.0 }
                fn is_known(&self) -> bool { false }
            }
        }
    }

    /// Expands to: `pub enum In { Placed(Order<Placed>), … }`
    pub(super) fn typed(&self) -> TokenStream {
        let (vis, name, derive) = (&self.scope.inside, &self.syntax.name, derive());
        let states: Vec<_> = self.syntax.states.iter().map(|s| &s.name).collect();
        let docs = self.model.states.iter().map(|s: &State| format!("In `{}`.", s.name.rust));
        let (head, unknown) = (at(name.span(), quote!(#vis enum In)), at(name.span(), quote!(Unknown)));
        let body = quote! {
            #( #[doc = #docs] #states(#name<#states>), )*
            /// In a state that this binary does not know.
            #unknown(#name<Unknown>),
        };
        let body = braces(name.span(), body);
        let mut variants: Vec<Ident> = states.iter().copied().cloned().collect();
        variants.push(Ident::new("Unknown", name.span()));
        let serde = record::of_union(&Ident::new("In", name.span()), &variants);
        quote! {
            /// An instance, its type saying where it is.
            #derive
            #head #body
            #serde
            impl ::core::convert::From<In> for #name {
                fn from(typed: In) -> Self {
                    match typed {
                        #( In::#states(instance) => ::core::convert::From::from(instance), )*
                        In::Unknown(instance) => {
                            let (rest, Unknown(label)) = with_state(instance, ());
                            with_state(rest, State::Unknown(label)).0
                        }
                    }
                }
            }
        }
    }
}

fn index(i: usize) -> Literal {
    Literal::usize_unsuffixed(i)
}

fn position(columns: &[Column<'_>], label: &str) -> usize {
    columns.iter().position(|c| c.field.name.label == label).unwrap_or(columns.len())
}

/// Of our own columns, those that an instance is read from: state, version, entered_at.
fn own() -> impl Iterator<Item = String> {
    [COLUMNS[0], COLUMNS[2], COLUMNS[3]].into_iter().map(str::to_owned)
}
