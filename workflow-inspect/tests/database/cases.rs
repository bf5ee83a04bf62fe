//! Where a generated migration has led, there is no drift: for every kind of change, while two versions run and afterwards.

use crate::folder::{Case, Crate, cases};
use crate::rows::run;
use crate::shop::{looked, pool_of, snapshots};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use workflow_inspect::Standing;
use workflow_migrate::Step;
use workflow_testing::Database;

#[tokio::test(flavor = "multi_thread")]
async fn after_each_phase_of_every_kind_of_change_there_is_no_drift() {
    let mut failures = Vec::new();
    for case in cases() {
        let name = case.name.clone();
        match tokio::spawn(one(case)).await {
            Ok(found) => failures.extend(found.into_iter().map(|line| format!("{name}: {line}"))),
            Err(error) => failures.push(format!("{name}: {error}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

async fn one(case: Case) -> Vec<String> {
    let (before, after) = (case.text("before.rs"), case.text("after.rs"));
    let mut at = Crate::new(&format!("drift-{}", case.name));
    let database = Database::create().await.unwrap();
    let pool = pool_of(&database).await;
    run(&pool, &case.text("before.sql")).await;
    at.generate(&before, Step::Expand, 1000).unwrap();
    let mut found = applied(&at, &pool, &database, "created").await;
    at.removed = case.text("removed.txt").lines().map(str::to_owned).collect();
    if at.generate(&after, Step::Expand, 2000).is_err() {
        return found;
    }
    found.extend(applied(&at, &pool, &database, "expanded").await);
    at.generate(&after, Step::Contract, 3000).unwrap();
    run(&pool, &case.text("between.sql")).await;
    found.extend(applied(&at, &pool, &database, "contracted").await);
    found
}

async fn applied(at: &Crate, pool: &PgPool, database: &Database, phase: &str) -> Vec<String> {
    let migrator = Migrator::new(at.migrations()).await.unwrap();
    migrator.run(pool).await.unwrap();
    let drifts = looked(database, &snapshots(&at.migrations()), &migrator).await;
    let mut lines = Vec::new();
    for drift in drifts {
        assert_eq!(drift.standing, Standing::Current);
        lines.extend(drift.findings.iter().map(|finding| format!("{phase}: {} {:?}", finding.summary(), finding.fault)));
    }
    lines
}
