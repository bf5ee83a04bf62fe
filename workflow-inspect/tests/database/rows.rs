//! What a source declares, and what is done to a database by hand.

use sqlx::{AssertSqlSafe, PgPool};
use workflow_model::Model;

/// The model that a source declares.
pub(crate) fn model(source: &str) -> Model {
    let found = workflow_syntax::find(source).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    workflow_syntax::lower(&parsed.workflow.unwrap())
}

/// Everything a client may do, and what must not fail.
pub(crate) async fn run(pool: &PgPool, sql: &str) {
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await {
        panic!("{sql}\n{error:?}");
    }
}
