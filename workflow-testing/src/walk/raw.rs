//! Statements as any client could send them.

use super::act::Came;
use super::world::World;
use crate::sample::Wanted;
use crate::step::Step;
use crate::subject::Provable;
use crate::truth::Standing;
use crate::unproved::Unproved;
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use workflow_runtime::model::{Edge, Parameter};
use workflow_runtime::workflow::Workflow;

/// Its first parameter is the key, its second a JSON object with the columns of `p`.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) values: Value,
}

impl<W: Provable<A>, A: Send + Sync + 'static> World<'_, W, A> {
    /// In its own transaction.
    pub(super) async fn send(&mut self, id: &W::Id, statement: &Statement) -> Result<Came, Unproved> {
        let query = sqlx::query(AssertSqlSafe(statement.sql.as_str())).bind(id.clone()).bind(&statement.values);
        match query.execute(&mut self.stage.connection).await {
            Ok(done) if done.rows_affected() == 0 => Ok(Came::Forbidden("it touched no row".to_owned())),
            Ok(_) => Ok(Came::Made),
            Err(error) => came(error),
        }
    }

    pub(super) fn insert(&self, step: &Step, state: &str) -> Statement {
        let mut values = by_column(&step.payload, W::MODEL.creation);
        values.insert("state".to_owned(), json!(state));
        let columns: Vec<String> = values.keys().map(|name| quoted(name)).collect();
        let columns = columns.join(", ");
        let sql = format!(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $2) p WHERE $1 IS NOT NULL",
            table = W::MODEL.table
        );
        Statement { sql, values: Value::Object(values) }
    }

    pub(super) fn function(&self, step: &Step) -> Statement {
        let values = by_column(&step.payload, parameters::<W>(step.label()));
        let columns = parameters::<W>(step.label()).iter().filter_map(|parameter| parameter.column);
        let arguments: String = columns.map(|column| format!(", p.{}", quoted(column))).collect();
        let schema =
            W::MODEL.table.strip_suffix(&quoted(&self.table)).or(W::MODEL.table.strip_suffix(&self.table)).unwrap_or_default();
        let function = format!("{schema}{}", quoted(&format!("{}_{}", self.table, step.label())));
        let sql = format!("SELECT {function}($1{arguments}) FROM jsonb_populate_record(NULL::{}, $2) p", W::MODEL.table);
        Statement { sql, values: Value::Object(values) }
    }

    /// The columns of the state that is left become NULL, those of the one that is entered get a value. None where there is no sample.
    pub(super) async fn update(
        &self,
        step: &Step,
        at: &Standing,
        edge: Option<&Edge>,
        to: &str,
    ) -> Result<Option<Statement>, Unproved> {
        let fields = |label: &str| W::MODEL.states.iter().find(|s| s.label == label).map_or(&[][..], |state| state.fields);
        let mut values = by_column(&step.payload, parameters::<W>(step.label()));
        values.retain(|column, _| {
            fields(to).contains(&column.as_str()) || W::MODEL.states.iter().all(|s| !s.fields.contains(&column.as_str()))
        });
        for field in fields(to).iter().filter(|field| !fields(&at.state).contains(field)) {
            if !values.contains_key(*field) {
                let sql = self.columns.get(*field).map(String::as_str);
                let wanted = Wanted { needed: step.label(), name: field, sql, is_key: false };
                let value = self.stage.subject.samples.value(&wanted, 0, self.stage.runtime.pool()).await;
                match value {
                    Ok(value) => values.insert((*field).to_owned(), column_value(sql, value)),
                    Err(Unproved::Sample { .. }) => return Ok(None),
                    Err(other) => return Err(other),
                };
            }
        }
        for field in fields(&at.state).iter().filter(|field| !fields(to).contains(field)) {
            values.insert((*field).to_owned(), Value::Null);
        }
        let mut set: String = values.keys().map(|column| format!(", {0} = p.{0}", quoted(column))).collect();
        if !edge.is_some_and(|edge| edge.internal) {
            set += ", entered_at = now()";
        }
        values.insert("state".to_owned(), json!(to));
        values.insert("event".to_owned(), json!(step.label()));
        Ok(Some(self.set(&format!("state = p.state, event = p.event, version = o.version + 1{set}"), values)))
    }

    /// An UPDATE of the instance.
    pub(super) fn set(&self, set: &str, values: Map<String, Value>) -> Statement {
        let (table, key) = (W::MODEL.table, W::MODEL.key);
        let sql = format!("UPDATE {table} o SET {set} FROM jsonb_populate_record(NULL::{table}, $2) p WHERE o.{key} = $1");
        Statement { sql, values: Value::Object(values) }
    }
}

fn parameters<W: Workflow>(event: &str) -> &'static [Parameter] {
    W::MODEL.events.iter().find(|declared| declared.label == event).map_or(&[], |event| event.parameters)
}

/// A payload as a row has it: what only an effect is given is left out.
fn by_column(payload: &Value, parameters: &[Parameter]) -> Map<String, Value> {
    let value = |parameter: &Parameter| {
        let value = payload.get(parameter.name).cloned().unwrap_or_default();
        Some((parameter.column?.to_owned(), column_value(parameter.sql, value)))
    };
    parameters.iter().filter_map(value).collect()
}

/// serde writes bytes as a list of numbers.
fn column_value(sql: Option<&str>, value: Value) -> Value {
    match (sql, &value) {
        (Some("bytea"), Value::Array(bytes)) => {
            let hex: String = bytes.iter().filter_map(Value::as_u64).map(|byte| format!("{byte:02x}")).collect();
            json!(format!("\\x{hex}"))
        }
        _ => value,
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// WF001 to WF003 and WF005 are the guard's own.
fn came(error: sqlx::Error) -> Result<Came, Unproved> {
    let Some(code) = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned())) else {
        return Err(error.into());
    };
    Ok(match code.as_str() {
        "WF001" | "WF002" | "WF003" | "WF005" => Came::Forbidden(error.to_string()),
        "WF004" => Came::Refused("guard"),
        code if code.starts_with("23") => Came::Refused("constraint"),
        _ => Came::Other("effect", error.to_string()),
    })
}
