//! Names of as many bytes as PostgreSQL keeps, and of one more.

use sqlx::AssertSqlSafe;
use workflow_migrate::first_migration;
use workflow_model::{Model, check};
use workflow_testing::Database;

/// The lengths of a table's name, of an event's, a field's and a state's label.
fn declared(table: usize, event: usize, field: usize, state: usize) -> Result<Model, Vec<String>> {
    let name = |length: usize| "n".repeat(length);
    let text = format!(
        "workflow! {{ pub workflow Order in {} {{ id: i64, #[unique] {}: String, states {{ initial Placed, #[label = \"{}\"] Done }} \
         transitions {{ {}: Placed -> Done, again: Done -> Placed }} }} }}",
        name(table),
        name(field),
        name(state),
        name(event)
    );
    let block = workflow_syntax::find(&text).unwrap().found.remove(0);
    let model = workflow_syntax::lower(&workflow_syntax::parse(block.tokens).workflow.unwrap());
    let faults: Vec<String> = check(&model).into_iter().map(|fault| fault.code.to_string()).collect();
    if faults.is_empty() { Ok(model) } else { Err(faults) }
}

#[tokio::test]
async fn names_that_fit_are_kept_whole_and_longer_ones_are_refused() {
    let db = Database::create().await.unwrap();
    let mut connection = db.connect().await.unwrap();
    // A table's name leaves less for what is put behind it.
    for (table, event, field) in [(46, 16, 14), (10, 52, 50), (1, 61, 59)] {
        for (longer, at) in [
            ((table + 1, event - 1, field - 1, 63), table == 46),
            ((table, event + 1, field, 63), true),
            ((table, event, field + 1, 63), true),
            ((table, event, field, 64), true),
        ] {
            let (t, e, f, s) = longer;
            assert_eq!(declared(t, e, f, s).err(), at.then(|| vec!["W012".to_owned()]), "{longer:?}");
        }
        let model = declared(table, event, field, 63).unwrap();
        let migration = first_migration(&model);
        for sql in [&migration.shared, &migration.up] {
            sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection).await.unwrap();
        }
        let (name, function) = (&model.table.name, model.function(&model.transitions[0].event.label));
        let made = format!("INSERT INTO {name} VALUES (1, 'a'); SELECT {function}(1)");
        sqlx::raw_sql(AssertSqlSafe(made)).execute(&mut connection).await.unwrap();
        let state: String =
            sqlx::query_scalar(AssertSqlSafe(format!("SELECT state FROM {name}"))).fetch_one(&mut connection).await.unwrap();
        assert_eq!(state.len(), 63);
        sqlx::raw_sql(AssertSqlSafe(format!("DELETE FROM {name}; {}", migration.down))).execute(&mut connection).await.unwrap();
    }
}
