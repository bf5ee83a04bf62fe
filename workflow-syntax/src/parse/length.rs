//! `30 minutes`, `5 failures`, `10 attempts`: a whole number and what is counted.

use super::clauses::{ends, is_clause};
use super::cursor::Cursor;
use super::names::nearest;
use super::retries;
use crate::ast::Length;
use crate::duration::{LONGEST, MOST, UNITS, seconds};
use crate::fault::{COUNT, Faults, ParseError, Result};
use proc_macro2::{Ident, Span};
use syn::{Lit, LitInt};

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

/// `30 minutes`, behind `word`. None when it is no use; that is in `faults` then.
pub(super) fn length(cursor: &mut Cursor, word: &str, faults: &mut Faults) -> Result<Option<Length>> {
    let Some((count, unit)) = counted(cursor, word, &[], faults)? else { return Ok(None) };
    Ok(is_length(&count, &unit, faults).then_some(Length { count, unit }))
}

/// A count and its unit, or one of the other things that can be counted behind `word`.
pub(super) fn counted(
    cursor: &mut Cursor,
    word: &str,
    others: &[&'static str],
    faults: &mut Faults,
) -> Result<Option<(LitInt, Ident)>> {
    let count = count(cursor, &format!("{word} 30 minutes"))?;
    if !count.suffix().is_empty() {
        let unit = unit(&count, count.suffix(), count.span(), others, faults);
        return Ok(unit.map(|unit| (count, unit)));
    }
    let next = cursor.word(0).filter(|_| !ends(cursor) && !is_clause(cursor) && !retries::is_word(cursor));
    let Some(written) = next.cloned() else {
        let other = others.last().map_or_else(|| "or another unit".to_owned(), |other| format!("another unit, or `{other}`"));
        let comma = if others.is_empty() { " " } else { ", " };
        let fault = cursor.expected(&format!("`minutes`{comma}{other}"));
        return Err(fault.help(format!("write `{word} {count} minutes`")));
    };
    cursor.bump();
    Ok(unit(&count, &written.to_string(), written.span(), others, faults).map(|unit| (count, unit)))
}

/// `30`
pub(super) fn count(cursor: &mut Cursor, example: &str) -> Result<LitInt> {
    let fault = cursor.expected("a whole number").help(format!("write `{example}`"));
    match cursor.literal().map(|literal| Lit::new(literal.clone())) {
        Some(Lit::Int(count)) => {
            cursor.bump();
            Ok(count)
        }
        Some(Lit::Float(_)) if example.ends_with("minutes") => {
            Err(fault.help("write whole numbers: `90 minutes` for one and a half hours"))
        }
        _ => Err(fault),
    }
}

/// The unit that is written, or the one that is meant: then the line is read on with it.
fn unit(count: &LitInt, written: &str, span: Span, others: &[&'static str], faults: &mut Faults) -> Option<Ident> {
    let known = UNITS.iter().flat_map(|(one, many, _)| [*one, *many]).chain(others.iter().copied()).collect::<Vec<_>>();
    let glued = !count.suffix().is_empty();
    let exact = known.iter().copied().find(|unit| *unit == written);
    let short = ABBREVIATIONS.iter().find(|(short, unit)| *short == written && known.contains(unit)).map(|(_, unit)| *unit);
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
pub(super) fn is_length(count: &LitInt, unit: &Ident, faults: &mut Faults) -> bool {
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

/// Is it a number of failures or attempts that the database can count?
pub(super) fn whole(count: &LitInt, things: &str, faults: &mut Faults) -> bool {
    let number = count.base10_parse::<u32>().ok().filter(|number| *number <= MOST);
    let message = match number {
        Some(0) => format!("`0` {things} is no number of {things}"),
        Some(_) => return true,
        None => format!("`{count}` {things} is too many"),
    };
    faults.push(ParseError::new(COUNT, count.span(), message).help(format!("write a number from 1 to {MOST}")));
    false
}
