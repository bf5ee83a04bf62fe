//! The tutorial's program, as it grows from step to step.

// `main` is compiled, and not run: the tests have a database of their own.
#![allow(dead_code)]

use crate::shop::Shop;
use crate::workflow::Order;
use crate::workflow::order::{self, Reserved};
use sqlx::migrate::Migrator;
use std::path::Path;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = Runtime::connect("postgres://localhost/shop", Shop).await?;
    runtime.migrate(&Migrator::new(Path::new("migrations")).await?).await?;
    Ok(())
}

type Outputs = Result<Vec<String>, Box<dyn std::error::Error>>;

/// A database with the tutorial's workflow, before the reader's own tables are made.
pub async fn database() -> workflow_testing::Database {
    workflow_tests::database(include_str!("tutorial/workflow.rs"), "").await
}

/// What the program prints, step by step.
pub async fn outputs() -> Outputs {
    let database = database().await;
    let page = crate::book::page("docs/src/tutorial.md");
    let tables = page.blocks().into_iter().find(|block| block.kind == "sql").expect("the shop's own tables");
    assert_eq!(crate::psql::run(&database, &tables.text), "");
    let runtime = Runtime::connect(database.url(), Shop).await?;
    let (id, mut outputs) = fire(&runtime).await?;
    outputs.extend(refuse(&runtime).await?);
    outputs.extend(ship(&runtime, id).await?);
    race(&runtime).await?;
    outputs.extend(lose(&runtime).await?);
    Ok(outputs)
}

async fn fire(runtime: &Runtime<Shop>) -> Result<(Uuid, Vec<String>), Box<dyn std::error::Error>> {
    let id = Uuid::new_v4();
    runtime.create(order::New { id, sku: "tea".into(), quantity: 2 }).await?;
    let order = runtime.fire(id, order::event::Reserve { warehouse: "BER".into() }).await?;
    println!("{} of {} in {}", order.quantity, order.sku, order.state.warehouse);
    Ok((id, vec![format!("{} of {} in {}", order.quantity, order.sku, order.state.warehouse)]))
}

async fn refuse(runtime: &Runtime<Shop>) -> Outputs {
    let greedy = Uuid::new_v4();
    runtime.create(order::New { id: greedy, sku: "tea".into(), quantity: 100 }).await?;
    let refused = runtime.fire(greedy, order::event::Reserve { warehouse: "BER".into() }).await;
    if let Err(error) = &refused {
        println!("{error}");
    }
    let order = Order::load(runtime.pool(), greedy).await?.expect("it was created");
    println!("{:?}", order.state);
    Ok(vec![format!("{}\n{:?}", refused.expect_err("there is not enough"), order.state)])
}

async fn ship(runtime: &Runtime<Shop>, id: Uuid) -> Outputs {
    let mut tx = runtime.begin().await?;
    let order = tx.lock::<Order<Reserved>>(id).await?;
    sqlx::query("INSERT INTO parcels (order_id, warehouse) VALUES ($1, $2)")
        .bind(id)
        .bind(&order.state.warehouse)
        .execute(&mut *tx)
        .await?;
    let order = order.ship(&mut tx, "T-1").await?;
    tx.commit().await?;

    for step in order.history(runtime.pool()).await? {
        println!("{} {} {:?}", step.version, step.event, step.state);
    }
    let steps = order.history(runtime.pool()).await?;
    let lines: Vec<_> = steps.iter().map(|step| format!("{} {} {:?}", step.version, step.event, step.state)).collect();
    Ok(vec![lines.join("\n")])
}

async fn race(runtime: &Runtime<Shop>) -> Result<(), Box<dyn std::error::Error>> {
    let id = Uuid::new_v4();
    runtime.create(order::New { id, sku: "tea".into(), quantity: 1 }).await?;
    let (reserved, cancelled) = tokio::join!(
        runtime.fire(id, order::event::Reserve { warehouse: "BER".into() }),
        runtime.fire(id, order::event::Cancel { reason: "found it cheaper".into() }),
    );
    assert!(reserved.is_ok() != cancelled.is_ok());
    if let Err(Error::Conflict { actual, by, .. }) = &reserved {
        println!("too late: {:?}, by {:?}", actual.state, by);
    }
    Ok(())
}

/// The race with the one end that the page shows.
async fn lose(runtime: &Runtime<Shop>) -> Outputs {
    let id = Uuid::new_v4();
    runtime.create(order::New { id, sku: "tea".into(), quantity: 1 }).await?;
    runtime.fire(id, order::event::Cancel { reason: "found it cheaper".into() }).await?;
    let lost = runtime.fire(id, order::event::Reserve { warehouse: "BER".into() }).await;
    Ok(vec![lost.expect_err("it is cancelled").to_string()])
}
