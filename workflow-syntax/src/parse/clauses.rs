//! `after 30 minutes`, `by book_courier`, `with take_stock`, `then send_tracking`, `if sql "…"`

use super::cursor::Cursor;
use super::list::is_separator;
use super::literals::string;
use super::names::{CLAUSES, did_you_mean, nearest, reference};
use super::transitions::starts;
use crate::ast::{Clauses, Effect, Trigger};
use crate::duration::{LONGEST, MOST, UNITS, seconds};
use crate::fault::{CLAUSE_TWICE, COUNT, Faults, ParseError, Result};
use proc_macro2::{Ident, Span};
use syn::{Lit, LitInt, LitStr};

/// What people write for a unit.
const ABBREVIATIONS: [(&str, &str); 12] = [
    ("s", "seconds"),
    ("sec", "seconds"),
    ("secs", "seconds"),
    ("m", "minutes"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("h", "hours"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("d", "days"),
    ("fail", "failures"),
    ("fails", "failures"),
];

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
        "by" => all.triggers.push(Trigger::By(reference(cursor, "an activity", faults)?)),
        "then" => all.tasks.push(reference(cursor, "a task", faults)?),
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

/// `30 minutes`, `5 failures of book_courier`. None when its count or unit is no use; that is in `faults` then.
fn after(cursor: &mut Cursor, faults: &mut Faults) -> Result<Option<Trigger>> {
    let count = count(cursor)?;
    let glued = !count.suffix().is_empty();
    let (written, span) = match cursor.word(0) {
        _ if glued => (count.suffix().to_owned(), count.span()),
        Some(word) if !ends(cursor) && !is_clause(cursor) => (word.to_string(), word.span()),
        _ => {
            return Err(cursor.expected("`minutes`, another unit, or `failures`").help(format!("write `after {count} minutes`")));
        }
    };
    if !glued {
        cursor.bump();
    }
    let Some(unit) = unit(&count, &written, glued, span, faults) else {
        return Ok(None);
    };
    if !unit.to_string().starts_with("failure") {
        return Ok(duration(&count, &unit, faults).then_some(Trigger::After { count, unit }));
    }
    if cursor.eat_word("of").is_none() {
        return Err(cursor.expected("`of` and an activity").help(format!("write `after {count} failures of …`")));
    }
    let activity = reference(cursor, "an activity", faults)?;
    Ok(failures(&count, faults).then_some(Trigger::Exhausted { failures: count, activity }))
}

/// `30`
fn count(cursor: &mut Cursor) -> Result<LitInt> {
    let fault = cursor.expected("a whole number").help("write `after 30 minutes`");
    match cursor.literal().map(|literal| Lit::new(literal.clone())) {
        Some(Lit::Int(count)) => {
            cursor.bump();
            Ok(count)
        }
        Some(Lit::Float(_)) => Err(fault.help("write whole numbers: `90 minutes` for one and a half hours")),
        _ => Err(fault),
    }
}

/// The unit that is written, or the one that is meant: then the line is read on with it.
fn unit(count: &LitInt, written: &str, glued: bool, span: Span, faults: &mut Faults) -> Option<Ident> {
    let known = UNITS.iter().flat_map(|(one, many, _)| [*one, *many]).chain(["failure", "failures"]).collect::<Vec<_>>();
    let exact = known.iter().copied().find(|unit| *unit == written);
    let short = ABBREVIATIONS.iter().find(|(short, _)| *short == written).map(|(_, unit)| *unit);
    let meant = exact.or(short).or_else(|| nearest(written, &known));
    if exact.is_none() || glued {
        let message = if glued { format!("no space in `{count}`") } else { format!("unknown unit `{written}`") };
        let digits = count.base10_digits();
        faults.push(ParseError::new(COUNT, span, message).help(match (meant, written) {
            (Some(unit), _) if glued => format!("write `{digits} {unit}`"),
            (Some(unit), _) => format!("did you mean `{unit}`?"),
            (None, "week" | "weeks") => format!("write days: `{} days`", digits.parse::<u64>().unwrap_or(1).saturating_mul(7)),
            (None, "month" | "months" | "year" | "years") => "write days: months and years differ in length".to_owned(),
            (None, _) => "the units are `seconds`, `minutes`, `hours` and `days`".to_owned(),
        }));
    }
    meant.map(|unit| Ident::new(unit, span))
}

/// Is it at least a second, and not beyond what the database's calendar holds?
fn duration(count: &LitInt, unit: &Ident, faults: &mut Faults) -> bool {
    let length = seconds(count, unit);
    let message = match length {
        Some(0) => format!("`{count} {unit}` is no time"),
        Some(seconds) if seconds <= LONGEST => return true,
        Some(_) | None => format!("`{count} {unit}` is too long"),
    };
    let help = if length == Some(0) { "a duration is at least 1 second" } else { "a duration is at most 10,000 years" };
    faults.push(ParseError::new(COUNT, count.span(), message).until(unit.span()).help(help));
    false
}

fn failures(count: &LitInt, faults: &mut Faults) -> bool {
    let number = count.base10_parse::<u32>().ok().filter(|number| *number <= MOST);
    let message = match number {
        Some(0) => "`0` failures is no number of failures".to_owned(),
        Some(_) => return true,
        None => format!("`{count}` failures is too many"),
    };
    faults.push(ParseError::new(COUNT, count.span(), message).help(format!("write a number from 1 to {MOST}")));
    false
}
