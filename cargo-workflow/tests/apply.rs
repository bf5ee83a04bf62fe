//! `cargo workflow apply`: the built command, on a real server.

use sqlx::{AssertSqlSafe, PgConnection};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use workflow_testing::Database;

/// A folder of its own for each test, with these files.
fn home(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("apply_{test}"));
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).unwrap();
    write(&home, files);
    home
}

fn write(home: &Path, files: &[(&str, &str)]) {
    for (file, text) in files {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

const SHOP: &str = "[package]\nname = \"shop\"\nedition = \"2024\"\n[workspace]\n";

fn shop<'f>(more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let files = [
        ("Cargo.toml", SHOP),
        ("src/lib.rs", ""),
        ("migrations/0001_stock.sql", "CREATE TABLE stock (sku text, n int);\n"),
        ("migrations/0002_stock_sku.sql", "-- no-transaction\nCREATE INDEX CONCURRENTLY stock_sku ON stock (sku);\n"),
    ];
    files.into_iter().chain(more.iter().copied()).collect()
}

fn command(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workflow"));
    command.args(["workflow", "apply"]).args(arguments).current_dir(home).env_remove("DATABASE_URL").env_remove("SHOP_URL");
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn apply(home: &Path, database: &Database, arguments: &[&str]) -> (i32, String, String) {
    run(command(home, arguments).env("DATABASE_URL", database.url()))
}

async fn is(database: &Database, condition: &str) -> bool {
    let mut connection: PgConnection = database.connect().await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT {condition}"))).fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn each_file_is_a_line_with_its_time_and_a_dry_run_changes_nothing() {
    let (home, database) = (home("lines", &shop(&[])), Database::create().await.unwrap());
    let (code, out, err) = apply(&home, &database, &["--dry-run"]);
    assert_eq!((code, out.as_str()), (0, "would apply 1_stock\nwould apply 2_stock_sku\n"), "{err}");
    assert!(is(&database, "to_regclass('_sqlx_migrations') IS NULL").await);
    let (code, out, err) = apply(&home, &database, &[]);
    assert_eq!(code, 0, "{err}");
    let lines: Vec<_> = out.lines().collect();
    assert!(lines.len() == 2 && lines[0].starts_with("applied 1_stock (") && lines[0].ends_with("s)"), "{out}");
    assert!(is(&database, "indisvalid FROM pg_index WHERE indexrelid = 'stock_sku'::regclass").await);
    assert_eq!(apply(&home, &database, &[]).1, "up to date\n");
    assert_eq!(apply(&home, &database, &["--dry-run"]).1, "up to date\n");
}

#[tokio::test]
async fn the_database_is_that_of_the_line_the_environment_or_a_file() {
    let home = home("address", &shop(&[]));
    let (code, _, err) = run(&mut command(&home, &[]));
    assert_eq!(code, 1);
    assert!(err.contains("error: no database is named") && err.contains("`DATABASE_URL`"), "{err}");
    let [line, environment, file] =
        [Database::create().await, Database::create().await, Database::create().await].map(Result::unwrap);
    write(&home, &[(".env", &format!("OTHER=1\nDATABASE_URL=\"{}\"\n", file.url()))]);
    assert_eq!(run(&mut command(&home, &[])).0, 0);
    assert!(is(&file, "to_regclass('stock') IS NOT NULL").await);
    assert_eq!(apply(&home, &environment, &["--database-url", line.url()]).0, 0);
    assert!(is(&line, "to_regclass('stock') IS NOT NULL").await && is(&environment, "to_regclass('stock') IS NULL").await);
    assert_eq!(apply(&home, &environment, &[]).0, 0);
    assert!(is(&environment, "to_regclass('stock') IS NOT NULL").await);
}

#[test]
fn a_password_is_never_printed() {
    let home = home("password", &shop(&[]));
    for url in [
        "postgres://ann:geheim@127.0.0.1:1/shop",
        "postgres://ann:geheim@127.0.0.1:port/shop",
        "postgres://ann:geheim@[::1/shop",
        "postgres://ann@127.0.0.1:1/shop?password=geheim",
        "postgres://ann:geheim@127.0.0.1/shop?sslmode=geheim2",
        "mysql://ann:geheim@127.0.0.1/shop",
        "geheim",
    ] {
        let (code, out, err) = run(&mut command(&home, &["--database-url", url]));
        assert!(code == 1 && err.starts_with("error: "), "{err}");
        // A wrong word where a word is asked for may be repeated.
        assert!(!format!("{out}{err}").replace("geheim2", "").contains("geheim"), "{out}{err}");
    }
    fs::write(home.join(".env"), "DATABASE_URL='postgres://ann:geheim@127.0.0.1/shop\n").unwrap();
    let (code, _, err) = run(&mut command(&home, &[]));
    assert!(code == 1 && err.contains("`.env` cannot be read") && !err.contains("geheim"), "{err}");
}

#[tokio::test]
async fn what_postgresql_refuses_is_shown_in_the_file() {
    let faulty = [("migrations/0003_faulty.sql", "CREATE TABLE a ();\nALTER TABLE nowhere ADD COLUMN n int;\nSELECT nothing;\n")];
    let (home, database) = (home("faulty", &shop(&faulty)), Database::create().await.unwrap());
    let (code, out, err) = apply(&home, &database, &[]);
    assert_eq!((code, out.lines().count()), (1, 2), "{err}");
    assert!(err.contains("error: 3_faulty: relation \"nowhere\" does not exist (42P01); nothing of it was kept"), "{err}");
    write(&home, &[("migrations/0003_faulty.sql", "CREATE TABLE a ();\nSELECT nothing;\n")]);
    let (code, _, err) = apply(&home, &database, &[]);
    assert_eq!(code, 1);
    assert!(
        err.contains("--> migrations/0003_faulty.sql:2:8") && err.contains("^^^^^^^") && err.contains("help: mend the data"),
        "{err}"
    );
}

#[tokio::test]
async fn an_edited_or_missing_file_has_a_status_of_its_own() {
    let (home, database) = (home("edited", &shop(&[])), Database::create().await.unwrap());
    assert_eq!(apply(&home, &database, &[]).0, 0);
    write(&home, &[("migrations/0001_stock.sql", "CREATE TABLE stock (sku text, n bigint);\n")]);
    for dry in [&[][..], &["--dry-run"]] {
        let (code, _, err) = apply(&home, &database, dry);
        assert_eq!(code, 4, "{err}");
        assert!(
            err.contains("1_stock was edited after it had been applied") && err.contains("help: take the file as it was"),
            "{err}"
        );
    }
    let (_, _, err) = apply(&home, &database, &["--format", "github"]);
    assert!(err.starts_with("::error file=migrations/0001_stock.sql::1_stock was edited"), "{err}");
    fs::remove_file(home.join("migrations/0001_stock.sql")).unwrap();
    let (code, _, err) = apply(&home, &database, &[]);
    assert!(code == 4 && err.contains("1_stock was applied to this database, and is not among the migrations"), "{err}");
}

#[tokio::test]
async fn when_locks_are_not_had_in_time_it_says_so_with_a_status_of_its_own() {
    let (home, database) = (home("locked", &shop(&[])), Database::create().await.unwrap());
    assert_eq!(apply(&home, &database, &[]).0, 0);
    write(&home, &[("migrations/0003_more.sql", "ALTER TABLE stock ADD COLUMN m int;\n")]);
    let mut reader = database.connect().await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT * FROM stock").execute(&mut reader).await.unwrap();
    let pid: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut reader).await.unwrap();
    let (code, out, err) = apply(&home, &database, &["--lock-timeout", "1s", "--wait", "300ms"]);
    assert_eq!(code, 6, "{err}");
    for said in [&out, &err] {
        assert!(
            said.contains(&format!("in the way: PostgreSQL's process {pid}, idle in transaction, its transaction began ")),
            "{said}"
        );
    }
    assert!(out.contains("3_more: canceling statement due to lock timeout (55P03); again in"), "{out}");
    assert!(err.contains("attempts in") && err.contains("help: end the transaction in the way"), "{err}");
    sqlx::raw_sql("ROLLBACK").execute(&mut reader).await.unwrap();

    sqlx::migrate::Migrate::lock(&mut reader).await.unwrap();
    let (code, _, err) = apply(&home, &database, &["--wait", "200ms"]);
    assert!(code == 6 && err.contains("another process has been migrating this database"), "{err}");
    sqlx::migrate::Migrate::unlock(&mut reader).await.unwrap();
    assert_eq!(apply(&home, &database, &[]).0, 0);
}

