//! Apalis: a step's task pushes the task of the next step.

mod shop;

use peer_shared::{Account, Arguments, Asked, End, Failure, Mode, clients, end, sql, steps_from};
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

/// The first task of each order is there before the clock starts; a caller does not look at it.
async fn setup(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    let shop = Shop::new(pool.clone(), asked.is_best());
    shop.migrate().await?;
    shop.enqueue_all(open(&pool).await?).await?;
    sqlx::raw_sql(sql::ANALYZE).execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let pool = pool(asked).await?;
    let shop = Shop::new(pool.clone(), asked.is_best());
    let begun = Instant::now();
    let ended = match asked.mode {
        Mode::Caller => call(&pool, shop, asked.clients).await?,
        Mode::Worker => work(&pool, shop).await?,
    };
    let (atomic, note) = record(asked);
    Account {
        peer: "apalis-postgres",
        lock: include_str!("../Cargo.lock"),
        took: begun.elapsed(),
        atomic,
        note: ended.noted(note),
    }
    .print();
    Ok(())
}

/// By default as large as sqlx makes it; tuned, as large as the number of tasks that run at once asks for.
async fn pool(asked: &Asked) -> Result<PgPool, Failure> {
    let options = match asked.is_best() {
        true => PgPoolOptions::new().max_connections(asked.clients.max(shop::CONNECTIONS)).min_connections(asked.clients),
        false => PgPoolOptions::new(),
    };
    Ok(options.connect(&asked.url).await?)
}

async fn call(pool: &PgPool, shop: Shop, count: u32) -> Result<End, Failure> {
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

/// The worker is dropped when all is done: what it had left to say of tasks that are done is not asked for any more.
async fn work(pool: &PgPool, shop: Shop) -> Result<End, Failure> {
    tokio::select! {
        ended = end(|| async { Ok(sqlx::query_as(sql::PROGRESS).fetch_one(pool).await?) }) => ended,
        stopped = shop.work() => stopped.and(Err("the worker stopped before all was done".into())),
    }
}

async fn open(pool: &PgPool) -> Result<Vec<(Uuid, String)>, Failure> {
    Ok(sqlx::query_as(sql::OPEN).fetch_all(pool).await?)
}

fn record(asked: &Asked) -> (bool, &'static str) {
    match (asked.mode, asked.is_best()) {
        (Mode::Caller, _) => (true, "the follow-up task is pushed in the transaction of the step; nobody works it"),
        (Mode::Worker, true) => (
            true,
            "the follow-up task and the task's result (`queries::handle_results`) are in the transaction of the step; a heartbeat each second instead of every 30 s, a worker counts as dead after 10 s instead of 5 minutes",
        ),
        (Mode::Worker, false) => (
            false,
            "the follow-up task is in the transaction of the step, the task's result comes after it; a heartbeat each second instead of every 30 s, a worker counts as dead after 10 s instead of 5 minutes",
        ),
    }
}
