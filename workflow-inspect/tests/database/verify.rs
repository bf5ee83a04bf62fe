//! The migrations of a folder, tried out: what is well passes, and each fault is found by its check.

use crate::folder::{Case, Crate, cases};
use crate::shop::{ORDER, snapshots};
use sqlx::migrate::Migrator;
use std::fs;
use workflow_inspect::{Outcome, Trial, Verified, verify};
use workflow_migrate::{Exit, Step};
use workflow_testing::Database;

/// Of every check its name, and what came of it.
fn told(verified: &Verified) -> Vec<(&'static str, String)> {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Passed { .. } => "ok".to_owned(),
        Outcome::Skipped { reason } => format!("skipped: {reason}"),
        Outcome::Failed { findings, .. } => findings.join("\n"),
    };
    verified.checks.iter().map(|check| (check.name, outcome(&check.outcome))).collect()
}

async fn verified(at: &Crate) -> Verified {
    let database = Database::create().await.unwrap();
    let migrator = Migrator::new(at.migrations()).await.unwrap();
    let (server, snapshots) = (database.url().parse().unwrap(), snapshots(&at.migrations()));
    verify(Trial { server: &server, migrator: &migrator, snapshots: &snapshots, since: 0 }).await.unwrap()
}

fn outcome<'v>(verified: &'v Verified, name: &str) -> &'v Outcome {
    &verified.checks.iter().find(|check| check.name == name).unwrap().outcome
}

fn findings(outcome: &Outcome) -> &[String] {
    match outcome {
        Outcome::Failed { findings, .. } => findings,
        Outcome::Passed { .. } | Outcome::Skipped { .. } => &[],
    }
}

