//! How a transaction begins and ends. Nothing else in this crate sends BEGIN or COMMIT.
//!
//! Two obvious forms fail here, each silently:
//!
//! - A `pool.begin()` that is dropped half-way leaves its connection inside a transaction, and the writes of the pool's next
//!   user uncommitted. So only the acquiring is done inline, where dropping it costs nothing, and BEGIN is sent by a task of its
//!   own that always comes to its end.
//! - PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and sqlx says `Ok`. So is it after an effect that ended
//!   the transaction itself. A transaction therefore carries a nonce in a setting of its own, and COMMIT travels behind a probe
//!   that fails unless the nonce is still there.

use crate::observe::Traceparent;
use crate::retry::{Fault, fault};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr, SqlStr, Transaction};
use std::time::Duration;
use tracing::Instrument;
use uuid::Uuid;

/// How much a transaction sees of others while it runs. PostgreSQL's default is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Isolation {
    /// Each statement sees what was committed before it.
    #[default]
    ReadCommitted,
    /// Every statement sees what was committed before the first one.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
}

/// What a transaction brings along from its first message on.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) isolation: Isolation,
    pub(crate) lock_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    /// For the jobs that it writes.
    pub(crate) trace: Option<Traceparent>,
}

/// Why COMMIT did not go through.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// PostgreSQL rolled back: a deferred constraint, a serialization failure.
    Refused(sqlx::Error),
    /// A statement had failed before; rolled back.
    Failed,
    /// The transaction is another one than was begun.
    NotOurs,
    /// The answer was lost: committed or not.
    Lost(sqlx::Error),
}

/// A transaction and its nonce.
pub(crate) type Begun = (Transaction<'static, Postgres>, Uuid);

pub(crate) async fn begin(pool: &PgPool, terms: Terms) -> Result<Begun, sqlx::Error> {
    let nonce = Uuid::new_v4();
    let statement = AssertSqlSafe(begin_text(&terms, nonce)).into_sql_str();
    Ok((begin_with(pool, Some(statement)).await?, nonce))
}

/// Around statements of this crate that would stand alone if they had names.
pub(crate) async fn begin_around(pool: &PgPool) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    begin_with(pool, None).await
}

/// Nobody else was there, and every error was seen: it needs no probe.
pub(crate) async fn commit_around(transaction: Transaction<'static, Postgres>) -> Result<(), sqlx::Error> {
    transaction.commit().await
}

async fn begin_with(pool: &PgPool, statement: Option<SqlStr>) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let connection = pool.acquire().await?;
    planted!(PlainBegin, return Transaction::begin(connection, statement).await);
    let begun = tokio::spawn(Transaction::begin(connection, statement).in_current_span()).await;
    begun.map_err(|_| sqlx::Error::WorkerCrashed)?
}

/// One message, whatever it sets.
fn begin_text(terms: &Terms, nonce: Uuid) -> String {
    let isolation = match terms.isolation {
        Isolation::ReadCommitted => "READ COMMITTED",
        Isolation::RepeatableRead => "REPEATABLE READ",
        Isolation::Serializable => "SERIALIZABLE",
    };
    let trace = terms.trace.as_ref().map(|trace| format!("; SET LOCAL workflow.trace = '{trace}'")).unwrap_or_default();
    format!(
        "BEGIN ISOLATION LEVEL {isolation}; SET LOCAL lock_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {}; \
         SET LOCAL workflow.tx = '{nonce}'{trace}",
        terms.lock_timeout.as_millis(),
        terms.idle_timeout.as_millis()
    )
}

/// The probe is a logarithm, since its code (2201E) is one that no trigger at commit raises by chance. The BEGIN behind COMMIT
/// keeps sqlx's count of transactions equal to the server's; the ROLLBACK for it leaves when the connection goes back.
pub(crate) async fn commit(mut transaction: Transaction<'static, Postgres>, nonce: Uuid) -> Result<(), Refusal> {
    planted!(PlainCommit, return transaction.commit().await.map_err(refusal));
    let text = format!("SELECT ln((coalesce(current_setting('workflow.tx', true), '') = '{nonce}')::integer); COMMIT; BEGIN");
    match sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *transaction).await {
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(error)),
    }
}

fn refusal(error: sqlx::Error) -> Refusal {
    let code = error.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
    match code.as_deref() {
        Some("2201E") => Refusal::NotOurs,
        Some("25P02") => Refusal::Failed,
        _ if fault(&error) == Fault::Lost => Refusal::Lost(error),
        _ => Refusal::Refused(error),
    }
}
