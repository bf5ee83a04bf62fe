//! Up, down and up again.

use crate::models;
use crate::support::{Db, migrator};
use workflow_model::Model;

/// Everything that a migration can make, as text.
const CATALOGUE: &str = "
SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
    SELECT format('column %s.%s %s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum)) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT format('relation %s %s %s %s', c.oid::regclass, c.relkind, c.reloptions, c.relacl) FROM pg_class c
        WHERE c.relnamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) || conname FROM pg_constraint
        WHERE connamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE c.relnamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT 'function ' || pg_get_functiondef(oid) || coalesce(proacl::text, '') FROM pg_proc
        WHERE pronamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace IN (SELECT oid FROM mine)
    UNION ALL SELECT 'view ' || viewname || definition FROM pg_views WHERE schemaname::name IN (SELECT nspname FROM mine)
) lines";

async fn catalogue(db: &Db) -> String {
    let mine = "WITH mine AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'workflow', 'Sales'))";
    // sqlx's own table of migrations stays when a migration goes.
    db.list(&format!("SELECT coalesce(line, '') FROM ({mine} {CATALOGUE}) all_lines (line)"))
        .await
        .replace("_sqlx_migrations", "")
}

async fn reverses(model: &Model, before: &str) {
    let db = Db::empty().await;
    db.run(before).await;
    let migrator = migrator(model);
    migrator.run(&db.pool).await.unwrap();
    let up = catalogue(&db).await;
    migrator.undo(&db.pool, 0).await.unwrap();
    let down = catalogue(&db).await;
    assert!(!down.contains("workflow."), "{down}");
    migrator.run(&db.pool).await.unwrap();
    assert_eq!(up, catalogue(&db).await);
    migrator.undo(&db.pool, 0).await.unwrap();
    assert_eq!(down, catalogue(&db).await);
}

#[tokio::test]
async fn the_order_workflow_goes_and_comes_back_the_same() {
    reverses(&models::order(), "").await;
}

#[tokio::test]
async fn a_workflow_with_every_feature_goes_and_comes_back_the_same() {
    reverses(&models::parcel(), crate::parcel::BEFORE).await;
}

#[tokio::test]
async fn an_adoption_takes_back_only_what_it_added() {
    reverses(&models::account(), crate::account::BEFORE).await;
}

#[tokio::test]
async fn two_workflows_share_the_schema_and_the_last_one_takes_it_away() {
    let db = Db::with(&models::order(), crate::parcel::BEFORE).await;
    let parcel = workflow_migrate::first_migration(&models::parcel());
    for text in [&parcel.shared, &parcel.up] {
        db.run(text).await;
    }
    migrator(&models::order()).undo(&db.pool, 0).await.unwrap();
    assert_eq!(db.text("SELECT string_agg(workflow, ',') FROM workflow.models").await, "it's 100% a parcel");
    db.run(&parcel.down).await;
    db.run(&parcel.shared_down).await;
    assert_eq!(db.text("SELECT count(*) FROM pg_namespace WHERE nspname = 'workflow'").await, "0");
}

#[tokio::test]
async fn a_table_with_rows_is_not_dropped() {
    let db = Db::with(&models::order(), "").await;
    db.run(&crate::order::placed(1)).await;
    let error = migrator(&models::order()).undo(&db.pool, 0).await.unwrap_err().to_string();
    assert!(error.contains("public.orders has 1 rows"), "{error}");
    assert_eq!(db.text("SELECT count(*) FROM orders").await, "1");
}