#[tokio::test]
async fn of_several_folders_one_is_chosen() {
    let workspace = [
        ("Cargo.toml", "[workspace]\nmembers = [\"shop\", \"bank\", \"none\"]\nresolver = \"3\"\n"),
        ("shop/Cargo.toml", "[package]\nname = \"shop\"\n"),
        ("shop/src/lib.rs", ""),
        ("shop/migrations/1_shop.sql", "CREATE TABLE shop ();\n"),
        ("bank/Cargo.toml", "[package]\nname = \"bank\"\n[package.metadata.workflow]\nmigrations = \"../db\"\n"),
        ("bank/src/lib.rs", ""),
        ("db/1_bank.sql", "CREATE TABLE bank ();\n"),
        ("none/Cargo.toml", "[package]\nname = \"none\"\n"),
        ("none/src/lib.rs", ""),
    ];
    let (home, database) = (home("several", &workspace), Database::create().await.unwrap());
    let (code, _, err) = apply(&home, &database, &[]);
    assert_eq!(code, 1);
    assert!(
        err.contains("the workspace has several migrations folders: ")
            && err.contains("`db` of bank")
            && err.contains("`-p NAME`"),
        "{err}"
    );
    let (code, _, err) = apply(&home, &database, &["-p", "none"]);
    assert!(code == 1 && err.contains("there is no folder `none/migrations`"), "{err}");
    let (code, out, err) = apply(&home, &database, &["-p", "bank"]);
    assert!(code == 0 && out.starts_with("applied 1_bank ("), "{out}{err}");
    // Where a folder is named, no workspace is needed: a deploy has the folder only.
    fs::remove_file(home.join("Cargo.toml")).unwrap();
    assert_eq!(apply(&home, &database, &["--source", "db"]).1, "up to date\n");
    assert_eq!(apply(&home, &database, &["--source", "db", "-p", "bank"]).0, 64);
}

