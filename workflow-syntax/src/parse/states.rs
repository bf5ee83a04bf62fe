//! `initial Placed, Reserved { warehouse: String }` and `Open = Placed | Reserved`

use super::attrs::{On, attributes};
use super::cursor::Cursor;
use super::fields::fields;
use super::list::list;
use super::names::{name, nearest, reference};
use crate::ast::{Field, Group, Kind, State};
use crate::fault::{Faults, ParseError, Result};
use proc_macro2::{Delimiter, Ident};

/// The content of `states { … }`.
pub(super) fn states(inside: &mut Cursor, faults: &mut Faults) -> Vec<State> {
    list(inside, faults, |cursor| cursor.is("#") || cursor.word(0).is_some(), state)
}

/// The content of `groups { … }`.
pub(super) fn groups(inside: &mut Cursor, faults: &mut Faults) -> Vec<Group> {
    list(inside, faults, |cursor| cursor.is("#") || cursor.word(0).is_some() && cursor.is_at(1, "="), group)
}

/// `Placed | Reserved`
pub(super) fn alternatives(cursor: &mut Cursor, what: &str, faults: &mut Faults) -> Result<Vec<Ident>> {
    let mut names = vec![reference(cursor, what, faults)?];
    loop {
        if cursor.is("||") || cursor.is("&") || cursor.is("/") || cursor.is_word(0, "or") {
            faults.push(cursor.expected("`|`").help("join the names with `|`"));
            if cursor.eat("||").is_none() {
                cursor.bump();
            }
        } else if cursor.eat("|").is_none() {
            return Ok(names);
        }
        names.push(reference(cursor, what, faults)?);
    }
}

/// `Reserved { warehouse: String }`
fn state(cursor: &mut Cursor, faults: &mut Faults) -> Result<State> {
    let attrs = attributes(cursor, On::State, faults);
    let kind = kind(cursor, faults);
    let name = name(cursor, "a state", faults)?;
    let fields = own_fields(cursor, &name, faults);
    Ok(State { attrs, kind, name, fields })
}

/// `initial`, `final`, or nothing. Each is a keyword only before another word.
fn kind(cursor: &mut Cursor, faults: &mut Faults) -> Kind {
    let mut kind = None;
    while let (Some(word), Some(next)) = (cursor.word(0).cloned(), cursor.word(1).cloned()) {
        let read = match word.to_string().as_str() {
            "initial" => Kind::Initial,
            "final" => Kind::Final,
            text if !is_modifier(text, &next) => break,
            text => {
                let meant = meant(text);
                let fault = ParseError::syntax(word.span(), format!("unknown word `{word}` before `{next}`"));
                faults.push(match meant {
                    Kind::Initial => fault.help(format!("did you mean `initial {next}`?")),
                    Kind::Final => fault.help(format!("did you mean `final {next}`?")),
                    Kind::Normal => fault.help("only `initial` or `final` may stand before a state"),
                });
                meant
            }
        };
        if kind.replace(read).is_some() {
            faults.push(ParseError::syntax(word.span(), format!("`{next}` is called `initial` or `final` more than once")));
        }
        cursor.bump();
    }
    kind.unwrap_or(Kind::Normal)
}

/// States are written large: a small word before a large one wants to say something about it.
fn is_modifier(word: &str, next: &Ident) -> bool {
    word.starts_with(char::is_lowercase) && next.to_string().starts_with(char::is_uppercase)
}

fn meant(word: &str) -> Kind {
    match nearest(word, &["initial", "start", "final", "terminal", "end"]) {
        Some("initial" | "start") => Kind::Initial,
        Some(_) => Kind::Final,
        None => Kind::Normal,
    }
}

/// `{ warehouse: String }`, or nothing
fn own_fields(cursor: &mut Cursor, state: &Ident, faults: &mut Faults) -> Vec<Field> {
    if let Some(mut inside) = cursor.group(Delimiter::Brace) {
        return fields(&mut inside, On::Field, faults);
    }
    let span = cursor.span();
    if let Some(inside) = cursor.group(Delimiter::Parenthesis) {
        let ty: proc_macro2::TokenStream = inside.rest().iter().cloned().collect();
        let fault = ParseError::syntax(span, format!("expected `,` or the fields of `{state}`, found `(`"));
        faults.push(fault.help(format!("fields have names: `{state} {{ name: {ty} }}`")));
    }
    Vec::new()
}

/// `Open = Placed | Reserved`
fn group(cursor: &mut Cursor, faults: &mut Faults) -> Result<Group> {
    let attrs = attributes(cursor, On::Group, faults);
    let name = name(cursor, "a group", faults)?;
    let help = format!("write `{name} = First | Second`");
    if cursor.is("=>") || cursor.is(":") {
        faults.push(cursor.expected("`=`").help(help));
        if cursor.eat("=>").is_none() {
            cursor.bump();
        }
    } else if cursor.eat("=").is_none() {
        return Err(cursor.expected("`=`").help(help));
    }
    let members = alternatives(cursor, "a state or a group", faults)?;
    Ok(Group { attrs, name, members })
}
