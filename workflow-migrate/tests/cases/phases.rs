//! A case of its own: what happens between its files.

use crate::folder::{Crate, case};
use crate::rows::run;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{AssertSqlSafe, PgPool, Postgres};
use std::sync::Arc;
use workflow_migrate::Step;
use workflow_testing::Database;

/// A database with the declaration before, and the files of both phases.
pub(crate) struct Phases {
    _database: Database,
    pub(crate) pool: PgPool,
    pub(crate) migrator: Arc<Migrator>,
}

impl Phases {
    pub(crate) async fn new(name: &str) -> Phases {
        let case = case(name);
        Phases::between(name, &case.text("before.sql"), &case.text("before.rs"), &case.text("after.rs")).await
    }

    /// Two declarations, on a database where something stands before.
    pub(crate) async fn between(name: &str, first: &str, before: &str, after: &str) -> Phases {
        let at = Crate::new(&format!("phases-{name}-{:?}", std::thread::current().id()));
        at.generate(before, Step::Expand, 1000).unwrap();
        at.generate(after, Step::Expand, 2000).unwrap();
        at.generate(after, Step::Contract, 3000).unwrap();
        let database = Database::create().await.unwrap();
        let pool = database.pool().await.unwrap();
        run(&pool, first).await;
        let migrator = Arc::new(Migrator::new(at.migrations()).await.unwrap());
        migrator.run_to(1999, &pool).await.unwrap();
        Phases { _database: database, pool, migrator }
    }

    pub(crate) async fn to(&self, version: i64) -> Result<(), MigrateError> {
        self.migrator.run_to(version, &self.pool).await
    }

    pub(crate) async fn back(&self, version: i64) -> Result<(), MigrateError> {
        self.migrator.undo(&self.pool, version).await
    }

    pub(crate) async fn ask<T: Send + Unpin + for<'r> sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>>(&self, sql: &str) -> T {
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await.unwrap()
    }
}
