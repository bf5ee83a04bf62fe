//! The example's orders: effects in the application on most lines, and an inventory that must add up.

use crate::life::{Answer, Life, Op, Run, Way, answer};
use order::shop::Shop;
use order::workflow::{Order, order as wf};
use serde_json::{Map, Value};
use sqlx::PgPool;
use uuid::Uuid;
use workflow_runtime::{Created, Runtime};

pub(crate) struct Orders {
    shop: Runtime<Shop>,
}

/// What is on the shelf at first: enough for two orders at most.
const SHELF: i64 = 6;

impl Life for Orders {
    const SOURCE: &'static str = workflow_tests::ORDER;
    const TABLES: &'static str = "
        CREATE TABLE inventory (sku text PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0), reserved integer NOT NULL DEFAULT 0 CHECK (reserved >= 0));
        CREATE TABLE stock_moves (order_id uuid, sku text, quantity integer, move text);
        CREATE TABLE shipments (order_id uuid PRIMARY KEY, sku text NOT NULL, quantity integer NOT NULL, warehouse text NOT NULL, tracking text NOT NULL);
        CREATE TABLE notifications (order_id uuid PRIMARY KEY, message text NOT NULL);";

    fn new(pool: PgPool) -> Self {
        Orders { shop: Runtime::new(pool, Shop::default()) }
    }

    fn key(run: Run, instance: usize) -> String {
        Uuid::from_u64_pair(run.0, instance as u64).to_string()
    }

    fn key_sql(run: Run, instance: usize) -> String {
        format!("'{}'", Self::key(run, instance))
    }

    async fn create(&self, run: Run, instance: usize, actor: &str) {
        let sku = format!("tea {}", run.0);
        let shelf = sqlx::query("INSERT INTO inventory VALUES ($1, $2) ON CONFLICT DO NOTHING").bind(&sku).bind(SHELF as i32);
        shelf.execute(self.shop.pool()).await.expect("a shelf");
        let id = Uuid::from_u64_pair(run.0, instance as u64);
        let new = wf::New { id, customer_id: id, sku, quantity: 2 };
        let created = self.shop.as_actor(actor).create(new).await.expect("an order");
        assert!(matches!(created, Created::New(_)));
    }

    async fn rust(&self, run: Run, op: Op, event: &str, actor: &str) -> Answer {
        let id = Uuid::from_u64_pair(run.0, op.instance as u64);
        let event = self::event(run, event, op.seed);
        let shop = self.shop.as_actor(actor);
        match op.way {
            Way::Fire => answer(shop.fire(id, event).await),
            Way::Typed => typed(&shop, id, event, op).await,
            _ => {
                let mut tx = shop.begin_at(op.isolation).await.expect("a transaction");
                match answer(tx.fire(id, event).await) {
                    Answer::Accepted => answer(tx.commit().await.map_err(workflow_runtime::Error::<Order>::from)),
                    other => other,
                }
            }
        }
    }

    fn allows(event: &str, before: &Map<String, Value>, _: &Map<String, Value>, others: &[Map<String, Value>]) -> bool {
        // The shelf's CHECK decides: what the others hold or have shipped is gone from it.
        let taken: i64 = others.iter().filter(|o| holds(o)).filter_map(|o| o["quantity"].as_i64()).sum();
        event != "reserve" || taken + before["quantity"].as_i64().unwrap_or_default() <= SHELF
    }

    async fn totals(&self, run: Run) -> Vec<String> {
        let wrong: Vec<String> = sqlx::query_scalar(
            "SELECT format('shelf %s, reserved %s of %s, shipped %s of %s, told %s of %s', i.on_hand, i.reserved, held, sent, shipped, told, delivered)
             FROM inventory i,
                  (SELECT coalesce(sum(quantity) FILTER (WHERE state = 'reserved'), 0) AS held,
                          coalesce(sum(quantity) FILTER (WHERE state IN ('shipped', 'delivered')), 0) AS shipped,
                          count(*) FILTER (WHERE state = 'delivered') AS delivered,
                          (SELECT coalesce(sum(quantity), 0) FROM shipments WHERE sku = $1) AS sent,
                          (SELECT count(*) FROM notifications n JOIN orders d ON d.id = n.order_id AND d.sku = $1) AS told
                   FROM orders WHERE sku = $1) o
             WHERE i.sku = $1 AND (i.reserved <> held OR sent <> shipped OR told <> delivered OR i.on_hand + i.reserved + sent <> $2)",
        )
        .bind(format!("tea {}", run.0))
        .bind(SHELF)
        .fetch_all(self.shop.pool())
        .await
        .expect("totals");
        wrong
    }
}

fn holds(order: &Map<String, Value>) -> bool {
    matches!(order["state"].as_str(), Some("reserved" | "shipped" | "delivered"))
}

fn event(run: Run, event: &str, seed: u8) -> wf::Event {
    let text = format!("it's {} {}", run.0, seed % 4);
    match event {
        "reserve" => wf::event::Reserve { warehouse: text }.into(),
        "ship" => wf::event::Ship { tracking: text }.into(),
        "undeliverable" => wf::event::Undeliverable.into(),
        "deliver" => wf::event::Deliver.into(),
        "cancel" => wf::event::Cancel { reason: text }.into(),
        "expire" => wf::event::Expire.into(),
        "change_quantity" => wf::event::ChangeQuantity { quantity: i32::from(seed % 5) }.into(),
        other => panic!("no such event: {other}"),
    }
}

/// By the methods that the state's type has; an event that it does not have does not compile, and is refused here.
async fn typed(shop: &Runtime<Shop>, id: Uuid, event: wf::Event, op: Op) -> Answer {
    let order = Order::load(shop.pool(), id).await.expect("a row").expect("an order");
    let mut tx = shop.begin_at(op.isolation).await.expect("a transaction");
    let moved = match (order.typed(), event) {
        (wf::In::Placed(o), wf::Event::Reserve(e)) => answer(o.reserve(&mut tx, e.warehouse).await),
        (wf::In::Placed(o), wf::Event::Cancel(e)) => answer(o.cancel(&mut tx, e.reason).await),
        (wf::In::Placed(o), wf::Event::Expire(_)) => answer(o.expire(&mut tx).await),
        (wf::In::Placed(o), wf::Event::ChangeQuantity(e)) => answer(o.change_quantity(&mut tx, e.quantity).await),
        (wf::In::Reserved(o), wf::Event::Ship(e)) => answer(o.ship(&mut tx, e.tracking).await),
        (wf::In::Reserved(o), wf::Event::Undeliverable(_)) => answer(o.undeliverable(&mut tx).await),
        (wf::In::Reserved(o), wf::Event::Cancel(e)) => answer(o.cancel(&mut tx, e.reason).await),
        (wf::In::Shipped(o), wf::Event::Deliver(_)) => answer(o.deliver(&mut tx).await),
        _ => Answer::Refused,
    };
    match moved {
        Answer::Accepted => answer(tx.commit().await.map_err(workflow_runtime::Error::<Order>::from)),
        other => other,
    }
}
