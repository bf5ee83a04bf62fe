//! Effects in SQL that move the next instance, whose effect moves the next one: PostgreSQL's stack is what ends that.

use sqlx::{AssertSqlSafe, PgConnection};

const NODE: &str = r#"workflow! {
    pub workflow Node in nodes {
        id: i64,

        states {
            initial Idle,
            final Passed,
        }

        transitions {
            pass: Idle -> Passed with sql maybe "PERFORM nodes_pass(n.id) FROM nodes n WHERE n.id = NEW.id + 1",
        }
    }
}"#;

async fn pass(connection: &mut PgConnection, from: u32) -> Result<i64, sqlx::Error> {
    sqlx::query(AssertSqlSafe(format!("SELECT nodes_pass({from})"))).execute(&mut *connection).await?;
    sqlx::query_scalar("SELECT count(*) FROM nodes WHERE state = 'passed'").fetch_one(connection).await
}

#[tokio::test]
async fn effects_reach_far_and_what_is_too_far_leaves_nothing() {
    let db = workflow_tests::database(NODE, "").await;
    let mut connection = db.connect().await.unwrap();
    sqlx::query("INSERT INTO nodes (id) SELECT generate_series(1, 2000)").execute(&mut connection).await.unwrap();
    let error = pass(&mut connection, 1).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "54001", "{error}");
    assert_eq!(pass(&mut connection, 1951).await.unwrap(), 50, "nothing of the first attempt, and all of the second");
}
