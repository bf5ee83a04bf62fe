//! A process that goes away in the middle.

use crate::files::{World, alone, folder, soon};
use std::process::{Child, Command};
use workflow_apply::{Cause, Settings, apply};

/// Set in the child: the database, and the file that it applies.
const PART: &str = "WORKFLOW_APPLY_PART";

const WORKING: &str = "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'workflow apply' AND state = 'active' AND datname = current_database() AND (wait_event = 'PgSleep' OR wait_event = 'virtualxid'))";
const GONE: &str =
    "NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'workflow apply' AND datname = current_database())";

/// Plays the part of the process that is killed.
#[tokio::test]
async fn a_process_that_applies() {
    let Ok(part) = std::env::var(PART) else { return };
    let (url, sql) = part.split_once(' ').unwrap();
    apply(&url.parse().unwrap(), &folder(&[sql]), &Settings::default(), |_| ()).await.unwrap();
}

fn applies(world: &World, sql: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["kills::a_process_that_applies", "--exact"]).env(PART, format!("{} {sql}", world.database.url()));
    command.spawn().unwrap()
}

#[tokio::test]
async fn a_process_that_is_killed_in_the_middle_leaves_no_lock_and_half_of_nothing() {
    let mut world = World::with("").await;
    let file = "CREATE TABLE a (); SELECT pg_sleep(3600)";
    let mut child = applies(&world, file);
    world.until(WORKING).await;
    child.kill().unwrap();
    child.wait().unwrap();
    // The statement would run for another hour.
    world.until(GONE).await;
    assert!(!world.locks_left().await);
    assert!(world.is("to_regclass('a') IS NULL").await);
    assert_eq!(world.apply(&folder(&["CREATE TABLE a ()"])).await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn a_build_that_is_killed_is_begun_anew() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let sql = alone("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n)");
    let mut old = world.connect().await;
    sqlx::raw_sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").execute(&mut old).await.unwrap();
    let mut child = applies(&world, &sql);
    world.until(WORKING).await;
    child.kill().unwrap();
    child.wait().unwrap();
    world.until(GONE).await;
    crate::files::close(old).await;
    assert!(world.is("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass").await);
    world.apply(&folder(&[&sql])).await.unwrap();
    assert!(world.is("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_n'::regclass").await);
}

#[tokio::test]
async fn a_future_that_is_dropped_in_the_middle_leaves_no_lock() {
    let mut world = World::with("").await;
    let under = world.spawn(folder(&["SELECT pg_sleep(3600)"]), soon());
    world.until(WORKING).await;
    under.task.abort();
    world.until(GONE).await;
    assert!(!world.locks_left().await);
}

#[tokio::test]
async fn a_session_that_the_server_ends_is_told_as_lost() {
    let mut world = World::with("").await;
    let under = world.spawn(folder(&["SELECT 1", "SELECT pg_sleep(3600)"]), soon());
    world.until(WORKING).await;
    world.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'workflow apply' AND datname = current_database()").await;
    let error = under.task.await.unwrap().unwrap_err();
    assert!(matches!(&error.cause, Cause::Lost { file: Some(file), .. } if file.version == 2), "{error}");
    assert!(error.is_retryable());
    assert_eq!(error.applied.files.len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_that_can_be_tried_again() {
    let options = "postgres://ann:s3cret@127.0.0.1:1/shop".parse().unwrap();
    let error = apply(&options, &folder(&[]), &soon(), |_| ()).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Connect(_)) && error.is_retryable(), "{error}");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
}
