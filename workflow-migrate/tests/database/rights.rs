//! What each group role may do.

use crate::models;
use crate::support::{Db, refusal};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A statement by a member of a group role; the code of its refusal, or nothing.
async fn as_member(db: &Db, group: &str, sql: &str) -> String {
    let role = format!("test_{group}");
    let made = format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN IN ROLE {group}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    );
    db.run(&made).await;
    let mut connection = PgConnection::connect(&db.database.url_as(&role)).await.unwrap();
    let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    connection.close().await.unwrap();
    if result.is_ok() { String::new() } else { refusal(result, sql).code }
}

#[tokio::test]
async fn an_application_moves_instances_and_touches_nothing_else() {
    let db = Db::with(&models::order(), "").await;
    let id = "'00000000-0000-0000-0000-000000000001'";
    let app = "workflow_app";
    for sql in [
        crate::order::placed(1),
        format!("SELECT orders_change_quantity({id}, 4)"),
        format!("UPDATE orders SET quantity = 7 WHERE id = {id} AND NOT orders_done(id, gen_random_uuid())"),
        format!("SELECT orders_void({id}, gen_random_uuid())"),
        format!("SELECT orders_expire({id})"),
        "SELECT (orders_recorded(data)).sku FROM orders_history".to_owned(),
        "SELECT FROM orders_timeline; SELECT FROM orders_stuck; SELECT FROM workflow.models; SELECT FROM workflow.edges"
            .to_owned(),
    ] {
        assert_eq!(as_member(&db, app, &sql).await, "", "{sql}");
    }
    for sql in [
        "DELETE FROM orders".to_owned(),
        "TRUNCATE orders".to_owned(),
        "INSERT INTO orders_history (id, version, event, to_state) VALUES (gen_random_uuid(), 1, 'create', 'placed')".to_owned(),
        "UPDATE orders_history SET actor = 'eve'".to_owned(),
        "DELETE FROM orders_jobs".to_owned(),
        "UPDATE workflow.edges SET mode = 'migrate'".to_owned(),
        format!("SELECT orders_force({id}, 'placed', NULL, 'r')"),
    ] {
        assert_eq!(as_member(&db, app, &sql).await, "42501", "{sql}");
    }
    assert_eq!(db.text("SELECT count(*) FROM orders_history WHERE role = 'test_workflow_app'").await, "3");
}

#[tokio::test]
async fn a_worker_may_also_work_on_jobs_and_an_operator_may_force() {
    let db = Db::with(&models::order(), "").await;
    let id = "'00000000-0000-0000-0000-000000000001'";
    assert_eq!(as_member(&db, "workflow_worker", &crate::order::placed(1)).await, "");
    assert_eq!(as_member(&db, "workflow_worker", "UPDATE orders_jobs SET attempt = 1; DELETE FROM orders_jobs").await, "");
    let force = format!("SELECT orders_force({id}, 'cancelled', '{{\"reason\": \"r\"}}', 'why')");
    assert_eq!(as_member(&db, "workflow_worker", &force).await, "42501");
    assert_eq!(as_member(&db, "workflow_operator", &force).await, "");
}
