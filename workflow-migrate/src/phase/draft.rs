//! The text of a file: its head, its locks, its statements, and the file that takes it back.

use crate::sql::difference::Part;
use crate::sql::subject::Subject;

/// A pair of files that have no name yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What it does, as a part of its name: `order_expand`.
    pub(crate) name: String,
    pub(crate) up: String,
    pub(crate) down: String,
}

/// What takes back a file of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Back {
    /// One statement outside of a transaction.
    Alone(String),
    /// Statements in one transaction.
    Transaction(Vec<String>),
    /// The file before it does, or nothing can.
    Nothing,
}

/// sqlx looks for it at the very beginning of the file, and sends what follows outside of a transaction.
const NO_TRANSACTION: &str = "-- no-transaction\n";

impl Draft {
    /// A file that runs in one transaction.
    pub(crate) fn transaction(s: &Subject<'_>, name: &str, why: &str, part: &Part) -> Draft {
        Draft { name: named(s, name), up: whole(s, why, &part.up), down: whole(s, &back(name), &part.down) }
    }

    /// One statement outside of a transaction.
    pub(crate) fn alone(s: &Subject<'_>, name: &str, why: &str, up: &str, down: &Back) -> Draft {
        let down = match down {
            Back::Alone(down) => single(s, &back(name), down),
            Back::Transaction(down) => whole(s, &back(name), down),
            Back::Nothing => format!("{}-- Nothing takes back `{name}`: what it did to rows stays.\nSELECT 1;\n", head(s)),
        };
        Draft { name: named(s, name), up: single(s, why, up), down }
    }
}

fn named(s: &Subject<'_>, name: &str) -> String {
    format!("{}_{name}", s.label())
}

fn back(name: &str) -> String {
    format!("Takes back `{name}`.")
}

fn head(s: &Subject<'_>) -> String {
    s.fill(include_str!("../sql/head.sql"), &[])
}

fn single(s: &Subject<'_>, why: &str, statement: &str) -> String {
    format!("{NO_TRANSACTION}{}-- {why}\n\n{}\n", head(s), statement.trim_end())
}

fn whole(s: &Subject<'_>, why: &str, statements: &[String]) -> String {
    let statements: Vec<&str> = statements.iter().map(|s| s.trim_matches('\n')).filter(|s| !s.is_empty()).collect();
    if statements.is_empty() {
        return format!("{}-- {why} There is nothing to do.\nSELECT 1;\n", head(s));
    }
    format!("{}-- {why}\n\nSET LOCAL lock_timeout = '2s';\n\n{}\n", head(s), statements.join("\n\n"))
}
