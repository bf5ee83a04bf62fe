//! A text that is not SQL.

use squawk_syntax::{Parse, SourceFile};
use std::ops::Range;

/// A text that PostgreSQL would not parse either, or a kind of statement that came after version 18.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SyntaxError {
    /// Where, from 1.
    pub line: usize,
    /// The part of the text, in bytes.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
}

/// So many parentheses may be open, and so many words and signs stand without a `,` or `;` between them. The parser recurses with
/// both, and a stack that overflows ends the process.
const OPEN: usize = 200;
const PIECES: usize = 2_000;

/// The tree of a text.
pub(crate) fn parse(sql: &str) -> Result<SourceFile, SyntaxError> {
    if let Some(at) = too_deep(sql) {
        return Err(SyntaxError {
            line: line(sql, at),
            range: at..at,
            message: "this is nested too deeply to be read".to_owned(),
        });
    }
    let parsed: Parse<SourceFile> = SourceFile::parse(sql);
    match parsed.errors().first() {
        None => Ok(parsed.tree()),
        Some(error) => {
            let range = usize::from(error.range().start())..usize::from(error.range().end());
            let message = lower_case(error.message().trim_end_matches('.'));
            Err(SyntaxError { line: line(sql, range.start), range, message })
        }
    }
}

/// Where it is nested too deeply, or too long without an end. Quotes and comments are not told from the rest: they hold commas, too.
fn too_deep(sql: &str) -> Option<usize> {
    let (mut open, mut pieces, mut in_word) = (0_usize, 0_usize, false);
    sql.bytes().position(|byte| {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
        pieces += usize::from(if is_word { !in_word } else { !byte.is_ascii_whitespace() });
        in_word = is_word;
        match byte {
            b'(' | b'[' => open += 1,
            b')' | b']' => open = open.saturating_sub(1),
            b',' => pieces = 0,
            b';' => (open, pieces) = (0, 0),
            _ => {}
        }
        open > OPEN || pieces > PIECES
    })
}

/// A message of squawk's, begun as ours are; what it quotes stays.
fn lower_case(message: &str) -> String {
    let mut rest = message.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

/// The line of an offset, from 1.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
