//! A small workflow with holes for texts, and what it does when they are filled.

use sqlx::{AssertSqlSafe, PgConnection};
use workflow_model::{Model, check};
use workflow_testing::Database;

/// `knock` has an effect of its own: only such events come to where the effects stand. Each hole is the text of a Rust string, or what else may stand there.
pub(crate) const DOOR: &str = r#"workflow! {
    /// DOCS
    pub workflow Door in doors {
        id: i64,
        FIELD
        note: Option<String>,

        states {
            initial Shut { },
            Open { reason: String },
            final Gone,
        }

        transitions {
            open: Shut -> Open { reason: REASON } EFFECT GUARD,
            knock: Shut with sql maybe "PERFORM 2",
            remove: Shut | Open -> Gone,
        }
    }
}"#;

/// The declaration with these holes filled, the others empty.
pub(crate) fn door(fillings: &[(&str, &str)]) -> String {
    let mut text = DOOR.replace("initial Shut { }", "initial Shut");
    for (hole, filling) in fillings {
        text = text.replace(hole, filling);
    }
    text.replace("DOCS", "A door.").replace("FIELD", "").replace("REASON", "\"r\"").replace("EFFECT", "").replace("GUARD", "")
}

/// The model, or what is said against it.
pub(crate) fn read(text: &str) -> Result<Model, Vec<String>> {
    let found = workflow_syntax::find(text).map_err(|error| vec![error.to_string()])?.found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    let said: Vec<String> = parsed.errors.iter().map(|error| error.message.clone()).collect();
    let syntax = parsed.workflow.filter(|_| said.is_empty()).ok_or(said)?;
    let model = workflow_syntax::lower(&syntax);
    let faults: Vec<String> = check(&model).into_iter().map(|fault| format!("{} {}", fault.code, fault.message)).collect();
    if faults.is_empty() { Ok(model) } else { Err(faults) }
}

/// A database with what all workflows share, and a table that nobody should touch.
pub(crate) async fn house() -> (Database, PgConnection) {
    let db = Database::create().await.unwrap();
    let mut connection = db.connect().await.unwrap();
    let shared = workflow_migrate::first_migration(&read(&door(&[])).unwrap()).shared;
    run(&mut connection, &shared).await.unwrap();
    run(&mut connection, "CREATE TABLE witness (what text); INSERT INTO witness VALUES ('here')").await.unwrap();
    (db, connection)
}

pub(crate) async fn run(connection: &mut PgConnection, sql: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

pub(crate) async fn text(connection: &mut PgConnection, sql: &str) -> String {
    let sql = format!("SELECT coalesce((SELECT ({sql})::text), 'NULL')");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(connection).await.unwrap()
}