#[tokio::test]
async fn sqlx_toml_is_heeded() {
    let toml = "[common]\ndatabase-url-var = \"SHOP_URL\"\n[migrate]\ncreate-schemas = [\"log\"]\ntable-name = \"log.files\"\n\
                migrations-dir = \"db\"\nignored-chars = [\"\\r\"]\n[macros]\npreferred-crates.date-time = \"chrono\"\n";
    let (home, database) =
        (home("toml", &shop(&[("sqlx.toml", toml), ("db/1_a.sql", "CREATE TABLE a ();\n")])), Database::create().await.unwrap());
    let run = |arguments: &[&str]| run(command(&home, arguments).env("SHOP_URL", database.url()));
    assert_eq!(run(&[]).0, 0);
    assert!(is(&database, "count(*) = 1 FROM log.files").await && is(&database, "to_regclass('_sqlx_migrations') IS NULL").await);
    // The character that is ignored does not count as a change.
    write(&home, &[("db/1_a.sql", "CREATE TABLE a ();\r\n")]);
    assert_eq!(run(&[]).1, "up to date\n");
    write(&home, &[("sqlx.toml", "[migrate]\nmigrations-dir = 3\n")]);
    // It is read in the current folder, or beside the manifest of the package: the fault is the same.
    let said = [
        run(&[]),
        run(&["-p", "shop"]),
        self::run(Command::new(env!("CARGO_BIN_EXE_cargo-workflow")).arg("check").current_dir(&home)),
    ];
    for (code, _, err) in &said {
        assert_eq!((*code, err), (1, &said[0].2));
        assert!(err.contains("error: `sqlx.toml`: invalid type: integer `3`") && err.contains("--> sqlx.toml:2:18"), "{err}");
    }
}

#[tokio::test]
async fn two_commands_at_once_apply_each_file_once() {
    let (home, database) =
        (home("both", &shop(&[("migrations/0003_slow.sql", "SELECT pg_sleep(0.2);\n")])), Database::create().await.unwrap());
    let start = || command(&home, &[]).env("DATABASE_URL", database.url()).stdout(Stdio::piped()).spawn().unwrap();
    let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
    let lines: String = both.iter().map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).collect();
    assert!(both.iter().all(|output| output.status.success()), "{lines}");
    assert_eq!(lines.matches("applied ").count(), 3, "{lines}");
}
