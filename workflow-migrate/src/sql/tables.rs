//! The workflow's tables: its rows, their history, their jobs.

use super::checks;
use super::phrase::{dollars, limited};
use super::subject::{Revisions, Subject};
use crate::phase::Back;
use workflow_model::Column;
use workflow_model::names::{constant, quoted};

/// Our own columns, and their types.
pub(crate) const OURS: [(&str, &str); 7] = [
    ("state", "text"),
    ("event", "text"),
    ("version", "bigint"),
    ("entered_at", "timestamptz"),
    ("actor", "text"),
    ("key", "uuid"),
    ("keyed", "bigint"),
];

/// A column of the workflow's table that belongs to a field, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stands {
    /// As SQL.
    pub(crate) name: String,
    /// As SQL.
    pub(crate) ty: String,
    pub(crate) required: bool,
    pub(crate) default: Option<String>,
}

impl Stands {
    /// `sku text NOT NULL`
    pub(crate) fn definition(&self) -> String {
        let required = if self.required { " NOT NULL" } else { "" };
        let default = self.default.as_ref().map(|value| format!(" DEFAULT {value}")).unwrap_or_default();
        format!("{} {}{required}{default}", self.name, self.ty)
    }
}

/// Every column that belongs to a field, the key first.
pub(crate) fn columns(s: &Subject<'_>) -> Vec<Stands> {
    s.columns.iter().map(|c| stands(s, c)).collect()
}

fn stands(s: &Subject<'_>, c: &Column<'_>) -> Stands {
    let loose = s.stage.loose.get(&c.field.name.label).cloned().unwrap_or_default();
    Stands {
        name: quoted(&c.field.name.label),
        ty: c.field.ty.sql().unwrap_or_default(),
        required: c.states.is_empty() && !c.field.ty.optional && !loose.nullable,
        default: loose.default,
    }
}

/// `#[unique]` on a field: how the column's index is called, and whether it is a constraint of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unique {
    /// The column's own name.
    pub(crate) column: String,
    /// The index's, as SQL without a schema.
    pub(crate) name: String,
    /// A common field's is a constraint; a state's field has a partial index.
    pub(crate) constraint: bool,
}

impl Unique {
    /// The predicate names no column that every transition changes: that would end HOT updates.
    pub(crate) fn index(&self, s: &Subject<'_>, how: &str) -> String {
        let column = quoted(&self.column);
        let predicate = if self.constraint { String::new() } else { format!(" WHERE {column} IS NOT NULL") };
        format!("CREATE UNIQUE INDEX {how}{} ON {} ({column}){predicate};", self.name, s.model.table())
    }

    /// Makes sure that the index is whole, and a constraint if it is to be one.
    pub(crate) fn assert(&self, s: &Subject<'_>) -> String {
        let index = constant(&self.qualified(s));
        let values = [("name", self.name.clone()), ("index_text", index.clone())];
        let constraint = if self.constraint { s.fill(include_str!("unique_constraint.sql"), &values) } else { String::new() };
        let body = s.fill(include_str!("assert_index.sql"), &[("constraint", constraint), ("index_text", index)]);
        format!("DO {};", dollars(&body))
    }

    /// Takes back both files that make a `#[unique]`, whether the second one was applied or not.
    pub(crate) fn back(&self, s: &Subject<'_>) -> Back {
        let index = self.qualified(s);
        match self.constraint {
            false => Back::Alone(format!("DROP INDEX CONCURRENTLY IF EXISTS {index};")),
            true => Back::Transaction(vec![
                format!("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};", s.model.table(), self.name),
                format!("DROP INDEX IF EXISTS {index};"),
            ]),
        }
    }

    /// Takes the constraint from a table that was there before the workflow.
    pub(crate) fn drop_adopted(&self, s: &Subject<'_>) -> String {
        let values = [("column_text", constant(&self.column)), ("table_text", constant(&s.model.table()))];
        format!("DO {};", dollars(&s.fill(include_str!("drop_unique.sql"), &values)))
    }

    fn qualified(&self, s: &Subject<'_>) -> String {
        format!("{}.{}", quoted(s.model.table.schema()), self.name)
    }

    /// `ADD CONSTRAINT … UNIQUE (…)`
    pub(crate) fn definition(&self) -> String {
        format!("CONSTRAINT {} UNIQUE ({})", self.name, quoted(&self.column))
    }
}

/// Every `#[unique]` of the model.
pub(crate) fn uniques(s: &Subject<'_>) -> Vec<Unique> {
    let unique = |c: &Column<'_>| Unique {
        column: c.field.name.label.clone(),
        name: limited(&format!("{}_{}_key", s.model.table.name, c.field.name.label)),
        constraint: c.states.is_empty(),
    };
    s.columns.iter().skip(1).filter(|c| c.field.unique).map(unique).collect()
}

/// The table of a workflow that makes it itself.
pub(crate) fn own(s: &Subject<'_>, revisions: &Revisions) -> String {
    let checks = checks::checks(s).into_iter().map(|check| check.definition(s, revisions));
    let uniques = uniques(s).into_iter().filter(|u| u.constraint).map(|u| u.definition());
    let constraints: Vec<String> = checks.chain(uniques).map(|c| format!("    {c}")).collect();
    let lines = |owned: bool| -> String {
        let columns = s.columns.iter().skip(1).filter(|c| c.states.is_empty() != owned);
        columns.map(|c| format!("    {},\n", stands(s, c).definition())).collect()
    };
    s.fill(
        include_str!("table.sql"),
        &[("common", lines(false)), ("owned", lines(true)), ("constraints", constraints.join(",\n"))],
    )
}

/// The tables beside it.
pub(crate) fn beside(s: &Subject<'_>) -> String {
    let [due_index, key_index] = beside_indexes(s);
    s.fill(include_str!("beside.sql"), &[("due_index", due_index), ("key_index", key_index)])
}

/// The names of the indexes beside it: of jobs that are due, and of history by which the key of a step is found.
pub(crate) fn beside_indexes(s: &Subject<'_>) -> [String; 2] {
    ["jobs_due", "history_by_key"].map(|name| limited(&format!("{}_{name}", s.model.table.name)))
}

/// The partial indexes of states' fields.
pub(crate) fn indexes(s: &Subject<'_>) -> String {
    uniques(s).iter().filter(|u| !u.constraint).map(|u| u.index(s, "") + "\n").collect()
}

/// Drops one of [`indexes`], where the table itself stays.
pub(crate) fn drop_indexes(s: &Subject<'_>) -> String {
    let drop = |u: &Unique| format!("DROP INDEX {}.{};\n", quoted(s.model.table.schema()), u.name);
    uniques(s).iter().filter(|u| !u.constraint).map(drop).collect()
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
