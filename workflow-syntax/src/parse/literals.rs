//! `"no courier"`, `-3`, `None`

use super::cursor::Cursor;
use crate::ast::Literal;
use crate::fault::Result;
use proc_macro2::Delimiter;
use syn::{Lit, LitBool, LitStr};

/// A fixed value. `otherwise` says where one that is not fixed comes from.
pub(super) fn literal(cursor: &mut Cursor, otherwise: impl FnOnce() -> String) -> Result<Literal> {
    if let Some(word) = cursor.eat_word("None") {
        return Ok(Literal::None(word.span()));
    }
    if let Some(word) = cursor.eat_any(&["true", "false"]) {
        let lit = Lit::Bool(LitBool { value: word == "true", span: word.span() });
        return Ok(Literal::Lit { negative: false, lit });
    }
    let negative = cursor.eat("-").is_some();
    let what = if negative { "a number" } else { "a literal or `None`" };
    let Some(lit) = cursor.literal().map(|literal| Lit::new(literal.clone())) else {
        return Err(no_literal(cursor, what, otherwise));
    };
    if negative && !matches!(lit, Lit::Int(_) | Lit::Float(_)) {
        return Err(cursor.expected(what));
    }
    cursor.bump();
    Ok(Literal::Lit { negative, lit })
}

/// `"…"`, with or without `r#`.
pub(super) fn string(cursor: &mut Cursor) -> Option<LitStr> {
    match cursor.literal().map(|literal| Lit::new(literal.clone())) {
        Some(Lit::Str(text)) => {
            cursor.bump();
            Some(text)
        }
        _ => None,
    }
}

fn no_literal(cursor: &Cursor, what: &str, otherwise: impl FnOnce() -> String) -> crate::fault::ParseError {
    let fault = cursor.expected(what);
    if cursor.is_word(0, "Some") && cursor.is_group(1, Delimiter::Parenthesis) {
        return fault.help("write the value without `Some`");
    }
    if cursor.word(0).is_some() {
        return fault.help(otherwise());
    }
    fault
}
