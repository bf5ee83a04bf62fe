//! What stands in a database, as lines that can be compared.

use sqlx::{PgPool, Row};

/// Everything that is there, under its own names.
pub(crate) async fn exact(pool: &PgPool) -> Vec<String> {
    let rows = sqlx::query(include_str!("catalogue.sql")).fetch_all(pool).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// The same without the numbers of constraints: a database that came the whole way has higher ones than one that is new.
pub(crate) async fn unnumbered(pool: &PgPool) -> Vec<String> {
    let mut lines: Vec<String> = exact(pool).await.iter().map(|line| without_number(line)).collect();
    lines.sort();
    lines
}

fn without_number(line: &str) -> String {
    let Some(rest) = line.strip_prefix("constraint ") else { return line.to_owned() };
    let mut words = rest.splitn(3, ' ');
    let (table, name, text) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or_default());
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    format!("constraint {table} {name} {text}")
}
