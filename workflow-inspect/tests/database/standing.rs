//! A database that is elsewhere on the way is told as such, and what is expected is all that a migration makes.

use crate::folder::Crate;
use crate::rows::run;
use crate::shop::{ORDER, Shop, looked, pool_of, snapshots};
use sqlx::migrate::Migrator;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use workflow_inspect::{Look, Standing};
use workflow_migrate::{Kind, Step, expected};
use workflow_testing::Database;

#[tokio::test]
async fn files_that_were_not_applied_are_told_and_no_findings() {
    let shop = Shop::open("behind").await;
    let changed = ORDER.replace("note: Option<String>", "note: Option<String>,\n        colour: Option<String>");
    shop.at.generate(&changed, Step::Expand, 2000).unwrap();
    let migrator = Migrator::new(shop.at.migrations()).await.unwrap();
    let drift = looked(&shop.database, &snapshots(&shop.at.migrations()), &migrator).await.remove(0);
    assert!(matches!(&drift.standing, Standing::Behind { pending } if pending.len() == 1), "{drift:?}");
    assert!(drift.findings.is_empty() && drift.is_drift());
}

#[tokio::test]
async fn files_that_the_folder_does_not_have_are_told_and_no_findings() {
    let shop = Shop::open("ahead").await;
    run(&shop.pool, "INSERT INTO _sqlx_migrations VALUES (9000, 'later', now(), true, '', 0); DROP VIEW orders_stuck").await;
    let drift = shop.drift().await;
    assert_eq!(drift.standing, Standing::Ahead { unknown: vec![9000] });
    assert!(drift.findings.is_empty() && drift.is_drift());
}

#[tokio::test]
async fn without_sqlx_s_table_the_fingerprint_tells_where_a_database_is() {
    let shop = Shop::open("elsewhere").await;
    run(&shop.pool, "DROP TABLE _sqlx_migrations").await;
    assert_eq!(shop.drift().await.standing, Standing::Current);
    run(&shop.pool, "UPDATE workflow.models SET fingerprint = 'older'").await;
    assert_eq!(shop.drift().await.standing, Standing::Elsewhere { fingerprint: Some("older".into()) });
    let empty = Database::create().await.unwrap();
    let drift = looked(&empty, &snapshots(&shop.at.migrations()), &shop.migrator).await.remove(0);
    assert_eq!(drift.standing, Standing::Elsewhere { fingerprint: None });
}

#[tokio::test]
async fn a_role_that_may_only_read_can_look() {
    let shop = Shop::open("look").await;
    run(&shop.pool, "CREATE ROLE onlooker LOGIN; GRANT workflow_app TO onlooker").await;
    let url = shop.database.url_as("onlooker");
    let mut look = Look::open(&url.parse().unwrap(), Duration::from_secs(10)).await.unwrap();
    let found = workflow_inspect::drift(&mut look, &snapshots(&shop.at.migrations()), &shop.migrator).await;
    look.close().await;
    // sqlx's table is not for everybody.
    assert!(found.is_err_and(|error| error.to_string().contains("permission denied for table _sqlx_migrations")));
    run(&shop.pool, "GRANT SELECT ON _sqlx_migrations TO onlooker").await;
    let mut look = Look::open(&url.parse().unwrap(), Duration::from_secs(10)).await.unwrap();
    let drifts = workflow_inspect::drift(&mut look, &snapshots(&shop.at.migrations()), &shop.migrator).await.unwrap();
    look.close().await;
    assert!(drifts.iter().all(|drift| !drift.is_drift()));
}

/// What is there of each kind, under the names that things have.
const MADE: &str = "
    SELECT 'function ' || n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'workflow')
    UNION SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION SELECT 'constraint ' || CASE contype WHEN 'p' THEN 'primary key' ELSE conname END FROM pg_constraint c
        JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname IN ('public', 'workflow') AND conrelid <> '_sqlx_migrations'::regclass
    UNION SELECT 'index ' || c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'workflow') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    UNION SELECT CASE relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || n.nspname || '.' || c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'workflow') AND relkind IN ('r', 'v') AND relname <> '_sqlx_migrations'
    UNION SELECT 'column ' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'workflow') AND relkind = 'r' AND relname <> '_sqlx_migrations' AND attnum > 0";

#[tokio::test]
async fn everything_that_a_first_migration_makes_is_expected_and_found_as_it_is() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflow-migrate/tests/models");
    for name in ["order", "parcel"] {
        let source = std::fs::read_to_string(models.join(format!("{name}.rs"))).unwrap();
        let at = Crate::new(&format!("model-{name}"));
        at.generate(&source, Step::Expand, 1000).unwrap();
        let database = Database::create().await.unwrap();
        let pool = pool_of(&database).await;
        let migrator = Migrator::new(at.migrations()).await.unwrap();
        migrator.run(&pool).await.unwrap();
        let drift = looked(&database, &snapshots(&at.migrations()), &migrator).await.remove(0);
        assert_eq!(drift.findings, [], "{name}");
        let made: BTreeSet<String> = sqlx::query_scalar(MADE).fetch_all(&pool).await.unwrap().into_iter().collect();
        let things = expected(&snapshots(&at.migrations())[0]).catalogue;
        let is_row = |kind: Kind| matches!(kind, Kind::Edge | Kind::Record);
        let known: BTreeSet<String> = things
            .things()
            .filter(|thing| !is_row(thing.kind))
            .map(|thing| format!("{} {}", thing.kind.word(), thing.name.split('(').next().unwrap_or_default()))
            .collect();
        assert_eq!(known, made, "{name}");
    }
}
