//! underway: jobs of several steps, each a task in the database; a worker's transaction is handed to the task.
//!
//! As a caller, each step enqueues a task that tells of it. As a worker by default, a job of three steps; at best, a task of its own,
//! for a job's step cannot commit its savepoint without the worker's transaction.

mod caller;
mod job;
mod task;

use peer_shared::{Account, Arguments, Asked, Configuration, End, Failure, Mode, end, sql};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Step {
    order: Uuid,
    to: String,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match Arguments::parse() {
        Arguments::Setup(asked) => setup(&asked).await,
        Arguments::Run(asked) => run(&asked).await,
    }
}

async fn setup(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    underway::run_migrations(&pool).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    sqlx::query("VACUUM ANALYZE").execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    // A task that is executed has a connection, and its heartbeat and the search for the next one have others.
    let connections = if asked.is_best() { 4 * asked.clients } else { asked.clients + 4 };
    let pool = PgPoolOptions::new().min_connections(asked.clients).max_connections(connections).connect(&asked.url).await?;
    let (took, atomic, note) = match (asked.mode, asked.configuration) {
        (Mode::Caller, _) => caller::run(asked, &pool).await?,
        (Mode::Worker, Configuration::Default) => job::run(&pool).await?,
        (Mode::Worker, Configuration::Best) => task::run(asked, &pool).await?,
    };
    Account { peer: "underway", lock: include_str!("../Cargo.lock"), took, atomic, note }.print();
    Ok(())
}

/// Of the orders for which nobody has asked anything yet.
async fn untouched(pool: &PgPool) -> Result<Vec<Uuid>, Failure> {
    let tasks: i64 = sqlx::query_scalar("SELECT count(*) FROM underway.task").fetch_one(pool).await?;
    if tasks > 0 {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_scalar("SELECT id FROM orders ORDER BY id").fetch_all(pool).await?)
}

/// Until all orders are through, or one of the workers fails. Says how long they worked.
async fn watched<E>(pool: &PgPool, mut working: JoinSet<Result<(), E>>) -> Result<(Duration, End), Failure>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let begun = Instant::now();
    tokio::select! {
        end = end(|| progress(pool.clone())) => Ok((begun.elapsed(), end?)),
        Some(ended) = working.join_next() => match ended? {
            Ok(()) => Err("a worker ended".into()),
            Err(failure) => Err(failure.into()),
        },
    }
}

async fn progress(pool: PgPool) -> Result<(i64, i64), Failure> {
    Ok(sqlx::query_as(sql::PROGRESS).fetch_one(&pool).await?)
}
