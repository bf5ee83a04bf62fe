//! The types of fields: one spelling for equal ones, and what is known about them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};
use workflow_model::Kind;

pub(super) fn ty(written: &Type, sql: Option<String>) -> workflow_model::Type {
    let bare = bare(written);
    let inside = option(bare);
    workflow_model::Type {
        rust: spelling(bare.to_token_stream()),
        optional: inside.is_some(),
        kind: kind(inside.unwrap_or(bare)),
        sql,
    }
}

/// By the last segment of the path, as the language says; `Option` in an `Option` is nothing that a column can hold.
fn kind(ty: &Type) -> Kind {
    let Some(segment) = last(bare(ty)) else { return Kind::Other };
    match (segment.ident.to_string().as_str(), &segment.arguments, argument(segment)) {
        ("bool", PathArguments::None, _) => Kind::Bool,
        ("i16", PathArguments::None, _) => Kind::I16,
        ("i32", PathArguments::None, _) => Kind::I32,
        ("i64", PathArguments::None, _) => Kind::I64,
        ("f32", PathArguments::None, _) => Kind::F32,
        ("f64", PathArguments::None, _) => Kind::F64,
        ("String", PathArguments::None, _) => Kind::Text,
        ("Uuid", PathArguments::None, _) => Kind::Uuid,
        ("NaiveDate", PathArguments::None, _) => Kind::Date,
        ("Decimal", PathArguments::None, _) => Kind::Decimal,
        ("Json", _, Some(_)) => Kind::Json,
        ("DateTime", _, Some(zone)) if is(zone, "Utc") => Kind::Timestamp,
        ("Vec", _, Some(item)) if is(item, "u8") => Kind::Bytes,
        ("Vec", _, Some(item)) => Kind::Array(Box::new(item_kind(item))),
        _ => Kind::Other,
    }
}

/// An array of arrays has no driver's support.
fn item_kind(item: &Type) -> Kind {
    match kind(item) {
        Kind::Array(_) => Kind::Other,
        kind => kind,
    }
}

/// The `T` of `Option<T>`.
fn option(ty: &Type) -> Option<&Type> {
    let segment = last(ty)?;
    if segment.ident == "Option" { argument(segment).map(bare) } else { None }
}

/// Without parentheses, and without the invisible group of a `macro_rules!` fragment.
fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        other => other,
    }
}

fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// The only argument between `<` and `>`.
fn argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = &segment.arguments else { return None };
    match (list.args.first(), list.args.len()) {
        (Some(GenericArgument::Type(ty)), 1) => Some(ty),
        _ => None,
    }
}

fn is(ty: &Type, name: &str) -> bool {
    last(bare(ty)).is_some_and(|segment| segment.ident == name && segment.arguments.is_none())
}

/// `Map<String, Vec<u8>>`: a space behind commas and between words, no comma before `>`, whatever was typed.
fn spelling(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let word = |c: char| c.is_alphanumeric() || c == '_' || c == '"';
                if text.ends_with(word) {
                    text.push(' ');
                }
                text.push_str(&tree.to_string());
            }
            TokenTree::Punct(punct) => {
                if punct.as_char() == '>' && text.ends_with(", ") {
                    text.truncate(text.len() - 2);
                }
                text.push(punct.as_char());
                if punct.as_char() == ',' {
                    text.push(' ');
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                if text.ends_with(", ") {
                    text.truncate(text.len() - 1);
                }
                text.push_str(close);
            }
        }
    }
}
