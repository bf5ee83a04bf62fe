//! The states: one struct each, the enum of all, and the labels.

use super::Expansion;
use super::record::{self, Variant};
use super::scope::{Depth, at, braces};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workflow_model::State;
use workflow_syntax::ast;

impl Expansion<'_> {
    /// Expands to: `pub struct Placed; pub struct Reserved { pub warehouse: String }`
    pub(super) fn states(&self) -> TokenStream {
        self.pairs().map(|(syntax, model)| self.state(syntax, model)).collect()
    }

    /// Each state as written and as meant.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&ast::State, &State)> {
        self.syntax.states.iter().zip(&self.model.states)
    }

    fn state(&self, syntax: &ast::State, model: &State) -> TokenStream {
        let (vis, name) = (&self.scope.inside, &syntax.name);
        let docs = docs_or(&syntax.attrs, &format!("`{}`.", model.name.rust));
        let derive = derive();
        let serde = record::of_struct(&quote!(#name), name, &syntax.fields.iter().collect::<Vec<_>>());
        if syntax.fields.is_empty() {
            let whole = at(name.span(), quote!(#vis struct #name;));
            return quote! { #(#docs)* #derive #whole #serde };
        }
        let head = at(name.span(), quote!(#vis struct #name));
        let fields = syntax.fields.iter().map(|f| self.field(f, Depth::Module));
        let body = braces(name.span(), quote!(#(#fields),*));
        quote! { #(#docs)* #derive #head #body #serde }
    }

    /// Expands to: `pub warehouse: String`
    pub(super) fn field(&self, field: &ast::Field, depth: Depth) -> TokenStream {
        let (name, ty) = (&field.name, self.scope.ty(&field.ty, depth));
        let vis = match depth {
            Depth::Module => &self.scope.inside,
            Depth::Event => &self.scope.in_event,
        };
        let docs = docs_or(&field.attrs, &format!("`{name}`."));
        quote! { #(#docs)* #vis #name: #ty }
    }

    /// Expands to: `pub enum State { Placed(Placed), …, Unknown(String) }`
    pub(super) fn state_enum(&self) -> TokenStream {
        let vis = &self.scope.inside;
        let names: Vec<_> = self.syntax.states.iter().map(|s| &s.name).collect();
        let docs = self.model.states.iter().map(|s| format!("In `{}`.", s.name.rust));
        let (derive, workflow) = (derive(), self.syntax.name.span());
        let unknown = Ident::new("Unknown", workflow);
        let head = at(workflow, quote!(#vis enum State));
        let mut variants = self.spelled_states();
        variants.push(Variant { name: &unknown, spellings: vec!["Unknown"] });
        let serde = record::of_enum(&format_ident!("State"), &variants);
        let body = quote! {
            #( #[doc = #docs] #names(#names), )*
            /// A state that this binary does not know: a newer one has moved the instance there.
            #unknown(::std::string::String),
        };
        let body = braces(workflow, body);
        quote! {
            /// Any state, with its data.
            #derive
            #head #body
            #serde
            impl State {
                /// The state without its data; none for one that this binary does not know.
                #[must_use]
                #vis fn label(&self) -> ::core::option::Option<Label> {
                    match self {
                        #( State::#names(_) => ::core::option::Option::Some(Label::#names), )*
                        State::Unknown(_) => ::core::option::Option::None,
                    }
                }
            }
            /// A state that this binary does not know, by its label.
            #derive
            #vis struct Unknown(#vis ::std::string::String);
            impl ::workflow_runtime::private::serde::Serialize for Unknown {
                fn serialize<T: ::workflow_runtime::private::serde::Serializer>(
                    &self,
                    to: T,
                ) -> ::core::result::Result<T::Ok, T::Error> {
                    ::workflow_runtime::private::serde::Serializer::serialize_newtype_struct(to, "Unknown", &self.0)
                }
            }
            impl<'de> ::workflow_runtime::private::serde::Deserialize<'de> for Unknown {
                fn deserialize<T: ::workflow_runtime::private::serde::Deserializer<'de>>(
                    from: T,
                ) -> ::core::result::Result<Self, T::Error> {
                    ::workflow_runtime::private::record::read_text(from, "Unknown", Self)
                }
            }
        }
    }

    /// Each is written by its label, and read by that which it had before, too.
    fn spelled_states(&self) -> Vec<Variant<'_>> {
        self.pairs().map(|(syntax, model)| Variant { name: &syntax.name, spellings: model.labels().collect() }).collect()
    }

    /// Expands to: `pub enum Label { Placed, … }` with its text forms.
    pub(super) fn labels(&self) -> TokenStream {
        let vis = &self.scope.inside;
        let names: Vec<_> = self.syntax.states.iter().map(|s| &s.name).collect();
        let labels: Vec<_> = self.model.states.iter().map(|s| &s.name.label).collect();
        let docs = self.model.states.iter().map(|s| format!("`{}`", s.name.label));
        let serde = record::of_labels(&format_ident!("Label"), &self.spelled_states());
        let arms = self.pairs().map(|(syntax, model)| {
            let (name, labels) = (&syntax.name, model.labels());
            quote!(#(#labels)|* => ::core::result::Result::Ok(Label::#name))
        });
        let derive = derive();
        let workflow = &self.model.name.label;
        quote! {
            /// A state without its data.
            #derive
            #[derive(::core::marker::Copy, ::core::cmp::Eq, ::core::hash::Hash, ::core::cmp::PartialOrd, ::core::cmp::Ord)]
            #vis enum Label { #( #[doc = #docs] #names, )* }
            #serde

            impl Label {
                /// Every label, in the order of the declaration.
                #vis const ALL: &'static [Label] = &[#(Label::#names),*];

                /// As the database stores it.
                #[must_use]
                #vis const fn as_str(self) -> &'static str {
                    match self { #(Label::#names => #labels,)* }
                }
            }
            impl ::core::fmt::Display for Label {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { f.pad(self.as_str()) }
            }
            impl ::core::str::FromStr for Label {
                type Err = ::workflow_runtime::UnknownLabel;
                fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                    match text {
                        #(#arms,)*
                        _ => ::core::result::Result::Err(::workflow_runtime::UnknownLabel::new(#workflow, text)),
                    }
                }
            }
            impl ::workflow_runtime::private::sqlx::Type<::workflow_runtime::private::sqlx::Postgres> for Label {
                fn type_info() -> ::workflow_runtime::private::sqlx::postgres::PgTypeInfo {
                    <str as ::workflow_runtime::private::sqlx::Type<::workflow_runtime::private::sqlx::Postgres>>::type_info()
                }
                fn compatible(ty: &::workflow_runtime::private::sqlx::postgres::PgTypeInfo) -> bool {
                    <str as ::workflow_runtime::private::sqlx::Type<::workflow_runtime::private::sqlx::Postgres>>::compatible(ty)
                }
            }
            impl<'q> ::workflow_runtime::private::sqlx::Encode<'q, ::workflow_runtime::private::sqlx::Postgres> for Label {
                fn encode_by_ref(
                    &self,
                    buffer: &mut ::workflow_runtime::private::sqlx::postgres::PgArgumentBuffer,
                ) -> ::core::result::Result<
                    ::workflow_runtime::private::sqlx::encode::IsNull,
                    ::workflow_runtime::BoxError,
                > {
                    <&str as ::workflow_runtime::private::sqlx::Encode<'_, ::workflow_runtime::private::sqlx::Postgres>>
                        ::encode_by_ref(&self.as_str(), buffer)
                }
            }
            impl<'r> ::workflow_runtime::private::sqlx::Decode<'r, ::workflow_runtime::private::sqlx::Postgres> for Label {
                fn decode(
                    value: ::workflow_runtime::private::sqlx::postgres::PgValueRef<'r>,
                ) -> ::core::result::Result<Self, ::workflow_runtime::BoxError> {
                    let text = <&str as ::workflow_runtime::private::sqlx::Decode<'r, ::workflow_runtime::private::sqlx::Postgres>>::decode(value)?;
                    ::core::result::Result::Ok(::core::str::FromStr::from_str(text)?)
                }
            }
        }
    }
}

/// What every generated type can do. Beside it stands what serde needs: see [`record`].
pub(super) fn derive() -> TokenStream {
    quote!(#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)])
}

/// The user's docs; in a crate that denies missing ones, something must stand there all the same.
pub(super) fn docs_or(attrs: &ast::Attrs, fallback: &str) -> Vec<TokenStream> {
    if attrs.docs.is_empty() { vec![quote!(#[doc = #fallback])] } else { attrs.docs.iter().map(|d| quote!(#d)).collect() }
}
