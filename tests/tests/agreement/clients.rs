//! The ways into the database that know nothing of Rust: functions, and statements written from the model.

use crate::life::{Answer, Life, Op, Run, Way, begin, literal, payload, sql, sql_answer};
use crate::truth::{line, text};
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use workflow_model::edges::Value as Source;
use workflow_model::names::{constant, quoted};
use workflow_model::{Model, Transition};

/// Carries out one operation in the way it says.
pub(crate) async fn try_it<L: Life>(life: &L, pool: &PgPool, model: &Model, run: Run, op: Op, actor: &str) -> Answer {
    let event = model.events()[op.event].event.label.clone();
    match op.way {
        Way::Fire | Way::Transaction | Way::Typed => life.rust(run, op, &event, actor).await,
        Way::Function if has_function(model, &event) => alone(pool, op, actor, Some(call::<L>(model, run, op))).await,
        Way::Function | Way::Raw => {
            let mut transaction = begin(pool, op.isolation).await;
            let row = row::<L>(&mut transaction, model, run, op.instance).await;
            let update = update::<L>(model, run, op, &row);
            finish(transaction, actor, update).await
        }
    }
}

pub(crate) fn has_function(model: &Model, event: &str) -> bool {
    model.transitions.iter().any(|t| t.event.label == event && t.app_effect().is_none())
}

async fn alone(pool: &PgPool, op: Op, actor: &str, statement: Option<String>) -> Answer {
    finish(begin(pool, op.isolation).await, actor, statement.unwrap_or_default()).await
}

/// The statement, and COMMIT if it moved a row.
async fn finish(mut transaction: sqlx::Transaction<'static, sqlx::Postgres>, actor: &str, statement: String) -> Answer {
    let set = format!("SELECT set_config('workflow.actor', {}, true)", constant(actor));
    sqlx::query(AssertSqlSafe(set)).execute(&mut *transaction).await.expect("a setting");
    match sqlx::query(AssertSqlSafe(statement)).execute(&mut *transaction).await {
        Ok(done) if done.rows_affected() == 1 => sql_answer(transaction.commit().await),
        Ok(_) => Answer::Refused,
        refused => sql_answer(refused),
    }
}

fn call<L: Life>(model: &Model, run: Run, op: Op) -> String {
    let (event, values) = (model.events()[op.event], payload(run, model, op.event, op.seed));
    let arguments: String = event.parameters.iter().map(|p| format!(", {}", sql(&values[&p.name]))).collect();
    format!("SELECT {}({}{arguments})", model.function(&event.event.label), L::key_sql(run, op.instance))
}

async fn row<L: Life>(connection: &mut PgConnection, model: &Model, run: Run, instance: usize) -> Map<String, Value> {
    let key = quoted(&model.key().expect("a key").name.label);
    let select = format!("SELECT to_jsonb(o) FROM {} o WHERE {key} = {}", model.table(), L::key_sql(run, instance));
    let row: Value = sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(connection).await.expect("the row");
    row.as_object().cloned().expect("an object")
}

/// The step that the model has from where the row was seen; where it has none, one that goes anywhere.
fn update<L: Life>(model: &Model, run: Run, op: Op, row: &Map<String, Value>) -> String {
    let event = model.events()[op.event];
    let set = match line(model, &event.event.label, text(row, "state")) {
        Some(line) => legal(model, line, &payload(run, model, op.event, op.seed)),
        None => anywhere(model, op.seed),
    };
    format!(
        "UPDATE {} SET version = version + 1, event = {}{set} WHERE {} = {} AND version = {}",
        model.table(),
        constant(&event.event.label),
        quoted(&model.key().expect("a key").name.label),
        L::key_sql(run, op.instance),
        row["version"]
    )
}

fn legal(model: &Model, line: &Transition, payload: &Map<String, Value>) -> String {
    let mut set = String::new();
    if let Some(target) = &line.target {
        let to = &model.state(&target.state).expect("a state").name.label;
        set += &format!(", entered_at = now(), state = {}", constant(to));
    }
    for (field, source) in model.values(line) {
        let value = match source {
            Source::Parameter(at) => payload[&line.parameters[at].name].clone(),
            Source::Literal(written) => literal(written),
            Source::Cleared => Value::Null,
        };
        set += &format!(", {} = {}", quoted(&field.name.label), sql(&value));
    }
    set
}

fn anywhere(model: &Model, seed: u8) -> String {
    let to = &model.states[usize::from(seed) % model.states.len()];
    let mut set = format!(", entered_at = now(), state = {}", constant(&to.name.label));
    for column in model.columns().iter().filter(|c| !c.states.is_empty()) {
        let has = to.fields.iter().any(|f| f.name.label == column.field.name.label);
        let value = if has { "'7'" } else { "NULL" };
        set += &format!(", {} = {value}", quoted(&column.field.name.label));
    }
    set
}
