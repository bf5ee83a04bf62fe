//! Which literal fits which type.

use super::changes::attribute_of;
use super::context::{Context, Faults};
use super::names::fields;
use crate::diagnostic::{Part, Place};
use crate::model::{Kind, Literal, Target};
use crate::types::Type;

/// A literal that the field's column, or the field's Rust type, would not take.
pub(super) fn mistyped_literals(context: &Context<'_>, faults: &mut Faults) {
    for (i, line) in context.lines() {
        let at = |l| Place::Transition(i, Part::Literal(l));
        let Some(target) = &line.target else { continue };
        mistyped_in_target(context, target, at, |ty| format!("write a parameter: {ty}"), faults);
    }
    for (i, removed) in context.model.removed.iter().enumerate() {
        let at = |l| Place::Removed(i, Part::Literal(l));
        let otherwise = |_: &str| format!("leave it out where `{}` had the field", removed.state);
        mistyped_in_target(context, &removed.target, at, otherwise, faults);
    }
    mistyped_defaults(context, faults);
}

fn mistyped_in_target(
    context: &Context<'_>,
    target: &Target,
    at: impl Fn(usize) -> Place,
    otherwise: impl Fn(&str) -> String,
    faults: &mut Faults,
) {
    let Some(state) = context.model.state(&target.state) else { return };
    for (l, (name, literal)) in target.literals.iter().enumerate() {
        let Some(field) = state.field(name) else { continue };
        if let Some(fault) = misfit(&field.ty, literal) {
            let message = format!("`{}.{name}` is `{}`, and {fault}", state.name.rust, field.ty.rust);
            let help = match example(&field.ty) {
                Some(example) => format!("`{name}: {example}`"),
                None => format!("no literal has this type; {}", otherwise(&format!("`{name}: {}`", field.ty.rust))),
            };
            faults.add(at(l), message, help);
        }
    }
}

/// `#[default = "three"] floor: i16`. That the key has none, and what `None` says, are other rules.
fn mistyped_defaults(context: &Context<'_>, faults: &mut Faults) {
    for (place, field) in fields(context.model).into_iter().filter(|(place, _)| *place != Place::Field(0)) {
        if let Some(fault) = field.default.as_ref().and_then(|literal| misfit(&field.ty, literal)) {
            let (name, ty) = (&field.name.rust, &field.ty.rust);
            let help = match example(&field.ty).filter(|example| *example != "None") {
                Some(example) => format!("`#[default = {example}]`"),
                None if field.ty.optional => "no literal has this type: leave `#[default]` out".to_owned(),
                None => format!("no literal has this type: `{name}: Option<{ty}>`, until every row has one"),
            };
            faults.add(attribute_of(place, "default"), format!("`{name}` is `{ty}`, and {fault}"), help);
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
