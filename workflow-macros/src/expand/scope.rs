//! Where generated items stand: their names, how visible they are, and how they reach the user's types.

use super::children::{joined, type_of};
use super::types;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use std::collections::BTreeSet;
use syn::visit_mut::VisitMut;
use syn::{Type, Visibility};
use workflow_model::{Model, names};
use workflow_syntax::ast;

/// How deep an item stands inside the workflow's module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// `order::…`
    Module,
    /// `order::event::…`
    Event,
}

pub(crate) struct Scope<'b> {
    syntax: &'b ast::Workflow,
    /// `order`
    pub(crate) module: Ident,
    /// The visibility of what stands in the module.
    pub(crate) inside: TokenStream,
    /// The visibility of what stands in the module's `event`.
    pub(crate) in_event: TokenStream,
    /// Names of generated types: a field type of such a name means the user's own, and needs an alias.
    taken: BTreeSet<String>,
}

impl<'b> Scope<'b> {
    pub(crate) fn new(syntax: &'b ast::Workflow, model: &Model) -> Self {
        Scope {
            syntax,
            module: module(&model.name.rust, syntax.name.span()),
            inside: visibility(&syntax.vis, 1),
            in_event: visibility(&syntax.vis, 2),
            taken: taken(model),
        }
    }

    /// A field's type, as it is written at that depth.
    pub(crate) fn ty(&self, ty: &Type, depth: Depth) -> Type {
        let mut ty = ty.clone();
        match (self.is_taken(&ty), depth) {
            (true, Depth::Module) => {
                let alias = alias(&ty);
                syn::parse_quote!(__types::#alias)
            }
            (true, Depth::Event) => {
                let alias = alias(&ty);
                syn::parse_quote!(super::__types::#alias)
            }
            (false, Depth::Module) => {
                types::Deeper(1).visit_type_mut(&mut ty);
                ty
            }
            (false, Depth::Event) => {
                types::Deeper(2).visit_type_mut(&mut ty);
                ty
            }
        }
    }

    /// Expands to: `mod __types { use super::super::*; pub(in super::super) type T_Refund = Refund; }`
    pub(crate) fn aliases(&self) -> TokenStream {
        let mut seen = BTreeSet::new();
        let aliases: Vec<_> = self
            .types()
            .filter(|ty| self.is_taken(ty) && seen.insert(alias(ty).to_string()))
            .map(|ty| {
                let (alias, mut inner) = (alias(&ty), ty);
                types::Deeper(2).visit_type_mut(&mut inner);
                quote! { pub(super) type #alias = #inner; }
            })
            .collect();
        if aliases.is_empty() {
            return TokenStream::new();
        }
        quote! {
            #[allow(non_camel_case_types)]
            mod __types {
                #[allow(unused_imports)]
                use super::super::*;
                #(#aliases)*
            }
        }
    }

    /// Fields, a child's parent, and the children that are waited for.
    fn types(&self) -> impl Iterator<Item = Type> {
        let states = self.syntax.states.iter().flat_map(|s| &s.fields);
        let parameters = self.syntax.transitions.iter().flat_map(|t| &t.parameters);
        let fields = self.syntax.fields.iter().chain(states).chain(parameters).map(|f| f.ty.clone());
        let triggers = self.syntax.transitions.iter().flat_map(|t| &t.clauses.triggers);
        let others = self.syntax.parent.iter().map(|parent| &parent.path).chain(triggers.filter_map(joined));
        fields.chain(others.map(type_of))
    }

    fn is_taken(&self, ty: &Type) -> bool {
        types::first_segments(ty).iter().any(|name| self.taken.contains(name))
    }
}

/// `order`, for `Order`; `r#type`, for `Type`.
fn module(workflow: &str, span: Span) -> Ident {
    let name = names::label(workflow);
    match syn::parse_str::<Ident>(&name) {
        Ok(_) => Ident::new(&name, span),
        // Not even with `r#` are these names.
        Err(_) if matches!(name.as_str(), "crate" | "self" | "super") => format_ident!("{name}_", span = span),
        Err(_) => Ident::new_raw(&name, span),
    }
}

/// `pub` stays; what is relative is one or two modules further up from inside.
fn visibility(vis: &Visibility, depth: usize) -> TokenStream {
    let up = vec![quote!(super); depth];
    match vis {
        Visibility::Public(_) => quote!(pub),
        Visibility::Inherited => quote!(pub(in #(#up)::*)),
        Visibility::Restricted(restricted) => {
            let path = &restricted.path;
            match path.segments.first().map(|s| s.ident.to_string()).as_deref() {
                Some("self") => quote!(pub(in #(#up)::*)),
                Some("super") => quote!(pub(in #(#up)::*::#path)),
                _ => quote!(#vis),
            }
        }
    }
}

/// All of it at one of the user's tokens: errors that show the item then show that token, and not the whole block.
pub(crate) fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let moved = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut moved = Group::new(group.delimiter(), at(span, group.stream()));
            moved.set_span(span);
            TokenTree::Group(moved)
        }
        mut token => {
            token.set_span(span);
            token
        }
    });
    moved.collect()
}

/// `{ … }` of an item whose head is [at](at()) a token: the braces belong to the item's span, what they hold stays where it is.
pub(crate) fn braces(span: Span, inside: TokenStream) -> Group {
    let mut group = Group::new(Delimiter::Brace, inside);
    group.set_span(span);
    group
}

/// A name made of the type's own text, so that equal types share one: `T_Option_Refund`.
fn alias(ty: &Type) -> Ident {
    let text = quote!(#ty).to_string();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    format_ident!("T_{}", words.join("_"))
}

fn taken(model: &Model) -> BTreeSet<String> {
    let own = ["New", "State", "Label", "In", "Event", "Effects", "Work", "Unknown", "event", "legal"].map(str::to_owned);
    let states = model.states.iter().map(|s| s.name.rust.clone());
    let groups = model.groups.iter().map(|g| g.name.clone());
    let events = model.transitions.iter().map(|t| names::type_name(&t.event.rust));
    own.into_iter().chain(states).chain(groups).chain(events).chain([model.name.rust.clone()]).collect()
}
