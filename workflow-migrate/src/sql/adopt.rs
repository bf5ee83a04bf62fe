//! A table that was there before the workflow: our columns are added, and the rows that are there become instances.

use super::phrase::{array, dollars, object};
use super::steps;
use super::subject::{Revisions, Subject};
use super::tables::{self, OURS};
use super::{checks, children};
use crate::jobs::{of_state, to_parent};
use workflow_model::names::{constant, quoted};
use workflow_model::{Adopt, Column, State};

/// Checks what must be there, and adds what may be missing.
pub(crate) fn columns(s: &Subject<'_>, adopt: &Adopt) -> String {
    let owned = s.owned().map(|c| (c.field.name.label.as_str(), c.field.ty.sql().unwrap_or_default()));
    let added = OURS.iter().map(|(name, ty)| (*name, (*ty).to_owned())).chain(owned);
    let added: Vec<String> = added.map(|(name, ty)| format!("            ({}, {})", constant(name), constant(&ty))).collect();
    let present = s.columns.iter().filter(|c| c.states.is_empty()).map(expected);
    let present: Vec<String> = present
        .chain(adopt.status.as_deref().map(|status| format!("            ({}, NULL, false, false)", constant(status))))
        .collect();
    let values = [
        ("added", added.join(",\n")),
        ("present", present.join(",\n")),
        ("table_text", constant(&s.model.table())),
        ("comment", constant(&added_by(s))),
    ];
    let body = s.fill(include_str!("adopt_columns.sql"), &values);
    format!(
        "SET LOCAL lock_timeout = '5s';\n\n-- What the declaration says is there must be there; our columns are added where they are missing.\nDO {};",
        dollars(&body)
    )
}

fn expected(c: &Column<'_>) -> String {
    format!(
        "            ({}, {}, {}, {})",
        constant(&c.field.name.label),
        constant(&c.field.ty.sql().unwrap_or_default()),
        !c.field.ty.optional,
        c.field.unique
    )
}

fn added_by(s: &Subject<'_>) -> String {
    format!("added by the workflow {}", s.label())
}

/// The rows that are there become instances, with a history that begins now.
pub(crate) fn rows(s: &Subject<'_>, adopt: &Adopt, revisions: &Revisions) -> String {
    let checks = checks::checks(s);
    let constraints: Vec<String> = checks.iter().map(|check| format!("    ADD {}", check.definition(s, revisions))).collect();
    let status = adopt.status.as_deref().map(quoted);
    let values = [
        ("unknown", status.as_deref().map(|status| unknown(s, status)).unwrap_or_default()),
        ("state", status.map_or_else(|| s.fill("{initial}", &[]).trim_end().to_owned(), |status| format!("{status}::text"))),
        ("misplaced", misplaced(s)),
        ("constraints", constraints.join(",\n") + ";"),
        ("common", object("o", s.common().map(|c| c.field))),
        ("owned", owned_data(s)),
        ("jobs", started(s)),
    ];
    s.fill(include_str!("adopt_rows.sql"), &values)
}

fn unknown(s: &Subject<'_>, status: &str) -> String {
    let labels: Vec<String> = s.model.states.iter().map(|state| constant(&state.name.label)).collect();
    let values = [
        ("status", status.to_owned()),
        ("status_text", constant(status)),
        ("table_text", constant(&s.model.table())),
        ("labels", array(&labels, 12)),
    ];
    let body = s.fill(include_str!("adopt_unknown.sql"), &values);
    format!("-- Every status must be the label of a state.\nDO {};\n", dollars(&body))
}

/// The rows that the CHECKs would refuse, counted, with the field's name: a violated CHECK names one row.
fn misplaced(s: &Subject<'_>) -> String {
    let check = |c: &Column<'_>| {
        let (column, states) = (quoted(&c.field.name.label), super::phrase::in_states(&c.states));
        let outside = format!("o.{column} IS NOT NULL AND NOT o.state {states}");
        let missing = if c.field.ty.optional { "false".to_owned() } else { format!("o.{column} IS NULL AND o.state {states}") };
        let values = [
            ("outside", outside),
            ("missing", missing),
            ("field", constant(&c.field.name.label)),
            ("table_text", constant(&s.model.table())),
        ];
        s.fill(include_str!("adopt_misplaced.sql"), &values)
    };
    let checks: String = s.owned().map(check).collect();
    if checks.is_empty() {
        return checks;
    }
    let body = format!("DECLARE\n    missing bigint;\n    outside bigint;\nBEGIN\n{checks}END");
    format!("\n-- A state's field is there if and only if the row is in the state.\nDO {};\n", dollars(&body))
}

fn owned_data(s: &Subject<'_>) -> String {
    let arm = |state: &State| format!(" WHEN {} THEN {}", constant(&state.name.label), object("o", &state.fields));
    let arms: String = s.model.states.iter().filter(|state| !state.fields.is_empty()).map(arm).collect();
    if arms.is_empty() { "'{}'::jsonb".to_owned() } else { format!("CASE o.state{arms} ELSE '{{}}'::jsonb END") }
}

/// What their states ask for starts now.
fn started(s: &Subject<'_>) -> String {
    let mut text = String::new();
    for state in &s.model.states {
        // A parent that arrives counts for itself: it need not be told of children that were at their end before.
        let jobs = of_state(s.model, &state.name.label).into_iter().filter(|job| to_parent(s.model).as_ref() != Some(job));
        for job in jobs {
            let run_at = steps::time(&job.run_at.anew());
            let state = constant(&state.name.label);
            let values = [("job", constant(&job.name)), ("kind", constant(job.kind)), ("run_at", run_at), ("state", state)];
            text += &s.fill(include_str!("adopt_job.sql"), &values);
        }
    }
    text
}

/// Refuses to take the workflow away from rows that have moved with it.
pub(crate) fn refuse_moved(s: &Subject<'_>) -> String {
    let history = s.model.history();
    let hint = format!(
        "Write the states into a column of your own and copy what is to be kept; then ALTER TABLE {history} DISABLE TRIGGER USER; TRUNCATE \
         {history}; and apply this file again."
    );
    s.fill(include_str!("refuse_moved.sql"), &[("history_text", constant(&history)), ("hint", constant(&hint))])
}

/// Only what the adoption added goes.
pub(crate) fn down(s: &Subject<'_>, revisions: &Revisions) -> String {
    let names = checks::checks(s).into_iter().map(|check| check.name(s, revisions));
    let constraints: String = names.map(|name| format!("ALTER TABLE {} DROP CONSTRAINT {name};\n", s.model.table())).collect();
    let indexes = tables::drop_indexes(s) + &children::drop(s);
    let owned = s.owned().map(|c| c.field.name.label.as_str());
    let columns: Vec<String> = OURS.iter().map(|(name, _)| *name).chain(owned).map(constant).collect();
    let values =
        [("columns", array(&columns, 8)), ("table_text", constant(&s.model.table())), ("comment", constant(&added_by(s)))];
    let body = s.fill(include_str!("adopt_down.sql"), &values);
    format!("{constraints}{indexes}\n-- Only the columns that the adoption added, as their comments say.\nDO {};", dollars(&body))
}
