//! The types of fields, and their columns.

use serde::{Deserialize, Serialize};

/// The type of a field or parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Type {
    /// As written, with one spelling for equal types: `Option<String>`.
    pub rust: String,
    /// `Option<…>`: the column may be NULL.
    pub optional: bool,
    /// What is known about the type inside the `Option`.
    pub kind: Kind,
    /// `#[sql = "numeric(12,2)"]`.
    pub sql: Option<String>,
}

/// The types that need no `#[sql]`, by the last segment of their path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// `bool`
    Bool,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `String`
    Text,
    /// `Uuid`
    Uuid,
    /// `Vec<u8>`
    Bytes,
    /// `DateTime<Utc>`
    Timestamp,
    /// `NaiveDate`
    Date,
    /// `Decimal`
    Decimal,
    /// `Json<T>`
    Json,
    /// `Vec<T>`
    Array(Box<Kind>),
    /// Any other type: it needs `#[sql]`.
    Other,
}

impl Kind {
    /// The column type, where one is known.
    pub fn sql(&self) -> Option<String> {
        let name = match self {
            Kind::Bool => "boolean",
            Kind::I16 => "smallint",
            Kind::I32 => "integer",
            Kind::I64 => "bigint",
            Kind::F32 => "real",
            Kind::F64 => "double precision",
            Kind::Text => "text",
            Kind::Uuid => "uuid",
            Kind::Bytes => "bytea",
            Kind::Timestamp => "timestamptz",
            Kind::Date => "date",
            Kind::Decimal => "numeric",
            Kind::Json => "jsonb",
            Kind::Array(inner) => return Some(format!("{}[]", inner.sql()?)),
            Kind::Other => return None,
        };
        Some(name.to_owned())
    }
}

impl Type {
    /// The column type: `#[sql]`, or the one known for the Rust type. None is a fault that a rule reports.
    pub fn sql(&self) -> Option<String> {
        self.sql.clone().or_else(|| self.kind.sql())
    }
}
