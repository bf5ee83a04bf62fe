//! Locks that others hold.

use crate::files::{World, alone, close, folder, soon};
use sqlx::PgConnection;
use sqlx::postgres::PgConnectOptions;
use std::time::{Duration, Instant};
use workflow_apply::{Cause, Kept, Settings};

async fn reader(world: &World) -> PgConnection {
    let mut reader = world.connect().await;
    sqlx::raw_sql("BEGIN; SELECT * FROM a").execute(&mut reader).await.unwrap();
    reader
}

#[tokio::test]
async fn a_file_that_waits_for_a_lock_lets_the_others_pass_and_is_tried_again() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let reader = reader(&world).await;
    let under = world.spawn(folder(&["CREATE TABLE b (); ALTER TABLE a ADD COLUMN m int"]), soon());
    under.events.until("canceling statement due to lock timeout (55P03); again in").await;
    // Without the time-out they would queue behind the file for as long as the reader reads.
    let began = Instant::now();
    for _ in 0..20 {
        world.run("INSERT INTO a (n) VALUES (1)").await;
        assert!(began.elapsed() < Duration::from_secs(10), "a writer waits no longer than the lock time-out");
    }
    assert!(world.is("to_regclass('b') IS NULL").await, "nothing of a refused attempt is kept");
    close(reader).await;
    let applied = under.task.await.unwrap().unwrap();
    assert!(applied.files[0].attempts > 1);
    assert!(world.is("SELECT count(m) = 0 FROM a").await);
}

#[tokio::test]
async fn when_the_time_for_a_lock_has_run_out_it_says_so_and_what_was_applied_stays() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let reader = reader(&world).await;
    let files = folder(&["CREATE TABLE b ()", "ALTER TABLE a ADD COLUMN m int"]);
    let error = world.apply_with(&files, soon().with_wait(Duration::from_millis(500))).await.unwrap_err();
    let Cause::Locked { file: Some(file), attempts, said, .. } = &error.cause else { panic!("{error}") };
    assert_eq!((file.version, said.code.as_str()), (2, "55P03"));
    assert!(*attempts > 1 && error.is_retryable(), "{error}");
    assert_eq!(error.applied.files.len(), 1);
    assert!(!world.locks_left().await);
    close(reader).await;
    assert_eq!(world.apply(&files).await.unwrap().files.len(), 1);
    assert!(world.is("to_regclass('b') IS NOT NULL").await);
}

/// At least one question falls into each wait, and the last one is not over before it is answered.
fn unhurried() -> Settings {
    Settings::default().with_lock_timeout(Duration::from_secs(1)).with_wait(Duration::from_millis(1))
}

#[tokio::test]
async fn who_is_in_the_way_is_named_and_what_they_run_is_not() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let mut reader = world.connect().await;
    sqlx::raw_sql("SET application_name = 'report'; BEGIN; SELECT 'secret' FROM a").execute(&mut reader).await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
    let files = folder(&["CREATE TABLE b (); ALTER TABLE a ADD COLUMN m int"]);
    let error = world.apply_with(&files, unhurried()).await.unwrap_err();
    let Cause::Locked { blockers, .. } = &error.cause else { panic!("{error}") };
    assert_eq!(blockers.len(), 1, "{error}");
    assert_eq!((blockers[0].pid, blockers[0].application.as_deref()), (pid, Some("report")));
    assert_eq!(blockers[0].state.as_deref(), Some("idle in transaction"));
    assert!(blockers[0].age.is_some_and(|age| age > Duration::from_millis(400)), "{error}");
    let said = format!("; in the way: PostgreSQL's process {pid}, `report`, idle in transaction, its transaction began ");
    assert!(error.to_string().contains(&said) && !error.to_string().contains("secret"), "{error}");
    close(reader).await;
    world.until("NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'workflow apply%')").await;
}

#[tokio::test]
async fn of_a_session_of_another_role_is_said_what_may_be_seen() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let role = format!("migrator_{}", std::process::id());
    world.run(&format!("CREATE ROLE {role} LOGIN; GRANT CREATE ON SCHEMA public TO {role}; ALTER TABLE a OWNER TO {role}")).await;
    let mut reader = reader(&world).await;
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
    let options: PgConnectOptions = world.database.url().parse().unwrap();
    let files = folder(&["ALTER TABLE a ADD COLUMN m int"]);
    let error = workflow_apply::apply(&options.username(&role), &files, &unhurried(), |_| ()).await.unwrap_err();
    assert!(error.to_string().contains(&format!("in the way: PostgreSQL's process {pid}")), "{error}");
    assert!(error.to_string().contains(", of which this role may see no more"), "{error}");
    let Cause::Locked { blockers, .. } = &error.cause else { panic!("{error}") };
    assert_eq!((&blockers[0].state, blockers[0].age), (&None, None));
    close(reader).await;
    world.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
}

