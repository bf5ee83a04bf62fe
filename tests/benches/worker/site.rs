//! A durable server, a workflow, and an application that tells when it is called.

use sqlx::AssertSqlSafe;
use sqlx::postgres::PgPool;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use workflow_runtime::{BoxError, Job, Runtime, Settings, Worker};
use workflow_testing::{Database, Server};
use workflow_tests::declared;

declared! {
    /// A print.
    pub workflow Print in prints {
        id: i64,

        states { initial Waiting, Printing, Printed, final Taken }

        transitions {
            begin: Waiting -> Printing,
            end: Printing -> Printed by press then tell,
            take: Printed -> Taken,
            expire: Waiting -> Taken after 1 day,
        }
    }
}

/// Tells of each call.
pub(crate) struct Press(pub(crate) Option<mpsc::UnboundedSender<(i64, Instant)>>);

impl print::Work for Press {
    type Error = BoxError;

    async fn press(&self, print: Print<print::Printing>, _: &Job) -> Result<print::Press, BoxError> {
        if let Some(told) = &self.0 {
            told.send((print.id, Instant::now()))?;
        }
        Ok(print::event::End.into())
    }

    async fn tell(&self, _: Print<print::Printed>, _: &Job) -> Result<(), BoxError> {
        Ok(())
    }
}

pub(crate) struct Site {
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) pool: PgPool,
}

impl Site {
    pub(crate) async fn new() -> Site {
        let server = Server::private().await.expect("a server");
        let database = server.create_database().await.expect("a database");
        workflow_tests::fill(&database, SOURCE, "").await;
        let pool = database.pool_with(4).await.expect("a pool");
        Site { server, database, pool }
    }

    /// A runtime with a pool of its own.
    pub(crate) async fn runtime(&self, press: Press, hints: bool) -> Runtime<Press> {
        let mut settings = Settings::default();
        settings.hints = hints;
        Runtime::with(self.database.pool_with(20).await.expect("a pool"), press, settings)
    }

    pub(crate) async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await.expect(sql);
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await.expect(sql)
    }

    /// Until nothing of it is left.
    pub(crate) async fn none(&self, sql: &str) {
        while self.count(sql).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Starts a worker; what comes back ends it.
pub(crate) fn work(worker: Worker<Press>) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = oneshot::channel();
    (stop, tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() })))
}

pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
