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
    if case.has("before.sql") {
        write(&at, "1_before.up.sql", &case.text("before.sql"));
    }
    at.generate(&case.text("before.rs"), Step::Expand, 1000).unwrap();
    if case.has("removed.txt") {
        at.removed = case.text("removed.txt").lines().map(str::to_owned).collect();
    }
    at.generate(&case.text("after.rs"), Step::Expand, 2000).ok()?;
    at.generate(&case.text("after.rs"), Step::Contract, 3000).unwrap();
    Some(verified(&at).await)
}
