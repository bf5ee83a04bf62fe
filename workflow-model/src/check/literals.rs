//! Which literal fits which type.

use super::context::{Context, Faults};
use crate::diagnostic::{Part, Place};
use crate::model::{Kind, Literal};
use crate::types::Type;

/// A literal that the field's column, or the field's Rust type, would not take.
pub(super) fn mistyped_literals(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let (Some(target), Some(state)) = (&line.target, context.target(line)) else { continue };
        for (l, (name, literal)) in target.literals.iter().enumerate() {
            let Some(field) = state.field(name) else { continue };
            if let Some(fault) = misfit(&field.ty, literal) {
                let message = format!("`{}.{name}` is `{}`, and {fault}", state.name.rust, field.ty.rust);
                let help = match example(&field.ty) {
                    Some(example) => format!("`{name}: {example}`"),
                    None => format!("no literal has this type; write a parameter: `{name}: {}`", field.ty.rust),
                };
                faults.add(Place::Transition(i, Part::Literal(l)), message, help);
            }
        }
    }
}

/// What a literal of the type looks like, where there is one.
pub(super) fn example(ty: &Type) -> Option<&'static str> {
    match &ty.kind {
        Kind::Bool => Some("true"),
        Kind::I16 | Kind::I32 | Kind::I64 => Some("0"),
        Kind::F32 | Kind::F64 | Kind::Decimal => Some("0.0"),
        Kind::Text => Some("\"…\""),
        Kind::Bytes => Some("b\"…\""),
        Kind::Timestamp | Kind::Date | Kind::Uuid | Kind::Json | Kind::Array(_) | Kind::Other => ty.optional.then_some("None"),
    }
}

/// Why the literal does not fit; none when it does.
fn misfit(ty: &Type, literal: &Literal) -> Option<String> {
    match (&ty.kind, literal) {
        (_, Literal::None) => (!ty.optional).then(|| "only an `Option` can be `None`".to_owned()),
        (Kind::Bool, Literal::Bool(_)) | (Kind::Bytes, Literal::Bytes(_)) => None,
        (Kind::Text, Literal::Text(text)) => {
            text.contains('\0').then(|| "a text in PostgreSQL holds no NUL character".to_owned())
        }
        (Kind::I16, Literal::Integer(digits)) => digits.parse::<i16>().err().map(|_| out_of_range(digits)),
        (Kind::I32, Literal::Integer(digits)) => digits.parse::<i32>().err().map(|_| out_of_range(digits)),
        (Kind::I64, Literal::Integer(digits)) => digits.parse::<i64>().err().map(|_| out_of_range(digits)),
        (Kind::F32, Literal::Float(digits)) => digits.parse().is_ok_and(f32::is_infinite).then(|| out_of_range(digits)),
        (Kind::F64, Literal::Float(digits)) => digits.parse().is_ok_and(f64::is_infinite).then(|| out_of_range(digits)),
        (Kind::Decimal, Literal::Integer(digits) | Literal::Float(digits)) => (!is_decimal(digits)).then(|| out_of_range(digits)),
        (_, literal) => Some(format!("this is {}", described(literal))),
    }
}

fn out_of_range(digits: &str) -> String {
    format!("`{digits}` is out of its range")
}

/// What both PostgreSQL's and Rust's decimals hold: up to 28 digits, and no exponent.
fn is_decimal(digits: &str) -> bool {
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.chars().filter(char::is_ascii_digit).count() <= 28
}

fn described(literal: &Literal) -> &'static str {
    match literal {
        Literal::None => "`None`",
        Literal::Bool(_) => "a truth value",
        Literal::Integer(_) => "an integer",
        Literal::Float(_) => "a number with a fraction",
        Literal::Text(_) => "a text",
        Literal::Bytes(_) => "a byte string",
        Literal::Other(_) => "a literal that no column takes",
    }
}
