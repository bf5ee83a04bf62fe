//! A fresh database with all workflows, and the ways to it.

use crate::app::App;
use crate::workflows::accounts::account;
use crate::workflows::orders::Order;
use crate::workflows::parcels::{Parcel, parcel};
use crate::workflows::shipments::Shipment;
use crate::workflows::{TABLES, source};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Postgres};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{Runtime, Settings, Worker, WorkerSettings};
use workflow_testing::{Database, Proxy, Server};

/// Where a scenario takes place.
#[derive(Debug)]
pub struct Site {
    pub(crate) db: Database,
    /// Not the pool of the code under test.
    pub(crate) admin: PgPool,
    socket: PathBuf,
}

/// A worker that runs.
pub(crate) struct Working {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Working {
    /// As at a shutdown; comes back when what was under way has ended.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.ended.await.expect("the worker ends by itself");
    }
}

/// Much longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(60);

const WAITING: &str = "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

impl Site {
    /// A database of its own, on this server.
    pub async fn on(server: &Server) -> Site {
        let db = server.create_database().await.expect("a database");
        workflow_tests::fill(&db, &source(), TABLES).await;
        let admin = db.pool_with(4).await.expect("a pool");
        Site { db, admin, socket: server.socket_path() }
    }

    /// A runtime with so many connections.
    pub(crate) async fn runtime(&self, app: App, connections: u32) -> Runtime<App> {
        self.runtime_at(self.db.url(), app, connections).await
    }

    /// A proxy, and a runtime behind it whose pool has one connection after another.
    pub(crate) async fn behind_a_proxy(&self, app: impl FnOnce(Proxy) -> App) -> (Proxy, Runtime<App>) {
        let proxy = Proxy::start(self.socket.clone()).await.expect("a free port");
        let runtime = self.runtime_at(&proxy.url(self.db.url()), app(proxy.clone()), 1).await;
        (proxy, runtime)
    }

    async fn runtime_at(&self, url: &str, app: App, connections: u32) -> Runtime<App> {
        let mut settings = Settings::default();
        (settings.max_connections, settings.hints) = (connections, false);
        // Whoever is stopped waits until it is let, however busy the machine is.
        settings.lock_timeout = PATIENCE;
        Runtime::connect_with(url, app, settings).await.expect("a pool")
    }

    /// A worker for all workflows, which carries out one job after another. Nothing depends on a hint.
    pub(crate) async fn worker(&self, app: App) -> Worker<App> {
        let mut settings = WorkerSettings::default();
        (settings.poll, settings.concurrency) = (Duration::from_millis(20), 1);
        let runtime = self.runtime(app, 4).await;
        Worker::with(runtime, settings).serving::<Parcel>().serving::<Order>().serving::<Shipment>()
    }

    /// One that runs.
    pub(crate) async fn work(&self, app: App) -> Working {
        let (worker, (stop, stopped)) = (self.worker(app).await, oneshot::channel());
        Working { stop, ended: tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() })) }
    }

    /// A new account.
    pub(crate) async fn account(&self) -> Uuid {
        let id = Uuid::new_v4();
        self.maker().create(account::New { id }).await.expect("an account");
        id
    }

    /// A new parcel.
    pub(crate) async fn parcel(&self) -> Uuid {
        let id = Uuid::new_v4();
        self.maker().create(parcel::New { id }).await.expect("a parcel");
        id
    }

    /// What the scenarios start from, and what is not under test.
    pub(crate) fn maker(&self) -> Runtime<App> {
        Runtime::new(self.admin.clone(), App::default())
    }

    /// One value.
    pub(crate) async fn ask<T>(&self, sql: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.admin).await.expect(sql)
    }

    /// Statements.
    pub(crate) async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.admin).await.expect(sql);
    }

    /// How many transitions an account has made, creation among them.
    pub(crate) async fn version(&self, account: Uuid) -> i64 {
        self.ask(&format!("SELECT version FROM accounts WHERE id = '{account}'")).await
    }

    /// How many effects of an instance count.
    pub(crate) async fn bookings(&self, of: Uuid) -> i64 {
        self.ask(&format!("SELECT count(*) FROM bookings WHERE of = '{of}'")).await
    }

    /// Waits until a session waits for a lock.
    pub(crate) async fn is_waiting(&self) -> bool {
        self.ask(WAITING).await
    }
}

/// Waits for a signal, and not for ever.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let poll = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, poll).await.is_ok(), "waited too long until {what}");
}
