//! The table of applied files is sqlx's: each may go on where the other stopped.

use crate::files::{World, alone, file, folder};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Row, SqlSafeStr};

const ROWS: &str = "SELECT version, description, success, checksum, execution_time > 0 AS timed, installed_on <= now() AS dated \
                    FROM _sqlx_migrations ORDER BY version";

type Written = (i64, String, bool, Vec<u8>, bool, bool);

async fn rows(world: &mut World) -> Vec<Written> {
    let rows = sqlx::query(ROWS).fetch_all(&mut world.connection).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5))).collect()
}

fn two() -> Migrator {
    folder(&["CREATE TABLE a (n int)", &alone("CREATE INDEX CONCURRENTLY a_n ON a (n)")])
}

#[tokio::test]
async fn the_rows_are_those_that_sqlx_writes() {
    let (mut theirs, mut ours) = (World::with("").await, World::with("").await);
    two().run(&mut theirs.connection).await.unwrap();
    ours.apply(&two()).await.unwrap();
    let written = rows(&mut ours).await;
    assert_eq!(rows(&mut theirs).await, written);
    assert_eq!(written.len(), 2);
    assert!(written.iter().all(|row| row.2 && row.4 && row.5), "{written:?}");
}

#[tokio::test]
async fn each_goes_on_where_the_other_stopped() {
    let four = || {
        folder(&[
            "CREATE TABLE a (n int)",
            &alone("CREATE INDEX CONCURRENTLY a_n ON a (n)"),
            "CREATE TABLE b ()",
            "CREATE TABLE c ()",
        ])
    };
    for ours_first in [true, false] {
        let mut world = World::with("").await;
        if ours_first {
            world.apply(&two()).await.unwrap();
            four().run(&mut world.connection).await.unwrap();
        } else {
            two().run(&mut world.connection).await.unwrap();
            assert_eq!(world.apply(&four()).await.unwrap().files.len(), 2);
        }
        assert!(world.is("to_regclass('c') IS NOT NULL").await);
        assert_eq!(world.apply(&four()).await.unwrap().files, []);
        four().run(&mut world.connection).await.unwrap();
    }
}

#[tokio::test]
async fn sqlx_reverts_what_was_applied_here_and_it_can_be_applied_again() {
    let pair = || {
        let half = |kind, sql: &'static str| Migration::new(1, "a".into(), kind, sql.into_sql_str(), false);
        Migrator::with_migrations(vec![
            half(MigrationType::ReversibleUp, "CREATE TABLE a ()"),
            half(MigrationType::ReversibleDown, "DROP TABLE a"),
        ])
    };
    let mut world = World::with("").await;
    for _ in 0..2 {
        assert_eq!(world.apply(&pair()).await.unwrap().files.len(), 1);
        pair().undo(&mut world.connection, 0).await.unwrap();
        assert!(world.is("to_regclass('a') IS NULL").await);
    }
}

#[tokio::test]
async fn what_the_migrator_is_told_is_heeded() {
    let mut world = World::with("").await;
    let mut elsewhere = folder(&["CREATE TABLE a ()"]);
    elsewhere.create_schema("\"Log\"");
    elsewhere.dangerous_set_table_name("\"Log\".\"applied files\"");
    world.apply(&elsewhere).await.unwrap();
    assert!(world.is("SELECT count(*) = 1 FROM \"Log\".\"applied files\"").await);
    assert!(world.is("to_regclass('_sqlx_migrations') IS NULL").await);
    elsewhere.run(&mut world.connection).await.unwrap();

    // Somebody holds the lock for ever: only who takes none gets through.
    sqlx::migrate::Migrate::lock(&mut world.connection).await.unwrap();
    let mut free = Migrator::with_migrations(vec![file(2, "CREATE TABLE b ()")]);
    free.set_ignore_missing(true).set_locking(false);
    free.create_schema("\"Log\"");
    free.dangerous_set_table_name("\"Log\".\"applied files\"");
    assert_eq!(world.apply(&free).await.unwrap().files.len(), 1);
}

#[tokio::test]
async fn a_role_that_may_create_nothing_can_ask_when_nothing_is_to_be_done() {
    let mut world = World::with("").await;
    let nothing = folder(&["SELECT 1"]);
    world.apply(&nothing).await.unwrap();
    let role = format!("reader_{}", std::process::id());
    world
        .run(&format!(
            "CREATE ROLE {role} LOGIN; GRANT SELECT ON _sqlx_migrations TO {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        ))
        .await;
    let options = world.database.url_as(&role).parse().unwrap();
    let applied = workflow_apply::apply(&options, &nothing, &crate::files::soon(), |_| ()).await.unwrap();
    assert_eq!(applied.files, []);
}
