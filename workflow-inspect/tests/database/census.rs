//! What is counted, and what a change would meet.

use crate::rows::{model, run};
use crate::shop::{Shop, snapshots};
use sqlx::migrate::Migrator;
use std::time::Duration;
use workflow_inspect::{Asked, Burden, Cause, Census, Look, census};
use workflow_migrate::{Snapshot, Step};
use workflow_model::Model;

const BEFORE: &str = r#"
workflow! {
    pub workflow Order in orders {
        id: i64,
        states {
            initial Placed,
            Held { note: Option<String> },
            final Shipped,
        }
        transitions {
            hold(note: Option<String>): Placed -> Held,
            resume: Held -> Placed by call_back then thank,
            ship: Placed -> Shipped by pack,
            expire: Placed -> Shipped after 30 minutes,
        }
    }
}
"#;

const AFTER: &str = r#"
workflow! {
    #[removed(Held -> Placed)]
    pub workflow Order in orders {
        id: i64,
        states {
            initial Placed,
            final Shipped,
        }
        transitions {
            ship: Placed -> Shipped,
            expire: Placed -> Shipped after 30 minutes,
        }
    }
}
"#;

async fn counted(shop: &Shop, declared: Option<&Model>) -> Census {
    let mut look = Look::open(&shop.database.url().parse().unwrap(), Duration::from_secs(10)).await.unwrap();
    let snapshot: Snapshot = snapshots(&shop.at.migrations()).remove(0);
    let census = census(&mut look, Asked { snapshot: &snapshot, declared }).await.unwrap();
    look.close().await;
    census
}

#[tokio::test]
async fn rows_and_jobs_are_counted_and_what_the_change_in_the_sources_would_meet() {
    let shop = Shop::of("census", BEFORE).await;
    run(
        &shop.pool,
        "INSERT INTO orders (id) SELECT n FROM generate_series(1, 5) n; SELECT orders_hold(1, 'wait'); SELECT orders_hold(2, NULL);
         UPDATE orders_jobs SET run_at = now() - interval '1 hour', attempt = 3 WHERE id = 3 AND kind = 'timer'",
    )
    .await;
    let before = counted(&shop, Some(&model(BEFORE))).await;
    let rows: Vec<(&str, i64, bool)> = before.rows.iter().map(|row| (row.state.as_str(), row.rows, row.declared)).collect();
    assert_eq!(rows, [("placed", 3, true), ("held", 2, true), ("shipped", 0, true)]);
    let jobs: Vec<_> =
        before.jobs.iter().map(|j| (j.kind.as_str(), j.job.as_str(), j.pending, j.due, j.late, j.tried, j.attempts)).collect();
    assert_eq!(
        jobs,
        [("activity", "call_back", 2, 2, 0, 0, 0), ("activity", "pack", 3, 3, 0, 0, 0), ("timer", "expire", 3, 1, 1, 1, 3)]
    );
    assert_eq!(before.burdens, []);

    let after = counted(&shop, Some(&model(AFTER))).await;
    assert_eq!(after.rows.last().map(|row| (row.state.as_str(), row.declared)), Some(("held", false)));
    assert_eq!(after.burdens, burdens(Cause::Source));
    assert!(after.burdens.iter().any(Burden::blocks));
}

/// The jobs of rows that move on are not waited for; those of others are.
fn burdens(cause: Cause) -> Vec<Burden> {
    let blocked = |kind: &str, job: &str, jobs| Burden::Blocked { cause, kind: kind.into(), job: job.into(), jobs };
    vec![
        Burden::Drained { cause, state: "held".into(), to: "placed".into(), rows: 2 },
        blocked("activity", "call_back", 0),
        blocked("activity", "pack", 3),
        blocked("task", "thank", 0),
    ]
}

#[tokio::test]
async fn the_contract_phase_that_waits_meets_the_same_and_refuses_what_was_said_to_block_it() {
    let shop = Shop::of("census-contract", BEFORE).await;
    run(&shop.pool, "INSERT INTO orders (id) SELECT n FROM generate_series(1, 5) n; SELECT orders_hold(1, 'wait'); SELECT orders_hold(2, NULL)").await;
    shop.at.generate(AFTER, Step::Expand, 2000).unwrap();
    Migrator::new(shop.at.migrations()).await.unwrap().run(&shop.pool).await.unwrap();
    assert_eq!(counted(&shop, Some(&model(AFTER))).await.burdens, burdens(Cause::Contract));

    shop.at.generate(AFTER, Step::Contract, 3000).unwrap();
    let contract = Migrator::new(shop.at.migrations()).await.unwrap();
    // sqlx leaves its lock on the connection of a migration that fails: this one is closed.
    let mut connection = shop.database.connect().await.unwrap();
    let refused = contract.run(&mut connection).await.unwrap_err().to_string();
    sqlx::Connection::close(connection).await.unwrap();
    assert!(refused.contains("3 of the activity pack"), "{refused}");
    run(&shop.pool, "DELETE FROM orders_jobs WHERE job = 'pack'").await;
    contract.run(&shop.pool).await.unwrap();
    let done = counted(&shop, Some(&model(AFTER))).await;
    assert_eq!(done.burdens, []);
    assert_eq!(done.rows.iter().map(|row| row.rows).collect::<Vec<_>>(), [5, 0]);
}

#[tokio::test]
async fn a_workflow_that_the_sources_do_not_have_keeps_its_tables_while_it_has_rows() {
    let shop = Shop::of("census-gone", BEFORE).await;
    run(&shop.pool, "INSERT INTO orders (id) VALUES (1)").await;
    let census = counted(&shop, None).await;
    assert_eq!(census.burdens, [Burden::Kept { cause: Cause::Source, rows: 1 }]);
    run(&shop.pool, "DROP VIEW orders_stuck, orders_timeline; DROP TABLE orders CASCADE").await;
    assert_eq!(counted(&shop, None).await.table, None);
}
