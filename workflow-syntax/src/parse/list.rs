//! `item,*`: where the parser takes hold again after a fault.

use super::cursor::Cursor;
use crate::fault::{Faults, Result};

/// Reads the items of a group. Whatever becomes of one, the next one is tried.
///
/// `starts` tells whether an item begins at the cursor: then only a comma was forgotten.
pub(super) fn list<T>(
    cursor: &mut Cursor,
    faults: &mut Faults,
    starts: fn(&Cursor) -> bool,
    mut item: impl FnMut(&mut Cursor, &mut Faults) -> Result<T>,
) -> Vec<T> {
    let mut items = Vec::new();
    let mut separators = Separators::default();
    while !cursor.is_end() {
        let before = cursor.position();
        match item(cursor, faults) {
            Ok(item) => {
                items.push(item);
                separators.after_item(cursor, faults, starts);
            }
            Err(fault) => {
                faults.push(fault);
                skip_item(cursor, is_separator);
            }
        }
        if cursor.position() == before {
            cursor.bump();
        }
    }
    items
}

/// Goes behind the next separator, or to where `stop` says.
pub(super) fn skip_item(cursor: &mut Cursor, stop: fn(&Cursor) -> bool) {
    cursor.skip_until(stop);
    if is_separator(cursor) {
        cursor.bump();
    }
}

/// `,`, or what people write for it.
pub(super) fn is_separator(cursor: &Cursor) -> bool {
    cursor.is(",") || cursor.is(";")
}

/// The commas of one list. Who separates by `;` does so everywhere and is told once.
#[derive(Default)]
pub(super) struct Separators {
    told: bool,
}

impl Separators {
    pub(super) fn after_item(&mut self, cursor: &mut Cursor, faults: &mut Faults, starts: fn(&Cursor) -> bool) {
        if cursor.is_end() || cursor.eat(",").is_some() {
            return;
        }
        let fault = cursor.expected("`,`");
        if cursor.eat(";").is_some() {
            if !self.told {
                faults.push(fault.help("separate by `,`"));
            }
            self.told = true;
        } else if starts(cursor) {
            let next = cursor.word(0).map_or_else(|| "it".to_owned(), |word| format!("`{word}`"));
            faults.push(fault.help(format!("put a `,` before {next}")));
        } else {
            faults.push(fault);
            skip_item(cursor, is_separator);
        }
    }
}
