//! Rust literals, in the form in which they can be written as SQL.

use crate::ast;
use quote::ToTokens;
use syn::{Lit, LitInt};
use workflow_model::Literal;

pub(super) fn literal(literal: &ast::Literal) -> Literal {
    let (negative, lit) = match literal {
        ast::Literal::None(_) => return Literal::None,
        ast::Literal::Lit { negative, lit } => (*negative, lit),
    };
    let sign = if negative { "-" } else { "" };
    match lit {
        Lit::Bool(lit) => Literal::Bool(lit.value),
        Lit::Int(lit) => integer(sign, lit),
        Lit::Float(lit) => Literal::Float(format!("{sign}{}", lit.base10_digits())),
        Lit::Str(lit) => Literal::Text(lit.value()),
        Lit::ByteStr(lit) => Literal::Bytes(lit.value()),
        other => Literal::Other(format!("{sign}{}", other.to_token_stream())),
    }
}

/// No column holds more than an `i64`, but the rule that says so wants to see the number.
fn integer(sign: &str, lit: &LitInt) -> Literal {
    match format!("{sign}{}", lit.base10_digits()).parse::<i128>() {
        Ok(number) => Literal::Integer(number.to_string()),
        Err(_) => Literal::Other(format!("{sign}{lit}")),
    }
}
