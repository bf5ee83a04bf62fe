//! Graphile Worker: a queue of jobs in the database, whose workers mark a job as done by themselves.
//!
//! As a caller, each step adds a job that tells of it. As a worker, each step is a job, which adds the next one.

mod caller;
mod worker;

use graphile_worker::WorkerUtils;
use peer_shared::{Account, Arguments, Asked, Failure, Mode, sql};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Instant;
use uuid::Uuid;

const SCHEMA: &str = "graphile_worker";

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
    let utils = WorkerUtils::new(pool.clone(), SCHEMA);
    utils.migrate().await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    worker::add_all(&pool, &utils).await?;
    sqlx::query("VACUUM ANALYZE").execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    // As many as the library's own pool has by itself, and more where more jobs run at once.
    let connections = if asked.is_best() { 4 * asked.clients } else { 20 };
    let pool = PgPoolOptions::new().min_connections(asked.clients).max_connections(connections).connect(&asked.url).await?;
    let begun = Instant::now();
    let (atomic, note) = match asked.mode {
        Mode::Caller => caller::run(asked, &pool).await?,
        Mode::Worker => worker::run(asked, &pool).await?,
    };
    Account { peer: "graphile_worker", lock: include_str!("../Cargo.lock"), took: begun.elapsed(), atomic, note }.print();
    Ok(())
}
