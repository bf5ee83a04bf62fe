//! The names a workflow has in the database. Everything that writes SQL takes them from here.

use crate::keywords::KEYWORDS;
use crate::model::{Literal, Model, Table};
use heck::{ToSnakeCase, ToUpperCamelCase};

/// The columns that every workflow's table has beside its fields, in their order.
pub const COLUMNS: [&str; 7] = ["state", "event", "version", "entered_at", "actor", "key", "keyed"];

/// Ends of the names of functions beside the table that are not events.
pub const FUNCTIONS: [&str; 14] = [
    "transition",
    "done",
    "void",
    "removed",
    "recorded",
    "force",
    "create_at",
    "asked",
    "cancel_creation",
    "adopt",
    "migrate",
    "guards",
    "effects",
    "history_written",
];

/// What is put behind a table's name and is longest; PostgreSQL cuts names off after 63 bytes.
pub const LONGEST_SUFFIX: &str = "_history_truncate";

/// PostgreSQL's limit for a name, in bytes.
pub const NAME_LIMIT: usize = 63;

/// The label of a name that has no `#[label]`: snake case, where a run of capitals is one word (`HTTPError` is `http_error`)
/// and a digit belongs to the word before it (`FinWait1` is `fin_wait1`).
pub fn label(rust: &str) -> String {
    rust.to_snake_case()
}

/// A name as SQL: bare where it can only mean itself, else `"Quoted"`. One of our own names (`orders_history`) reads as it
/// would by hand, and nothing that a user writes can end it.
pub fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && KEYWORDS.binary_search(&name).is_err();
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// `'it''s'`: a string constant, whatever `standard_conforming_strings` says.
pub fn constant(text: &str) -> String {
    let doubled = text.replace('\'', "''");
    if doubled.contains('\\') { format!("E'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

impl Literal {
    /// The literal as SQL.
    pub fn sql(&self) -> String {
        match self {
            Literal::None => "NULL".to_owned(),
            Literal::Bool(value) => value.to_string(),
            // A cast binds more tightly than a minus, and the lowest integer has no positive counterpart.
            Literal::Integer(digits) | Literal::Float(digits) if digits.starts_with('-') => format!("({digits})"),
            Literal::Integer(digits) | Literal::Float(digits) => digits.clone(),
            Literal::Text(text) | Literal::Other(text) => constant(text),
            Literal::Bytes(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("decode('{hex}', 'hex')")
            }
        }
    }
}

/// The name of a type that is generated for something in snake case: `BookCourier` for the activity `book_courier`.
pub fn type_name(snake: &str) -> String {
    snake.to_upper_camel_case()
}

impl Table {
    /// The schema; `public` unless another one is written.
    pub fn schema(&self) -> &str {
        self.schema.as_deref().unwrap_or("public")
    }

    /// `public.orders`.
    pub fn qualified(&self) -> String {
        self.beside("")
    }

    /// The name of something that stands beside the table: `public.orders_history` for `_history`.
    pub fn beside(&self, suffix: &str) -> String {
        format!("{}.{}", quoted(self.schema()), quoted(&format!("{}{suffix}", self.name)))
    }
}

impl Model {
    /// `public.orders`.
    pub fn table(&self) -> String {
        self.table.qualified()
    }

    /// `public.orders_history`.
    pub fn history(&self) -> String {
        self.table.beside("_history")
    }

    /// `public.orders_jobs`.
    pub fn jobs(&self) -> String {
        self.table.beside("_jobs")
    }

    /// `public.orders_deliver`: the function that does what an event's transition does, for any client.
    pub fn function(&self, event: &str) -> String {
        self.table.beside(&format!("_{event}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_snake_case_and_a_run_of_capitals_one_word() {
        for (rust, stored) in
            [("Placed", "placed"), ("FinWait1", "fin_wait1"), ("HTTPError", "http_error"), ("InTransit", "in_transit")]
        {
            assert_eq!(label(rust), stored);
        }
    }

    #[test]
    fn a_name_is_quoted_when_it_could_mean_something_else() {
        assert_eq!(quoted("orders"), "orders");
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Orders"), "\"Orders\"");
        assert_eq!(quoted("a\" ; drop"), "\"a\"\" ; drop\"");
        assert!(KEYWORDS.is_sorted());
    }

    #[test]
    fn a_constant_ends_where_it_should() {
        assert_eq!(constant("it's"), "'it''s'");
        assert_eq!(constant("a\\'b"), "E'a\\\\''b'");
    }
}
