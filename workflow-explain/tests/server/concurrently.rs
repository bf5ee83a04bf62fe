//! Statements that cannot run in a transaction: they are stopped half-way by a writer, and looked at from outside.

use crate::world::{World, modes_of, relations};
use sqlx::AssertSqlSafe;
use workflow_explain::{Duration, Mode, Wait, explain};

async fn stopped_half_way(sql: &'static str, writer: &str) {
    let world = World::new().await;
    let statement = explain(sql).unwrap().statements.remove(0);
    let mut writing = world.pool.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(writer)).execute(&mut *writing).await.unwrap();
    let mut watching = world.pool.acquire().await.unwrap();
    let known = relations(&mut watching).await;
    let mut running = world.pool.acquire().await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *running).await.unwrap();
    let done = tokio::spawn(async move { sqlx::raw_sql(sql).execute(&mut *running).await });
    let waits = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1";
    while sqlx::query_scalar::<_, Option<bool>>(waits).bind(pid).fetch_one(&mut *watching).await.unwrap() != Some(true) {
        assert!(!done.is_finished(), "{sql} did not wait");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let seen = modes_of(&mut watching, pid, &known).await;
    writing.rollback().await.unwrap();
    done.await.unwrap().unwrap();
    let table = if sql.contains("PARTITION") { "p" } else { "a" };
    let said = statement.locks.iter().find(|lock| lock.relation == table || lock.relation.starts_with("the table of "));
    assert_eq!(said.map(|lock| lock.mode), seen.get(table).copied(), "{sql}: {seen:?}");
}

#[tokio::test]
async fn an_index_that_is_built_concurrently_lets_writers_pass() {
    stopped_half_way("CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON a (n)", "UPDATE a SET n = 7 WHERE id = 1").await;
}

#[tokio::test]
async fn an_index_that_is_dropped_concurrently_lets_writers_pass() {
    stopped_half_way("DROP INDEX CONCURRENTLY IF EXISTS i", "UPDATE a SET n = 7 WHERE id = 1").await;
}

#[tokio::test]
async fn an_index_that_is_built_anew_concurrently_lets_writers_pass() {
    stopped_half_way("REINDEX INDEX CONCURRENTLY i", "UPDATE a SET n = 7 WHERE id = 1").await;
    stopped_half_way("REINDEX (CONCURRENTLY) TABLE a", "UPDATE a SET n = 7 WHERE id = 1").await;
}

#[tokio::test]
async fn what_no_server_was_asked_is_as_documented() {
    for (sql, mode, wait, duration) in [
        ("VACUUM a", Mode::ShareUpdateExclusive, Wait::Ddl, Duration::Scan),
        ("VACUUM (FULL) a", Mode::AccessExclusive, Wait::Everybody, Duration::Rewrite),
        ("ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", Mode::ShareUpdateExclusive, Wait::Everybody, Duration::Instant),
        ("ALTER TABLE a SET TABLESPACE t", Mode::AccessExclusive, Wait::Everybody, Duration::Rewrite),
    ] {
        let statement = explain(sql).unwrap().statements.remove(0);
        assert_eq!((statement.locks[0].mode, statement.wait, statement.duration), (mode, wait, duration), "{sql}");
    }
}
