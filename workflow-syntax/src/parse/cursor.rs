//! A position in the tokens of one group.

use crate::fault::ParseError;
use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};

/// The tokens of one group, and how far they are read. It knows where its group ends, so that "unexpected end" has a place.
pub(super) struct Cursor {
    trees: Vec<TokenTree>,
    at: usize,
    close: Span,
    closes: &'static str,
}

/// Operators that are shown as a whole when they are found where something else was expected.
const OPERATORS: [&str; 8] = ["->", "=>", "::", "==", "||", "&&", "..", "<-"];

impl Cursor {
    /// The whole block. The compiler does not show its closing brace to a macro; the last token stands in for it.
    pub(super) fn outermost(tokens: TokenStream) -> Self {
        let trees = flat(tokens);
        let close = match trees.last() {
            Some(TokenTree::Group(group)) => group.span_close(),
            Some(tree) => tree.span(),
            None => Span::call_site(),
        };
        Cursor { trees, at: 0, close, closes: "the end of the block" }
    }

    fn inside(group: &Group) -> Self {
        let closes = match group.delimiter() {
            Delimiter::Brace => "`}`",
            Delimiter::Parenthesis => "`)`",
            Delimiter::Bracket => "`]`",
            Delimiter::None => "the end",
        };
        Cursor { trees: flat(group.stream()), at: 0, close: group.span_close(), closes }
    }

    pub(super) fn nth(&self, n: usize) -> Option<&TokenTree> {
        self.trees.get(self.at + n)
    }

    pub(super) fn is_end(&self) -> bool {
        self.nth(0).is_none()
    }

    /// How many tokens are read: to see whether a loop made progress.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn bump(&mut self) -> Option<TokenTree> {
        let tree = self.trees.get(self.at).cloned();
        self.at += usize::from(tree.is_some());
        tree
    }

    /// Goes on until `stop`, or to the end.
    pub(super) fn skip_until(&mut self, stop: impl Fn(&Cursor) -> bool) {
        while !self.is_end() && !stop(self) {
            self.at += 1;
        }
    }

    /// The word at an offset, Rust keywords included.
    pub(super) fn word(&self, n: usize) -> Option<&Ident> {
        match self.nth(n) {
            Some(TokenTree::Ident(ident)) if ident != "_" => Some(ident),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, n: usize, text: &str) -> bool {
        self.word(n).is_some_and(|word| word == text)
    }

    pub(super) fn eat_word(&mut self, text: &str) -> Option<Ident> {
        let word = self.word(0).filter(|word| *word == text).cloned()?;
        self.at += 1;
        Some(word)
    }

    /// Any of these words.
    pub(super) fn eat_any(&mut self, texts: &[&str]) -> Option<Ident> {
        texts.iter().find_map(|text| self.eat_word(text))
    }

    /// Does this punctuation stand at an offset?
    pub(super) fn is_at(&self, n: usize, text: &str) -> bool {
        let last = text.len().saturating_sub(1);
        text.chars().enumerate().all(|(i, c)| match self.nth(n + i) {
            Some(TokenTree::Punct(punct)) => punct.as_char() == c && (i == last || punct.spacing() == Spacing::Joint),
            _ => false,
        })
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.is_at(0, text)
    }

    /// Takes this punctuation, and gives the place of its first character.
    pub(super) fn eat(&mut self, text: &str) -> Option<Span> {
        let span = self.is(text).then(|| self.span())?;
        self.at += text.len();
        Some(span)
    }

    pub(super) fn is_group(&self, n: usize, delimiter: Delimiter) -> bool {
        matches!(self.nth(n), Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
    }

    /// Takes a group, and gives its content.
    pub(super) fn group(&mut self, delimiter: Delimiter) -> Option<Cursor> {
        let inside = match self.nth(0) {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Cursor::inside(group),
            _ => return None,
        };
        self.at += 1;
        Some(inside)
    }

    pub(super) fn literal(&self) -> Option<&Literal> {
        match self.nth(0) {
            Some(TokenTree::Literal(literal)) => Some(literal),
            _ => None,
        }
    }

    /// The tokens that are not read yet.
    pub(super) fn rest(&self) -> &[TokenTree] {
        self.trees.get(self.at..).unwrap_or_default()
    }

    /// The next token, or what closes the group.
    pub(super) fn span(&self) -> Span {
        match self.nth(0) {
            Some(TokenTree::Group(group)) => group.span_open(),
            Some(tree) => tree.span(),
            None => self.close,
        }
    }

    /// "expected …, found …", at the next token.
    pub(super) fn expected(&self, what: &str) -> ParseError {
        ParseError::syntax(self.span(), format!("expected {what}, found {}", self.found()))
    }

    fn found(&self) -> String {
        match self.nth(0) {
            None => self.closes.to_owned(),
            Some(TokenTree::Punct(punct)) if punct.as_char() == '#' && self.is_doc() => "a doc comment".to_owned(),
            Some(TokenTree::Punct(punct)) => match OPERATORS.iter().find(|operator| self.is(operator)) {
                Some(operator) => format!("`{operator}`"),
                None => format!("`{}`", punct.as_char()),
            },
            Some(TokenTree::Group(group)) => match group.delimiter() {
                Delimiter::Brace => "`{`".to_owned(),
                Delimiter::Parenthesis => "`(`".to_owned(),
                Delimiter::Bracket | Delimiter::None => "`[`".to_owned(),
            },
            Some(tree @ (TokenTree::Ident(_) | TokenTree::Literal(_))) => format!("`{}`", clipped(&tree.to_string())),
        }
    }

    fn is_doc(&self) -> bool {
        match self.nth(1) {
            Some(TokenTree::Group(group)) => {
                matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(word)) if word == "doc")
            }
            _ => false,
        }
    }
}

/// A statement of thirty lines is not repeated in a message.
fn clipped(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 30 && line.len() == text.len() {
        return text.to_owned();
    }
    line.chars().take(30).chain(['…']).collect()
}

/// A `macro_rules!` fragment arrives in an invisible group; a reader sees only its tokens, and so do we.
fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let mut trees = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => trees.extend(flat(group.stream())),
            tree => trees.push(tree),
        }
    }
    trees
}
