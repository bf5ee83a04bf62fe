//! A column that binaries of two versions treat differently: what it becomes when one of them does not care for it.

use workflow_model::Literal;
use workflow_model::names::quoted;

/// A column without a CHECK: a trigger clears it where it does not belong, and fills it where somebody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settling {
    /// Its label.
    pub(crate) column: String,
    /// The labels of the states that may have it; none for a common column.
    pub(crate) states: Vec<String>,
    /// What it becomes where it is NULL.
    pub(crate) fills: Vec<Fill>,
    /// The column that it follows when that one is changed.
    pub(crate) follows: Option<Value>,
    /// The type has no equality of its own, as far as we know: its text has.
    pub(crate) by_text: bool,
}

/// What a column becomes in some states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fill {
    /// The labels; none for every state.
    pub(crate) states: Vec<String>,
    /// What it becomes.
    pub(crate) value: Value,
}

/// A value that the source declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// `#[default = 1]`
    Literal(Literal),
    /// From another column: its label, and an expression over the row.
    Column {
        /// The other column.
        column: String,
        /// The expression, with bare names of columns.
        expression: String,
        /// What it is where the other column has none.
        otherwise: Option<Literal>,
    },
}

impl Value {
    /// The value, from a row. `table` is the name by which the user's expression may call the row.
    pub(crate) fn sql(&self, row: &str, table: &str) -> String {
        match self {
            Value::Literal(literal) => literal.sql(),
            Value::Column { column, expression, otherwise } => {
                let converted = converted(column, expression, row, table);
                match otherwise {
                    Some(literal) => format!("coalesce({converted}, {})", literal.sql()),
                    None => converted,
                }
            }
        }
    }

    /// Whether it is another column just as that is.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Value::Literal(_) => false,
            Value::Column { column, expression, .. } => *expression == quoted(column),
        }
    }
}

fn converted(column: &str, expression: &str, row: &str, table: &str) -> String {
    // A plain column needs no row of its own.
    if expression == quoted(column) {
        return format!("{row}.{expression}");
    }
    // A `--` at the end of the user's text must not swallow our parenthesis.
    let end = if expression.contains("--") { "\n" } else { "" };
    format!("(SELECT {expression}{end} FROM (SELECT ({row}).*) AS {})", quoted(table))
}
