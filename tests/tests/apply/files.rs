//! Folders in memory, and a database to apply them to.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use workflow_apply::{Applied, ApplyError, Progress, Settings, apply};
use workflow_testing::Database;

/// A file; sqlx tells by its first line whether it runs in a transaction.
pub(crate) fn file(version: i64, sql: &str) -> Migration {
    let no_tx = sql.starts_with("-- no-transaction");
    Migration::new(version, format!("file {version}").into(), MigrationType::Simple, AssertSqlSafe(sql).into_sql_str(), no_tx)
}

/// Files with the versions 1, 2, …
pub(crate) fn folder(files: &[&str]) -> Migrator {
    Migrator::with_migrations((1..).zip(files).map(|(version, sql)| file(version, sql)).collect())
}

pub(crate) fn alone(sql: &str) -> String {
    format!("-- no-transaction\n{sql}")
}

pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) connection: PgConnection,
}

impl World {
    /// A new database in which `sql` was run.
    pub(crate) async fn with(sql: &str) -> World {
        let database = Database::create().await.unwrap();
        let mut connection = database.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        World { database, connection }
    }

    pub(crate) async fn run(&mut self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await.unwrap();
    }

    pub(crate) async fn is(&mut self, condition: &str) -> bool {
        let sql = AssertSqlSafe(format!("SELECT coalesce(({condition}), false)"));
        sqlx::query_scalar(sql).fetch_one(&mut self.connection).await.unwrap()
    }

    /// Waits for something that another process brings about.
    pub(crate) async fn until(&mut self, condition: &str) {
        let waiting = async {
            while !self.is(condition).await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("never came true: {condition}"));
    }

    /// Waits for something that this process sees.
    pub(crate) async fn until_seen(&self, holds: impl Fn() -> bool) {
        let waiting = async {
            while !holds() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waiting).await.expect("it never came true");
    }

    pub(crate) async fn locks_left(&mut self) -> bool {
        self.is("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").await
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.database.connect().await.unwrap()
    }

    pub(crate) async fn apply(&self, migrator: &Migrator) -> Result<Applied, ApplyError> {
        self.apply_with(migrator, soon()).await
    }

    pub(crate) async fn apply_with(&self, migrator: &Migrator, settings: Settings) -> Result<Applied, ApplyError> {
        apply(&self.database.url().parse().unwrap(), migrator, &settings, |_| ()).await
    }

    /// Applies beside the test, which can wait for what happens.
    pub(crate) fn spawn(&self, migrator: Migrator, settings: Settings) -> Under {
        let events = Events::default();
        let (heard, options) = (events.clone(), self.database.url().parse().unwrap());
        let task = tokio::spawn(async move { apply(&options, &migrator, &settings, |progress| heard.hear(progress)).await });
        Under { task, events }
    }
}

/// Locks are given up soon, and long tried for.
pub(crate) fn soon() -> Settings {
    Settings::default().with_lock_timeout(Duration::from_millis(100)).with_wait(Duration::from_secs(60))
}

/// What is under way.
pub(crate) struct Under {
    pub(crate) task: tokio::task::JoinHandle<Result<Applied, ApplyError>>,
    pub(crate) events: Events,
}

#[derive(Default, Clone)]
pub(crate) struct Events {
    lines: Arc<Mutex<Vec<String>>>,
    more: Arc<Notify>,
}

impl Events {
    fn hear(&self, progress: Progress<'_>) {
        self.lines.lock().unwrap().push(progress.to_string());
        self.more.notify_one();
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Waits for a line in which `part` stands.
    pub(crate) async fn until(&self, part: &str) {
        let waiting = async {
            while !self.all().iter().any(|line| line.contains(part)) {
                self.more.notified().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), waiting).await;
        waited.unwrap_or_else(|_| panic!("nothing about {part} in {:?}", self.all()));
    }
}

/// Ends its transaction.
pub(crate) async fn close(connection: PgConnection) {
    connection.close().await.unwrap();
}
