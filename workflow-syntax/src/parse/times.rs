//! `in 14 days`, `on due`, behind `then send_survey`

use super::clauses::ends;
use super::cursor::Cursor;
use super::length::length;
use super::names::reference;
use crate::ast::{Later, Time};
use crate::fault::{Faults, Result};
use proc_macro2::Ident;

/// When the task is due; none when nothing is said. A length that is no use is in `faults`.
pub(super) fn later(cursor: &mut Cursor, task: &Ident, faults: &mut Faults) -> Result<Option<Later>> {
    let time = match () {
        () if eat(cursor, "in") => length(cursor, "in", faults)?.map(Time::In),
        () if eat(cursor, "on") => Some(Time::On(reference(cursor, "a field", faults)?)),
        () => None,
    };
    Ok(time.map(|time| Later { task: task.clone(), time }))
}

fn eat(cursor: &mut Cursor, word: &str) -> bool {
    !ends(cursor) && cursor.eat_word(word).is_some()
}
