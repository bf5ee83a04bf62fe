//! No kind of change leaves anything to find in the data: with rows in every state, while two versions run and afterwards.

use crate::data::found;
use crate::folder::{Case, Crate, cases};
use crate::seeded::{model, run, seed};
use crate::shop::{pool_of, snapshots};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use workflow_migrate::{Standing, Step};
use workflow_testing::Database;

/// What is done by hand between the phases of this case takes away a timer that is declared: that is found.
const DELETED_BY_HAND: &str = "activity-removed";

/// Their columns have texts that are numbers for the version before: no such rows are made.
const OF_NUMBERS: [&str; 2] = ["fields-named-like-variables", "state-field-retyped"];

#[tokio::test(flavor = "multi_thread")]
async fn after_each_phase_of_every_kind_of_change_the_data_fits() {
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
    let mut at = Crate::new(&format!("data-{}", case.name));
    let database = Database::create().await.unwrap();
    let pool = pool_of(&database).await;
    run(&pool, &case.text("before.sql")).await;
    at.generate(&before, Step::Expand, 1000).unwrap();
    migrated(&at, &pool).await;
    seed(&pool, &model(&before), 0).await;
    let mut lines = told(&at, &database, "created").await;
    at.removed = case.text("removed.txt").lines().map(str::to_owned).collect();
    if at.generate(&after, Step::Expand, 2000).is_err() {
        return lines;
    }
    migrated(&at, &pool).await;
    lines.extend(told(&at, &database, "expanded").await);
    // Rows of the newer version too, where there is one.
    if after.contains("workflow!") && !OF_NUMBERS.contains(&case.name.as_str()) {
        seed(&pool, &model(&after), 100).await;
        lines.extend(told(&at, &database, "seeded again").await);
    }
    at.generate(&after, Step::Contract, 3000).unwrap();
    run(&pool, &case.text("between.sql")).await;
    migrated(&at, &pool).await;
    let last = told(&at, &database, "contracted").await;
    if case.name == DELETED_BY_HAND {
        assert!(!last.is_empty() && last.iter().all(|line| line.contains("the timer expire of the state placed is not there")));
        return lines;
    }
    lines.extend(last);
    lines
}

async fn migrated(at: &Crate, pool: &PgPool) {
    Migrator::new(at.migrations()).await.unwrap().run(pool).await.unwrap();
}

async fn told(at: &Crate, database: &Database, phase: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for snapshot in snapshots(&at.migrations()).iter().filter(|snapshot| snapshot.standing != Standing::Dropped) {
        let mismatches = found(database, snapshot, 100).await.mismatches;
        lines.extend(mismatches.iter().filter(|m| !m.older).map(|m| format!("{phase}: {m:?}")));
    }
    lines
}
