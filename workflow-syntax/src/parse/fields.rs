//! `warehouse: String, tracking: String`

use super::attrs::{On, attributes};
use super::cursor::Cursor;
use super::list::{is_separator, list};
use super::names::name;
use crate::ast::{Attrs, Field};
use crate::fault::{Faults, ParseError, Result};
use proc_macro2::{TokenStream, TokenTree};
use syn::Type;
use syn::parse::{ParseStream, Parser};

/// The fields of a state, or the parameters of an event.
pub(super) fn fields(inside: &mut Cursor, on: On, faults: &mut Faults) -> Vec<Field> {
    list(inside, faults, starts, |cursor, faults| {
        let attrs = attributes(cursor, on, faults);
        field(cursor, attrs, on, faults)
    })
}

/// `warehouse: String`
pub(super) fn field(cursor: &mut Cursor, attrs: Attrs, on: On, faults: &mut Faults) -> Result<Field> {
    visibility(cursor, faults);
    let what = if matches!(on, On::Parameter) { "a parameter" } else { "a field" };
    let name = name(cursor, what, faults)?;
    if cursor.is_end() || is_separator(cursor) {
        let fault = ParseError::syntax(name.span(), format!("`{name}` has no type"));
        return Err(fault.help(format!("write `{name}: String`")));
    }
    if cursor.eat(":").is_none() {
        return Err(cursor.expected(&format!("`:` and the type of `{name}`")));
    }
    if cursor.is_end() || is_separator(cursor) {
        return Err(cursor.expected(&format!("the type of `{name}`")).help(format!("write `{name}: String`")));
    }
    Ok(Field { attrs, name, ty: ty(cursor)? })
}

/// Does a field begin here?
pub(super) fn starts(cursor: &Cursor) -> bool {
    cursor.is("#") || cursor.word(0).is_some() && cursor.is_at(1, ":")
}

/// `pub` before a field is a habit from structs.
fn visibility(cursor: &mut Cursor, faults: &mut Faults) {
    if cursor.is_word(0, "pub") && !cursor.is_at(1, ":") {
        let fault = ParseError::syntax(cursor.span(), "a field has no `pub`");
        faults.push(fault.help("leave it out: a field is as visible as its workflow"));
        cursor.bump();
        cursor.group(proc_macro2::Delimiter::Parenthesis);
    }
}

/// Rust's own parser reads the type, from no more tokens than can belong to it, and leaves what follows.
pub(super) fn ty(cursor: &mut Cursor) -> Result<Type> {
    let tokens = reach(cursor.rest()).to_vec();
    let parser = |input: ParseStream<'_>| Ok((input.parse::<Type>()?, input.parse::<TokenStream>()?));
    match parser.parse2(tokens.iter().cloned().collect()) {
        Ok((ty, rest)) => {
            let read = tokens.len().saturating_sub(rest.into_iter().count());
            (0..read).for_each(|_| drop(cursor.bump()));
            Ok(ty)
        }
        Err(_) => {
            let written = tokens.iter().cloned().collect::<TokenStream>().to_string();
            let fault = ParseError::syntax(cursor.span(), format!("`{written}` is not a type"));
            (0..tokens.len()).for_each(|_| drop(cursor.bump()));
            Err(match tokens.last() {
                Some(last) => fault.until(last.span()),
                None => fault,
            })
        }
    }
}

/// The tokens up to the comma that ends the field. Commas between `<` and `>` do not; but a `<` that is never closed must
/// not take the fields behind it along.
fn reach(tokens: &[TokenTree]) -> &[TokenTree] {
    let mut depth = 0usize;
    let mut first_comma = None;
    let mut before = ' ';
    for (i, tree) in tokens.iter().enumerate() {
        let c = match tree {
            TokenTree::Punct(punct) => punct.as_char(),
            TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_) => ' ',
        };
        match c {
            '<' => depth += 1,
            '>' if before != '-' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => return &tokens[..i],
            ',' | ';' => first_comma = first_comma.or(Some(i)),
            _ => {}
        }
        before = c;
    }
    match first_comma {
        Some(comma) if depth > 0 => &tokens[..comma],
        _ => tokens,
    }
}
