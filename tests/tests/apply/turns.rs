//! Several processes at once.

use crate::files::{World, alone, close, folder, soon};
use sqlx::migrate::{Migrate, Migrator};
use sqlx::{Connection, PgConnection};
use std::time::Duration;
use workflow_apply::{Cause, Settings};

fn with_index() -> Migrator {
    folder(&["CREATE TABLE a (n int)", &alone("CREATE INDEX CONCURRENTLY a_n ON a (n)"), "CREATE TABLE b ()"])
}

/// A transaction that writes to the table: a concurrent build waits for its end before it takes the snapshot whose elders it will
/// wait for at its own end. So whoever waits inside a statement by then is in its way.
async fn writer(world: &World) -> PgConnection {
    let mut writer = world.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE a IN ROW EXCLUSIVE MODE").execute(&mut writer).await.unwrap();
    writer
}

const BUILDING: &str = "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE '%CREATE INDEX%CONCURRENTLY%' AND wait_event_type = 'Lock' AND datname = current_database())";

#[tokio::test]
async fn an_index_is_built_concurrently_while_others_wait_for_their_turn() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let files = || folder(&["SELECT 1", &alone("CREATE INDEX CONCURRENTLY a_n ON a (n)"), "CREATE TABLE b ()"]);
    let writer = writer(&world).await;
    let first = world.spawn(files(), Settings::default());
    world.until(BUILDING).await;
    let others = [world.spawn(files(), Settings::default()), world.spawn(files(), Settings::default())];
    for other in &others {
        other.events.until("another process migrates this database: PostgreSQL's process").await;
    }
    close(writer).await;
    let applied = first.task.await.unwrap().unwrap();
    assert_eq!(applied.files.iter().map(|done| done.attempts).collect::<Vec<_>>(), [1, 1, 1], "the build met no deadlock");
    for other in others {
        assert_eq!(other.task.await.unwrap().unwrap().files, []);
    }
    assert!(world.is("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass").await);
}

#[tokio::test]
async fn an_application_that_waits_the_way_sqlx_does_gets_through_too() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let files = || folder(&["SELECT 1", &alone("CREATE INDEX CONCURRENTLY a_n ON a (n)"), "CREATE TABLE b ()"]);
    let writer = writer(&world).await;
    let ours = world.spawn(files(), Settings::default());
    world.until(BUILDING).await;
    let mut theirs = world.connect().await;
    // It has waited for longer than a second, after which nobody looks for a deadlock again.
    sqlx::raw_sql("SET deadlock_timeout = '1h'").execute(&mut theirs).await.unwrap();
    let waiter = tokio::spawn(async move { files().run_direct(None, &mut theirs, false).await });
    world.until("EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))").await;
    close(writer).await;
    waiter.await.unwrap().unwrap();
    ours.task.await.unwrap().unwrap();
    assert!(ours.events.all().iter().any(|line| line.contains("deadlock detected (40P01)")), "{:?}", ours.events.all());
    assert!(world.is("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass").await);
}

#[tokio::test]
async fn who_waits_too_long_is_told_who_migrates() {
    let world = World::with("").await;
    let mut theirs = PgConnection::connect_with(
        &world.database.url().parse::<sqlx::postgres::PgConnectOptions>().unwrap().application_name("shop"),
    )
    .await
    .unwrap();
    theirs.lock().await.unwrap();
    let error = world.apply_with(&with_index(), soon().with_wait(Duration::from_millis(200))).await.unwrap_err();
    assert!(
        matches!(&error.cause, Cause::Busy { holder: Some(holder), .. } if holder.application.as_deref() == Some("shop")),
        "{error}"
    );
    assert!(error.is_retryable());
    theirs.unlock().await.unwrap();
    assert_eq!(world.apply(&with_index()).await.unwrap().files.len(), 3);
}

#[tokio::test]
async fn sqlx_waits_for_what_is_applied_here() {
    let mut world = World::with("CREATE TABLE gate ()").await;
    let mut gate = world.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE gate").execute(&mut gate).await.unwrap();
    let settings = Settings::default().with_lock_timeout(Duration::from_secs(60));
    let ours = world.spawn(folder(&["ALTER TABLE gate ADD COLUMN n int"]), settings);
    world.until("EXISTS (SELECT FROM pg_locks WHERE relation = 'gate'::regclass AND NOT granted)").await;
    let mut theirs = world.connect().await;
    let waiter =
        tokio::spawn(async move { folder(&["ALTER TABLE gate ADD COLUMN n int"]).run_direct(None, &mut theirs, false).await });
    world.until("EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))").await;
    close(gate).await;
    assert_eq!(ours.task.await.unwrap().unwrap().files.len(), 1);
    waiter.await.unwrap().unwrap();
}

#[tokio::test]
async fn in_the_pause_of_one_no_other_tries_at_the_same_lock() {
    let mut world = World::with("CREATE TABLE gate ()").await;
    let mut gate = world.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE gate IN ACCESS SHARE MODE").execute(&mut gate).await.unwrap();
    let files = || folder(&["ALTER TABLE gate ADD COLUMN n int"]);
    let first = world.spawn(files(), soon());
    first.events.until("again in").await;
    let second = world.spawn(files(), soon());
    second.events.until("another process").await;
    let before = first.events.all().len();
    world.until_seen(|| first.events.all().len() >= before + 4).await;
    assert_eq!(second.events.all().len(), 1, "{:?}", second.events.all());
    close(gate).await;
    assert_eq!(first.task.await.unwrap().unwrap().files.len(), 1);
    assert_eq!(second.task.await.unwrap().unwrap().files, []);
    assert!(!world.locks_left().await);
}

#[tokio::test]
async fn what_sqlx_applied_meanwhile_without_the_lock_is_not_an_error() {
    let mut world = World::with("").await;
    let files = || folder(&["CREATE TABLE a ()", "CREATE TABLE b ()"]);
    world.apply(&folder(&["CREATE TABLE a ()"])).await.unwrap();
    // As its command does it: a transaction with the file and the row.
    let mut theirs = world.connect().await;
    sqlx::raw_sql("BEGIN; CREATE TABLE b ()").execute(&mut theirs).await.unwrap();
    theirs.skip("_sqlx_migrations", &files().migrations[1]).await.unwrap();
    let ours = world.spawn(files(), Settings::default().with_lock_timeout(Duration::from_secs(60)));
    world.until("EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'workflow apply' AND wait_event_type = 'Lock' AND datname = current_database())").await;
    sqlx::raw_sql("COMMIT").execute(&mut theirs).await.unwrap();
    assert_eq!(ours.task.await.unwrap().unwrap().files, []);
}
