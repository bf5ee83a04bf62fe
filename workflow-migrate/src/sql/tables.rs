//! The workflow's tables: its rows, their history, their jobs.

use super::phrase::{in_states, labels, limited};
use super::subject::Subject;
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Kind};

/// The table of a workflow that makes it itself.
pub(crate) fn own(s: &Subject<'_>) -> String {
    let constraints = [vec![states(s)], field_checks(s), range_checks(s), uniques(s)].concat().join(",\n    ");
    s.fill(
        include_str!("table.sql"),
        &[("common", common(s)), ("owned", owned(s)), ("constraints", format!("    {constraints}"))],
    )
}

/// The tables beside it.
pub(crate) fn beside(s: &Subject<'_>) -> String {
    s.fill(include_str!("beside.sql"), &[("index", limited(&format!("{}_jobs_due", s.model.table.name)))])
}

/// `#[unique]` on a state's field. The predicate names no column that every transition changes: that would end HOT updates.
pub(crate) fn indexes(s: &Subject<'_>) -> String {
    let index = |c: &Column<'_>| {
        let column = quoted(&c.field.name.label);
        format!("CREATE UNIQUE INDEX {} ON {} ({column}) WHERE {column} IS NOT NULL;\n", key_name(s, c), s.model.table())
    };
    s.owned().filter(|c| c.field.unique).map(index).collect()
}

/// Drops one of [`indexes`], where the table itself stays.
pub(crate) fn drop_index(s: &Subject<'_>, column: &Column<'_>) -> String {
    format!("DROP INDEX {}.{};\n", quoted(s.model.table.schema()), key_name(s, column))
}

/// `CONSTRAINT orders_state_1 CHECK (…)`; the number grows when the constraint is replaced by a later migration.
pub(crate) fn states(s: &Subject<'_>) -> String {
    format!("CONSTRAINT {} CHECK (state IN ({}))", check_name(s, "state"), labels(&s.model.states))
}

/// A row is exactly one variant of the enum: a state's field is there if and only if the row is in the state.
pub(crate) fn field_checks(s: &Subject<'_>) -> Vec<String> {
    let check = |c: &Column<'_>| {
        let (column, states) = (quoted(&c.field.name.label), in_states(&c.states));
        let condition = match c.field.ty.optional {
            true => format!("state {states} OR {column} IS NULL"),
            false => format!("({column} IS NOT NULL) = (state {states})"),
        };
        format!("CONSTRAINT {} CHECK ({condition})", check_name(s, &c.field.name.label))
    };
    s.owned().map(check).collect()
}

/// A time that chrono cannot hold would be a row that no binary can read: PostgreSQL's infinity, and years beyond 262142.
pub(crate) fn range_checks(s: &Subject<'_>) -> Vec<String> {
    let check = |c: &Column<'_>| {
        let column = quoted(&c.field.name.label);
        format!("CONSTRAINT {} CHECK (isfinite({column}) AND {column} < '262143-01-01')", range_name(s, c))
    };
    s.columns.iter().filter(|c| is_time(c)).map(check).collect()
}

/// The names of [`range_checks`].
pub(crate) fn range_names(s: &Subject<'_>) -> Vec<String> {
    s.columns.iter().filter(|c| is_time(c)).map(|c| range_name(s, c)).collect()
}

fn is_time(column: &Column<'_>) -> bool {
    let ty = &column.field.ty;
    ty.sql.is_none() && matches!(ty.kind, Kind::Timestamp | Kind::Date)
}

fn range_name(s: &Subject<'_>, column: &Column<'_>) -> String {
    limited(&format!("{}_{}_range_1", s.model.table.name, column.field.name.label))
}

/// `#[unique]` on a common field.
pub(crate) fn uniques(s: &Subject<'_>) -> Vec<String> {
    let unique = |c: &Column<'_>| format!("CONSTRAINT {} UNIQUE ({})", key_name(s, c), quoted(&c.field.name.label));
    s.common().filter(|c| c.field.unique).map(unique).collect()
}

/// Refuses to go on when the table that is about to be dropped has rows.
pub(crate) fn refuse_rows(s: &Subject<'_>) -> String {
    s.fill(include_str!("refuse_rows.sql"), &[("table_text", constant(&s.model.table()))])
}

/// Drops the workflow's own table.
pub(crate) fn drop_own(s: &Subject<'_>) -> String {
    s.fill("DROP TABLE {table};", &[])
}

/// Drops the tables beside it.
pub(crate) fn drop_beside(s: &Subject<'_>) -> String {
    s.fill("DROP TABLE {jobs};\nDROP TABLE {history};", &[])
}

fn check_name(s: &Subject<'_>, field: &str) -> String {
    limited(&format!("{}_{field}_1", s.model.table.name))
}

fn key_name(s: &Subject<'_>, column: &Column<'_>) -> String {
    limited(&format!("{}_{}_key", s.model.table.name, column.field.name.label))
}

fn common(s: &Subject<'_>) -> String {
    let column = |c: &Column<'_>| {
        let null = if c.field.ty.optional { "" } else { " NOT NULL" };
        format!("    {} {}{null},\n", quoted(&c.field.name.label), c.field.ty.sql().unwrap_or_default())
    };
    s.common().map(column).collect()
}

fn owned(s: &Subject<'_>) -> String {
    s.owned().map(|c| format!("    {} {},\n", quoted(&c.field.name.label), c.field.ty.sql().unwrap_or_default())).collect()
}
