//! pgmq: a queue of messages in the database; a message comes back unless it was archived in time.
//!
//! As a caller, each step sends a message that tells of it. As a worker, each step has a queue, whose messages name an order.

mod caller;
mod worker;

use peer_shared::{Account, Arguments, Asked, Failure, Mode, sql};
use pgmq::PGMQueueExt;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Instant;
use uuid::Uuid;

/// What callers tell of.
const TOLD: &str = "told";
/// What workers are to do.
const STEPS: &str = "steps";

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
    let (pool, queue) = connected(asked).await?;
    queue.install_sql_from_embedded().await?;
    queue.create(TOLD).await?;
    queue.create(STEPS).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    let orders: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM orders ORDER BY id").fetch_all(&pool).await?;
    let first = |&order: &Uuid| Step { order, to: "reserved".into() };
    for some in orders.chunks(1_000) {
        queue.send_batch(STEPS, &some.iter().map(first).collect::<Vec<_>>()).await?;
    }
    sqlx::query("VACUUM ANALYZE").execute(&pool).await?;
    Ok(())
}

/// The pool has a connection for each client, in both configurations: pgmq's own constructor asks for a number.
async fn connected(asked: &Asked) -> Result<(PgPool, PGMQueueExt), Failure> {
    let pool = PgPoolOptions::new().min_connections(asked.clients).max_connections(asked.clients + 4).connect(&asked.url).await?;
    let queue = PGMQueueExt::new_with_pool(pool.clone()).await;
    Ok((pool, queue))
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let (pool, queue) = connected(asked).await?;
    let begun = Instant::now();
    let note = match asked.mode {
        Mode::Caller => caller::run(asked, &pool, &queue).await?,
        Mode::Worker => worker::run(asked, &pool, &queue).await?,
    };
    let (took, atomic) = (begun.elapsed(), asked.is_best());
    Account { peer: "pgmq", lock: include_str!("../Cargo.lock"), took, atomic, note }.print();
    Ok(())
}
