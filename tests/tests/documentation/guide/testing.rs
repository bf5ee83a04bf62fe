//! Testing.

use ::order::shop::Shop;
use ::order::workflow::{Order, order};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};
use workflow_testing::Database;

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
