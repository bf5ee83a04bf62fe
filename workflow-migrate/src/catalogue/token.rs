//! SQL as tokens, as far as our own statements and PostgreSQL's way of writing conditions need it.

/// A token, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `state`, `IN` (in lower case), `"Order"`.
    Name { text: String, quoted: bool },
    /// `'it''s'`, without its quotes.
    Text(String),
    /// `$$ … $$`, without its tags.
    Body(String),
    /// `12.50`
    Number(String),
    /// An operator or a bracket.
    Sign(String),
}

impl Token {
    /// Whether it is this word, or this sign.
    pub(super) fn is(&self, text: &str) -> bool {
        match &self.kind {
            TokenKind::Name { text: name, quoted: false } => name == text,
            TokenKind::Sign(sign) => sign == text,
            TokenKind::Name { quoted: true, .. } | TokenKind::Text(_) | TokenKind::Body(_) | TokenKind::Number(_) => false,
        }
    }

    /// The name that it is.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Name { text, .. } => Some(text),
            TokenKind::Text(_) | TokenKind::Body(_) | TokenKind::Number(_) | TokenKind::Sign(_) => None,
        }
    }
}

/// The tokens of a text; comments and white space are none.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = blank(rest, first);
        if length > 0 {
            at += length;
            continue;
        }
        let (kind, length) = token(rest, first);
        all.push(Token { kind, start: at, end: at + length });
        at += length;
    }
    all
}

/// The length of the white space or comment here.
fn blank(rest: &str, first: char) -> usize {
    if first.is_whitespace() {
        first.len_utf8()
    } else if rest.starts_with("--") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        rest.find("*/").map_or(rest.len(), |end| end + 2)
    } else {
        0
    }
}

fn token(rest: &str, first: char) -> (TokenKind, usize) {
    match first {
        '\'' => {
            let (text, length) = delimited(rest, '\'', false);
            (TokenKind::Text(text), length)
        }
        'e' | 'E' if rest[1..].starts_with('\'') => {
            let (text, length) = delimited(&rest[1..], '\'', true);
            (TokenKind::Text(text), length + 1)
        }
        '"' => {
            let (text, length) = delimited(rest, '"', false);
            (TokenKind::Name { text, quoted: true }, length)
        }
        '$' => body(rest).unwrap_or((TokenKind::Sign("$".to_owned()), 1)),
        c if c.is_alphabetic() || c == '_' => {
            let word = taken(rest, |c| c.is_alphanumeric() || c == '_' || c == '$');
            (TokenKind::Name { text: word.to_lowercase(), quoted: false }, word.len())
        }
        c if c.is_ascii_digit() => {
            let number = taken(rest, |c| c.is_ascii_digit() || c == '.' || c == 'e' || c == 'E');
            (TokenKind::Number(number.to_owned()), number.len())
        }
        c if OPERATOR.contains(c) => {
            let sign = taken(rest, |c| OPERATOR.contains(c));
            (TokenKind::Sign(if sign == "!=" { "<>".to_owned() } else { sign.to_owned() }), sign.len())
        }
        ':' if rest.starts_with("::") => (TokenKind::Sign("::".to_owned()), 2),
        c => (TokenKind::Sign(c.to_string()), c.len_utf8()),
    }
}

const OPERATOR: &str = "<>=!+-*/%~@#&|^?";

/// What stands between quotes, of which two are one; and how long it is with them.
fn delimited(rest: &str, quote: char, escapes: bool) -> (String, usize) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            text.extend(chars.next().map(|(_, c)| c));
        } else if c == quote && chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            text.push(quote);
        } else if c == quote {
            return (text, at + 1);
        } else {
            text.push(c);
        }
    }
    (text, rest.len())
}

/// `$$…$$`, `$body$…$body$`
fn body(rest: &str) -> Option<(TokenKind, usize)> {
    let end = rest[1..].find('$')? + 2;
    let tag = &rest[..end];
    if !tag[1..tag.len() - 1].chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let close = rest[end..].find(tag)?;
    Some((TokenKind::Body(rest[end..end + close].to_owned()), end + close + tag.len()))
}

fn taken(rest: &str, is: impl Fn(char) -> bool) -> &str {
    &rest[..rest.find(|c| !is(c)).unwrap_or(rest.len())]
}
