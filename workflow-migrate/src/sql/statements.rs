//! Where one statement of the user's SQL ends and the next begins.

use workflow_model::sql::{Token, tokens};

/// The statements of a text, without the semicolons between them. Quotes, comments and dollar quotes are stepped over.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut start = 0;
    let ends = tokens(text).filter(|(_, token)| *token == Token::Sign(';')).map(|(at, _)| at);
    let parts = ends.chain([text.len()]).map(|end| &text[std::mem::replace(&mut start, end + 1)..end]);
    parts.map(str::trim).filter(|part| !code(part).is_empty()).collect()
}

/// Whether a statement is one that changes rows, so that its count of rows means something.
pub(crate) fn changes_rows(statement: &str) -> bool {
    let word: String = code(statement).chars().take_while(|c| c.is_ascii_alphabetic()).collect();
    ["insert", "update", "delete", "merge", "with"].iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// What is left behind leading blanks and comments.
fn code(text: &str) -> &str {
    let first = tokens(text).find(|(_, token)| *token != Token::Comment);
    first.map_or("", |(at, _)| &text[at..])
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
