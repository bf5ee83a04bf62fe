//! A database with orders and shipments, and an application that moves both.

use super::workflows::{Order, Shipment, TABLES, order, shipment, source};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, Postgres};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job, Runtime, Settings, Worker, WorkerSettings};
use workflow_testing::Database;

/// The application.
#[derive(Debug, Default)]
pub struct Shop {
    /// So many celebrations fail.
    pub sad: Arc<AtomicUsize>,
    /// Whether an order cannot be packed after all, once its shipments are there.
    pub torn: bool,
}

impl order::Effects for Shop {
    type Error = BoxError;

    async fn create_shipments(
        &self,
        tx: &mut PgConnection,
        _: &Order<order::Placed>,
        order: &Order<order::Shipping>,
        event: &order::event::Pack,
    ) -> Result<(), BoxError> {
        let mut tx = Runtime::within(self, tx)?;
        for _ in 0..event.parcels {
            tx.create(shipment::New { id: Uuid::new_v4(), order_id: order.id }).await?;
        }
        if self.torn { Err("the paper is torn".into()) } else { Ok(()) }
    }

    async fn create_sample(
        &self,
        tx: &mut PgConnection,
        order: &Order<order::Placed>,
        _: &Order<order::Placed>,
        _: &order::event::Sample,
    ) -> Result<(), BoxError> {
        Runtime::within(self, tx)?.create(shipment::New { id: Uuid::new_v4(), order_id: order.id }).await?;
        Ok(())
    }

    async fn celebrate(
        &self,
        tx: &mut PgConnection,
        _: &Order<order::Shipping>,
        order: &Order<order::Complete>,
        _: &order::event::Complete,
    ) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO celebrations VALUES ($1)").bind(order.id).execute(tx).await?;
        let sad = self.sad.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if sad.is_ok() { Err("nobody came".into()) } else { Ok(()) }
    }
}

impl shipment::Work for Shop {
    type Error = BoxError;

    async fn label(&self, _: Shipment<shipment::Packed>, _: &Job) -> Result<(), BoxError> {
        Ok(())
    }
}

/// A database with both.
pub struct World {
    /// Where it is.
    pub db: Database,
    /// Not the pool of the code under test.
    pub admin: PgPool,
}

/// A worker that runs.
pub struct Working {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Working {
    /// As at a shutdown; comes back when it has ended.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        self.ended.await.expect("the worker ends by itself");
    }
}

/// Looks often: nothing in a test depends on a hint unless it says so.
pub fn often() -> WorkerSettings {
    let mut settings = WorkerSettings::default();
    settings.poll = Duration::from_millis(20);
    settings
}

impl World {
    /// A database of its own.
    pub async fn new() -> World {
        let db = workflow_tests::database(&source(), TABLES).await;
        let admin = db.pool_with(4).await.expect("a pool");
        World { db, admin }
    }

    /// A runtime with a pool of its own, with hints or without.
    pub async fn runtime(&self, shop: Shop, hints: bool) -> Runtime<Shop> {
        let mut settings = Settings::default();
        settings.hints = hints;
        let pool = PgPoolOptions::new().max_connections(12).connect(self.db.url()).await.expect("a pool");
        Runtime::with(pool, shop, settings)
    }

    /// Without hints.
    pub async fn shop(&self) -> Runtime<Shop> {
        self.runtime(Shop::default(), false).await
    }

    /// Starts a worker for both workflows.
    pub async fn work(&self) -> Working {
        start(Worker::with(self.shop().await, often()))
    }

    /// An order that waits for so many shipments.
    pub async fn shipping(&self, shop: &Runtime<Shop>, parcels: i32) -> Uuid {
        let id = Uuid::new_v4();
        shop.create(order::New { id, happy: true, notes: 0 }).await.expect("an order");
        shop.fire(id, order::event::Pack { parcels }).await.expect("packed");
        id
    }

    /// The shipments of an order.
    pub async fn shipments(&self, order: Uuid) -> Vec<Uuid> {
        self.ask(&format!("SELECT coalesce(array_agg(id), '{{}}') FROM shipments WHERE order_id = '{order}'")).await
    }

    /// Waits until the question is answered by true.
    pub async fn until(&self, question: &str) {
        let wait = async {
            while !self.ask::<Option<bool>>(question).await.unwrap_or(false) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(30), wait).await.is_err() {
            let all = "SELECT coalesce(array_agg(t.x), '{}') FROM (SELECT j::text x FROM orders_jobs j UNION ALL SELECT j::text FROM shipments_jobs j) t";
            panic!("never: {question}; the jobs are {:#?}", self.ask::<Vec<String>>(all).await);
        }
    }

    /// One value.
    pub async fn ask<T: Send + Unpin + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>>(&self, sql: &str) -> T {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.admin).await.expect(sql)
    }

    /// A statement.
    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.admin).await.expect(sql);
    }

    /// Where the order is.
    pub async fn state(&self, order: Uuid) -> String {
        self.ask(&format!("SELECT state FROM orders WHERE id = '{order}'")).await
    }
}

/// Starts a worker for both workflows.
pub fn start(worker: Worker<Shop>) -> Working {
    let (stop, stopped) = oneshot::channel();
    let worker = worker.serving::<Order>().serving::<Shipment>();
    let ended = tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() }));
    Working { stop, ended }
}
