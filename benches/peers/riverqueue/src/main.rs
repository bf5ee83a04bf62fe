//! River: a step's job enqueues the job of the next step.

mod shop;

use peer_shared::{Account, Arguments, Asked, End, Failure, Mode, clients, end, sql, steps_from};
use riverqueue::migrate::PostgresMigrator;
use shop::Shop;
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Instant;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match Arguments::parse() {
        Arguments::Setup(asked) => setup(&asked).await,
        Arguments::Run(asked) => run(&asked).await,
    }
}

/// The first job of each order is there before the clock starts; a caller does not look at it.
async fn setup(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    PostgresMigrator::new(pool.clone()).migrate_up().await?;
    Shop::client(pool.clone())?.enqueue_all(open(&pool).await?).await?;
    sqlx::raw_sql(sql::ANALYZE).execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let pool = pool(asked).await?;
    let begun = Instant::now();
    let ended = match asked.mode {
        Mode::Caller => call(&pool, asked.clients).await?,
        Mode::Worker => work(&pool, asked.is_best()).await?,
    };
    let (atomic, note) = record(asked);
    Account { peer: "riverqueue", lock: include_str!("../Cargo.lock"), took: begun.elapsed(), atomic, note: ended.noted(note) }
        .print();
    Ok(())
}

/// By default as large as sqlx makes it; tuned, as large as the number of jobs that run at once asks for.
async fn pool(asked: &Asked) -> Result<PgPool, Failure> {
    let options = match asked.is_best() {
        true => PgPoolOptions::new().max_connections(asked.clients.max(shop::CONNECTIONS)).min_connections(asked.clients),
        false => PgPoolOptions::new(),
    };
    Ok(options.connect(&asked.url).await?)
}

async fn call(pool: &PgPool, count: u32) -> Result<End, Failure> {
    let shop = Shop::client(pool.clone())?;
    clients(open(pool).await?, count, move |(id, state)| {
        let shop = shop.clone();
        async move {
            for state in steps_from(&state) {
                shop.step(id, state).await?;
            }
            Ok(())
        }
    })
    .await?;
    Ok(End::Through)
}

async fn work(pool: &PgPool, best: bool) -> Result<End, Failure> {
    let shop = Shop::workers(pool.clone(), best)?;
    let mut working = shop.start()?;
    let ended = end(|| async { Ok(sqlx::query_as(sql::PROGRESS).fetch_one(pool).await?) }).await?;
    working.stop_and_cancel().await?;
    Ok(ended)
}

async fn open(pool: &PgPool) -> Result<Vec<(Uuid, String)>, Failure> {
    Ok(sqlx::query_as(sql::OPEN).fetch_all(pool).await?)
}

fn record(asked: &Asked) -> (bool, &'static str) {
    match (asked.mode, asked.is_best()) {
        (Mode::Caller, _) => (true, "the follow-up job is inserted in the transaction of the step; nobody works it"),
        (Mode::Worker, true) => (
            true,
            "`job_complete_tx` and the follow-up job are in the transaction of the step; rescue after 5 s instead of an hour, elections and the scheduler each second instead of every 5 s",
        ),
        (Mode::Worker, false) => (
            false,
            "the follow-up job is in the transaction of the step, the job's completion comes after it; rescue after 5 s instead of an hour, elections and the scheduler each second instead of every 5 s",
        ),
    }
}
