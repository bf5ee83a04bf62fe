//! While binaries of two versions run, a trigger settles the columns that they treat differently.

use super::phrase::{among, dollars};
use super::routine::Routine;
use super::subject::Subject;
use crate::stage::{Fill, Settling, Value};
use workflow_model::names::{constant, quoted};

/// Whether there is anything to settle.
pub(crate) fn is_needed(s: &Subject<'_>) -> bool {
    !s.stage.settling.is_empty()
}

/// The trigger's function. It comes before the guard, which judges the row as it became.
pub(crate) fn function(s: &Subject<'_>) -> Option<Routine> {
    if !is_needed(s) {
        return None;
    }
    let follows: String = s.stage.settling.iter().filter_map(|c| follow(s, c)).collect();
    let settled: Vec<String> = s.stage.settling.iter().map(|c| assignment(s, c)).collect();
    let body = s.fill(include_str!("settle_body.sql"), &[("follows", follows), ("settled", settled.concat())]);
    let text = s.fill(include_str!("settle.sql"), &[("body", dollars(&body))]);
    Some(Routine::of(s.model.function("migrate"), &[], text).private())
}

/// The expressions of the source, asked for no row. The body of a function is not looked at before it runs, and then every write to
/// the table would fail.
pub(crate) fn probe(s: &Subject<'_>) -> Option<String> {
    let values = s.stage.settling.iter().flat_map(|c| c.fills.iter().map(|fill| &fill.value).chain(&c.follows));
    let mut asked: Vec<String> = Vec::new();
    for value in values.filter(|value| matches!(value, Value::Column { .. }) && !value.is_plain()) {
        let sql = value.sql("o", &s.model.table.name);
        if !asked.contains(&sql) {
            asked.push(sql);
        }
    }
    let probe = || {
        format!(
            "-- A fault in what the source says is found here.\nSELECT {} FROM {} o LIMIT 0;",
            asked.join(", "),
            s.model.table()
        )
    };
    (!asked.is_empty()).then(probe)
}

/// A binary that knows the other column only has changed that one.
fn follow(s: &Subject<'_>, c: &Settling) -> Option<String> {
    let value = c.follows.as_ref()?;
    let Value::Column { column: other, .. } = value else { return None };
    let changed = |column: &str| {
        let text = if s.stage.settling(column).is_some_and(|c| c.by_text) || c.by_text { "::text" } else { "" };
        let column = quoted(column);
        (
            format!("NEW.{column}{text} IS DISTINCT FROM OLD.{column}{text}"),
            format!("NEW.{column}{text} IS NOT DISTINCT FROM OLD.{column}{text}"),
        )
    };
    let ((other_changed, _), (_, own_kept)) = (changed(other), changed(&c.column));
    let to = value.sql("NEW", &s.model.table.name);
    let column = quoted(&c.column);
    Some(format!("    IF TG_OP = 'UPDATE' AND {other_changed} AND {own_kept} THEN\n        NEW.{column} := {to};\n    END IF;\n"))
}

fn assignment(s: &Subject<'_>, c: &Settling) -> String {
    format!("    NEW.{} := {};\n", quoted(&c.column), settled(s, c, "NEW"))
}

/// What a column is once it is settled.
pub(crate) fn settled(s: &Subject<'_>, c: &Settling, row: &str) -> String {
    settled_from(s, c, row, &format!("{row}.{}", quoted(&c.column)))
}

/// The same of a row that has something else in the column.
fn settled_from(s: &Subject<'_>, c: &Settling, row: &str, column: &str) -> String {
    let filled = |fill: &Fill| format!("coalesce({column}, {})", narrow(s, c, &fill.value, row));
    if c.states.is_empty() {
        return c.fills.first().map_or_else(|| column.to_owned(), filled);
    }
    let is_in = |states: &[String]| among(&states.iter().map(|label| constant(label)).collect::<Vec<_>>());
    let mut arms: String =
        c.fills.iter().map(|fill| format!("WHEN {row}.state {} THEN {} ", is_in(&fill.states), filled(fill))).collect();
    let rest: Vec<String> = c.states.iter().filter(|s| !c.fills.iter().any(|f| f.states.contains(s))).cloned().collect();
    if !rest.is_empty() {
        arms += &format!("WHEN {row}.state {} THEN {column} ", is_in(&rest));
    }
    format!("CASE {arms}END")
}

/// A number that is written is an integer, and would make one of a smallint.
fn narrow(s: &Subject<'_>, c: &Settling, value: &Value, row: &str) -> String {
    let sql = value.sql(row, &s.model.table.name);
    let is_written = match value {
        Value::Literal(_) => true,
        Value::Column { otherwise, .. } => otherwise.is_some(),
    };
    let column = s.columns.iter().find(|column| column.field.name.label == c.column);
    let is_small = column.is_some_and(|column| column.field.ty.sql().as_deref() == Some("smallint"));
    if is_written && is_small { format!("({sql})::smallint") } else { sql }
}

/// [`settled`], as something that can be compared.
pub(crate) fn comparable(s: &Subject<'_>, c: &Settling, row: &str) -> String {
    let settled = settled(s, c, row);
    if c.by_text { format!("({settled})::text") } else { settled }
}

/// The same of the row after an update that is no transition, where the row before was not settled: what fills it may follow from
/// columns that the update has changed, and is not the update's doing.
pub(crate) fn comparable_after(s: &Subject<'_>, c: &Settling) -> String {
    let (before, after) = (comparable(s, c, "OLD"), comparable(s, c, "NEW"));
    if c.fills.iter().all(|fill| matches!(fill.value, Value::Literal(_)) || fill.value.is_plain()) {
        return after;
    }
    let text = if c.by_text { "::text" } else { "" };
    let filled = format!("({}){text}", settled_from(s, c, "NEW", "NULL"));
    let column = quoted(&c.column);
    format!("CASE WHEN OLD.{column} IS NULL AND {after} IS NOT DISTINCT FROM {filled} THEN {before} ELSE {after} END")
}

/// The condition that a row `o` is not settled yet.
pub(crate) fn unsettled(s: &Subject<'_>) -> String {
    let each = |c: &Settling| {
        let text = if c.by_text { "::text" } else { "" };
        format!("o.{}{text} IS DISTINCT FROM {}", quoted(&c.column), comparable(s, c, "o"))
    };
    s.stage.settling.iter().map(each).collect::<Vec<_>>().join(" OR ")
}
