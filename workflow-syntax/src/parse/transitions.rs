//! `ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking`

use super::attrs::{On, attributes, width};
use super::clauses::{clauses, ends, is_clause};
use super::cursor::Cursor;
use super::fields::fields;
use super::list::list;
use super::literals::literal;
use super::names::{name, reference};
use super::states::alternatives;
use crate::ast::{Attrs, Create, Field, Literal, Target, Transition};
use crate::fault::{Faults, ParseError, Result};
use proc_macro2::{Delimiter, Ident, TokenStream};

/// One line of `transitions`.
pub(super) enum Line {
    Transition(Transition),
    Create(Create),
}

/// The content of `transitions { … }`.
pub(super) fn transitions(inside: &mut Cursor, faults: &mut Faults) -> Vec<Line> {
    list(inside, faults, starts, line)
}

/// Does a line begin here? Also where the comma before it was forgotten.
pub(super) fn starts(cursor: &Cursor) -> bool {
    let head = cursor.word(0).is_some() && (cursor.is_at(1, ":") && !cursor.is_at(1, "::") || called(cursor));
    head || cursor.is("#")
}

/// `ship(…):`
fn called(cursor: &Cursor) -> bool {
    cursor.is_group(1, Delimiter::Parenthesis) && cursor.is_at(2, ":")
}

fn line(cursor: &mut Cursor, faults: &mut Faults) -> Result<Line> {
    let is_create = cursor.is_word(width(cursor), "create");
    let attrs = attributes(cursor, if is_create { On::Create } else { On::Event }, faults);
    match cursor.eat_word("create") {
        Some(name) => create(cursor, attrs, name, faults).map(Line::Create),
        None => transition(cursor, attrs, faults).map(Line::Transition),
    }
}

/// `ship(tracking: String): Reserved -> Shipped …`
fn transition(cursor: &mut Cursor, attrs: Attrs, faults: &mut Faults) -> Result<Transition> {
    let event = name(cursor, "an event", faults)?;
    let parameters = parameters(cursor, &event, faults);
    colon(cursor, &event, faults)?;
    let sources = alternatives(cursor, "a state or a group", faults)?;
    let target = if arrow(cursor, faults) { Some(target(cursor, by_parameter, faults)?) } else { internal(cursor)? };
    let clauses = clauses(cursor, faults);
    Ok(Transition { attrs, event, parameters, sources, target, clauses })
}

/// `create: -> Placed …`
fn create(cursor: &mut Cursor, attrs: Attrs, name: Ident, faults: &mut Faults) -> Result<Create> {
    let span = cursor.span();
    if cursor.group(Delimiter::Parenthesis).is_some() {
        let fault = ParseError::syntax(span, "`create` has no parameters");
        faults.push(fault.help("leave them out: a new instance is given all its fields"));
    }
    if cursor.eat(":").is_none() {
        return Err(cursor.expected("`:`").help("write `create: -> Placed`"));
    }
    if let Some(source) = cursor.word(0).filter(|_| cursor.is_at(1, "->")) {
        faults.push(ParseError::syntax(source.span(), "`create` has no source").help("write `create: -> Placed`"));
        cursor.bump();
    }
    if !arrow(cursor, faults) {
        return Err(cursor.expected("`->`").help("write `create: -> Placed`"));
    }
    let target = reference(cursor, "a state", faults)?;
    let span = cursor.span();
    if cursor.group(Delimiter::Brace).is_some() {
        let fault = ParseError::syntax(span, "`create` sets no fields");
        faults.push(fault.help("leave them out: a new instance is given all its fields"));
    }
    let clauses = clauses(cursor, faults);
    Ok(Create { attrs, name, target, clauses })
}

/// `(tracking: String)`, or nothing
fn parameters(cursor: &mut Cursor, event: &Ident, faults: &mut Faults) -> Vec<Field> {
    if let Some(mut inside) = cursor.group(Delimiter::Parenthesis) {
        return fields(&mut inside, On::Parameter, faults);
    }
    let fault = cursor.expected("`(` or `:`");
    match cursor.group(Delimiter::Brace) {
        Some(mut inside) => {
            let written: TokenStream = inside.rest().iter().cloned().collect();
            let written = written.to_string().replace(" :", ":").replace(" ,", ",");
            faults.push(fault.help(format!("parameters stand in parentheses: `{event}({written})`")));
            fields(&mut inside, On::Parameter, faults)
        }
        None => Vec::new(),
    }
}

