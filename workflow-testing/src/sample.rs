//! Values for fields and parameters.

use crate::unproved::Unproved;
use chrono::{Days, Utc};
use serde_json::{Map, Value, json};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicI32, Ordering};
use uuid::Uuid;
use workflow_runtime::model::Parameter;

pub(crate) type Made = Pin<Box<dyn Future<Output = Result<Value, sqlx::Error>>>>;

/// What the subject was given for a name.
pub(crate) enum Source {
    Values(Vec<Value>),
    Maker(Box<dyn Fn(PgPool) -> Made>),
}

/// The samples of a subject; the common types have some that need not be given.
#[derive(Default)]
pub(crate) struct Samples(pub(crate) BTreeMap<String, Source>);

impl Samples {
    /// The parameters as a JSON object; `pick` chooses among several values. The first column of a creation is its key, and always new.
    pub(crate) async fn object(
        &self,
        needed: &str,
        parameters: &[Parameter],
        key: Option<&str>,
        pick: usize,
        pool: &PgPool,
    ) -> Result<Value, Unproved> {
        let mut object = Map::new();
        for parameter in parameters {
            let wanted =
                Wanted { needed, name: parameter.name, sql: parameter.sql, is_key: key.is_some() && key == parameter.column };
            object.insert(parameter.name.to_owned(), self.value(&wanted, pick, pool).await?);
        }
        Ok(Value::Object(object))
    }

    pub(crate) async fn value(&self, wanted: &Wanted<'_>, pick: usize, pool: &PgPool) -> Result<Value, Unproved> {
        match self.0.get(wanted.name) {
            Some(Source::Values(values)) if !values.is_empty() => Ok(values[pick % values.len()].clone()),
            Some(Source::Maker(make)) => Ok(make(pool.clone()).await?),
            _ => wanted.usual(),
        }
    }
}

/// What a value is wanted for.
pub(crate) struct Wanted<'w> {
    /// An event, or `create`.
    pub(crate) needed: &'w str,
    pub(crate) name: &'w str,
    pub(crate) sql: Option<&'w str>,
    pub(crate) is_key: bool,
}

impl Wanted<'_> {
    fn usual(&self) -> Result<Value, Unproved> {
        let sql = self.sql.unwrap_or("that is no column's");
        value(self.name, sql, self.is_key).ok_or_else(|| Unproved::Sample {
            needed: self.needed.to_owned(),
            name: self.name.to_owned(),
            sql: sql.to_owned(),
        })
    }
}

/// Texts are new each time, since they often have to be unique.
fn value(name: &str, sql: &str, is_key: bool) -> Option<Value> {
    static NEXT: AtomicI32 = AtomicI32::new(1_000);
    let next = || NEXT.fetch_add(1, Ordering::Relaxed);
    if let Some(inner) = sql.strip_suffix("[]") {
        return Some(json!([value(name, inner, false)?]));
    }
    let end = sql.find('(').unwrap_or(sql.len());
    Some(match sql[..end].trim() {
        "smallint" | "integer" | "bigint" if is_key => json!(next()),
        "smallint" | "integer" | "bigint" | "numeric" => json!(1),
        "real" | "double precision" => json!(1.5),
        "boolean" => json!(true),
        "text" | "varchar" | "character varying" | "citext" => json!(format!("{name} {}", next())),
        "uuid" => json!(Uuid::new_v4()),
        "timestamptz" | "timestamp with time zone" => json!(Utc::now() + Days::new(1)),
        "timestamp" | "timestamp without time zone" => json!((Utc::now() + Days::new(1)).naive_utc()),
        "date" => json!(Utc::now().date_naive() + Days::new(1)),
        "json" | "jsonb" => json!({}),
        "bytea" => json!([1, 2, 3]),
        _ => return None,
    })
}

/// The line with which an object that does not fit is mended.
pub(crate) fn misfit(needed: &str, object: &Value, reason: &serde_json::Error) -> Unproved {
    let names = object.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let named = names.clone().find(|name| reason.to_string().contains(&format!("`{name}`")));
    let name = named.or_else(|| names.clone().next()).unwrap_or("field").to_owned();
    Unproved::Misfit {
        needed: needed.to_owned(),
        reason: reason.to_string(),
        samples: object.to_string(),
        help: format!(".sample(\"{name}\", [\"…\"])"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_types_have_samples_and_others_say_what_to_write() {
        for sql in ["text", "numeric(12,2)", "uuid", "timestamptz", "date", "jsonb", "bytea", "boolean", "bigint", "text[]"] {
            assert!(value("x", sql, false).is_some(), "{sql}");
        }
        let spot = Wanted { needed: "move", name: "spot", sql: Some("point"), is_key: false };
        let said = spot.usual().unwrap_err().to_string();
        assert!(said.contains("move needs `spot`") && said.contains(".sample(\"spot\", [\"…\"])"), "{said}");
    }
}
