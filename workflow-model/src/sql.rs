//! SQL as PostgreSQL's scanner splits it: what is quoted, and comments, cannot begin or end anything.
//!
//! It has to agree with the scanner in every detail. Where it took for quoted what PostgreSQL takes for code, a text could leave
//! the place where it is put.

/// A part of a text in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'t> {
    /// A name, a keyword or a number.
    Word(&'t str),
    /// One character of an operator, or a bracket, or the like.
    Sign(char),
    /// A string or a quoted name.
    Quoted,
    /// `-- …` or `/* … */`
    Comment,
    /// A quote or a comment that is not closed: which of the two.
    Unclosed(&'static str),
}

/// The tokens of a text, each with the offset at which it starts.
pub fn tokens(text: &str) -> impl Iterator<Item = (usize, Token<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += blank(&text[at..]);
        let first = text[at..].chars().next()?;
        let start = at;
        let (token, length) = token(&text[at..], first);
        at += length;
        Some((start, token))
    })
}

/// The length of what is a blank to PostgreSQL: none beyond ASCII, where all belongs to names.
fn blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_ascii_whitespace()).len()
}

/// The token at the start of the text, and its length in bytes.
fn token(text: &str, first: char) -> (Token<'_>, usize) {
    if text.starts_with("--") {
        return (Token::Comment, line_end(text));
    }
    if text.starts_with("/*") {
        return comment_end(text).map_or((Token::Unclosed("comment"), text.len()), |end| (Token::Comment, end));
    }
    if first == '"' || first == '\'' {
        return quoted(text, first);
    }
    if let Some(dollars) = dollar_quoted(text) {
        return dollars;
    }
    match word(text, first) {
        "" => (Token::Sign(first), first.len_utf8()),
        "e" | "E" if text[1..].starts_with('\'') => escaped(text),
        word => (Token::Word(word), word.len()),
    }
}

/// A number ends at a `$`, which can begin a quote; a name does not.
fn word(text: &str, first: char) -> &str {
    let dollar = starts_name(first);
    let goes_on = |c: char| starts_name(c) || c.is_ascii_digit() || dollar && c == '$';
    let starts = dollar || first.is_ascii_digit();
    let end = if starts { text.find(|c: char| !goes_on(c)).unwrap_or(text.len()) } else { 0 };
    &text[..end]
}

fn starts_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Comments of this form nest in PostgreSQL.
fn comment_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let next = rest.find("/*").into_iter().chain(rest.find("*/")).min()?;
        depth = if rest[next..].starts_with("/*") { depth + 1 } else { depth - 1 };
        at += next + 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// `'it''s'`, `"a ""name"""`: a doubled quote is two strings side by side, which comes to the same here.
fn quoted(text: &str, quote: char) -> (Token<'_>, usize) {
    match text[1..].find(quote) {
        Some(end) => (Token::Quoted, end + 2),
        None => (Token::Unclosed("quote"), text.len()),
    }
}

/// `E'it\'s'`. It goes on in another line, with backslashes, as `'…'` does without.
fn escaped(text: &str) -> (Token<'_>, usize) {
    let mut at = 1;
    loop {
        let Some(length) = escaped_part(&text[at..]) else { return (Token::Unclosed("quote"), text.len()) };
        at += length;
        match continuation(&text[at..]) {
            Some(gap) => at += gap,
            None => return (Token::Quoted, at),
        }
    }
}

fn escaped_part(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == '\'' && !escaped {
            return Some(at + 1);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// What stands between two parts of a string: blanks and comments of a line, with a line end among them; or nothing, since a doubled
/// quote is one of the string.
fn continuation(text: &str) -> Option<usize> {
    let mut gap = blank(text);
    while text[gap..].starts_with("--") {
        gap += line_end(&text[gap..]);
        gap += blank(&text[gap..]);
    }
    (text[gap..].starts_with('\'') && (gap == 0 || text[..gap].contains(['\n', '\r']))).then_some(gap)
}

/// `$$…$$`, `$tag$…$tag$`; a parameter (`$1`) is none.
fn dollar_quoted(text: &str) -> Option<(Token<'_>, usize)> {
    let tag = text.strip_prefix('$')?;
    let end = tag.find(|c: char| !(starts_name(c) || c.is_ascii_digit()))?;
    if !tag[end..].starts_with('$') || tag.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let opening = end + 2;
    let close = text[opening..].find(&text[..opening]);
    Some(close.map_or((Token::Unclosed("quote"), text.len()), |at| (Token::Quoted, opening + at + opening)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is code to PostgreSQL 15: each text is one in which a scanner that is a little wrong sees something else.
    #[test]
    fn what_postgresql_takes_for_code_is_code() {
        for (text, signs) in [
            ("$é$ ' $é$ ) ( $é$ ' $é$", ")("),
            ("é$$ ) ( $$", ")("),
            ("a\u{a0}$$ ) ( $$", ")("),
            ("1$$ ) ( $$", ""),
            ("E'a'\n'b\\' ) ' ) (", ")("),
            ("E'a' -- c\n'b\\' ) ' ) (", ")("),
            ("E'a' 'b\\' ) ( ''", ")("),
            ("E'a''b\\' ) ' (", "("),
            ("some'\\' ) (", ")("),
            ("-- a\r ) (", ")("),
            ("$1$ ) $1$ (", "$$)$$("),
            ("/* /* */ ) */ (", "("),
        ] {
            let found: String =
                tokens(text).filter_map(|(_, token)| if let Token::Sign(c) = token { Some(c) } else { None }).collect();
            assert_eq!(found, signs, "{text}");
        }
    }
}
