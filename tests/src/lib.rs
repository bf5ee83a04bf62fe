//! Fixtures of the tests that need the whole.

pub mod outside;
pub mod road;

use proc_macro2::TokenStream;
use workflow_model::Model;
use workflow_testing::Database;

/// The order workflow of the example, as it is written there.
pub const ORDER: &str = include_str!("../../examples/order/src/workflow.rs");

/// Declares a workflow and keeps its text as `SOURCE`, from which the migration is made.
#[macro_export]
macro_rules! declared {
    ($($block:tt)*) => {
        workflow_runtime::workflow! { $($block)* }
        /// What was written above.
        pub const SOURCE: &str = concat!("workflow! {", stringify!($($block)*), "}");
    };
}

/// The models of a file's workflows, which must be without faults.
pub fn models(source: &str) -> Vec<Model> {
    let found = workflow_syntax::find(source).expect("the file is Rust").found;
    found.into_iter().map(|block| model(block.tokens)).collect()
}

fn model(block: TokenStream) -> Model {
    let parsed = workflow_syntax::parse(block);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let model = workflow_syntax::lower(&parsed.workflow.expect("a workflow"));
    assert_eq!(workflow_model::check(&model), []);
    model
}

/// A database of its own with the workflows of `source`, and whatever else `sql` makes.
pub async fn database(source: &str, sql: &str) -> Database {
    let database = Database::create().await.expect("a database");
    fill(&database, source, sql).await;
    database
}

/// Makes the same in a database that is there already.
pub async fn fill(database: &Database, source: &str, sql: &str) {
    let mut connection = database.connect().await.expect("a connection");
    apply(&mut connection, sql).await;
    for model in models(source) {
        let migration = workflow_migrate::first_migration(&model);
        apply(&mut connection, &migration.shared).await;
        apply(&mut connection, &migration.up).await;
    }
}

async fn apply(connection: &mut sqlx::PgConnection, sql: &str) {
    if let Err(error) = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await {
        panic!("{error}\n{sql}");
    }
}
