//! An application whose work a test writes, and a database with parcels.

use super::parcels::parcel::{self, Booked, FindCourier, Lost, Packed, Search};
use super::parcels::{Parcel, SOURCE, TABLES};
use crate::POOLED;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection, Postgres};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Barrier, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;
use workflow_runtime::{BoxError, Claims, Job, Runtime, Settings, Worker, WorkerSettings};
use workflow_testing::{Database, Server};
use workflow_tests::road::Road;

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;
type Does<I, T> = Box<dyn Fn(I, Job) -> Answer<T> + Send + Sync>;

/// The application.
pub struct Depot {
    /// What `find_courier` does.
    pub find_courier: Does<Parcel<Packed>, FindCourier>,
    /// What `tell` does.
    pub tell: Does<Parcel<Booked>, ()>,
    /// What `search` does.
    pub search: Does<Parcel<Lost>, Search>,
    /// What `report` does.
    pub report: Does<Parcel<Booked>, ()>,
    /// Where activities of bids wait for each other.
    pub bids: Barrier,
    /// Every job of which it was told, in order.
    pub told: Arc<Mutex<Vec<Job>>>,
}

impl Default for Depot {
    fn default() -> Self {
        Depot {
            find_courier: does(|_, job| Ok(book(&job))),
            tell: does(|_, _| Ok(())),
            search: does(|_, _| Ok(parcel::event::TurnUp.into())),
            report: does(|_, _| Ok(())),
            bids: Barrier::new(1),
            told: Arc::default(),
        }
    }
}

/// An answer at once.
pub fn does<I, T: Send + 'static>(
    answer: impl Fn(I, Job) -> Result<T, BoxError> + Send + Sync + 'static,
) -> Box<dyn Fn(I, Job) -> Answer<T> + Send + Sync> {
    Box::new(move |instance, job| {
        let answer = answer(instance, job);
        Box::pin(async move { answer })
    })
}

/// The usual outcome.
pub fn book(job: &Job) -> FindCourier {
    parcel::event::Book { tracking: job.key.clone() }.into()
}

impl parcel::Effects for Depot {
    type Error = BoxError;

    async fn mark(
        &self,
        tx: &mut PgConnection,
        before: &parcel::MarkBefore,
        _: &parcel::MarkAfter,
        _: &parcel::MarkEvent,
    ) -> Result<(), BoxError> {
        let parcel: Parcel = before.clone().into();
        let from = parcel.state.label().map(|label| label.as_str());
        sqlx::query("INSERT INTO marks VALUES ($1, $2)").bind(parcel.id).bind(from).persistent(!POOLED).execute(tx).await?;
        Ok(())
    }
}

impl parcel::Work for Depot {
    async fn find_courier(&self, parcel: Parcel<Packed>, job: &Job) -> Result<FindCourier, BoxError> {
        self.told.lock().unwrap().push(job.clone());
        (self.find_courier)(parcel, job.clone()).await
    }

    async fn search(&self, parcel: Parcel<Lost>, job: &Job) -> Result<Search, BoxError> {
        self.told.lock().unwrap().push(job.clone());
        (self.search)(parcel, job.clone()).await
    }

    async fn report(&self, parcel: Parcel<Booked>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.clone());
        (self.report)(parcel, job.clone()).await
    }

    async fn tell(&self, parcel: Parcel<Booked>, job: &Job) -> Result<(), BoxError> {
        self.told.lock().unwrap().push(job.clone());
        (self.tell)(parcel, job.clone()).await
    }
}

/// A database with parcels.
pub struct World {
    /// Where it is.
    pub db: Database,
    /// Not the pool of the code under test.
    pub admin: PgPool,
    road: Road,
}

/// A worker that runs.
pub struct Working {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Working {
    /// Comes back when it has ended by itself.
    pub async fn ended(self) {
        let Working { stop: _stop, ended } = self;
        ended.await.expect("the worker ends by itself");
    }

    /// As at a shutdown, which has begun when this returns; what it returns comes back when the worker has ended.
    pub fn stop(self) -> impl Future<Output = ()> {
        let _ = self.stop.send(());
        async { self.ended.await.expect("the worker ends by itself") }
    }
}

/// Looks often, and never tells: nothing in a test depends on a hint unless it says so.
pub fn settings() -> WorkerSettings {
    let mut settings = WorkerSettings::default();
    settings.poll = Duration::from_millis(20);
    settings.claims = crate::CLAIMING;
    settings
}

impl World {
    /// A database of its own.
    pub async fn new() -> World {
        World::on(Server::shared().await.expect("a server"), TABLES).await
    }

