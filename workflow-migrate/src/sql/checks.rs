//! The CHECKs of the workflow's table. Each has a number at the end of its name, which grows when a migration replaces it.

use super::phrase::{in_states, limited};
use super::subject::{Revisions, Subject};
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, Kind, State};

/// A CHECK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// What stands between the table's name and the number: `state`, `warehouse`, `due_range`.
    pub(crate) key: String,
    /// What must hold.
    pub(crate) condition: String,
}

impl Check {
    /// Its name under these revisions, as SQL.
    pub(crate) fn name(&self, s: &Subject<'_>, revisions: &Revisions) -> String {
        let revision = revisions.get(&self.key).copied().unwrap_or(1);
        limited(&format!("{}_{}_{revision}", s.model.table.name, self.key))
    }

    /// `CONSTRAINT orders_state_1 CHECK (…)`
    pub(crate) fn definition(&self, s: &Subject<'_>, revisions: &Revisions) -> String {
        format!("CONSTRAINT {} CHECK ({})", self.name(s, revisions), self.condition)
    }
}

/// Every CHECK that stands.
pub(crate) fn checks(s: &Subject<'_>) -> Vec<Check> {
    let mut all = vec![states(s)];
    all.extend(s.owned().filter(|c| s.stage.settling(&c.field.name.label).is_none()).map(field));
    all.extend(s.columns.iter().filter(|c| is_time(c)).map(|c| range(s, c)));
    all
}

fn states(s: &Subject<'_>) -> Check {
    Check { key: "state".to_owned(), condition: format!("state {}", one_of(&s.model.states.iter().collect::<Vec<_>>())) }
}

/// PostgreSQL reads a CHECK anew for each statement, and one literal is read in half the time of a dozen. A label that would need
/// quotes within it is rare.
fn one_of(states: &[&State]) -> String {
    let labels: Vec<&str> = states.iter().map(|state| state.name.label.as_str()).collect();
    match labels.len() > 1 && labels.iter().all(|label| is_plain(label)) {
        true => format!("= ANY ({})", constant(&format!("{{{}}}", labels.join(",")))),
        false => in_states(states),
    }
}

/// Within the literal of an array it stands for itself.
fn is_plain(label: &str) -> bool {
    !label.is_empty() && !label.eq_ignore_ascii_case("null") && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A row is exactly one variant of the enum: a state's field is there if and only if the row is in the state.
fn field(c: &Column<'_>) -> Check {
    let (column, states) = (quoted(&c.field.name.label), one_of(&c.states));
    let condition = match c.field.ty.optional {
        true => format!("state {states} OR {column} IS NULL"),
        false => format!("({column} IS NOT NULL) = (state {states})"),
    };
    Check { key: c.field.name.label.clone(), condition }
}

/// A time that chrono cannot hold would be a row that no binary can read: PostgreSQL's infinity, and years beyond 262142.
fn range(s: &Subject<'_>, c: &Column<'_>) -> Check {
    let column = quoted(&c.field.name.label);
    let mut key = format!("{}_range", c.field.name.label);
    // A column may be called so, and have a CHECK of its own.
    while s.columns.iter().any(|other| other.field.name.label == key) {
        key.push('_');
    }
    Check { key, condition: format!("isfinite({column}) AND {column} < '262143-01-01'") }
}

fn is_time(column: &Column<'_>) -> bool {
    let ty = &column.field.ty;
    ty.sql.is_none() && matches!(ty.kind, Kind::Timestamp | Kind::Date)
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_label_that_means_something_else_in_an_array_is_not_written_there() {
        assert!(["placed", "on_hold", "V2"].into_iter().all(is_plain));
        assert!(!["", "null", "NULL", "on hold", "a,b", "{}", "\"", "\\", "é"].into_iter().any(is_plain));
    }
}
