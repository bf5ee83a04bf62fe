//! The functions beside the table, for any client.

use super::office::World;
use sqlx::AssertSqlSafe;

async fn refused(world: &World, sql: &str) -> String {
    let error = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&world.admin).await.expect_err(sql);
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

const ID: &str = "00000000-0000-7000-8000-000000000001";

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_cannot_be_is_refused_when_it_is_asked_for() {
    let world = World::new().await;
    world.run("INSERT INTO bills (id, month, amount, seal, actor, key, keyed) VALUES (gen_random_uuid(), now(), 1, '', NULL, gen_random_uuid(), 1)").await;
    let there: uuid::Uuid = world.ask("SELECT id FROM bills").await;
    let good = r#"{"month": "2026-01-01T00:00:00Z", "amount": 1.5, "seal": "\\x00"}"#;
    for (id, at, fields, said) in [
        (
            ID,
            "now()",
            r#"{"month": "2026-01-01T00:00:00Z", "amount": 1, "seal": "", "sku": 1, "state": "paid"}"#,
            "creation knows no sku, state",
        ),
        (ID, "now()", r#"{"month": null, "amount": 1}"#, "creation needs month, seal"),
        (ID, "now()", "{}", "creation needs month, amount, seal"),
        (
            ID,
            "now()",
            r#"{"month": "soon", "amount": 1, "seal": ""}"#,
            "invalid input syntax for type timestamp with time zone: \"soon\"",
        ),
        (ID, "'infinity'", good, "bill needs a key and a time to be created at"),
        (ID, "NULL", good, "bill needs a key and a time to be created at"),
        (&there.to_string(), "now()", good, "is there already"),
    ] {
        let refused = refused(&world, &format!("SELECT bills_create_at('{id}', {at}, '{fields}')")).await;
        assert!(refused.ends_with(said), "{refused}");
    }
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills_jobs WHERE kind = 'creation'").await, 0);
    world.run(&format!("SELECT bills_create_at('{ID}', now(), '{good}')")).await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills_jobs WHERE kind = 'creation'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_may_ask_and_nobody_else() {
    let world = World::new().await;
    let suffix = uuid::Uuid::new_v4().simple();
    world.run(&format!("CREATE ROLE app_{suffix}; GRANT workflow_app TO app_{suffix}; CREATE ROLE other_{suffix}")).await;
    let ask = format!(
        r#"SELECT bills_create_at('{ID}', now(), '{{"month": "2026-01-01T00:00:00Z", "amount": 1.5, "seal": ""}}'); SELECT bills_cancel_creation('{ID}')"#
    );
    let [app, other] = [format!("app_{suffix}"), format!("other_{suffix}")];
    assert_eq!(as_role(&world, &app, &ask).await, "");
    for sql in ask.split("; ") {
        let said = as_role(&world, &other, sql).await;
        assert!(said.starts_with("permission denied for function bills_c"), "{said}");
    }
    let said = as_role(&world, &app, "INSERT INTO workflow.schedules VALUES ('a', 'b')").await;
    assert!(said.starts_with("permission denied for table schedules"), "{said}");
}

/// What the database says against it.
async fn as_role(world: &World, role: &str, sql: &str) -> String {
    let mut tx = world.admin.begin().await.unwrap();
    let did = sqlx::raw_sql(AssertSqlSafe(format!("SET LOCAL ROLE {role}; {sql}"))).execute(&mut *tx).await;
    did.err().and_then(|error| error.as_database_error().map(|error| error.message().to_owned())).unwrap_or_default()
}

const CHANGED: &str = r#"
workflow! {
    pub workflow Order in orders {
        id: i64,
        #[renamed_from = "sku"]
        article: String,
        #[default = 1]
        quantity: i32,
        #[renamed_from = "price"]
        #[was(String)]
        cents: Option<i64>,

        states {
            initial Placed { #[default = "BER"] warehouse: String },
            final Delivered,
        }

        transitions {
            deliver: Placed -> Delivered,
        }
    }
}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_for_before_a_change_is_read_by_todays_names_and_defaults() {
    let db = workflow_tests::database(CHANGED, "").await;
    let pool = db.pool_with(1).await.unwrap();
    for (asked, read) in [
        (
            r#"{"sku": "tea", "price": "many", "gone": 1}"#,
            r#"{"article": "tea", "quantity": 1, "cents": null, "warehouse": "BER"}"#,
        ),
        (
            r#"{"article": "tea", "sku": "cup", "quantity": 2, "cents": 3, "warehouse": "MUC"}"#,
            r#"{"article": "tea", "quantity": 2, "cents": 3, "warehouse": "MUC"}"#,
        ),
    ] {
        let sql = format!("SELECT to_jsonb(a) @> '{read}' FROM orders_asked('{asked}') a");
        assert!(sqlx::query_scalar::<_, bool>(AssertSqlSafe(sql)).fetch_one(&pool).await.unwrap(), "{asked}");
    }
    // A field that has a default may be left out.
    sqlx::raw_sql(r#"SELECT orders_create_at(1, now(), '{"article": "tea"}')"#).execute(&pool).await.unwrap();
}
