//! Durare: an order is a workflow of three steps.

mod shop;

use peer_shared::{Account, Arguments, Asked, End, Failure, Mode, clients, end, sql};
use shop::Shop;
use sqlx::postgres::PgPool;
use std::time::Instant;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match Arguments::parse() {
        Arguments::Setup(asked) => setup(&asked).await,
        Arguments::Run(asked) => run(&asked).await,
    }
}

/// A workflow of each order is in the queue before the clock starts. A caller starts one of its own instead.
async fn setup(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    sqlx::raw_sql(sql::CREATE).execute(&pool).await?;
    sqlx::query(sql::FILL_ORDERS).bind(asked.orders).execute(&pool).await?;
    sqlx::query(sql::FILL_LEDGER).execute(&pool).await?;
    let shop = Shop::open(&asked.url, asked.is_best()).await?;
    clients(open(&pool).await?, asked.clients, move |id| {
        let shop = shop.clone();
        async move { shop.enqueue(id).await }
    })
    .await?;
    sqlx::raw_sql(sql::ANALYZE).execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPool::connect(&asked.url).await?;
    let shop = Shop::open(&asked.url, asked.is_best()).await?;
    let begun = Instant::now();
    shop.recover().await?;
    let ended = match asked.mode {
        Mode::Caller => call(&pool, shop, asked.clients).await?,
        Mode::Worker => work(&pool, &shop).await?,
    };
    let (atomic, note) = record(asked);
    Account { peer: "durare", lock: include_str!("../Cargo.lock"), took: begun.elapsed(), atomic, note: ended.noted(note) }
        .print();
    Ok(())
}

async fn call(pool: &PgPool, shop: Shop, count: u32) -> Result<End, Failure> {
    clients(open(pool).await?, count, move |id| {
        let shop = shop.clone();
        async move { shop.bring(id).await }
    })
    .await?;
    Ok(End::Through)
}

async fn work(pool: &PgPool, shop: &Shop) -> Result<End, Failure> {
    shop.work().await?;
    let ended = end(|| async { Ok(sqlx::query_as(sql::PROGRESS).fetch_one(pool).await?) }).await?;
    shop.stop().await?;
    Ok(ended)
}

async fn open(pool: &PgPool) -> Result<Vec<Uuid>, Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    Ok(open.into_iter().map(|(id, _)| id).collect())
}

fn record(asked: &Asked) -> (bool, &'static str) {
    match asked.is_best() {
        true => (true, "`#[durare::transaction]`: the step's record is in the transaction of the step"),
        false => (false, "`#[durare::step]`: the step is recorded after it was done, a crash in between does it twice"),
    }
}
