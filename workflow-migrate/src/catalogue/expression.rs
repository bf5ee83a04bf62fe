//! Whether two expressions say the same, when one is as a migration writes it and the other as PostgreSQL answers.
//!
//! PostgreSQL writes `IN ('a', 'b')` as `= ANY (ARRAY['a'::text, 'b'::text])`, names the type of every constant, adds brackets, and turns
//! `-1` into `'-1'::integer`. Both sides are parsed, and written in one normal form: each operation in brackets, no casts of
//! constants or to text, lists of `IN` sorted.

use super::token::{Token, TokenKind, tokens};
use super::types;

/// Whether they mean the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (normal(one), normal(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a == b || alike(a, b))
}

/// A part of the normal form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Sign(String),
    Constant(String),
}

/// The normal form; what cannot be parsed is as its tokens are.
fn normal(text: &str) -> Vec<Piece> {
    let all = tokens(text);
    let mut parser = Parser { text, tokens: &all, at: 0 };
    match parser.expression(0) {
        Some(pieces) if parser.at == all.len() => pieces,
        _ => all.iter().map(piece).collect(),
    }
}

fn piece(token: &Token) -> Piece {
    match &token.kind {
        TokenKind::Text(text) | TokenKind::Number(text) => Piece::Constant(text.clone()),
        TokenKind::Name { text, .. } | TokenKind::Sign(text) | TokenKind::Body(text) => Piece::Sign(text.clone()),
    }
}

/// Numbers by their value. Times within 15 hours: a literal without a zone was read in that of the session that migrated.
fn alike(one: &Piece, other: &Piece) -> bool {
    let (Piece::Constant(one), Piece::Constant(other)) = (one, other) else { return false };
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => matches!((hours(one), hours(other)), (Some(one), Some(other)) if (one - other).abs() <= 15),
    }
}

/// `2024-01-31`, `2024-01-31 12:00:00+00`: hours since a fixed day.
fn hours(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00"));
    let mut parts = date.splitn(3, '-');
    let mut part = || parts.next().filter(|p| !p.is_empty()).and_then(|p| p.parse::<i64>().ok());
    let (year, month, day) = (part()?, part()?, part()?);
    let hour: i64 = time.get(..2)?.parse().ok()?;
    Some(days(year, month, day)? * 24 + hour)
}

/// Days since the first of March of the year 0.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1)
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

type Pieces = Vec<Piece>;

fn sign(text: &str) -> Piece {
    Piece::Sign(text.to_owned())
}

/// `(operator operand …)`
fn operation(operator: &str, operands: impl IntoIterator<Item = Pieces>) -> Pieces {
    let mut all = vec![sign("("), sign(operator)];
    all.extend(operands.into_iter().flatten());
    all.push(sign(")"));
    all
}

