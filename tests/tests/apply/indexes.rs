//! Files without a transaction.

use crate::files::{World, alone, close, folder, soon};
use std::time::Duration;
use workflow_apply::{Cause, Kept, Settings};

const VALID: &str = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass";
const TWICE: &str = "CREATE TABLE a (n int); INSERT INTO a VALUES (7), (7)";

fn unique() -> String {
    alone("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_n ON public.a (n);\n")
}

#[tokio::test]
async fn a_unique_violation_names_the_key_and_leaves_no_invalid_index() {
    let mut world = World::with(TWICE).await;
    let error = world.apply(&folder(&[&unique()])).await.unwrap_err();
    let Cause::Failed { said, kept, .. } = &error.cause else { panic!("{error}") };
    assert_eq!((said.code.as_str(), *kept), ("23505", Kept::Nothing));
    assert_eq!(said.detail.as_deref(), Some("Key (n)=(7) is duplicated."));
    assert!(error.to_string().contains("Key (n)=(7) is duplicated"), "{error}");
    assert!(world.is("to_regclass('a_n') IS NULL").await, "an invalid unique index would refuse rows");
    world.run("DELETE FROM a").await;
    world.apply(&folder(&[&unique()])).await.unwrap();
    assert!(world.is(VALID).await);
}

#[tokio::test]
async fn an_invalid_index_of_a_build_that_died_is_dropped_and_built_anew() {
    for sql in [unique(), alone("-- why\ncreate unique index concurrently \"a_n\" on only \"a\" (n)")] {
        let mut world = World::with(TWICE).await;
        sqlx::raw_sql("CREATE UNIQUE INDEX CONCURRENTLY a_n ON a (n)").execute(&mut world.connection).await.unwrap_err();
        world.run("DELETE FROM a").await;
        assert!(!world.is(VALID).await);
        let under = world.spawn(folder(&[&sql]), soon());
        under.task.await.unwrap().unwrap();
        assert!(under.events.all().iter().any(|line| line.contains("dropped public.a_n")), "{:?}", under.events.all());
        assert!(world.is(VALID).await);
    }
}

#[tokio::test]
async fn an_index_of_the_same_name_on_another_table_is_left_alone() {
    let mut world = World::with(
        "CREATE SCHEMA other; CREATE TABLE other.a (n int); INSERT INTO other.a VALUES (7), (7); CREATE TABLE a (n int)",
    )
    .await;
    sqlx::raw_sql("CREATE UNIQUE INDEX CONCURRENTLY a_n ON other.a (n)").execute(&mut world.connection).await.unwrap_err();
    world.apply(&folder(&[&unique()])).await.unwrap();
    assert!(world.is(VALID).await);
    assert!(world.is("to_regclass('other.a_n') IS NOT NULL").await);
}

#[tokio::test]
async fn a_build_waits_for_older_transactions_longer_than_for_a_lock() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let mut old = world.connect().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").execute(&mut old).await.unwrap();
    let under = world.spawn(folder(&[&unique()]), Settings::default().with_lock_timeout(Duration::from_millis(50)));
    world.until("EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'virtualxid' AND datname = current_database() AND now() - query_start > '500ms')").await;
    world.run("INSERT INTO a VALUES (1)").await;
    close(old).await;
    assert_eq!(under.task.await.unwrap().unwrap().files[0].attempts, 1, "ten lock time-outs did not cost the build");
}

#[tokio::test]
async fn an_index_that_another_session_is_building_is_waited_for_and_not_dropped() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let mut old = world.connect().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").execute(&mut old).await.unwrap();
    let mut by_hand = world.connect().await;
    let builder =
        tokio::spawn(async move { sqlx::raw_sql("CREATE UNIQUE INDEX CONCURRENTLY a_n ON a (n)").execute(&mut by_hand).await });
    world.until("EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'virtualxid' AND datname = current_database())").await;
    let under = world.spawn(folder(&[&unique()]), soon());
    under.events.until("another session is building the index public.a_n").await;
    close(old).await;
    builder.await.unwrap().unwrap();
    under.task.await.unwrap().unwrap();
    assert!(!under.events.all().iter().any(|line| line.contains("dropped")), "{:?}", under.events.all());
    assert!(world.is(VALID).await);
}

#[tokio::test]
async fn a_block_that_commits_in_a_loop_runs_by_itself_and_is_tried_again() {
    let mut world = World::with("CREATE TABLE a (n int); INSERT INTO a SELECT 0 FROM generate_series(1, 30)").await;
    let mut holder = world.connect().await;
    sqlx::raw_sql("BEGIN; SELECT FROM a WHERE ctid = (SELECT max(ctid) FROM a) FOR UPDATE").execute(&mut holder).await.unwrap();
    let block = alone(
        "DO $$ BEGIN LOOP
           UPDATE a SET n = n + 1 WHERE ctid IN (SELECT ctid FROM a WHERE n = 0 LIMIT 10);
           EXIT WHEN NOT FOUND;
           COMMIT;
         END LOOP; END $$;",
    );
    let under = world.spawn(folder(&[&block]), soon());
    under.events.until("55P03").await;
    assert!(world.is("SELECT count(*) = 20 FROM a WHERE n = 1").await, "what was committed stays");
    close(holder).await;
    under.task.await.unwrap().unwrap();
    assert!(world.is("SELECT count(*) = 30 FROM a WHERE n = 1").await);
}

#[tokio::test]
async fn a_statement_that_cannot_run_in_a_transaction_says_what_to_write() {
    let world = World::with("CREATE TABLE a (n int)").await;
    for sql in ["CREATE INDEX CONCURRENTLY a_n ON a (n)".to_owned(), alone("CREATE INDEX CONCURRENTLY a_n ON a (n); SELECT 1")] {
        let error = world.apply(&folder(&[&sql])).await.unwrap_err();
        assert!(
            error.to_string().contains("put the statement alone into a file whose first line is `-- no-transaction`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_unnamed_index_is_not_tried_again_since_each_attempt_would_leave_one_more() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let mut writer = world.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE").execute(&mut writer).await.unwrap();
    let files = folder(&[&alone("CREATE INDEX CONCURRENTLY ON a (n)")]);
    let error = world.apply_with(&files, soon().with_wait(Duration::from_millis(300))).await.unwrap_err();
    let Cause::Failed { said, kept: Kept::Perhaps, .. } = &error.cause else { panic!("{error}") };
    assert_eq!(said.code, "55P03", "the build waited for the writer, whose end is awaited through the same kind of lock");
    assert!(world.is("SELECT count(*) = 1 AND NOT bool_or(indisvalid) FROM pg_index WHERE indrelid = 'a'::regclass").await);
}
