//! The guide's code, run on the order example.

mod children;
mod pgbouncer;
mod reading;
mod testing;
mod transitions;
mod work;

use ::order::shop::Shop;
use ::order::workflow::order;
use uuid::Uuid;
use workflow_runtime::Runtime;

type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

const TABLES: &str = "
    CREATE TABLE inventory (sku text PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0), reserved integer NOT NULL DEFAULT 0);
    CREATE TABLE stock_moves (order_id uuid, sku text, quantity integer, move text);
    CREATE TABLE shipments (order_id uuid PRIMARY KEY, sku text, quantity integer, warehouse text, tracking text);
    CREATE TABLE notifications (order_id uuid PRIMARY KEY, message text NOT NULL);
    CREATE TABLE notes (order_id uuid NOT NULL, note text NOT NULL);
    CREATE TABLE webhooks (delivery text PRIMARY KEY);
    INSERT INTO inventory VALUES ('tea', 1000);
";

async fn shop() -> Runtime<Shop> {
    open(Shop::default()).await
}

async fn open(shop: Shop) -> Runtime<Shop> {
    let database = workflow_tests::database(workflow_tests::ORDER, TABLES).await;
    Runtime::connect(database.url(), shop).await.expect("a runtime")
}

async fn placed(shop: &Runtime<Shop>, quantity: i32) -> Uuid {
    let new = order::New { id: Uuid::new_v4(), customer_id: Uuid::new_v4(), sku: "tea".into(), quantity };
    let id = new.id;
    shop.create(new).await.expect("a new order");
    id
}

async fn reserved(shop: &Runtime<Shop>) -> Uuid {
    let id = placed(shop, 1).await;
    shop.fire(id, order::event::Reserve { warehouse: "BER".into() }).await.expect("there is enough");
    id
}