fn write(at: &Crate, name: &str, text: &str) {
    fs::create_dir_all(at.migrations()).unwrap();
    fs::write(at.migrations().join(name), text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_generated_for_every_kind_of_change_passes_all_checks() {
    let mut failures = Vec::new();
    for case in cases() {
        if let Some(verified) = generated(&case).await {
            let bad = told(&verified).into_iter().filter(|(_, outcome)| outcome != "ok");
            failures.extend(bad.map(|(name, outcome)| format!("{} {name}: {outcome}", case.name)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Both phases of a case; what it takes for granted is the user's own first file.
async fn generated(case: &Case) -> Option<Verified> {
    let mut at = Crate::new(&format!("verify-{}", case.name));
    let before = case.text("before.sql");
    if !before.is_empty() {
        write(&at, "1_before.up.sql", &before);
    }
    at.generate(&case.text("before.rs"), Step::Expand, 1000).unwrap();
    at.removed = case.text("removed.txt").lines().map(str::to_owned).collect();
    at.generate(&case.text("after.rs"), Step::Expand, 2000).ok()?;
    at.generate(&case.text("after.rs"), Step::Contract, 3000).unwrap();
    Some(verified(&at).await)
}

const STOCK: &str = "CREATE TABLE stock (sku text PRIMARY KEY, n integer);\nCREATE TABLE ledger (id bigint);\n";

/// The workflow, and a change of it, behind a file of the user's own.
fn two_versions(test: &str, down: Option<&str>) -> Crate {
    let at = Crate::new(&format!("verify-{test}"));
    match down {
        Some(down) => {
            write(&at, "1_stock.up.sql", STOCK);
            write(&at, "1_stock.down.sql", down);
        }
        None => write(&at, "1_stock.sql", STOCK),
    }
    at.generate(ORDER, Step::Expand, 1000).unwrap();
    let changed = ORDER.replace("final Cancelled,", "final Cancelled,\n            final Lost { why: String },");
    let changed = changed.replace("ship: Reserved", "lose(why: String): Reserved -> Lost,\n            ship: Reserved");
    at.generate(&changed, Step::Expand, 2000).unwrap();
    at
}

#[tokio::test]
async fn a_folder_with_the_user_s_own_files_passes_and_goes_back_to_nothing() {
    let at = two_versions("own", Some("DROP TABLE ledger, stock;"));
    let verified = verified(&at).await;
    let all = ["replay", "catalogue", "back", "again", "locks", "functions"].map(|name| (name, "ok".to_owned()));
    assert_eq!(told(&verified), all);
    assert_eq!(verified.exit(), Exit::Fine);
    // Nothing is left on the server.
    let Outcome::Passed { detail } = outcome(&verified, "back") else { panic!("{verified:?}") };
    assert!(detail.ends_with("taken back, to what stood before"), "{detail}");
}

#[tokio::test]
async fn where_a_file_has_no_way_back_that_is_said() {
    let at = two_versions("single", None);
    let verified = verified(&at).await;
    assert!(
        matches!(outcome(&verified, "back"), Outcome::Skipped { reason } if reason.contains("has no way back")),
        "{verified:?}"
    );
    assert_eq!(verified.exit(), Exit::Fine);

    let at = two_versions("mixed", Some("DROP TABLE ledger, stock;"));
    fs::remove_file(at.migrations().join("1_stock.down.sql")).unwrap();
    let verified = self::verified(&at).await;
    let Outcome::Passed { detail } = outcome(&verified, "back") else { panic!("{verified:?}") };
    assert!(detail.ends_with("; 1_stock has no way back"), "{detail}");
}

#[tokio::test]
async fn a_way_back_that_leaves_something_is_found() {
    let at = two_versions("left", Some("DROP TABLE ledger;"));
    let verified = verified(&at).await;
    let left = findings(outcome(&verified, "back"));
    assert!(left.iter().any(|line| line.starts_with("there is too much: relation public.stock")), "{verified:?}");
    assert_eq!(outcome(&verified, "back").exit(), Exit::Drift);
}

#[tokio::test]
async fn a_file_that_cannot_be_carried_out_ends_the_trial() {
    let at = two_versions("broken", Some("DROP TABLE ledger, stock;"));
    write(&at, "3000_broken.up.sql", "ALTER TABLE nowhere ADD COLUMN x int;");
    let verified = verified(&at).await;
    assert!(findings(outcome(&verified, "replay"))[0].starts_with("3000_broken: "), "{verified:?}");
    assert!(told(&verified)[1..].iter().all(|(_, outcome)| outcome == "skipped: not all files could be carried out"));
    assert_eq!(verified.exit(), Exit::Error);
}

#[tokio::test]
async fn a_table_that_a_user_s_file_changes_is_another_than_the_model_s() {
    let at = two_versions("other", Some("DROP TABLE ledger, stock;"));
    write(&at, "3000_other.up.sql", "SET LOCAL lock_timeout = '5s';\nALTER TABLE orders ALTER number DROP NOT NULL;");
    write(&at, "3000_other.down.sql", "ALTER TABLE orders ALTER number SET NOT NULL;");
    let verified = verified(&at).await;
    assert_eq!(
        findings(outcome(&verified, "catalogue")),
        ["column public.orders.number may be NULL: rows without a value can be written, which binaries cannot read"]
    );
    assert_eq!(verified.exit(), Exit::Drift);
}

#[tokio::test]
async fn a_lock_for_long_and_one_that_is_not_told_are_found_and_files_of_long_ago_are_not_judged() {
    let at = two_versions("unsafe", Some("DROP TABLE ledger, stock;"));
    write(&at, "3000_unsafe.up.sql", "SET LOCAL lock_timeout = '5s';\nALTER TABLE stock ALTER n SET NOT NULL;");
    write(&at, "3000_unsafe.down.sql", "ALTER TABLE stock ALTER n DROP NOT NULL;");
    let hidden = "CREATE FUNCTION hidden() RETURNS void LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE stock; END $$;\nSELECT hidden();";
    write(&at, "3001_hidden.up.sql", hidden);
    write(&at, "3001_hidden.down.sql", "DROP FUNCTION hidden();");
    let verified = verified(&at).await;
    let found = findings(outcome(&verified, "locks"));
    assert!(
        found.iter().any(|line| line.starts_with("3000_unsafe: line 2: everybody waits while all rows are read")),
        "{found:#?}"
    );
    assert!(
        found.contains(&"3001_hidden: it takes ACCESS EXCLUSIVE on public.stock, which its statements do not tell".to_owned())
    );
    assert_eq!(verified.exit(), Exit::Locks);

    let database = Database::create().await.unwrap();
    let migrator = Migrator::new(at.migrations()).await.unwrap();
    let (server, snapshots) = (database.url().parse().unwrap(), snapshots(&at.migrations()));
    let later = verify(Trial { server: &server, migrator: &migrator, snapshots: &snapshots, since: 3002 }).await.unwrap();
    assert_eq!(later.exit(), Exit::Fine);
}

#[tokio::test]
async fn a_scan_that_a_valid_check_saves_is_none() {
    let at = two_versions("proven", Some("DROP TABLE ledger, stock;"));
    let timeout = "SET LOCAL lock_timeout = '5s';\n";
    let add = "ALTER TABLE stock ADD CONSTRAINT there CHECK (n IS NOT NULL) NOT VALID;";
    write(&at, "3000_add.up.sql", &format!("{timeout}{add}"));
    write(&at, "3000_add.down.sql", "ALTER TABLE stock DROP CONSTRAINT there;");
    write(&at, "3001_prove.up.sql", "ALTER TABLE stock VALIDATE CONSTRAINT there;");
    write(&at, "3001_prove.down.sql", "SELECT 1;");
    write(&at, "3002_require.up.sql", &format!("{timeout}ALTER TABLE stock ALTER n SET NOT NULL;"));
    write(&at, "3002_require.down.sql", "ALTER TABLE stock ALTER n DROP NOT NULL;");
    let verified = verified(&at).await;
    assert_eq!(verified.exit(), Exit::Fine, "{:?}", told(&verified));
}

#[tokio::test]
async fn a_fault_in_a_branch_that_nobody_takes_is_found() {
    let at = two_versions("function", Some("DROP TABLE ledger, stock;"));
    let text =
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF false THEN PERFORM x FROM nowhere; END IF; END $$;";
    write(&at, "3000_function.up.sql", text);
    write(&at, "3000_function.down.sql", "DROP FUNCTION f();");
    let verified = verified(&at).await;
    assert_eq!(findings(outcome(&verified, "functions")), [r#"f(), line 1: relation "nowhere" does not exist"#]);
    assert_eq!(verified.exit(), Exit::Error);
}
