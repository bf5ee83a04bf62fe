//! What can be said about SQL without a database: where its statements begin and its quotes end.

use super::blocks::unbalanced_blocks;
use crate::sql::{self, Token};

/// A fault and what to write instead.
pub(super) type Unfit = (String, String);

/// The name of a type, `numeric(12,2)` or `"My Type"[]`: nothing that could end a column's definition and begin something else.
pub(super) fn is_type_name(text: &str) -> bool {
    // What may follow a type in the definition of a column.
    const ENDS: [&str; 13] = [
        "check",
        "collate",
        "compression",
        "constraint",
        "default",
        "deferrable",
        "generated",
        "not",
        "null",
        "primary",
        "references",
        "storage",
        "unique",
    ];
    let mut outside = true;
    let allowed = text.chars().all(|c| {
        outside ^= c == '"';
        !outside || c == '"' || c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ',' | '(' | ')' | '[' | ']' | ' ')
    });
    let tokens = tokens(text);
    let ends = |token: &Token<'_>| matches!(token, Token::Word(word) if ENDS.iter().any(|end| word.eq_ignore_ascii_case(end)));
    allowed
        && outside
        && balanced(&tokens)
        && !tokens.iter().any(ends)
        && !separates(&tokens)
        && !text.contains('\0')
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"')
}

/// Why the text cannot be the body of an effect; none when it can, as far as one sees without a database.
pub(super) fn unfit_statements(text: &str) -> Option<Unfit> {
    let tokens = tokens(text);
    let first = tokens.iter().find(|t| **t != Token::Comment);
    match first {
        None => return Some(("the effect has no statement".to_owned(), "`with sql \"UPDATE … SET …\"`".to_owned())),
        Some(Token::Word(word)) if word.eq_ignore_ascii_case("select") => {
            let help = "a function is called with `PERFORM f()`".to_owned();
            return Some(("a `SELECT` in a trigger has nowhere to put its result".to_owned(), help));
        }
        Some(_) => {}
    }
    if let Some(fault) = unclosed(&tokens).or_else(|| unwritable(text, "effect")) {
        return Some(fault);
    }
    if !balanced(&tokens) {
        let help = "each statement closes what it opens, and ends with `;` where another one follows".to_owned();
        return Some(("the parentheses of the effect do not match".to_owned(), help));
    }
    if let Some(fault) = unbalanced_blocks(&tokens) {
        return Some(fault);
    }
    let ending = ends_transaction(&tokens)?;
    let help = "leave it out; to undo everything, `RAISE EXCEPTION '…'`".to_owned();
    Some((format!("`{}` would end the transaction that the transition is part of", ending.to_uppercase()), help))
}

/// What an expression is for.
pub(super) struct Expression {
    /// `guard`
    pub(super) what: &'static str,
    /// What a good one looks like.
    pub(super) example: &'static str,
}

/// Why the text cannot be one expression over the row.
pub(super) fn unfit_expression(text: &str, Expression { what, example }: &Expression) -> Option<Unfit> {
    let tokens = tokens(text);
    let help = || format!("one expression over the row: {example}");
    if tokens.is_empty() {
        return Some((format!("the {what} is empty"), help()));
    }
    if tokens.contains(&Token::Comment) {
        return Some((
            format!("a comment in the {what} would hide what follows it"),
            "put it into the doc comment: `///`".to_owned(),
        ));
    }
    if tokens.contains(&Token::Sign(';')) {
        return Some((format!("the {what} is one expression, and `;` would end it"), help()));
    }
    let unbalanced = || (format!("the parentheses of the {what} do not match"), help());
    unclosed(&tokens).or_else(|| unwritable(text, what)).or_else(|| (!balanced(&tokens)).then(unbalanced))
}

