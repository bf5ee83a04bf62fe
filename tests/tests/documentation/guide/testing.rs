//! Testing.

use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};
use workflow_testing::{Database, Subject, Unproved};

#[tokio::test]
async fn nothing_is_reserved_of_what_is_not_there() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::create().await?;
    let shop = Runtime::connect(database.url(), Shop::default()).await?;
    shop.migrate(&sqlx::migrate!("../examples/order/migrations")).await?;

    let id = Uuid::new_v4();
    shop.create(order::New { id, customer_id: Uuid::new_v4(), sku: "tea".into(), quantity: 1 }).await?;
    let refused = shop.fire(id, order::event::Reserve { warehouse: "BER".into() }).await;

    assert!(matches!(refused, Err(Error::Rejected { .. })));
    let order = Order::load(shop.pool(), id).await?.expect("it was created");
    assert_eq!(order.state, order::State::Placed(order::Placed));
    Ok(())
}

#[tokio::test]
async fn what_nobody_reserves_expires_after_half_an_hour() -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::create().await?;
    let shop = Runtime::connect(database.url(), Shop::default()).await?;
    shop.migrate(&sqlx::migrate!("../examples/order/migrations")).await?;
    let id = Uuid::new_v4();
    shop.create(order::New { id, customer_id: Uuid::new_v4(), sku: "tea".into(), quantity: 1 }).await?;

    workflow_testing::advance(shop.pool(), Duration::from_secs(30 * 60)).await?;
    Worker::new(shop.clone()).serving::<Order>().until_idle().await?;

    let order = Order::load(shop.pool(), id).await?.expect("it was created");
    assert_eq!(order.state, order::State::Cancelled(order::Cancelled { reason: "not reserved in time".into() }));
    Ok(())
}

async fn subject() -> Subject<Order, Shop> {
    let database = Database::create().await.unwrap();
    let shop = Runtime::connect(database.url(), Shop::default()).await.unwrap();
    shop.migrate(&sqlx::migrate!("../examples/order/migrations")).await.unwrap();
    sqlx::query("INSERT INTO inventory (sku, initial, on_hand) VALUES ('tea', 10, 10)").execute(shop.pool()).await.unwrap();
    Subject::new(&database, |url| async move { Runtime::connect(&url, Shop::default()).await }).sample("sku", ["tea"])
}

#[tokio::test]
async fn an_order_comes_to_any_state() -> Result<(), Unproved> {
    let orders = subject().await;
    let shipped: Order<order::Shipped> = orders.reach_in::<order::Shipped>().await?;
    let cancelled: Order = orders.reach("cancelled").await?;

    assert_eq!((shipped.version(), cancelled.version()), (3, 2));
    Ok(())
}
