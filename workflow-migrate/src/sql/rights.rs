//! Who may do what: grants to the group roles, where they exist.

use super::functions;
use super::phrase::dollars;
use super::routine::Routine;
use super::subject::Subject;
use workflow_model::names::quoted;

/// The grants of one workflow.
pub(crate) fn grants(s: &Subject<'_>) -> String {
    let schema = match s.model.table.schema() {
        "public" => String::new(),
        schema => format!("        GRANT USAGE ON SCHEMA {} TO workflow_app, workflow_operator;\n", quoted(schema)),
    };
    let tables = s.fill(include_str!("rights_tables.sql"), &[]);
    where_there_are_roles(s, &(schema + &tables + &functions_granted(&functions::routines(s))))
}

/// The grants of functions that are new; nothing when none of them has any.
pub(crate) fn of_routines(s: &Subject<'_>, routines: &[Routine]) -> Option<String> {
    let grants = functions_granted(routines);
    (!grants.is_empty()).then(|| where_there_are_roles(s, &grants))
}

fn functions_granted(routines: &[Routine]) -> String {
    routines.iter().filter_map(Routine::grant).map(|grant| format!("        {grant}\n")).collect()
}

pub(crate) fn where_there_are_roles(s: &Subject<'_>, grants: &str) -> String {
    let body = s.fill(include_str!("rights.sql"), &[("grants", grants.to_owned())]);
    format!(
        "-- Rights go to the group roles, where there are such: an application's own role is made a member of one.\nDO {};",
        dollars(&body)
    )
}
