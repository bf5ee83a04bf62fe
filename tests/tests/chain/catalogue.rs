//! What stands in a database, as lines that can be compared: the query of the cases of `workflow-migrate`.

use sqlx::{PgPool, Row};

pub(crate) async fn catalogue(pool: &PgPool) -> Vec<String> {
    let query = include_str!("../../../workflow-migrate/tests/cases/catalogue.sql");
    let rows = sqlx::query(query).fetch_all(pool).await.expect("the catalogue");
    rows.iter().map(|row| in_order(row.get(0))).collect()
}

/// A column that went and came back stands last, in a view too.
fn in_order(line: String) -> String {
    if !line.starts_with("view ") {
        return line;
    }
    let mut words: Vec<&str> = line.split([',', '\n', ' ']).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

pub(crate) fn same(found: &[String], expected: &[String], what: &str) {
    let more: Vec<&String> = found.iter().filter(|line| !expected.contains(line)).collect();
    let less: Vec<&String> = expected.iter().filter(|line| !found.contains(line)).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}: too much {more:#?}\ntoo little {less:#?}");
}
