//! Ours: the state, the application's row and the job commit in one statement.
//!
//! As a caller, `fire` one step after the other. As a worker, each state has an activity whose outcome is the next step.

mod order;

use clap::{Args, Parser, ValueEnum};
use order::{Order, Parcel, Shop, order as orders};
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Runtime, Settings, Worker, WorkerSettings};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
enum Arguments {
    Setup(Asked),
    Run(Asked),
}

#[derive(Args)]
struct Asked {
    #[arg(long)]
    url: String,
    #[arg(long, default_value = "caller")]
    mode: Mode,
    #[arg(long, default_value = "best")]
    configuration: Configuration,
    #[arg(long, default_value_t = 20_000)]
    orders: i64,
    #[arg(long, default_value_t = 8)]
    clients: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Caller,
    Worker,
}

/// As a caller there is nothing to tune.
#[derive(Clone, Copy, ValueEnum)]
enum Configuration {
    Default,
    Best,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match Arguments::parse() {
        Arguments::Setup(asked) => Ok(Runtime::connect(&asked.url, Shop).await?.migrate(&sqlx::migrate!()).await.map(drop)?),
        Arguments::Run(asked) => run(&asked).await,
    }
}

async fn run(asked: &Asked) -> Result<(), Failure> {
    let pool = PgPoolOptions::new().min_connections(asked.clients).max_connections(asked.clients + 4).connect(&asked.url).await?;
    let shop = Runtime::with(pool, Shop, Settings::default());
    let begun = Instant::now();
    match asked.mode {
        Mode::Caller => call(&shop, asked.clients).await?,
        Mode::Worker => work(&shop, asked.configuration).await?,
    }
    let line = serde_json::json!({
        "peer": "workflow", "version": "here", "seconds": begun.elapsed().as_secs_f64(), "atomic": true,
    });
    println!("{line}");
    Ok(())
}

/// Each client has every eighth order, and moves it as far as it goes.
async fn call(shop: &Runtime<Shop>, clients: u32) -> Result<(), Failure> {
    let ids: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT id, state FROM orders WHERE state <> 'delivered' ORDER BY id").fetch_all(shop.pool()).await?;
    let mut all = JoinSet::new();
    for client in 0..clients as usize {
        let (shop, share) = (shop.clone(), ids.iter().skip(client).step_by(clients as usize).cloned().collect::<Vec<_>>());
        all.spawn(async move {
            for (id, state) in share {
                if state == "placed" {
                    shop.fire(id, orders::event::Reserve).await?;
                }
                if state != "shipped" {
                    shop.fire(id, orders::event::Ship).await?;
                }
                shop.fire(id, orders::event::Deliver).await?;
            }
            Ok::<(), workflow_runtime::Error<Order>>(())
        });
    }
    while let Some(ended) = all.join_next().await {
        ended??;
    }
    Ok(())
}

async fn work(shop: &Runtime<Shop>, configuration: Configuration) -> Result<(), Failure> {
    let mut settings = WorkerSettings::default();
    if let Configuration::Best = configuration {
        settings.concurrency = 64;
    }
    let worker = Worker::with(shop.clone(), settings).serving::<Parcel>();
    let all = ended(shop.pool().clone());
    worker.run(async move { all.await.unwrap_or_default() }).await;
    Ok(())
}

async fn ended(pool: PgPool) -> Result<(), sqlx::Error> {
    let open = "SELECT EXISTS (SELECT FROM parcels WHERE state <> 'delivered')";
    while sqlx::query_scalar::<_, bool>(open).fetch_one(&pool).await? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
