//! What the database knows of the declaration: its fingerprint, its facts, its edges.

use super::subject::Subject;
use workflow_model::Edge;
use workflow_model::fingerprint::{facts, fingerprint};
use workflow_model::names::constant;

/// The workflow's rows in the shared tables.
pub(crate) fn up(s: &Subject<'_>) -> String {
    let facts = serde_json::json!({ "facts": facts(s.model) });
    let edge = |e: &Edge<'_>| {
        let [from, event, to] = [&e.from.name.label, &e.transition.event.label, &e.to.name.label].map(|label| constant(label));
        format!("    ({}, {from}, {event}, {to})", constant(s.label()))
    };
    let edges: Vec<String> = s.model.edges().iter().map(edge).collect();
    let model = s.fill(
        include_str!("records.sql"),
        &[("fingerprint", constant(&fingerprint(s.model))), ("model", constant(&facts.to_string()))],
    );
    match edges.as_slice() {
        [] => model,
        edges => {
            let into = "INSERT INTO workflow.edges (workflow, from_state, event, to_state) VALUES\n";
            format!("{model}\n{into}{};\n", edges.join(",\n"))
        }
    }
}

/// Takes them away.
pub(crate) fn down(s: &Subject<'_>) -> String {
    s.fill(
        "DELETE FROM workflow.edges WHERE workflow = {workflow};\nDELETE FROM workflow.models WHERE workflow = {workflow};",
        &[],
    )
}