/// How tightly an operator binds.
fn strength(operator: &str) -> Option<u8> {
    Some(match operator {
        "or" => 1,
        "and" => 2,
        "is" => 4,
        "=" | "<>" | "<" | ">" | "<=" | ">=" => 5,
        "in" => 6,
        "+" | "-" => 8,
        "*" | "/" | "%" => 9,
        "||" | "->" | "->>" | "@>" | "<@" | "&&" | "~" | "!~" | "~*" => 7,
        _ => return None,
    })
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, text: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is(text));
        self.at += usize::from(is);
        is
    }

    fn expression(&mut self, least: u8) -> Option<Pieces> {
        let mut left = self.operand()?;
        loop {
            let Some(operator) = self.peek().and_then(|token| match &token.kind {
                TokenKind::Sign(text) | TokenKind::Name { text, quoted: false } => Some(text.as_str()),
                TokenKind::Name { quoted: true, .. } | TokenKind::Text(_) | TokenKind::Body(_) | TokenKind::Number(_) => None,
            }) else {
                return Some(left);
            };
            let Some(strength) = strength(operator).filter(|strength| *strength > least) else { return Some(left) };
            self.at += 1;
            left = self.behind(left, operator, strength)?;
        }
    }

    /// What follows an operator.
    fn behind(&mut self, left: Pieces, operator: &str, strength: u8) -> Option<Pieces> {
        match operator {
            "is" => {
                let not = self.eat("not");
                let word = self.peek()?.name()?.to_owned();
                self.at += 1;
                Some(operation(if not { "is not" } else { "is" }, [left, vec![sign(&word)]]))
            }
            "in" => {
                let items = self.list("(", ")")?;
                Some(among(left, items))
            }
            "=" if self.eat("any") => {
                let inner = self.expression(10)?;
                Some(match inner.as_slice() {
                    // `ARRAY[…]` in its normal form.
                    [_, Piece::Sign(array), items @ .., _] if array == "array" => {
                        among(left, items.iter().map(|item| vec![item.clone()]).collect())
                    }
                    _ => operation("= any", [left, inner]),
                })
            }
            _ => {
                let right = self.expression(strength)?;
                // A list of one is written as an equation.
                match right.as_slice() {
                    [Piece::Constant(_)] if operator == "=" => Some(among(left, vec![right])),
                    _ => Some(operation(operator, [left, right])),
                }
            }
        }
    }

    fn operand(&mut self) -> Option<Pieces> {
        let mut operand = self.bare()?;
        while self.eat("::") {
            let ty = self.ty()?;
            let is_constant = matches!(operand.as_slice(), [Piece::Constant(_)]) || operand == [sign("null")];
            if !is_constant && !matches!(ty.as_str(), "text" | "text[]") {
                operand = operation(&format!("::{ty}"), [operand]);
            }
        }
        Some(operand)
    }

    fn bare(&mut self) -> Option<Pieces> {
        let token = self.peek()?;
        self.at += 1;
        match &token.kind {
            TokenKind::Text(text) | TokenKind::Number(text) => Some(vec![Piece::Constant(text.clone())]),
            TokenKind::Sign(sign) if sign == "(" => {
                let inner = self.expression(0)?;
                self.eat(")").then_some(inner)
            }
            TokenKind::Sign(sign) if sign == "-" => match self.operand()?.as_slice() {
                [Piece::Constant(number)] => Some(vec![Piece::Constant(format!("-{number}"))]),
                other => Some(operation("-", [other.to_vec()])),
            },
            TokenKind::Name { text, quoted: false } if text == "not" => Some(operation("not", [self.expression(3)?])),
            TokenKind::Name { text, quoted: false } if text == "array" => Some(operation("array", self.list("[", "]")?)),
            TokenKind::Name { text, quoted: false } if text == "case" => None,
            TokenKind::Name { text, .. } => self.named(text.clone()),
            TokenKind::Sign(_) | TokenKind::Body(_) => None,
        }
    }

    /// A column, perhaps qualified, or a call.
    fn named(&mut self, mut name: String) -> Option<Pieces> {
        while self.eat(".") {
            name = format!("{name}.{}", self.peek()?.name()?);
            self.at += 1;
        }
        if self.peek().is_some_and(|token| token.is("(")) {
            let name = name.strip_prefix("pg_catalog.").unwrap_or(&name).to_owned();
            return Some(operation(&format!("{name}()"), self.list("(", ")")?));
        }
        Some(vec![sign(&name)])
    }

    fn list(&mut self, open: &str, close: &str) -> Option<Vec<Pieces>> {
        if !self.eat(open) {
            return None;
        }
        let mut items = Vec::new();
        while !self.eat(close) {
            items.push(self.expression(0)?);
            if !self.eat(",") && !self.peek()?.is(close) {
                return None;
            }
        }
        Some(items)
    }

    /// A type behind `::`: `text`, `timestamp with time zone`, `numeric(12,2)`, `public.citext[]`.
    fn ty(&mut self) -> Option<String> {
        let start = self.peek()?.start;
        self.at += 1;
        while self.eat(".") {
            self.at += 1;
        }
        for words in [["varying"].as_slice(), &["precision"], &["with", "time", "zone"], &["without", "time", "zone"]] {
            if words.iter().enumerate().all(|(n, word)| self.tokens.get(self.at + n).is_some_and(|t| t.is(word))) {
                self.at += words.len();
            }
        }
        if self.eat("(") {
            while !self.eat(")") {
                self.peek()?;
                self.at += 1;
            }
        }
        while self.eat("[") {
            self.eat("]").then_some(())?;
        }
        Some(types::canonical(&self.text[start..self.tokens[self.at - 1].end]))
    }
}

/// The order of a list does not matter.
fn among(left: Pieces, mut items: Vec<Pieces>) -> Pieces {
    items.sort();
    operation("in", std::iter::once(left).chain(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgresql_answers_is_what_was_written() {
        for (written, answered) in [
            ("state IN ('b', 'a')", "(state = ANY (ARRAY['a'::text, 'b'::text]))"),
            ("state IN ('a')", "(state = 'a'::text)"),
            ("(sku IS NOT NULL) = (state = 'it''s')", "((sku IS NOT NULL) = (state = 'it''s'::text))"),
            (
                "(\"order\" IS NOT NULL) = (state IN ('a', 'b'))",
                "((\"order\" IS NOT NULL) = (state = ANY (ARRAY['a'::text, 'b'::text])))",
            ),
            ("state = 'a' OR sku IS NULL", "((state = 'a'::text) OR (sku IS NULL))"),
            (
                "isfinite(due) AND due < '262143-01-01'",
                "(isfinite(due) AND (due < '262143-01-01 00:00:00+00'::timestamp with time zone))",
            ),
            ("due < '262143-01-01'", "(due < '262142-12-31 10:00:00+00'::timestamp with time zone)"),
            ("due < '262143-01-01'", "(due < '262143-01-01'::date)"),
            ("(-1)", "'-1'::integer"),
            ("1.50", "1.5"),
            ("'placed'", "'placed'::text"),
            ("now()", "now()"),
            ("session_user", "SESSION_USER"),
            ("decode('0a', 'hex')", "decode('0a'::text, 'hex'::text)"),
            ("NULL", "NULL::text"),
        ] {
            assert!(same(written, answered), "{written}: {:?}\n{answered}: {:?}", normal(written), normal(answered));
        }
    }

    #[test]
    fn what_means_something_else_is_not_the_same() {
        for (written, answered) in [
            ("state IN ('a', 'b')", "(state = ANY (ARRAY['a'::text, 'b'::text, 'c'::text]))"),
            ("(a OR b) AND c", "(a OR (b AND c))"),
            ("a IS NULL", "(a IS NOT NULL)"),
            ("due < '262143-01-01'", "(due < '262142-12-30 23:00:00+00'::timestamp with time zone)"),
            ("1", "2"),
            ("'a'", "'b'::text"),
            ("a = 'x'", "(b = 'x'::text)"),
            ("NOT a = b", "((NOT a) = b)"),
            ("a::date = b", "(a = b)"),
        ] {
            assert!(!same(written, answered), "{written} and {answered}: {:?}", normal(written));
        }
    }
}
