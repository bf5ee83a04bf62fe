//! `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`, behind `by book_courier` or `then send_tracking`

use super::clauses::ends;
use super::cursor::Cursor;
use super::length::{count, length, whole};
use crate::ast::{Length, Retried, Retry};
use crate::fault::{COUNT, Faults, ParseError, Result};
use proc_macro2::{Ident, TokenTree};
use syn::LitInt;

/// The words with which each part begins, in their order.
pub(super) const WORDS: [&str; 3] = ["up", "pausing", "within"];

/// What is wrong when one of them stands elsewhere.
pub(super) const ORDER: &str =
    "behind `by …` or `then …`, and once in this order: `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`";

/// What follows the name of a job; none when nothing is said. What is no use is in `faults`.
pub(super) fn retry(cursor: &mut Cursor, job: Retried, faults: &mut Faults) -> Result<Option<Retry>> {
    let Some(word) = next(cursor).cloned() else { return Ok(None) };
    let attempts = if eat(cursor, "up") { attempts(cursor, faults)? } else { None };
    let (pause, longest) = if eat(cursor, "pausing") { pauses(cursor, faults)? } else { (None, None) };
    let within = if eat(cursor, "within") { length(cursor, "within", faults)? } else { None };
    Ok(Some(Retry { job, word, attempts, pause, longest, within }))
}

/// Does one of the words follow that belong to a job, and not the next line?
pub(super) fn is_word(cursor: &Cursor) -> bool {
    next(cursor).is_some() || cursor.is_word(0, "to")
}

/// Do the words begin where the name of the job should stand? It may be called `up`, but not when `to` follows.
pub(super) fn instead_of_a_name(cursor: &Cursor) -> bool {
    let is_counted = matches!(cursor.nth(1), Some(TokenTree::Literal(_)));
    cursor.is_word(0, "up") && cursor.is_word(1, "to")
        || is_counted && (cursor.is_word(0, "pausing") || cursor.is_word(0, "within"))
}

fn next(cursor: &Cursor) -> Option<&Ident> {
    cursor.word(0).filter(|word| !ends(cursor) && WORDS.iter().any(|known| word == known))
}

fn eat(cursor: &mut Cursor, word: &str) -> bool {
    next(cursor).is_some_and(|next| next == word) && cursor.eat_word(word).is_some()
}

/// `to 10 attempts`
fn attempts(cursor: &mut Cursor, faults: &mut Faults) -> Result<Option<LitInt>> {
    const EXAMPLE: &str = "up to 10 attempts";
    if cursor.eat_word("to").is_none() {
        return Err(cursor.expected("`to`").help(format!("write `{EXAMPLE}`")));
    }
    let count = count(cursor, EXAMPLE)?;
    let digits = count.base10_digits();
    if !count.suffix().is_empty() {
        let fault = ParseError::new(COUNT, count.span(), format!("no space in `{count}`"));
        return Err(fault.help(format!("write `up to {digits} attempts`")));
    }
    if cursor.eat_any(&["attempts", "attempt"]).is_none() {
        return Err(cursor.expected("`attempts`").help(format!("write `up to {digits} attempts`")));
    }
    Ok(whole(&count, "attempts", faults).then_some(count))
}

/// `5 seconds to 1 hour`
fn pauses(cursor: &mut Cursor, faults: &mut Faults) -> Result<(Option<Length>, Option<Length>)> {
    let first = length(cursor, "pausing", faults)?;
    let longest = if cursor.eat_word("to").is_some() { length(cursor, "to", faults)? } else { None };
    Ok((first, longest))
}
