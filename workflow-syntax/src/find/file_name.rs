//! Where the text of a module or of an `include!` is.

use super::condition::chosen;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta};

/// The file of `mod r#type;` is `type.rs`.
pub(super) fn of(name: &Ident) -> String {
    syn::ext::IdentExt::unraw(name).to_string()
}

/// `#[path = "…"]`
pub(super) fn path(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| literal(&attribute.meta))
}

/// A path that only the compiler knows.
pub(super) fn unclear(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let written = attribute.path().is_ident("path") && literal(&attribute.meta).is_none();
        written || chosen(attribute).is_some_and(|metas| metas.iter().any(|meta| meta.path().is_ident("path")))
    })
}

fn literal(meta: &Meta) -> Option<String> {
    match &meta.require_name_value().ok()?.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path().is_ident("path") => Some(LitStr::value(text)),
        _ => None,
    }
}

/// `concat!(env!("OUT_DIR"), …)`, at any depth.
pub(super) fn is_generated(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => is_generated(group.stream()),
        TokenTree::Literal(literal) => literal.to_string() == "\"OUT_DIR\"",
        TokenTree::Ident(_) | TokenTree::Punct(_) => false,
    })
}