#[tokio::test]
async fn where_nobody_can_be_asked_it_is_said_that_nobody_was_seen() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let role = format!("lonely_{}", std::process::id());
    let sql = format!(
        "CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; GRANT CREATE ON SCHEMA public TO {role}; ALTER TABLE a OWNER TO {role}"
    );
    world.run(&sql).await;
    let reader = reader(&world).await;
    let options: PgConnectOptions = world.database.url().parse().unwrap();
    let files = folder(&["ALTER TABLE a ADD COLUMN m int"]);
    let error = workflow_apply::apply(&options.username(&role), &files, &unhurried(), |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("who was in the way could not be seen"), "{error}");
    close(reader).await;
    world.run(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
}

#[tokio::test]
async fn a_file_may_set_a_lock_timeout_of_its_own_and_the_next_file_has_ours_again() {
    let mut world = World::with("").await;
    let files = folder(&[
        "SET LOCAL lock_timeout = '7s'; CREATE TABLE a AS SELECT current_setting('lock_timeout') AS t",
        "SET lock_timeout = '8s'; SET statement_timeout = '1h'",
        "CREATE TABLE b AS SELECT current_setting('lock_timeout') AS t, current_setting('statement_timeout') AS s",
        &alone("CREATE TABLE c AS SELECT current_setting('lock_timeout') AS t"),
    ]);
    world.apply_with(&files, Settings::default()).await.unwrap();
    assert!(world.is("SELECT t = '7s' FROM a").await);
    assert!(world.is("SELECT t = '2s' AND s = '0' FROM b").await);
    assert!(world.is("SELECT t = '2s' FROM c").await);
}

#[tokio::test]
async fn no_statement_timeout_cuts_off_a_long_statement() {
    let mut world = World::with("").await;
    let name: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut world.connection).await.unwrap();
    world
        .run(&format!("ALTER DATABASE {name} SET statement_timeout = '50ms'; ALTER DATABASE {name} SET lock_timeout = '1h'"))
        .await;
    let files = folder(&["SELECT pg_sleep(0.3)", &alone("SELECT pg_sleep(0.3)")]);
    assert_eq!(world.apply(&files).await.unwrap().files.len(), 2);
    let mut plain = world.connect().await;
    folder(&["SELECT 1", &alone("SELECT 1"), "SELECT pg_sleep(0.3)"]).run(&mut plain).await.unwrap_err();
}

#[tokio::test]
async fn what_a_file_committed_itself_is_not_done_again() {
    let mut world = World::with("CREATE TABLE a (n int); CREATE TABLE log (n int)").await;
    let _reader = reader(&world).await;
    let error = world
        .apply(&folder(&["INSERT INTO log VALUES (1); COMMIT; BEGIN; ALTER TABLE a ADD COLUMN m int; COMMIT"]))
        .await
        .unwrap_err();
    assert!(matches!(error.cause, Cause::Failed { kept: Kept::Committed, .. }), "{error}");
    assert!(!error.is_retryable());
    assert!(world.is("SELECT count(*) = 1 FROM log").await);
}

#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let mut world = World::with("CREATE TABLE a (); CREATE TABLE b ()").await;
    let mut other = world.connect().await;
    // The other one looks for deadlocks late, so that it is the file that is cancelled.
    sqlx::raw_sql("SET deadlock_timeout = '1h'; BEGIN; LOCK TABLE b").execute(&mut other).await.unwrap();
    let settings = Settings::default().with_lock_timeout(Duration::from_secs(600));
    let under = world.spawn(folder(&["LOCK TABLE a; LOCK TABLE b"]), settings);
    world.until("EXISTS (SELECT FROM pg_locks WHERE relation = 'b'::regclass AND NOT granted)").await;
    sqlx::raw_sql("LOCK TABLE a; COMMIT").execute(&mut other).await.unwrap();
    assert_eq!(under.task.await.unwrap().unwrap().files[0].attempts, 2);
    assert!(under.events.all().iter().any(|line| line.contains("40P01")), "{:?}", under.events.all());
}

#[tokio::test]
async fn a_serialization_failure_is_tried_again_and_nothing_else_is() {
    let world = World::with("CREATE SEQUENCE tries").await;
    let failing = |code| {
        format!("DO $$ BEGIN IF nextval('tries') % 3 <> 0 THEN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END IF; END $$")
    };
    let applied = world.apply(&folder(&[&failing("40001"), &alone(&failing("40001"))])).await.unwrap();
    assert_eq!(applied.files.iter().map(|done| done.attempts).collect::<Vec<_>>(), [3, 3]);
    for code in ["40002", "57014", "P0001", "23505"] {
        let mut world = World::with("CREATE SEQUENCE tries").await;
        world.apply(&folder(&[&failing(code)])).await.unwrap_err();
        assert!(world.is("SELECT last_value = 1 FROM tries").await, "{code} is not tried again");
    }
}