/// `:`. Where only it is missing, the line is read on.
fn colon(cursor: &mut Cursor, event: &Ident, faults: &mut Faults) -> Result<()> {
    if cursor.eat(":").is_some() {
        return Ok(());
    }
    let fault = cursor.expected("`:`");
    match cursor.word(0) {
        Some(source) if !is_clause(cursor) && event.to_string().starts_with(char::is_lowercase) => {
            let help = format!("write `{event}: {source}`");
            faults.push(fault.help(help));
            Ok(())
        }
        _ if event.to_string().starts_with(char::is_uppercase) && cursor.is("->") => {
            Err(fault.help(format!("join several sources with `|`: `… | {event} -> …`")))
        }
        _ => Err(fault.help(format!("write `{event}: Source -> Target`"))),
    }
}

/// `->`, or what people write for it
fn arrow(cursor: &mut Cursor, faults: &mut Faults) -> bool {
    let fault = cursor.expected("`->`").help("write `->`");
    if cursor.eat("->").is_some() {
        return true;
    }
    let mistaken = cursor.eat("=>").is_some() || cursor.eat("~>").is_some();
    if mistaken {
        faults.push(fault);
    }
    mistaken
}

/// No arrow. Anything but a clause would have changed the line's meaning: it is lost rather than read as internal.
fn internal(cursor: &Cursor) -> Result<Option<Target>> {
    if ends(cursor) || is_clause(cursor) {
        return Ok(None);
    }
    let fault = cursor.expected("`->`, `,` or a clause");
    let close = cursor.word(0).and_then(|word| super::names::did_you_mean(&word.to_string(), &super::names::CLAUSES));
    let state = cursor.word(0).filter(|word| word.to_string().starts_with(char::is_uppercase));
    Err(fault.maybe_help(close).maybe_help(state.map(|state| format!("write `-> {state}`"))))
}

/// Where a value comes from that is not fixed.
fn by_parameter(field: &Ident) -> String {
    format!("a value that is not fixed comes from a parameter: `({field}: …)` behind the event")
}

/// `Cancelled { reason: "no courier" }`
pub(super) fn target(cursor: &mut Cursor, otherwise: fn(&Ident) -> String, faults: &mut Faults) -> Result<Target> {
    let state = reference(cursor, "a state", faults)?;
    let span = cursor.span();
    if let Some(mut inside) = cursor.group(Delimiter::Brace) {
        let literals = list(&mut inside, faults, super::fields::starts, |cursor, faults| given(cursor, otherwise, faults));
        return Ok(Target { state, literals });
    }
    if let Some(inside) = cursor.group(Delimiter::Parenthesis) {
        let written: TokenStream = inside.rest().iter().cloned().collect();
        let fault = ParseError::syntax(span, "expected `,`, `{` or a clause, found `(`");
        faults.push(fault.help(format!("fields have names: `{state} {{ name: {written} }}`")));
    } else if cursor.is("|") {
        let fault = cursor.expected("`,`, `{` or a clause");
        faults.push(fault.help("a transition has one target: write one line for each"));
        cursor.skip_until(|cursor| ends(cursor) || is_clause(cursor));
    }
    Ok(Target { state, literals: Vec::new() })
}

/// `reason: "no courier"`
fn given(cursor: &mut Cursor, otherwise: fn(&Ident) -> String, faults: &mut Faults) -> Result<(Ident, Literal)> {
    let field = name(cursor, "a field", faults)?;
    let help = format!("write `{field}: \"…\"`");
    if cursor.is("=") {
        faults.push(cursor.expected("`:`").help(help));
        cursor.bump();
    } else if cursor.eat(":").is_none() {
        return Err(cursor.expected(&format!("`:` and the value of `{field}`")).help(help));
    }
    let value = literal(cursor, || otherwise(&field))?;
    Ok((field, value))
}
