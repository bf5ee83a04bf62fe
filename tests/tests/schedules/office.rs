//! An application whose effect a test writes, and a database with bills.

use super::bills::bill::{self, Open, Paid};
use super::bills::{Bill, SOURCE, TABLES};
use chrono::{DateTime, SubsecRound, Utc};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, Postgres};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job, Runtime, Settings, Worker, WorkerSettings};
use workflow_testing::Database;

type Answer = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// The application.
pub struct Office {
    /// What happens in the effect of creation, behind its own statement.
    pub number: Box<dyn Fn(Bill<Open>) -> Answer + Send + Sync>,
    /// Keys of the tasks that it was told of.
    pub told: Arc<Mutex<Vec<String>>>,
}

impl Default for Office {
    fn default() -> Self {
        Office { number: numbers(|_| Ok(())), told: Arc::default() }
    }
}

/// An answer at once.
pub fn numbers(
    answer: impl Fn(Bill<Open>) -> Result<(), BoxError> + Send + Sync + 'static,
) -> Box<dyn Fn(Bill<Open>) -> Answer + Send + Sync> {
    Box::new(move |bill| {
        let answer = answer(bill);
        Box::pin(async move { answer })
    })
}

impl bill::Effects for Office {
    type Error = BoxError;

    async fn number(&self, tx: &mut PgConnection, bill: &Bill<Open>, _: &bill::New) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO numbers VALUES ($1)").bind(bill.id).execute(tx).await?;
        (self.number)(bill.clone()).await
    }
}

impl bill::Work for Office {
    async fn send(&self, _: Bill<Open>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.key.clone());
        Ok(())
    }

    async fn remind(&self, _: Bill<Open>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.key.clone());
        Ok(())
    }

    async fn ask_back(&self, _: Bill<Paid>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.key.clone());
        Ok(())
    }

    async fn thank(&self, _: Bill<Paid>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.key.clone());
        Ok(())
    }
}

/// What creation takes.
pub fn new(id: Uuid, month: DateTime<Utc>) -> bill::New {
    bill::New { id, month, amount: 12.5, note: None, seal: vec![0, 255, 39], due: None }
}

/// Now, as the database can hold it.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// A database with bills.
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

    /// Its future is dropped, wherever it is.
    pub async fn drop(self) {
        self.ended.abort();
        let _ = self.ended.await;
    }
}

/// Looks often.
pub fn settings() -> WorkerSettings {
    let mut settings = WorkerSettings::default();
    settings.poll = Duration::from_millis(20);
    settings
}

impl World {
    /// A database of its own.
    pub async fn new() -> World {
        let db = workflow_tests::database(SOURCE, TABLES).await;
        let admin = db.pool_with(4).await.expect("a pool");
        World { db, admin }
    }

    /// A runtime without hints.
    pub async fn runtime(&self, office: Office) -> Runtime<Office> {
        let mut settings = Settings::default();
        settings.hints = false;
        let pool = PgPoolOptions::new().max_connections(8).connect(self.db.url()).await.expect("a pool");
        Runtime::with(pool, office, settings)
    }

    /// A worker that is not started yet.
    pub async fn worker(&self, office: Office) -> Worker<Office> {
        Worker::with(self.runtime(office).await, settings())
    }

    /// Waits until the question is answered by true.
    pub async fn until(&self, question: &str) {
        let wait = async {
            while !self.ask::<Option<bool>>(&format!("SELECT ({question})")).await.unwrap_or(false) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(20), wait).await.is_err() {
            let of = |table: &str| format!("SELECT coalesce(array_agg(t::text), '{{}}') FROM {table} t");
            let jobs: Vec<String> = self.ask(&of("bills_jobs")).await;
            let schedules: Vec<String> = self.ask(&of("workflow.schedules")).await;
            panic!("never: {question}; the jobs are {jobs:#?}, the schedules {schedules:#?}");
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
}

/// Starts a worker.
pub fn start(worker: Worker<Office>) -> Working {
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() }));
    Working { stop, ended }
}
