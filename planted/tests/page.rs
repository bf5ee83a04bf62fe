//! The page of the book tells of the bugs that there are.

use planted::ROWS;

const PAGE: &str = include_str!("../../docs/src/design/planted.md");

#[test]
fn the_page_has_each_bug_and_what_it_is_found_as() {
    let told: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 5).collect();
    assert_eq!(told.len(), ROWS.len());
    for (line, row) in told.into_iter().zip(ROWS) {
        let (bug, anomaly) = (format!("| `{}` |", row.bug), format!("| {} |", row.anomaly));
        assert!(line.starts_with(&bug) && line.ends_with(&anomaly), "{line}\n{bug} … {anomaly}");
    }
}
