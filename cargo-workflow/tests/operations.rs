//! `cargo workflow status`, `history`, `why`, `verify-data`, `release` and `retry`: the built command, on a real server.

use sqlx::AssertSqlSafe;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow_testing::Database;

const SOURCE: &str = "workflow! {
    pub workflow Order in orders {
        id: i64,
        sku: String,
        states { initial Placed, Reserved { shelf: String }, final Shipped }
        transitions {
            create: -> Placed then thank,
            reserve(shelf: String): Placed -> Reserved if sql \"sku <> 'sold out'\",
            remind: Placed after 2 days,
            ship: Reserved -> Shipped by pack,
        }
    }
}
";

/// A package with a workflow, and its migrated database.
async fn shop(test: &str, rows: &str) -> (PathBuf, Database) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("operations_{test}"));
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), "[package]\nname = \"shop\"\nedition = \"2024\"\n[workspace]\n").unwrap();
    fs::write(home.join("src/lib.rs"), SOURCE).unwrap();
    let database = Database::create().await.unwrap();
    for command in ["generate", "apply"] {
        let (code, _, err) = run(&home, &database, &[command]);
        assert_eq!(code, 0, "{err}");
    }
    change(&database, rows).await;
    (home, database)
}

fn run(home: &Path, database: &Database, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    command.arg("workflow").args(arguments).current_dir(home).env("DATABASE_URL", database.url());
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn object(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn change(database: &Database, sql: &str) {
    let mut connection = database.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
}

#[tokio::test]
async fn status_is_a_table_for_people_an_object_for_programs_and_a_notice_for_a_pipeline() {
    let rows = "INSERT INTO orders (id, sku) VALUES (1, 'tea'), (2, 'tea'); UPDATE orders_jobs SET run_at = now() - interval '2 hours' WHERE id = 1 AND kind = 'task';
                UPDATE orders_jobs SET run_at = 'infinity', attempt = 25 WHERE id = 2 AND kind = 'task'; BEGIN; SET LOCAL session_replication_role = replica; UPDATE orders SET entered_at = now() - interval '3 hours'; COMMIT";
    let (home, database) = shop("status", rows).await;
    let (code, out, err) = run(&home, &database, &["status"]);
    let expected = "`order` in public.orders

  state     rows  oldest  median
  placed       2      3h      3h
  reserved     0       -       -
  shipped      0       -       -

  kind   job     scheduled  due  late  running  failed  parked  oldest due
  task   thank           0    1     1        0       0       1          2h
  timer  remind          2    0     0        0       0       0           -
";
    assert_eq!((code, out.as_str()), (0, expected), "{err}");
    let (_, out, _) = run(&home, &database, &["status", "order", "--format", "json"]);
    let status = object(&out);
    assert_eq!((&status["states"][0]["rows"], &status["jobs"][0]["parked"]), (&2.into(), &1.into()));
    let (_, out, _) = run(&home, &database, &["status", "--late", "3h", "--format", "github"]);
    assert_eq!(out, "`order`: 1 of the task thank are parked\n");
    let (_, out, _) = run(&home, &database, &["status", "--estimate"]);
    assert!(out.contains("`order` in public.orders, estimated\n") && out.contains("  placed       ?       -       -\n"), "{out}");
    let (code, _, err) = run(&home, &database, &["status", "ordre"]);
    assert!(code == 1 && err.contains("no workflow is called `ordre`: there is `order`"), "{err}");
}

#[tokio::test]
async fn history_shows_each_step_and_a_terminal_obeys_nothing_in_it() {
    let rows = "INSERT INTO orders (id, sku) VALUES (7, E'tea\\x1b[31m'); SELECT orders_force(7, 'reserved', '{\"shelf\": \"b4\"}', E'found\\nit')";
    let (home, database) = shop("history", rows).await;
    let (code, out, err) = run(&home, &database, &["history", "7"]);
    assert_eq!(code, 0, "{err}");
    let lines: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["`order`", "7"]);
    assert_eq!(lines[2], ["version", "at", "event", "from", "to", "actor", "role", "note", "data"]);
    assert_eq!((lines[3][0], &lines[3][3..7]), ("1", ["create", "-", "placed", "-"].as_slice()));
    assert_eq!((lines[4][0], &lines[4][3..7]), ("2", ["force", "placed", "reserved", "-"].as_slice()));
    assert!(out.contains("found it") && out.contains("{\"shelf\": \"b4\"}") && !out.contains('\u{1b}'), "{out}");
    let (_, out, _) = run(&home, &database, &["history", "7", "--format", "json"]);
    let history = object(&out);
    assert_eq!((&history["steps"][1]["data"]["shelf"], &history["steps"][1]["note"]), (&"b4".into(), &"found\nit".into()));
    for id in ["8", "seven", "7; DROP TABLE orders", "-1"] {
        let (code, _, err) = run(&home, &database, &["history", id]);
        assert!(code == 1 && err.contains(&format!("there is no instance {id} of `order`")), "{err}");
    }
}

#[tokio::test]
async fn why_says_what_could_happen_and_what_is_in_the_way() {
    let rows = "INSERT INTO orders (id, sku) VALUES (1, 'sold out'), (2, 'tea'); SELECT orders_reserve(2, 'a1');
                UPDATE orders_jobs SET run_at = 'infinity', attempt = 25, last_error = 'no courier' WHERE id = 2 AND job = 'pack'";
    let (home, database) = shop("why", rows).await;
    let (code, out, err) = run(&home, &database, &["why", "1"]);
    assert_eq!(code, 0, "{err}");
    for said in [
        "`order` 1 is placed for ",
        "sku <> 'sold out': it is not",
        "a timer, after 2 days",
        "reserve is possible only if sku <> 'sold out'",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (_, out, _) = run(&home, &database, &["why", "2"]);
    let parked = "the activity pack was given up: no courier; `cargo workflow release` sets it going";
    assert!(out.contains(parked) && out.contains("  ship   shipped  the activity pack\n"), "{out}");
    let (_, out, _) = run(&home, &database, &["why", "2", "--format", "json"]);
    let why = object(&out);
    assert_eq!(
        (&why["state"], &why["hindrances"][0]["hindrance"], &why["ways"][0]["by"]),
        (&"reserved".into(), &"parked".into(), &"activity".into())
    );
    change(&database, "SELECT orders_ship(2)").await;
    let (_, out, _) = run(&home, &database, &["why", "2"]);
    assert!(out.ends_with("in the way:\n  nothing: it has come to its end\n"), "{out}");
}

#[tokio::test]
async fn verify_data_ends_with_5_when_something_does_not_fit() {
    let (home, database) = shop("verify", "INSERT INTO orders (id, sku) SELECT n, 'tea' FROM generate_series(1, 5) n").await;
    let (code, out, err) = run(&home, &database, &["verify-data"]);
    assert_eq!((code, out.as_str()), (0, "`order`: rows, history and jobs fit\n"), "{err}");
    change(&database, "BEGIN; SET LOCAL session_replication_role = replica; UPDATE orders SET version = 2; COMMIT").await;
    let (code, out, _) = run(&home, &database, &["verify-data", "order", "--limit", "2"]);
    assert_eq!((code, out.lines().count()), (5, 3), "{out}");
    assert!(out.starts_with("`order` 1 version 2: its version is 2, and the last step is 1\n"), "{out}");
    assert!(out.ends_with("`order`: there is more; `--limit` says how much is told\n"), "{out}");
    let (code, out, _) = run(&home, &database, &["verify-data", "--format", "json"]);
    let found = object(&out);
    assert_eq!((code, &found["mismatches"][0]["fault"], &found["more"]), (5, &"version".into(), &false.into()));
    let (code, out, _) = run(&home, &database, &["verify-data", "--format", "github", "--limit", "1"]);
    assert!(code == 5 && out.starts_with("::error title=mismatch::`order` 1 version 2: "), "{out}");
}

#[tokio::test]
async fn release_and_retry_say_what_they_change_and_a_dry_run_changes_nothing() {
    let rows = "INSERT INTO orders (id, sku) VALUES (1, 'tea'), (2, 'tea');
                UPDATE orders_jobs SET run_at = 'infinity', attempt = 25, last_error = 'no mail' WHERE id = 1 AND kind = 'task';
                UPDATE orders_jobs SET run_at = now() + interval '2 days 30 minutes', attempt = 3, last_error = 'busy' WHERE id = 2 AND kind = 'task'";
    let (home, database) = shop("release", rows).await;
    let released = "the task thank of `order` 1 version 1, given up after 25 attempts: no mail\n";
    for (arguments, code, said) in [
        (vec!["release", "--all", "--dry-run"], 0, format!("would release {released}")),
        (vec!["retry", "1", "--job", "thank"], 3, "the task thank of `order` 1 version 1 was given up: `cargo workflow release` sets it going\n".to_owned()),
        (vec!["release", "1", "--job", "other"], 0, "no such job is parked\n".to_owned()),
        (vec!["release", "--job", "thank"], 0, format!("released {released}")),
        (vec!["release", "--workflow", "order"], 0, "no such job is parked\n".to_owned()),
        (vec!["retry", "1", "--job", "thank"], 3, "the task thank of `order` 1 version 1 is due already: see that a worker runs\n".to_owned()),
        (vec!["retry", "2", "--job", "none"], 1, "`order` 2 has no job none\n".to_owned()),
        (vec!["retry", "2", "--job", "thank", "--dry-run"], 0, "the task thank of `order` 2 version 1 would be due now, not in 2d: busy\n".to_owned()),
        (vec!["retry", "2", "--job", "thank", "--lease", "72h"], 3, "the task thank of `order` 2 version 1 has failed, and its time is in 2d: a worker may have it; it is left, unless `--lease` says that none has one for so long\n".to_owned()),
        (vec!["retry", "2", "--job", "thank"], 0, "the task thank of `order` 2 version 1 is due now, not in 2d: busy\n".to_owned()),
    ] {
        let (status, out, err) = run(&home, &database, &arguments);
        assert_eq!((status, out), (code, said), "{arguments:?}: {err}");
    }
    let (code, _, err) = run(&home, &database, &["release"]);
    assert!(code == 64 && err.contains("--all"), "{err}");
    let (code, out, _) = run(&home, &database, &["retry", "2", "--job", "thank", "--format", "json"]);
    let told = object(&out);
    assert_eq!((code, &told["outcome"], &told["why"], &told["workflow"]), (3, &"refused".into(), &"due".into(), &"order".into()));
}
