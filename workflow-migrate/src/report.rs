//! What is said, with its place, as data and in each of the formats.

mod github;
mod human;
mod json;

use proc_macro2::Span;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One thing that is said: a fault of the sources, a note, a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How grave it is.
    pub level: Level,
    /// `W021`, where it is one of a rule; the kind of a result, where it has one.
    pub code: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Place>,
}

/// How grave something is, and where it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It has to be mended.
    Error,
    /// It should be mended.
    Warning,
    /// It should be known.
    Note,
    /// What a check has found: a result for which the exit status is not 0.
    Finding,
    /// What was asked for.
    Result,
}

/// For whom something is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// In the style of rustc.
    #[default]
    Human,
    /// One object a line.
    Json,
    /// Commands of GitHub's runner, which it shows beside the changed lines.
    Github,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it is shown.
    pub file: PathBuf,
    /// Its text; empty where the file as a whole is meant.
    pub text: String,
    /// The part, in bytes.
    pub range: Range<usize>,
}

impl Report {
    /// One without a place.
    pub fn new(level: Level, message: impl Into<String>) -> Report {
        Report { level, code: None, message: message.into(), help: None, place: None }
    }

    /// As it is written to a stream, with a newline at the end. Only the human format has colours.
    pub fn render(&self, format: Format, colour: bool) -> String {
        match format {
            Format::Human => human::render(self, colour),
            Format::Json => json::render(self),
            Format::Github => github::render(self),
        }
    }
}

impl Level {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
            Level::Finding => "finding",
            Level::Result => "result",
        }
    }
}

impl Place {
    /// A file as a whole.
    pub fn file(file: &Path) -> Place {
        Place { file: file.to_owned(), text: String::new(), range: 0..0 }
    }

    /// A line of a file, from 1; the file as a whole when it cannot be read any more.
    pub fn line(file: &Path, line: usize) -> Place {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        Place { file: file.to_owned(), text, range: start..end }
    }

    /// The lines and columns of its start and of its end, from 1; columns count characters, and that of the end is behind the
    /// last. None for a file as a whole.
    pub(crate) fn lines(&self) -> Option<[(usize, usize); 2]> {
        let at = |offset: usize| {
            let before = &self.text[..boundary(&self.text, offset)];
            let line = before.rfind('\n').map_or(0, |newline| newline + 1);
            (before.matches('\n').count() + 1, before[line..].chars().count() + 1)
        };
        (!self.text.is_empty()).then(|| [at(self.range.start), at(self.range.end)])
    }

    /// The place of some tokens of a file.
    pub(crate) fn new(file: &Path, text: &str, first: Span, last: Option<Span>) -> Place {
        let (start, end) = (first.byte_range().start, last.unwrap_or(first).byte_range().end);
        let end = boundary(text, end);
        Place { file: file.to_owned(), text: text.to_owned(), range: boundary(text, start).min(end)..end }
    }
}

/// A span is an offset in what was parsed; should that not be the text, a wrong place is better than a panic.
fn boundary(text: &str, mut offset: usize) -> usize {
    offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
