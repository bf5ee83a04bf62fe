//! The generated files under sqlx's own migrator, and under the runtime's.

use order::shop::Shop;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Row, SqlSafeStr};
use std::path::Path;
use std::time::Duration;
use workflow_runtime::Runtime;
use workflow_testing::Database;

async fn files() -> Migrator {
    Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/order/migrations")).await.unwrap()
}

/// The definitions of all functions, constraints and triggers.
async fn catalogue(database: &Database) -> Vec<String> {
    let rows = sqlx::query(include_str!("migrate/catalogue.sql")).fetch_all(&database.pool().await.unwrap()).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn sqlx_and_the_runtime_make_the_same_database() {
    let (plain, ours) = (Database::create().await.unwrap(), Database::create().await.unwrap());
    files().await.run(&plain.pool().await.unwrap()).await.unwrap();
    let runtime = Runtime::new(ours.pool().await.unwrap(), Shop::default());
    runtime.migrate(&files().await).await.unwrap();
    let made = catalogue(&ours).await;
    assert!(made.iter().any(|line| line.contains("orders_transition")), "{made:?}");
    assert_eq!(catalogue(&plain).await, made);
    runtime.migrate(&files().await).await.unwrap();
}

#[tokio::test]
async fn several_processes_migrate_at_once() {
    let database = Database::create().await.unwrap();
    let runtime = Runtime::new(database.pool().await.unwrap(), Shop::default());
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let runtime = runtime.clone();
            tokio::spawn(async move { runtime.migrate(&files().await).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_failed_migration_leaves_no_lock_behind_and_can_be_mended() {
    let database = Database::create().await.unwrap();
    let runtime = Runtime::new(database.pool().await.unwrap(), Shop::default());
    let only = |sql: &'static str| {
        Migrator::with_migrations(vec![Migration::new(1, "one".into(), MigrationType::Simple, sql.into_sql_str(), false)])
    };
    runtime.migrate(&only("SELECT 1 / 0")).await.unwrap_err();
    // It would wait for ever for a lock that was left behind.
    let mended = tokio::time::timeout(Duration::from_secs(30), runtime.migrate(&only("SELECT 1"))).await;
    mended.expect("nobody holds the lock").unwrap();
}
