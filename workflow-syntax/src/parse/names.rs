//! Names, and words that are close to the one that was meant.

use super::cursor::Cursor;
use super::retries::instead_of_a_name;
use crate::fault::{Faults, ParseError, RUST_KEYWORD, Result};
use proc_macro2::Ident;

/// The words that begin a clause.
pub(super) const CLAUSES: [&str; 6] = ["after", "at", "by", "with", "then", "if"];

/// Rust's keywords, the reserved ones included.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that say the same and are free.
const INSTEAD: [(&str, &str); 6] = [
    ("type", "kind"),
    ("ref", "reference"),
    ("return", "send_back"),
    ("move", "relocate"),
    ("match", "matched"),
    ("box", "parcel"),
];

/// A name that is declared here. A keyword is a fault, and a stand-in lets the rest be read.
pub(super) fn name(cursor: &mut Cursor, what: &str, faults: &mut Faults) -> Result<Ident> {
    let Some(word) = cursor.word(0).cloned() else { return Err(cursor.expected(what)) };
    cursor.bump();
    Ok(free(word, faults))
}

/// A name that is declared elsewhere. A clause that begins where the name should stand is no name.
pub(super) fn reference(cursor: &mut Cursor, what: &str, faults: &mut Faults) -> Result<Ident> {
    let clause = cursor.word(0).is_some_and(|word| CLAUSES.iter().any(|clause| word == clause));
    let is_last = cursor.nth(1).is_none() || cursor.is_at(1, ",");
    if clause && !is_last || instead_of_a_name(cursor) {
        return Err(cursor.expected(what));
    }
    name(cursor, what, faults)
}

fn free(word: Ident, faults: &mut Faults) -> Ident {
    let text = word.to_string();
    let bare = text.strip_prefix("r#").unwrap_or(&text);
    let keyword = KEYWORDS.contains(&bare);
    if !keyword && bare.len() == text.len() {
        return word;
    }
    let stand_in = if keyword { format!("{bare}_") } else { bare.to_owned() };
    let instead = INSTEAD.iter().find(|(keyword, _)| *keyword == bare).map_or(stand_in.as_str(), |(_, word)| *word);
    let message = if bare.len() == text.len() {
        format!("`{text}` is a Rust keyword and cannot be a name")
    } else {
        format!("a raw identifier cannot be a name: `{text}`")
    };
    faults.push(ParseError::new(RUST_KEYWORD, word.span(), message).help(format!("write `{instead}`")));
    Ident::new(&stand_in, word.span())
}

/// The known word that was probably meant: one letter in three may be wrong.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let distance = |other: &&str| strsim::damerau_levenshtein(&word, other);
    known.iter().copied().min_by_key(distance).filter(|other| distance(other) <= (other.len() / 3).max(1))
}

/// "did you mean `states`?"
pub(super) fn did_you_mean(word: &str, known: &[&str]) -> Option<String> {
    nearest(word, known).map(|other| format!("did you mean `{other}`?"))
}
