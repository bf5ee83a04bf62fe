//! What a run needs to know of a workflow, and what it does to it.

use serde_json::{Map, Value};
use sqlx::{PgPool, Postgres, Transaction};
use workflow_model::{Kind, Literal, Model, Type};
use workflow_runtime::{Error, Isolation, workflow::Workflow};

/// One thing that a client tries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Op {
    /// Which of the run's instances.
    pub(crate) instance: usize,
    /// Which of the model's events.
    pub(crate) event: usize,
    /// What its payload is made from.
    pub(crate) seed: u8,
    pub(crate) way: Way,
    pub(crate) isolation: Isolation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// `shop.fire(id, Event::…)`
    Fire,
    /// The same in a transaction.
    Transaction,
    /// A typed handle's own method, where the instance's state has it.
    Typed,
    /// `SELECT orders_deliver(…)`
    Function,
    /// `UPDATE orders SET state = …`
    Raw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted,
    Refused,
    /// Nothing was written: a deadlock, a serialization failure.
    Busy,
}

/// Names of one run, so that runs share a database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run(pub(crate) u64);

/// A workflow that is driven.
pub(crate) trait Life: Send + Sync + 'static {
    /// The declaration and the application's tables.
    const SOURCE: &'static str;
    const TABLES: &'static str;

    fn new(pool: PgPool) -> Self;
    /// The key, as history shows it and as SQL.
    fn key(run: Run, instance: usize) -> String;
    fn key_sql(run: Run, instance: usize) -> String;
    fn create(&self, run: Run, instance: usize, actor: &str) -> impl Future<Output = ()> + Send;
    fn rust(&self, run: Run, op: Op, event: &str, actor: &str) -> impl Future<Output = Answer> + Send;
    /// Guards and limits that are not in the model, asked of the row before and the payload. `others` are the run's other rows.
    fn allows(event: &str, before: &Map<String, Value>, payload: &Map<String, Value>, others: &[Map<String, Value>]) -> bool;
    /// What the application's tables should say, compared with what they say.
    fn totals(&self, run: Run) -> impl Future<Output = Vec<String>> + Send;
}

pub(crate) fn answer<T, W: Workflow>(result: Result<T, Error<W>>) -> Answer {
    match result {
        Ok(_) => Answer::Accepted,
        Err(error) if error.is_retryable() => Answer::Busy,
        Err(Error::Conflict { .. } | Error::Blocked { .. } | Error::Constraint { .. } | Error::Rejected { .. }) => {
            Answer::Refused
        }
        // That the guard in the database had to refuse it is as wrong as any other answer.
        Err(error) => panic!("{error}: {error:?}"),
    }
}

pub(crate) fn sql_answer<T>(result: Result<T, sqlx::Error>) -> Answer {
    let Err(error) = result else { return Answer::Accepted };
    let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_else(|| panic!("{error}")).into_owned();
    match code.as_str() {
        "40001" | "40P01" | "55P03" => Answer::Busy,
        code if code.starts_with("WF") || code.starts_with("23") => Answer::Refused,
        _ => panic!("{error:?}"),
    }
}

/// A parameter's value; small numbers, so that guards and limits are met.
pub(crate) fn value(run: Run, ty: &Type, seed: u8) -> Value {
    match ty.kind {
        Kind::I32 => Value::from(seed % 5),
        Kind::Timestamp if seed.is_multiple_of(3) => Value::Null,
        Kind::Timestamp => Value::from(format!("2030-01-0{}T00:00:00+00:00", 1 + seed % 8)),
        _ => Value::from(format!("it's {} {}", run.0, seed % 4)),
    }
}

pub(crate) fn payload(run: Run, model: &Model, event: usize, seed: u8) -> Map<String, Value> {
    model.events()[event].parameters.iter().map(|p| (p.name.clone(), value(run, &p.ty, seed))).collect()
}

/// A value as SQL.
pub(crate) fn sql(value: &Value) -> String {
    match value {
        Value::String(text) => workflow_model::names::constant(text),
        Value::Null => "NULL".to_owned(),
        other => other.to_string(),
    }
}

pub(crate) fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::None => Value::Null,
        Literal::Bool(value) => Value::from(*value),
        Literal::Integer(digits) => Value::from(digits.parse::<i64>().expect("digits")),
        Literal::Text(text) => Value::from(text.as_str()),
        Literal::Float(_) | Literal::Bytes(_) | Literal::Other(_) => panic!("not used here"),
    }
}

pub(crate) async fn begin(pool: &PgPool, isolation: Isolation) -> Transaction<'static, Postgres> {
    let level = match isolation {
        Isolation::ReadCommitted => "BEGIN ISOLATION LEVEL READ COMMITTED",
        Isolation::RepeatableRead => "BEGIN ISOLATION LEVEL REPEATABLE READ",
        Isolation::Serializable => "BEGIN ISOLATION LEVEL SERIALIZABLE",
    };
    pool.begin_with(level).await.expect("a transaction")
}
