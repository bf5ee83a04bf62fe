//! The thin slice: one order on its way.

use order::shop::Shop;
use order::workflow::{Order, order as wf};
use uuid::Uuid;
use workflow_runtime::Runtime;

const TABLES: &str = "
CREATE TABLE inventory (sku text PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0), reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0));
CREATE TABLE shipments (order_id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL, warehouse text NOT NULL, tracking text NOT NULL);
CREATE TABLE notifications (order_id uuid PRIMARY KEY, message text NOT NULL);
INSERT INTO inventory VALUES ('tea', 3);
";

#[tokio::test]
async fn an_order_goes_from_placed_to_delivered() {
    let db = workflow_tests::database(workflow_tests::ORDER, TABLES).await;
    let pool = db.pool().await.unwrap();
    let shop = Runtime::new(pool.clone(), Shop);
    let id = Uuid::new_v4();
    let new = wf::New { id, customer_id: Uuid::new_v4(), sku: "tea".into(), quantity: 2 };
    let placed = shop.create(new.clone()).await.unwrap().new().unwrap();
    println!("{placed:?} {:?}", shop.create(new).await.unwrap());
    let reserved = shop.fire(id, wf::event::Reserve { warehouse: "BER".into() }).await.unwrap();
    println!("{reserved:?}");
    println!("{:?}", shop.fire(id, wf::event::Reserve { warehouse: "BER".into() }).await.unwrap_err().to_string());
    let mut tx = shop.begin().await.unwrap();
    let order = tx.lock::<Order<wf::Reserved>>(id).await.unwrap();
    let shipped = order.ship(&mut tx, "T1").await.unwrap();
    tx.commit().await.unwrap();
    println!("{shipped:?}");
    let delivered = shop.as_actor("alice").once("k").fire(id, wf::event::Deliver).await.unwrap();
    println!("{delivered:?}");
    let delivered = shop.as_actor("alice").once("k").fire(id, wf::event::Deliver).await.unwrap();
    println!("{delivered:?}");
    for step in shipped.history(&pool).await.unwrap() {
        println!("{step:?}");
    }
    println!("{:?} {:?}", shipped.possible(), placed.possible_now(&pool).await.unwrap());
    println!("{:?}", Order::find(&pool).in_state::<wf::Delivered>().limit(3).all().await.unwrap());
    println!("{:?}", shop.fire_all([id, Uuid::new_v4()], wf::event::ChangeQuantity { quantity: 3 }).await.unwrap());
}
