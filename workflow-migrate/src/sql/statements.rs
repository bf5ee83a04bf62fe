//! Where one statement of the user's SQL ends and the next begins.

/// The statements of a text, without the semicolons between them. Quotes, comments and dollar quotes are stepped over.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with(';') {
            statements.push(&text[start..at]);
            start = at + 1;
        }
        at += token(&text[at..], text[..at].chars().next_back());
    }
    statements.push(&text[start..]);
    statements.into_iter().map(str::trim).filter(|s| !code(s).is_empty()).collect()
}

/// Whether a statement is one that changes rows, so that its count of rows means something.
pub(crate) fn changes_rows(statement: &str) -> bool {
    let word: String = code(statement).chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    ["insert", "update", "delete", "merge", "with"].iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// What is left behind leading blanks and comments.
fn code(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        if !(text.starts_with("--") || text.starts_with("/*")) {
            return text;
        }
        text = &text[token(text, None)..];
    }
}

/// The length of what must not be looked into, or of one character.
fn token(text: &str, before: Option<char>) -> usize {
    let one = text.chars().next().map_or(1, char::len_utf8);
    match text.as_bytes() {
        [b'-', b'-', ..] => text.find('\n').unwrap_or(text.len()),
        [b'/', b'*', ..] => comment(text),
        [b'\'', ..] => quoted(text, '\'', matches!(before, Some('e' | 'E'))),
        [b'"', ..] => quoted(text, '"', false),
        [b'$', ..] if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') => dollars(text).unwrap_or(one),
        _ => one,
    }
}

fn quoted(text: &str, quote: char, escapes: bool) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' && escapes {
            chars.next();
        } else if c == quote {
            return at + 1;
        }
    }
    text.len()
}

/// Comments nest.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// `$$…$$`, `$tag$…$tag$`; a parameter (`$1`) is none.
fn dollars(text: &str) -> Option<usize> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[..end];
    let name = &tag[1..tag.len() - 1];
    let is_tag = !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_tag.then(|| text[end..].find(tag).map_or(text.len(), |close| end + close + tag.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_ends_at_a_semicolon_that_is_not_in_quotes_or_comments() {
        for (text, expected) in [
            ("UPDATE a SET b = 1; DELETE FROM c;", vec!["UPDATE a SET b = 1", "DELETE FROM c"]),
            ("UPDATE a SET b = 'x;''y'; SELECT 1", vec!["UPDATE a SET b = 'x;''y'", "SELECT 1"]),
            ("UPDATE a SET b = e'\\';' ; c", vec!["UPDATE a SET b = e'\\';'", "c"]),
            ("a -- ;\n b; /* ; /* ; */ ; */ c", vec!["a -- ;\n b", "/* ; /* ; */ ; */ c"]),
            ("DO $x$ a; $$ b; $x$; \"c;d\"", vec!["DO $x$ a; $$ b; $x$", "\"c;d\""]),
            (" ; ", vec![]),
            ("ä'ö;", vec!["ä'ö;"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn only_a_statement_that_changes_rows_has_a_count_to_look_at() {
        assert!(changes_rows("-- take it\n /* now */ Update a SET b = 1"));
        assert!(changes_rows("WITH x AS (SELECT 1) DELETE FROM a"));
        assert!(!changes_rows("PERFORM f()"));
        assert!(!changes_rows("IF a THEN UPDATE b SET c = 1"));
    }
}
