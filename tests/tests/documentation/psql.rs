//! SQL as a reader would type it: through psql.

use std::io::Write;
use std::process::{Command, Stdio};
use workflow_testing::Database;

/// What psql prints for a text, its errors included.
pub fn run(database: &Database, sql: &str) -> String {
    let mut psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=SHOW_CONTEXT=never", "--dbname", database.url()])
        .env("PGTZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("psql, which comes with PostgreSQL");
    psql.stdin.take().expect("a pipe").write_all(sql.as_bytes()).expect("psql reads");
    let output = psql.wait_with_output().expect("psql ends");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    plain(&text)
}

/// Without the blank line behind a table, and blanks at the ends of lines.
fn plain(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n")
}
