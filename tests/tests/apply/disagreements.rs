//! A database and a folder that do not agree.

use crate::files::{World, alone, file, folder};
use sqlx::migrate::Migrator;
use workflow_apply::{Cause, Kept, pending};

#[tokio::test]
async fn an_edited_file_is_found_before_anything_is_done() {
    let mut world = World::with("").await;
    let error = {
        world.apply(&Migrator::with_migrations(vec![file(2, "SELECT 1")])).await.unwrap();
        let edited = Migrator::with_migrations(vec![file(1, "CREATE TABLE a ()"), file(2, "SELECT 2")]);
        world.apply(&edited).await.unwrap_err()
    };
    assert!(matches!(&error.cause, Cause::Edited { file } if file.version == 2), "{error}");
    assert_eq!(error.to_string().split(". To do").next(), Some("2_file_2 was edited after it had been applied"));
    assert!(world.is("to_regclass('a') IS NULL").await);
    assert!(!world.locks_left().await);
}

#[tokio::test]
async fn an_applied_file_that_the_folder_does_not_have_is_an_error_unless_the_migrator_says_otherwise() {
    let world = World::with("").await;
    world.apply(&folder(&["SELECT 1", "SELECT 2"])).await.unwrap();
    let error = world.apply(&folder(&["SELECT 1"])).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Missing { file } if file.version == 2 && file.description == "file 2"), "{error}");
    let mut lenient = folder(&["SELECT 1"]);
    lenient.set_ignore_missing(true);
    assert_eq!(world.apply(&lenient).await.unwrap().files, []);
}

#[tokio::test]
async fn a_file_below_the_highest_applied_one_is_applied_and_reported() {
    let world = World::with("").await;
    world.apply(&Migrator::with_migrations(vec![file(2, "SELECT 2")])).await.unwrap();
    let applied = world.apply(&folder(&["SELECT 1", "SELECT 2", "SELECT 3"])).await.unwrap();
    let told: Vec<_> = applied.files.iter().map(|done| (done.file.version, done.out_of_order)).collect();
    assert_eq!(told, [(1, true), (3, false)]);
}

/// As a tool would leave it that writes the row first.
async fn make_dirty(world: &mut World, version: i64) {
    world.run(&format!("UPDATE _sqlx_migrations SET success = false WHERE version = {version}")).await;
}

#[tokio::test]
async fn a_half_applied_file_without_a_transaction_is_carried_out_again() {
    let mut world = World::with("CREATE TABLE a (n int)").await;
    let files = || folder(&["SELECT 1", &alone("CREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n)"), "SELECT 3"]);
    world.apply(&files()).await.unwrap();
    world.run("DROP INDEX a_n").await;
    make_dirty(&mut world, 2).await;
    let applied = world.apply(&files()).await.unwrap();
    assert_eq!(applied.files.iter().map(|done| (done.file.version, done.out_of_order)).collect::<Vec<_>>(), [(2, false)]);
    assert!(world.is("to_regclass('a_n') IS NOT NULL").await);
    files().run(&mut world.connection).await.unwrap();
}

#[tokio::test]
async fn any_other_half_applied_file_is_an_error_that_says_what_to_do() {
    let mut world = World::with("").await;
    let files = || folder(&["SELECT 1", &alone("SELECT 2")]);
    world.apply(&files()).await.unwrap();
    make_dirty(&mut world, 1).await;
    let error = world.apply(&files()).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Dirty { file } if file.version == 1), "{error}");
    assert!(error.to_string().contains("set `success` in its row, or delete the row"), "{error}");
    world.run("UPDATE _sqlx_migrations SET success = version <> 2").await;
    let mut lenient = folder(&["SELECT 1"]);
    lenient.set_ignore_missing(true);
    assert!(matches!(world.apply(&lenient).await.unwrap_err().cause, Cause::Dirty { .. }));
    let edited = folder(&["SELECT 1", &alone("SELECT 3")]);
    assert!(matches!(world.apply(&edited).await.unwrap_err().cause, Cause::Edited { .. }));
}

#[tokio::test]
async fn a_fault_in_a_file_is_told_with_its_line_and_nothing_of_it_is_kept() {
    let mut world = World::with("").await;
    let sql = "CREATE TABLE a ();\n-- ä\nCREATE TABLE b ();\nSELECT nothing FROM a;\n";
    let error = world.apply(&folder(&["CREATE TABLE c ()", sql])).await.unwrap_err();
    let Cause::Failed { file, said, kept } = &error.cause else { panic!("{error}") };
    assert_eq!((file.version, said.code.as_str(), said.line, *kept), (2, "42703", Some(4), Kept::Nothing));
    assert_eq!(said.offset, sql.find("nothing"));
    assert_eq!(
        error.to_string(),
        "2_file_2: column \"nothing\" does not exist (42703) in line 4; nothing of it was kept. \
         One file before it was applied, and stays. To do: mend the data (or the file, if it is one of your own), and apply again"
    );
    assert!(world.is("to_regclass('a') IS NULL AND to_regclass('c') IS NOT NULL").await);
    assert!(!world.locks_left().await);
}

#[tokio::test]
async fn what_is_pending_is_told_without_a_trace() {
    let mut world = World::with("").await;
    let files = folder(&["SELECT 1", "SELECT 2"]);
    let options = world.database.url().parse().unwrap();
    assert_eq!(pending(&options, &files).await.unwrap().len(), 2);
    assert!(world.is("to_regclass('_sqlx_migrations') IS NULL").await);
    world.apply(&folder(&["SELECT 1"])).await.unwrap();
    assert_eq!(pending(&options, &files).await.unwrap()[0].to_string(), "2_file_2");
    assert!(matches!(pending(&options, &folder(&[])).await.unwrap_err().cause, Cause::Missing { .. }));
}
