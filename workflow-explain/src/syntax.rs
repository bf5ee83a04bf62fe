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

/// The tree of a text.
pub(crate) fn parse(sql: &str) -> Result<SourceFile, SyntaxError> {
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

/// A message of squawk's, begun as ours are; what it quotes stays.
fn lower_case(message: &str) -> String {
    let mut rest = message.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

/// The line of an offset, from 1.
pub(crate) fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
