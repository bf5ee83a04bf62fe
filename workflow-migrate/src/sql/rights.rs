//! Who may do what: grants to the group roles, where they exist.

use super::event;
use super::phrase::dollars;
use super::subject::Subject;
use workflow_model::names::quoted;

/// The grants of one workflow.
pub(crate) fn grants(s: &Subject<'_>) -> String {
    let events: String = event::signatures(s)
        .iter()
        .map(|function| format!("        GRANT EXECUTE ON FUNCTION {function} TO workflow_app;\n"))
        .collect();
    let schema = match s.model.table.schema() {
        "public" => String::new(),
        schema => format!("        GRANT USAGE ON SCHEMA {} TO workflow_app, workflow_operator;\n", quoted(schema)),
    };
    let body = s.fill(include_str!("rights.sql"), &[("events", events), ("schema", schema)]);
    format!(
        "-- Rights go to the group roles, where there are such: an application's own role is made a member of one.\nDO {};",
        dollars(&body)
    )
}
