//! `after 30 minutes`, `by book_courier`, `with take_stock`, `then send_tracking`, `if sql "…"`

use super::children::children;
use super::cursor::Cursor;
use super::length::{counted, is_length, whole};
use super::list::is_separator;
use super::literals::string;
use super::names::{CLAUSES, did_you_mean, reference};
use super::retries::{ORDER, WORDS, retry};
use super::times::later;
use super::transitions::starts;
use crate::ast::{Clauses, Effect, Retried, Trigger};
use crate::fault::{CLAUSE_TWICE, Faults, ParseError, Result};
use proc_macro2::Ident;
use syn::LitStr;

/// All clauses of a line. A faulty one is left out; the line and its other clauses stay.
pub(super) fn clauses(cursor: &mut Cursor, faults: &mut Faults) -> Clauses {
    let mut all = Clauses::default();
    while !ends(cursor) {
        if let Err(fault) = clause(cursor, &mut all, faults) {
            faults.push(fault);
            cursor.skip_until(|cursor| ends(cursor) || is_clause(cursor));
        }
    }
    all
}

/// Is this the end of a line, or the beginning of the next?
pub(super) fn ends(cursor: &Cursor) -> bool {
    cursor.is_end() || is_separator(cursor) || starts(cursor)
}

pub(super) fn is_clause(cursor: &Cursor) -> bool {
    CLAUSES.iter().any(|word| cursor.is_word(0, word)) && !starts(cursor)
}

fn clause(cursor: &mut Cursor, all: &mut Clauses, faults: &mut Faults) -> Result<()> {
    let Some(word) = cursor.eat_any(&CLAUSES) else { return Err(no_clause(cursor)) };
    match word.to_string().as_str() {
        "after" => all.triggers.extend(after(cursor, faults)?),
        "at" => all.triggers.push(Trigger::At(reference(cursor, "a field", faults)?)),
        "by" => {
            let activity = reference(cursor, "an activity", faults)?;
            all.triggers.push(Trigger::By(activity.clone()));
            all.retries.extend(retry(cursor, Retried::Activity(activity), faults)?);
        }
        "then" => {
            let task = reference(cursor, "a task", faults)?;
            all.tasks.push(task.clone());
            all.later.extend(later(cursor, &task, faults)?);
            all.retries.extend(retry(cursor, Retried::Task(task), faults)?);
        }
        "with" => once(&mut all.effect, with(cursor, faults)?, &word, "effect", faults),
        _ => once(&mut all.guard, guard(cursor)?, &word, "guard", faults),
    }
    Ok(())
}

fn no_clause(cursor: &Cursor) -> ParseError {
    let help = cursor.word(0).and_then(|word| did_you_mean(&word.to_string(), &CLAUSES));
    let fault = cursor.expected("`,` or a clause");
    if cursor.is("::") || cursor.is(".") || cursor.is_group(0, proc_macro2::Delimiter::Parenthesis) {
        return fault.help("write the bare name: it becomes a method that you implement");
    }
    if WORDS.iter().any(|word| cursor.is_word(0, word)) {
        return fault.help(ORDER);
    }
    fault.maybe_help(help)
}

/// The first one stays.
fn once<T>(slot: &mut Option<T>, value: T, word: &Ident, what: &str, faults: &mut Faults) {
    if slot.is_some() {
        let fault = ParseError::new(CLAUSE_TWICE, word.span(), format!("`{word}` stands twice"));
        faults.push(fault.help(format!("a line has one {what}: join the two")));
    } else {
        *slot = Some(value);
    }
}

/// `take_stock`, `sql maybe "…"`
fn with(cursor: &mut Cursor, faults: &mut Faults) -> Result<Effect> {
    if cursor.literal().is_some() {
        return Err(cursor.expected("an effect").help("write `with sql \"…\"`"));
    }
    if cursor.eat_word("sql").is_none() {
        return Ok(Effect::App(reference(cursor, "an effect", faults)?));
    }
    let maybe = cursor.eat_word("maybe").is_some();
    Ok(Effect::Sql { maybe, text: statement(cursor, "write `with sql \"UPDATE …\"`")? })
}

/// `sql "…"`
fn guard(cursor: &mut Cursor) -> Result<LitStr> {
    if cursor.eat_word("sql").is_none() {
        return Err(cursor.expected("`sql`").help("write `if sql \"quantity > 0\"`"));
    }
    statement(cursor, "write `if sql \"quantity > 0\"`")
}

fn statement(cursor: &mut Cursor, help: &str) -> Result<LitStr> {
    string(cursor).ok_or_else(|| cursor.expected("SQL as a string").help(help))
}

/// `30 minutes`, `5 failures of book_courier`, `all Shipment`. None when its count or unit is no use; that is in `faults` then.
fn after(cursor: &mut Cursor, faults: &mut Faults) -> Result<Option<Trigger>> {
    if cursor.eat_word("all").is_some() {
        return children(cursor).map(Some);
    }
    let Some((count, unit)) = counted(cursor, "after", &["failure", "failures"], faults)? else {
        return Ok(None);
    };
    if !unit.to_string().starts_with("failure") {
        return Ok(is_length(&count, &unit, faults).then_some(Trigger::After { count, unit }));
    }
    if cursor.eat_word("of").is_none() {
        return Err(cursor.expected("`of` and an activity").help(format!("write `after {count} failures of …`")));
    }
    let activity = reference(cursor, "an activity", faults)?;
    Ok(whole(&count, "failures", faults).then_some(Trigger::Exhausted { failures: count, activity }))
}
