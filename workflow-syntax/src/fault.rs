//! A fault of the text, and the codes that the parser gives. The rules of a well-written block have theirs in the model.

use proc_macro2::Span;
use workflow_model::Code;

/// The parser's codes, each with what it means. Their pages are `errors/W001.md` and so on.
pub const CODES: &[(Code, &str)] = &[
    (SYNTAX, "something else was expected here"),
    (UNKNOWN_ATTRIBUTE, "an attribute that the language does not have"),
    (BAD_ATTRIBUTE, "an attribute in a place or a form that it cannot have"),
    (RUST_KEYWORD, "a Rust keyword or a raw identifier as a name"),
    (SECTION, "a section that stands twice or is missing"),
    (CLAUSE_TWICE, "a clause that stands twice in one line"),
    (COUNT, "a count or a duration that is none"),
];

pub(crate) const SYNTAX: Code = Code(1);
pub(crate) const UNKNOWN_ATTRIBUTE: Code = Code(2);
pub(crate) const BAD_ATTRIBUTE: Code = Code(3);
pub(crate) const RUST_KEYWORD: Code = Code(4);
pub(crate) const SECTION: Code = Code(5);
pub(crate) const CLAUSE_TWICE: Code = Code(6);
pub(crate) const COUNT: Code = Code(7);

/// One fault of the text, where it stands, and what to write instead.
#[derive(Debug, Clone)]
pub struct ParseError {
    /// Which kind, as in [`CODES`].
    pub code: Code,
    /// The first token it is about.
    pub span: Span,
    /// The last token, where it is about several.
    pub end: Option<Span>,
    /// What is wrong: lower case, no full stop, the user's words.
    pub message: String,
    /// What to write; can be pasted where possible.
    pub help: Option<String>,
}

/// The faults of a block, in the order of the text.
pub(crate) type Faults = Vec<ParseError>;

/// `Err` means that the item at hand is lost; what can be read all the same goes to [`Faults`].
pub(crate) type Result<T> = std::result::Result<T, ParseError>;

impl ParseError {
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        ParseError { code, span, end: None, message: message.into(), help: None }
    }

    pub(crate) fn syntax(span: Span, message: impl Into<String>) -> Self {
        Self::new(SYNTAX, span, message)
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        ParseError { help: Some(help.into()), ..self }
    }

    /// As [`help`](Self::help), when there is one.
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        ParseError { help: help.or(self.help), ..self }
    }

    pub(crate) fn until(self, end: Span) -> Self {
        ParseError { end: Some(end), ..self }
    }
}
