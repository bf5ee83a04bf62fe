//! DBOS: an order is a workflow of three steps.

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
    let shop = Shop::without_queue(asked, pool.clone())?;
    shop.launch().await?;
    let queued = shop.clone();
    clients(open(&pool).await?, asked.clients, move |id| {
        let shop = queued.clone();
        async move { shop.enqueue(id).await }
    })
    .await?;
    shop.stop().await;
    sqlx::raw_sql(sql::ANALYZE).execute(&pool).await?;
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let pool = pool(asked).await?;
    let begun = Instant::now();
    let ended = match asked.mode {
        Mode::Caller => call(asked, &pool).await?,
        Mode::Worker => work(asked, &pool).await?,
    };
    let note = ended.noted(
        "the library has no transactional step in Rust: a step is recorded after it was done, a crash in between does it twice",
    );
    Account { peer: "dbos", lock: include_str!("../Cargo.lock"), took: begun.elapsed(), atomic: false, note }.print();
    Ok(())
}

/// For the steps: the library's own pool is closed to them.
async fn pool(asked: &Asked) -> Result<PgPool, Failure> {
    let options = match asked.is_best() {
        true => sqlx::postgres::PgPoolOptions::new().max_connections(shop::CONNECTIONS),
        false => sqlx::postgres::PgPoolOptions::new(),
    };
    Ok(options.connect(&asked.url).await?)
}

async fn call(asked: &Asked, pool: &PgPool) -> Result<End, Failure> {
    let shop = Shop::without_queue(asked, pool.clone())?;
    shop.launch().await?;
    let called = shop.clone();
    clients(open(pool).await?, asked.clients, move |id| {
        let shop = called.clone();
        async move { shop.bring(id).await }
    })
    .await?;
    shop.stop().await;
    Ok(End::Through)
}

async fn work(asked: &Asked, pool: &PgPool) -> Result<End, Failure> {
    let shop = Shop::with_queue(asked, pool.clone())?;
    shop.launch().await?;
    let ended = end(|| async { Ok(sqlx::query_as(sql::PROGRESS).fetch_one(pool).await?) }).await?;
    shop.stop().await;
    Ok(ended)
}

async fn open(pool: &PgPool) -> Result<Vec<Uuid>, Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(sql::OPEN).fetch_all(pool).await?;
    Ok(open.into_iter().map(|(id, _)| id).collect())
}
