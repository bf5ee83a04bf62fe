//! What the scenes play on: a server, a migrated database, some stock, and the shop's runtime.

use crate::scenes::Failure;
use ::order::shop::Shop;
use ::order::workflow::{Order, order as workflow};
use sqlx::PgPool;
use std::time::Instant;
use uuid::Uuid;
use workflow_runtime::Runtime;
use workflow_testing::{Database, Server};

pub(crate) struct Stage {
    /// It stops with the stage.
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) shop: Runtime<Shop>,
}

impl Stage {
    pub(crate) async fn set() -> Result<Self, Failure> {
        let started = Instant::now();
        let server = Server::private().await?;
        let database = server.create_database().await?;
        let shop = Runtime::connect(database.url(), Shop::default()).await?;
        shop.migrate(&sqlx::migrate!()).await?;
        println!("A PostgreSQL server of its own, migrated, in {:.1} s.", started.elapsed().as_secs_f64());
        Ok(Stage { server, database, shop })
    }

    /// With connections that no restart of the server has ended.
    pub(crate) async fn reconnect(&mut self) -> Result<(), sqlx::Error> {
        self.shop = Runtime::connect(self.database.url(), Shop::default()).await?;
        Ok(())
    }

    pub(crate) fn pool(&self) -> &PgPool {
        self.shop.pool()
    }

    pub(crate) async fn stock_up(&self, sku: &str, quantity: i32) -> Result<(), sqlx::Error> {
        let insert = sqlx::query("INSERT INTO inventory (sku, on_hand, initial) VALUES ($1, $2, $2)");
        insert.bind(sku).bind(quantity).execute(self.pool()).await.map(|_| ())
    }

    pub(crate) async fn on_hand(&self, sku: &str) -> Result<i32, sqlx::Error> {
        sqlx::query_scalar("SELECT on_hand FROM inventory WHERE sku = $1").bind(sku).fetch_one(self.pool()).await
    }

    pub(crate) async fn place(&self, sku: &str, quantity: i32) -> Result<Order<workflow::Placed>, Failure> {
        let new = workflow::New { id: Uuid::new_v4(), customer_id: Uuid::new_v4(), sku: sku.to_owned(), quantity };
        self.shop.create(new).await?.into_new().ok_or_else(|| "an order of this id exists".into())
    }

    pub(crate) async fn load(&self, id: Uuid) -> Result<Order, Failure> {
        Order::load(self.pool(), id).await?.ok_or_else(|| "the order is gone".into())
    }
}