fn unclosed(tokens: &[Token<'_>]) -> Option<Unfit> {
    tokens.iter().find_map(|token| match token {
        Token::Unclosed(quote) => Some((format!("a {quote} is opened and not closed"), format!("close the {quote}"))),
        Token::Word(_) | Token::Sign(_) | Token::Quoted | Token::Comment => None,
    })
}

fn unwritable(text: &str, what: &str) -> Option<Unfit> {
    text.contains('\0').then(|| (format!("the {what} has a NUL character, which no SQL can hold"), "leave it out".to_owned()))
}

/// A comma between no parentheses: another column would begin.
fn separates(tokens: &[Token<'_>]) -> bool {
    let mut open = 0_usize;
    tokens.iter().any(|token| {
        match token {
            Token::Sign('(') => open += 1,
            Token::Sign(')') => open = open.saturating_sub(1),
            _ => {}
        }
        open == 0 && *token == Token::Sign(',')
    })
}

/// Parentheses and brackets match, and no statement ends between them.
fn balanced(tokens: &[Token<'_>]) -> bool {
    let mut open = Vec::new();
    for token in tokens {
        match token {
            Token::Sign(c @ ('(' | '[')) => open.push(*c),
            Token::Sign(')') if open.pop() != Some('(') => return false,
            Token::Sign(']') if open.pop() != Some('[') => return false,
            Token::Sign(';') if !open.is_empty() => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// The statement that begins, commits or rolls back: it stands at the start of a statement and is followed by nothing that would
/// make it something else. `BEGIN UPDATE … END` is a block.
fn ends_transaction<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    const STARTS_STATEMENT: [&str; 4] = ["begin", "then", "else", "loop"];
    const FOLLOWS: [&str; 6] = ["work", "transaction", "and", "to", "prepared", "isolation"];
    let is_in = |token: Option<&&Token<'_>>, words: &[&str]| match token {
        Some(Token::Word(word)) => words.iter().any(|w| word.eq_ignore_ascii_case(w)),
        _ => false,
    };
    let tokens: Vec<&Token<'t>> = tokens.iter().filter(|t| **t != Token::Comment).collect();
    tokens.iter().enumerate().find_map(|(i, token)| {
        let Token::Word(word) = token else { return None };
        let before = i.checked_sub(1).and_then(|b| tokens.get(b));
        let after = tokens.get(i + 1);
        let starts = matches!(before, None | Some(Token::Sign(';'))) || is_in(before, &STARTS_STATEMENT);
        let ends = matches!(after, None | Some(Token::Sign(';'))) || is_in(after, &FOLLOWS);
        let is_it = ["begin", "commit", "rollback", "abort", "start"].iter().any(|w| word.eq_ignore_ascii_case(w));
        (starts && ends && is_it).then_some(*word)
    })
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    sql::tokens(text).map(|(_, token)| token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUARD: Expression = Expression { what: "guard", example: "`if sql \"quantity > 0\"`" };

    #[test]
    fn what_is_quoted_ends_no_statement() {
        for text in ["a = ';'", "a = $x$ ; $x$", "a = E'\\';'", "\"a;\" = 1", "a = 'it''s;'"] {
            assert_eq!(unfit_expression(text, &GUARD), None, "{text}");
        }
        for text in ["a = 1;", "a = '", "(a", "a) OR (b", "a -- b", "", "a /* b"] {
            assert!(unfit_expression(text, &GUARD).is_some(), "{text}");
        }
    }

    #[test]
    fn an_effect_may_be_a_block_but_must_not_end_the_transaction() {
        for text in
            ["UPDATE a SET b = 1", "BEGIN UPDATE a SET b = 1; END", "PERFORM f()", "UPDATE a SET commit = 1 WHERE d = 'COMMIT;'"]
        {
            assert_eq!(unfit_statements(text), None, "{text}");
        }
        for text in [
            "",
            "-- nothing",
            "select f()",
            "UPDATE a SET b = 1; COMMIT",
            "BEGIN; UPDATE a SET b = 1",
            "BEGIN ROLLBACK; END",
            "PERFORM 'a",
            "PERFORM f(1; PERFORM g(2)",
            "PERFORM '\0'",
        ] {
            assert!(unfit_statements(text).is_some(), "{text}");
        }
    }

    #[test]
    fn a_type_is_a_name_and_nothing_more() {
        for text in ["numeric(12,2)", "text[]", "sales.money", "\"My; Type\"", "timestamp(3) with time zone"] {
            assert!(is_type_name(text), "{text}");
        }
        for text in [
            "",
            "text; DROP TABLE orders",
            "text -- ",
            "text /* */",
            "text)",
            "'text'",
            "\"open",
            "text DEFAULT 'a'",
            "text, evil int",
            "text NOT NULL",
            "int References a (b)",
        ] {
            assert!(!is_type_name(text), "{text}");
        }
    }
}
