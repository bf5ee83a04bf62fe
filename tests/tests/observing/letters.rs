//! A workflow of which each way of firing writes a job.

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgConnection};
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job, Runtime, Settings, TraceContext, Worker, WorkerSettings};
use workflow_testing::Database;
use workflow_tests::declared;

declared! {
    /// A letter.
    pub workflow Letter in letters {
        id: Uuid,
        address: String,

        states {
            initial Written,
            Stamped,
            Carried,
            Lost,
            final Read,
        }

        transitions {
            create: -> Written then note,
            stamp: Written -> Stamped with pay then note,
            send: Written | Stamped -> Carried then note,
            carry: Stamped -> Carried by carrier then note,
            carry_unstamped: Stamped -> Carried by carrier with pay then note,
            lose: Carried -> Lost if sql "address <> 'here'" then note,
            read: Carried | Lost -> Read,
            forget: Lost -> Read after 1 hour then note,
        }
    }
}

/// The application: carries letters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Post {
    /// Whether it takes those without a stamp.
    pub takes_unstamped: bool,
    /// What `pay` says.
    pub refuses: bool,
}

impl letter::Effects for Post {
    type Error = BoxError;

    async fn pay(
        &self,
        _: &mut PgConnection,
        _: &letter::PayBefore,
        _: &letter::PayAfter,
        _: &letter::PayEvent,
    ) -> Result<(), BoxError> {
        if self.refuses { Err("no money".into()) } else { Ok(()) }
    }
}

impl letter::Work for Post {
    async fn carrier(&self, _: Letter<letter::Stamped>, _: &Job) -> Result<letter::Carrier, BoxError> {
        Ok(if self.takes_unstamped { letter::event::CarryUnstamped.into() } else { letter::event::Carry.into() })
    }

    async fn note(&self, _: Letter, _: &Job) -> Result<(), BoxError> {
        Ok(())
    }
}

/// A database with letters.
pub struct World {
    /// Where it is.
    pub db: Database,
    /// Not the pool of the code under test.
    pub admin: PgPool,
}

impl World {
    /// A database of its own.
    pub async fn new() -> World {
        let db = workflow_tests::database(SOURCE, "").await;
        let admin = db.pool_with(4).await.expect("a pool");
        World { db, admin }
    }

    /// A runtime that reads and sets traces so.
    pub async fn post(&self, trace: Option<TraceContext>) -> Runtime<Post> {
        self.runtime(Post::default(), |settings| settings.trace = trace).await
    }

    /// A runtime without hints.
    pub async fn runtime(&self, post: Post, set: impl FnOnce(&mut Settings)) -> Runtime<Post> {
        let mut settings = Settings::default();
        settings.hints = false;
        set(&mut settings);
        let pool = PgPoolOptions::new().max_connections(4).connect(self.db.url()).await.expect("a pool");
        Runtime::with(pool, post, settings)
    }

    /// A new letter.
    pub async fn letter(&self) -> Uuid {
        let id = Uuid::new_v4();
        let insert = sqlx::query("INSERT INTO letters (id, address) VALUES ($1, 'here')").bind(id);
        insert.execute(&self.admin).await.expect("a letter");
        id
    }

    /// The same, without the task of its creation.
    pub async fn noted_letter(&self) -> Uuid {
        let id = self.letter().await;
        self.run("DELETE FROM letters_jobs WHERE kind = 'task'").await;
        id
    }

    /// So many that are lost, and for which nothing is left to do but to forget them, now.
    pub async fn forgotten_letters(&self, many: usize) {
        for _ in 0..many {
            self.letter().await;
        }
        self.run("UPDATE letters SET address = 'there'").await;
        for (state, event) in [("carried", "send"), ("lost", "lose")] {
            let set = format!("state = '{state}', event = '{event}', version = version + 1, entered_at = now()");
            self.run(&format!("UPDATE letters SET {set}")).await;
        }
        self.run("DELETE FROM letters_jobs WHERE kind = 'task'; UPDATE letters_jobs SET run_at = now()").await;
    }

    /// A statement.
    pub async fn run(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.admin).await.expect(sql);
    }

    /// The traces of the tasks that are there.
    pub async fn traces(&self) -> Vec<Option<String>> {
        let traces = sqlx::query_scalar("SELECT trace FROM letters_jobs WHERE kind = 'task' ORDER BY id, version");
        traces.fetch_all(&self.admin).await.expect("traces")
    }

    /// Works until the question is answered by true.
    pub async fn work_until(&self, worker: Worker<Post>, question: &str) {
        let question = async {
            while !sqlx::query_scalar::<_, bool>(AssertSqlSafe(question)).fetch_one(&self.admin).await.expect(question) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let limit = tokio::time::timeout(Duration::from_secs(20), question);
        worker.run(async { limit.await.expect("it comes true") }).await;
    }
}

/// A worker that looks often.
pub fn worker(post: Runtime<Post>) -> Worker<Post> {
    let mut settings = WorkerSettings::default();
    settings.poll = Duration::from_millis(20);
    Worker::with(post, settings).serving::<Letter>()
}
