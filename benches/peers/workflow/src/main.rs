//! Ours: the state, the application's row and the job commit in one statement.
//!
//! As a caller, `fire` one step after the other. As a worker, each state has an activity whose outcome is the next step.

mod order;

use order::{Order, Parcel, Shop, order as orders};
use peer_shared::{Account, Arguments, Asked, End, Failure, Mode, clients, end, steps_from};
use sqlx::postgres::PgPool;
use std::time::Instant;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker, WorkerSettings};

const NOTE: &str = "state, history, job and data are written by one statement";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match Arguments::parse() {
        Arguments::Setup(asked) => setup(&asked).await,
        Arguments::Run(asked) => run(&asked).await,
    }
}

/// The same orders once for callers and once for workers, with one ledger: a run moves one of them.
async fn setup(asked: &Asked) -> Result<(), Failure> {
    let shop = Runtime::connect(&asked.url, Shop).await?;
    shop.migrate(&sqlx::migrate!()).await?;
    let orders = "INSERT INTO orders (id) SELECT gen_random_uuid() FROM generate_series(1, $1)";
    sqlx::query(orders).bind(asked.orders).execute(shop.pool()).await?;
    for fill in ["INSERT INTO parcels (id) SELECT id FROM orders", peer_shared::sql::FILL_LEDGER, "VACUUM ANALYZE"] {
        sqlx::query(fill).execute(shop.pool()).await?;
    }
    Ok(())
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let shop = Runtime::connect(&asked.url, Shop).await?;
    let begun = Instant::now();
    let end = match asked.mode {
        Mode::Caller => call(&shop, asked.clients).await?,
        Mode::Worker => work(&shop, asked.is_best()).await?,
    };
    Account {
        peer: "workflow-runtime",
        lock: include_str!("../Cargo.lock"),
        took: begun.elapsed(),
        atomic: true,
        note: end.noted(NOTE),
    }
    .print();
    Ok(())
}

async fn call(shop: &Runtime<Shop>, many: u32) -> Result<End, Failure> {
    let open: Vec<(Uuid, String)> = sqlx::query_as(peer_shared::sql::OPEN).fetch_all(shop.pool()).await?;
    let shop = shop.clone();
    clients(open, many, move |(id, state)| {
        let shop = shop.clone();
        async move { Ok(moved(&shop, id, &state).await?) }
    })
    .await?;
    Ok(End::Through)
}

/// As far as it goes. Where a step was made meanwhile, by a process that was killed while its statement ran, the next one is due.
async fn moved(shop: &Runtime<Shop>, id: Uuid, state: &str) -> Result<(), Error<Order>> {
    for step in steps_from(state) {
        let made = match *step {
            "reserved" => shop.fire(id, orders::event::Reserve).await.map(drop),
            "shipped" => shop.fire(id, orders::event::Ship).await.map(drop),
            _ => shop.fire(id, orders::event::Deliver).await.map(drop),
        };
        if !matches!(made, Err(Error::Conflict { .. })) {
            made?;
        }
    }
    Ok(())
}

async fn work(shop: &Runtime<Shop>, best: bool) -> Result<End, Failure> {
    let mut settings = WorkerSettings::default();
    if best {
        settings.concurrency = 128;
    }
    let worker = Worker::with(shop.clone(), settings).serving::<Parcel>();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let pool = shop.pool().clone();
    let watch = tokio::spawn(async move {
        let ended = end(|| progress(pool.clone())).await;
        let _ = stop.send(());
        ended
    });
    worker.run(async move { stopped.await.unwrap_or_default() }).await;
    watch.await?
}

async fn progress(pool: PgPool) -> Result<(i64, i64), Failure> {
    let asked = "SELECT (SELECT count(*) FROM parcels WHERE state <> 'delivered'), (SELECT sum(steps) FROM ledger)";
    Ok(sqlx::query_as(asked).fetch_one(&pool).await?)
}
