//! A fault with its place, rendered in rustc's style.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use proc_macro2::Span;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A fault of the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `W021`, where it is one of a rule.
    pub code: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Place>,
}

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it is shown.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// The part, in bytes.
    pub range: Range<usize>,
}

impl Report {
    /// As rustc would say it, with a newline at the end.
    pub fn render(&self, colour: bool) -> String {
        let mut title = Level::ERROR.primary_title(self.message.as_str());
        if let Some(code) = &self.code {
            title = title.id(code.as_str());
        }
        let help = self.help.as_deref();
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let render = |group: Group<'_>| renderer.render(&[group]) + "\n";
        match &self.place {
            Some(place) => {
                let path = place.file.display().to_string();
                let mark = AnnotationKind::Primary.span(place.range.clone());
                let group = title.element(Snippet::source(place.text.as_str()).path(path).annotation(mark));
                render(group.elements(help.map(|help| Level::HELP.message(help))))
            }
            // Without a place there is nothing for the help to be drawn beside.
            None => {
                let help = help.map(|help| render(Group::with_title(Level::HELP.primary_title(help))));
                render(Group::with_title(title)) + &help.unwrap_or_default()
            }
        }
    }
}

impl Place {
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
