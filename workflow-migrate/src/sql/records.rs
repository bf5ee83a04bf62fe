//! What the database knows of the declaration: its fingerprint, its facts, its edges.

use super::subject::Subject;
use crate::stage::Record;
use workflow_model::Edge;
use workflow_model::names::constant;

/// A row of `workflow.edges`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrow {
    /// `'placed', 'reserve', 'reserved'`
    key: String,
    /// `enforce` or `warn`.
    pub(crate) mode: &'static str,
}

/// Every arrow that stands.
pub(crate) fn arrows(s: &Subject<'_>) -> Vec<Arrow> {
    let arrow = |e: &Edge<'_>| {
        let key = [&e.from.name.label, &e.transition.event.label, &e.to.name.label].map(|label| constant(label));
        Arrow { key: key.join(", "), mode: if s.stage.is_retired(&e.spelled()) { "warn" } else { "enforce" } }
    };
    s.model.edges().iter().map(arrow).collect()
}

/// The workflow's rows in the shared tables.
pub(crate) fn up(s: &Subject<'_>) -> String {
    let models: String = s.stage.records.iter().map(|record| insert_record(s, record)).collect();
    format!("{models}\n{}\n", insert_arrows(s, &arrows(s)))
}

/// Takes them away.
pub(crate) fn down(s: &Subject<'_>) -> String {
    s.fill(
        "DELETE FROM workflow.edges WHERE workflow = {workflow};\nDELETE FROM workflow.models WHERE workflow = {workflow};",
        &[],
    )
}

/// What a binary compares itself with.
pub(crate) fn insert_record(s: &Subject<'_>, record: &Record) -> String {
    s.fill(include_str!("records.sql"), &values(record))
}

/// The same for a row that is there.
pub(crate) fn update_record(s: &Subject<'_>, record: &Record) -> String {
    s.fill(include_str!("records_change.sql"), &values(record))
}

fn values(record: &Record) -> [(&'static str, String); 3] {
    let facts = match record.supplied.as_slice() {
        [] => serde_json::json!({ "facts": record.facts }),
        supplied => serde_json::json!({ "facts": record.facts, "supplied": supplied }),
    };
    [("label", constant(&record.label)), ("fingerprint", constant(&record.fingerprint)), ("model", constant(&facts.to_string()))]
}

/// Adds arrows. The mode is named where one of them is not the usual one.
pub(crate) fn insert_arrows(s: &Subject<'_>, arrows: &[Arrow]) -> String {
    if arrows.is_empty() {
        return String::new();
    }
    let usual = arrows.iter().all(|arrow| arrow.mode == "enforce");
    let workflow = constant(s.label());
    let row = |arrow: &Arrow| match usual {
        true => format!("    ({workflow}, {})", arrow.key),
        false => format!("    ({workflow}, {}, '{}')", arrow.key, arrow.mode),
    };
    let rows: Vec<String> = arrows.iter().map(row).collect();
    let mode = if usual { "" } else { ", mode" };
    format!("INSERT INTO workflow.edges (workflow, from_state, event, to_state{mode}) VALUES\n{};", rows.join(",\n"))
}

/// What turns the arrows of one stage into those of another.
pub(crate) fn change_arrows(s: &Subject<'_>, before: &[Arrow], after: &[Arrow]) -> Vec<String> {
    let same = |a: &&Arrow, b: &[Arrow]| b.iter().any(|b| b.key == a.key);
    let gone: Vec<&Arrow> = before.iter().filter(|a| !same(a, after)).collect();
    let new: Vec<Arrow> = after.iter().filter(|a| !same(a, before)).cloned().collect();
    let turned: Vec<&Arrow> = after.iter().filter(|a| same(a, before) && !before.contains(a)).collect();
    let mut statements = Vec::new();
    if !gone.is_empty() {
        statements.push(format!("DELETE FROM workflow.edges {};", which(s, &gone)));
    }
    for mode in ["enforce", "warn"] {
        let turned: Vec<&Arrow> = turned.iter().copied().filter(|a| a.mode == mode).collect();
        if !turned.is_empty() {
            statements.push(format!("UPDATE workflow.edges SET mode = '{mode}' {};", which(s, &turned)));
        }
    }
    statements.extend((!new.is_empty()).then(|| insert_arrows(s, &new)));
    statements
}

fn which(s: &Subject<'_>, arrows: &[&Arrow]) -> String {
    let keys: Vec<String> = arrows.iter().map(|arrow| format!("    ({})", arrow.key)).collect();
    format!("WHERE workflow = {} AND (from_state, event, to_state) IN (\n{})", constant(s.label()), keys.join(",\n"))
}
