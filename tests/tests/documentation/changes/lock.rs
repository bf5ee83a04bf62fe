//! What a file locks, in a few words: as `cargo workflow explain` says it, but for what that cannot see.

use workflow_explain::{Duration, Mode, explain};

/// The strongest lock of a file, and how long it is needed for.
pub(super) fn lock(sql: &str) -> String {
    let file = explain(sql).expect("SQL");
    if sql.contains("COMMIT;") {
        return "rows, in batches".to_owned();
    }
    // `explain` sees one file, and not that the one before has validated the CHECK.
    let proven = sql.contains("The constraint has proven it");
    // Nobody works on a view of ours as on the table.
    let on_tables = file.statements.iter().filter(|s| !s.text.contains(" VIEW "));
    let locks = on_tables.flat_map(|s| s.locks.iter().map(|lock| (lock.mode, s.duration)));
    let Some(strongest) = locks.clone().map(|(mode, _)| mode).max() else { return "no lock on the table".to_owned() };
    let long = locks.filter(|(mode, _)| *mode == strongest).map(|(_, duration)| duration).max();
    match (strongest, long.unwrap_or(Duration::Instant)) {
        (Mode::AccessShare | Mode::RowShare | Mode::RowExclusive, _) => "no lock on the table".to_owned(),
        (mode, Duration::Instant | Duration::Batches) => format!("{mode}, an instant"),
        (mode, Duration::Unknown) => format!("{mode}, as long as it takes"),
        (mode, Duration::Scan) if proven => format!("{mode}, an instant"),
        (mode, Duration::Scan) => format!("{mode}, a scan"),
        (mode, Duration::Build) => format!("{mode}, an index build"),
        (mode, Duration::Rewrite) => format!("{mode}, a rewrite"),
    }
}
