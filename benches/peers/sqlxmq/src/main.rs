//! sqlxmq: a queue of jobs in the database, whose completion can be part of a transaction.
//!
//! As a caller, each step spawns a job that tells of it. As a worker, each step is a job, which spawns the next one.

mod caller;
mod worker;

use peer_shared::{Account, Arguments, Asked, Failure, Mode, sql};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Instant;
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

/// The migrations are the library's own, copied as its README says.
async fn setup(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    sqlx::migrate!().run(&pool).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    worker::enqueue_all(&pool).await?;
    sqlx::query("VACUUM ANALYZE").execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    // A job that runs has a connection, and so has the library that looks for more of them.
    let connections = if asked.is_best() { 4 * asked.clients } else { asked.clients + 4 };
    let pool = PgPoolOptions::new().min_connections(asked.clients).max_connections(connections).connect(&asked.url).await?;
    let begun = Instant::now();
    let note = match asked.mode {
        Mode::Caller => caller::run(asked, &pool).await?,
        Mode::Worker => worker::run(asked, &pool).await?,
    };
    let (took, atomic) = (begun.elapsed(), asked.is_best());
    Account { peer: "sqlxmq", lock: include_str!("../Cargo.lock"), took, atomic, note }.print();
    Ok(())
}