    /// On a server of one's own, with these tables.
    pub async fn on(server: &Server, tables: &str) -> World {
        let db = server.create_database().await.expect("a database");
        workflow_tests::fill(&db, SOURCE, tables).await;
        let admin = db.pool_with(4).await.expect("a pool");
        World { db, admin, road: Road::to(server, POOLED).await }
    }

    /// Where the code under test finds the database.
    pub fn url(&self) -> String {
        self.road.url(&self.db)
    }

    /// A runtime without hints.
    pub async fn runtime(&self, depot: Depot) -> Runtime<Depot> {
        Runtime::with(pool(&self.url()), depot, behind(false))
    }

    /// Starts a worker.
    pub async fn work(&self, depot: Depot) -> Working {
        self.work_with(depot, settings()).await
    }

    /// The same with these settings.
    pub async fn work_with(&self, depot: Depot, settings: WorkerSettings) -> Working {
        start(Worker::with(self.runtime(depot).await, settings).serving::<Parcel>())
    }

    /// A new parcel.
    pub async fn parcel(&self) -> Uuid {
        let id = Uuid::new_v4();
        let sql = "INSERT INTO parcels (id, address, ready) VALUES ($1, 'here', true)";
        sqlx::query(sql).bind(id).execute(&self.admin).await.expect("a parcel");
        id
    }

    /// A new parcel that is lost already.
    pub async fn lost(&self) {
        self.parcel().await;
        for (state, event, tracking, version) in [("booked", "book", "'T1'", 2), ("lost", "lose", "NULL", 3)] {
            let set = format!("state = '{state}', event = '{event}', tracking = {tracking}, version = {version}");
            self.run(&format!("UPDATE parcels SET {set}, entered_at = now()")).await;
        }
    }

    /// Waits until the question is answered by true.
    pub async fn until(&self, question: &str) {
        let wait = async {
            while !self.is(question).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(20), wait).await.is_err() {
            let jobs: Vec<String> = self.ask("SELECT coalesce(array_agg(j::text), '{}') FROM parcels_jobs j").await;
            let steps: Vec<String> =
                self.ask("SELECT coalesce(array_agg(h::text ORDER BY at), '{}') FROM parcels_history h").await;
            panic!("never: {question}; the jobs are {jobs:#?}, history has {steps:#?}");
        }
    }

    /// Whether the question is answered by true, rather than by false, NULL or no row.
    async fn is(&self, question: &str) -> bool {
        let answer = sqlx::query_scalar::<_, Option<bool>>(AssertSqlSafe(question)).fetch_optional(&self.admin).await;
        match answer {
            Ok(answer) => answer.flatten().unwrap_or(false),
            // A server that was killed takes its connections along.
            Err(error) if error.as_database_error().is_none_or(|e| e.code().is_some_and(|c| c.starts_with("57P"))) => false,
            Err(error) => panic!("{question}: {error}"),
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

    /// Where the only parcel is.
    pub async fn state(&self) -> String {
        self.ask("SELECT state FROM parcels").await
    }
}

/// A pool of its own, which connects when it is used.
pub fn pool(url: &str) -> PgPool {
    let options = url.parse::<PgConnectOptions>().expect("an address").extra_float_digits(None);
    PgPoolOptions::new().max_connections(8).connect_lazy_with(options)
}

/// For a runtime on such a pool.
pub fn behind(hints: bool) -> Settings {
    let mut settings = Settings::default();
    settings.named_statements = !POOLED;
    settings.hints = hints;
    settings
}

/// Starts a worker.
pub fn start(worker: Worker<Depot>) -> Working {
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() }));
    Working { stop, ended }
}

/// Each way to claim jobs.
pub const CLAIMS: [Claims; 2] = [Claims::SkipLocked, Claims::CompareAndSet];

/// The settings with one of them.
pub fn claiming(claims: Claims) -> WorkerSettings {
    let mut settings = settings();
    settings.claims = claims;
    settings
}
