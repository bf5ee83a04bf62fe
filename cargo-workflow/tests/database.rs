//! `cargo workflow drift`, `census` and `verify`: the built command, on a real server.

use sqlx::AssertSqlSafe;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow_testing::Database;

const SOURCE: &str = "workflow! {
    pub workflow Order in orders {
        id: i64,
        note: Option<String>,
        states { initial Placed, final Shipped }
        transitions { ship: Placed -> Shipped by pack }
    }
}
";

/// A package with a workflow and its migrations.
fn shop(test: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("database_{test}"));
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), "[package]\nname = \"shop\"\nedition = \"2024\"\n[workspace]\n").unwrap();
    fs::write(home.join("src/lib.rs"), SOURCE).unwrap();
    assert_eq!(run(&home, None, &["generate"]).0, 0);
    home
}

fn run(home: &Path, url: Option<&str>, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    command.arg("workflow").args(arguments).current_dir(home).env_remove("DATABASE_URL");
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn migrated(home: &Path) -> Database {
    let database = Database::create().await.unwrap();
    let (code, _, err) = run(home, Some(database.url()), &["apply"]);
    assert_eq!(code, 0, "{err}");
    database
}

async fn change(database: &Database, sql: &str) {
    let mut connection = database.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn drift_says_what_is_broken_and_ends_with_5() {
    let home = shop("drift");
    let database = migrated(&home).await;
    let (code, out, err) = run(&home, Some(database.url()), &["drift"]);
    assert_eq!((code, out.as_str()), (0, "`order` is as it was migrated\n"), "{err}");
    change(&database, "ALTER TABLE orders DISABLE TRIGGER orders_transition").await;
    let (code, out, err) = run(&home, Some(database.url()), &["drift"]);
    assert_eq!(code, 5, "{err}");
    assert!(out.contains("`order`: trigger orders_transition on public.orders is disabled"), "{out}");
    assert!(out.contains("the guard does not run"), "{out}");
    assert!(out.contains("ALTER TABLE public.orders ENABLE TRIGGER orders_transition;"), "{out}");
    let (code, out, _) = run(&home, Some(database.url()), &["drift", "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, object["standing"].as_str()), (5, Some("current")));
    let finding = &object["findings"][0];
    assert_eq!((finding["thing"]["kind"].as_str(), finding["aspect"].as_str()), (Some("trigger"), Some("enabled")));
}

#[tokio::test]
async fn a_database_that_is_behind_is_one_line() {
    let home = shop("behind");
    let database = Database::create().await.unwrap();
    let (code, out, _) = run(&home, Some(database.url()), &["drift"]);
    assert_eq!((code, out.as_str()), (5, "`order` is not in this database: apply its migrations\n"));
    let database = migrated(&home).await;
    fs::write(home.join("src/lib.rs"), SOURCE.replace("note:", "colour: Option<String>,\n        note:")).unwrap();
    assert_eq!(run(&home, None, &["generate"]).0, 0);
    let (code, out, _) = run(&home, Some(database.url()), &["drift"]);
    assert_eq!((code, out.lines().count()), (5, 1));
    assert!(out.starts_with("the database is behind `order`: 1 file is not applied, from "), "{out}");
}

#[tokio::test]
async fn the_census_is_a_table_for_people_and_an_object_for_programs() {
    let home = shop("census");
    let database = migrated(&home).await;
    change(&database, "INSERT INTO orders (id) VALUES (1), (2)").await;
    let (code, out, err) = run(&home, Some(database.url()), &["census"]);
    let expected = "`order` in public.orders

  state          rows
  placed            2
  shipped           0

  kind      job    pending       due      late     tried  attempts
  activity  pack         2         2         0         0         0
";
    assert_eq!((code, out.as_str()), (0, expected), "{err}");
    fs::write(home.join("src/lib.rs"), SOURCE.replace(" by pack", "")).unwrap();
    let (_, out, _) = run(&home, Some(database.url()), &["census"]);
    let blocked = "  the contract phase of the declaration in the sources is blocked by 2 jobs of the activity pack\n";
    assert!(out.contains(blocked), "{out}");
    let (_, out, _) = run(&home, Some(database.url()), &["census", "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(object["rows"][0]["rows"], 2);
    assert_eq!((object["burdens"][0]["burden"].as_str(), object["burdens"][0]["jobs"].as_i64()), (Some("blocked"), Some(2)));
}

#[test]
fn what_cannot_be_reached_is_told_without_the_password() {
    let home = shop("password");
    for command in ["drift", "census"] {
        let (code, out, err) = run(&home, Some("postgres://me:hunter2@localhost:1/shop"), &[command]);
        assert_eq!(code, 1);
        assert!(err.contains("no connection to the database") && !(out + &err).contains("hunter2"), "{err}");
        let (code, _, err) = run(&home, None, &[command]);
        assert!(code == 1 && err.contains("no database is named"), "{err}");
    }
}

#[test]
fn verify_is_a_line_a_check_and_needs_no_database() {
    let home = shop("verify");
    let (code, out, err) = run(&home, None, &["verify"]);
    assert_eq!(code, 0, "{out}{err}");
    let checks: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().take(2).collect()).collect();
    let names = ["replay", "catalogue", "back", "again", "locks", "functions"];
    assert_eq!(checks, names.map(|name| vec![name, "ok"]), "{out}");
}

#[test]
fn verify_finds_an_edited_file_an_unsafe_one_and_one_that_leads_elsewhere() {
    let home = shop("faults");
    let later = |name: &str, text: &str| fs::write(home.join("migrations").join(name), text).unwrap();
    later("90000000000000_note.up.sql", "ALTER TABLE orders ALTER note SET NOT NULL;");
    later("90000000000000_note.down.sql", "ALTER TABLE orders ALTER note DROP NOT NULL;");
    let (code, out, err) = run(&home, None, &["verify"]);
    assert_eq!(code, 6, "{out}{err}");
    assert!(out.contains("catalogue  failed\n") && out.contains("column public.orders.note must not be NULL"), "{out}");
    assert!(out.contains("locks      failed\n") && out.contains("90000000000000_note: line 1: everybody waits"), "{out}");
    let (code, out, _) = run(&home, None, &["verify", "--since", "90000000000001"]);
    assert_eq!(code, 5, "{out}");

    let created = fs::read_dir(home.join("migrations")).unwrap().map(|entry| entry.unwrap().path());
    let created = created.into_iter().find(|path| path.to_string_lossy().ends_with("_order_create.up.sql")).unwrap();
    fs::write(&created, fs::read_to_string(&created).unwrap() + "-- a small change\n").unwrap();
    let (code, out, err) = run(&home, None, &["verify"]);
    assert_eq!((code, out.as_str()), (4, ""), "{err}");
    assert!(err.contains("was edited after it was generated"), "{err}");
}
