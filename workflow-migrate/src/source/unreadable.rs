//! A text that cannot be split into tokens. proc-macro2 says no more than that, and at which place it stopped.

use crate::error::Error;
use crate::report::Place;
use proc_macro2::TokenStream;

/// What is wrong at the place where the parser stopped; `said` is what it says where there are tokens.
pub(super) fn fault(place: Place, said: String) -> Error {
    if place.text.parse::<TokenStream>().is_ok() {
        return super::page::fault(None, said, None, place);
    }
    let rest = &place.text[place.range.start..];
    let (message, help) = match rest.chars().next() {
        Some(open @ ('{' | '(' | '[')) => (format!("this `{open}` is never closed"), "write what closes it"),
        Some(close @ ('}' | ')' | ']')) => (
            format!("this `{close}` closes nothing that is open here"),
            "something of another kind was opened before it and is not closed, or nothing is open: add the other one, or delete it",
        ),
        Some('/') => ("this comment is never closed".to_owned(), "write the `*/` that closes it"),
        Some('"' | '\'' | 'r' | 'b' | 'c') => {
            ("this literal cannot be read".to_owned(), "write what closes it, or mend an escape in it: `\\\\` is a backslash")
        }
        Some(other) => (format!("nothing in Rust begins with `{other}` here"), "delete it, or put it into a string"),
        None => ("the file ends too early".to_owned(), "write what closes it"),
    };
    super::page::fault(None, message, Some(help.to_owned()), place)
}
