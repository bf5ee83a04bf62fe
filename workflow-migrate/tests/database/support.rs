//! A database with one workflow in it.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr};
use workflow_migrate::first_migration;
use workflow_model::Model;
use workflow_testing::Database;

/// The schema of a workflow, and a pool.
pub(crate) struct Db {
    pub(crate) pool: PgPool,
    pub(crate) database: Database,
}

/// What PostgreSQL refused: the code and the message, with detail and hint.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Db {
    /// A database, `before` and then the workflow's migrations.
    pub(crate) async fn with(model: &Model, before: &str) -> Db {
        let db = Db::empty().await;
        db.run(before).await;
        migrator(model).run(&db.pool).await.unwrap();
        db
    }

    pub(crate) async fn empty() -> Db {
        let database = Database::create().await.unwrap();
        Db { pool: database.pool().await.unwrap(), database }
    }

    /// Statements that must succeed.
    pub(crate) async fn run(&self, sql: &str) {
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await {
            panic!("{sql}\n{error}");
        }
    }

    /// A statement that must be refused.
    pub(crate) async fn refusal(&self, sql: &str) -> Refusal {
        refusal(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await, sql)
    }

    /// The code with which a statement is refused.
    pub(crate) async fn code(&self, sql: &str) -> String {
        self.refusal(sql).await.code
    }

    /// One text, however the query makes it.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let sql = format!("SELECT coalesce((SELECT ({sql})::text), 'NULL')");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&self.pool).await.unwrap()
    }

    /// The rows of a query of one text column, joined by a blank.
    pub(crate) async fn list(&self, sql: &str) -> String {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&self.pool).await.unwrap();
        rows.join(" ")
    }
}

/// The refusal that a result must be.
pub(crate) fn refusal<T>(result: sqlx::Result<T>, sql: &str) -> Refusal {
    let error = result.err().unwrap_or_else(|| panic!("not refused: {sql}"));
    let error = error.as_database_error().unwrap_or_else(|| panic!("{sql}: {error}"));
    let hint = error.downcast_ref::<sqlx::postgres::PgDatabaseError>().hint().unwrap_or_default();
    Refusal { code: error.code().unwrap_or_default().into_owned(), message: error.message().to_owned(), hint: hint.to_owned() }
}

/// The migrations of a workflow, as sqlx would read them from its folder.
pub(crate) fn migrator(model: &Model) -> Migrator {
    let files = first_migration(model);
    let migration = |version, up, text| {
        let kind = if up { MigrationType::ReversibleUp } else { MigrationType::ReversibleDown };
        Migration::new(version, "workflow".into(), kind, AssertSqlSafe(text).into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, true, files.shared),
        migration(1, false, files.shared_down),
        migration(2, true, files.up),
        migration(2, false, files.down),
    ])
}
