//! A table that moves while somebody reads.

use crate::phases::Phases;
use std::sync::Arc;

/// Whether somebody waits for a lock.
const WAITS: &str =
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_read_one_of_the_tables_may_read_another_while_they_move() {
    let at = Phases::new("table-renamed").await;
    let mut reader = at.pool.begin().await.unwrap();
    sqlx::query("SELECT FROM orders_jobs").execute(&mut *reader).await.unwrap();
    let (migrator, pool) = (Arc::clone(&at.migrator), at.pool.clone());
    let moving = tokio::spawn(async move { migrator.run_to(2000, &pool).await });
    while !at.ask::<bool>(WAITS).await {
        tokio::task::yield_now().await;
    }
    sqlx::query("SELECT FROM orders").execute(&mut *reader).await.expect("the read goes on");
    let error = moving.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("lock timeout"), "{error}");
}
