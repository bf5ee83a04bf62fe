//! The index by which a parent's children are found.

use super::phrase::{dollars, limited};
use super::subject::Subject;
use crate::phase::Back;
use workflow_model::Parent;
use workflow_model::names::{constant, quoted};

/// Of the column that holds the parent's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The column's own name.
    pub(crate) column: String,
    /// The index's, as SQL without a schema.
    name: String,
}

/// Of the newer model and of the older one. The key and a unique column have an index anyway.
pub(crate) fn indexes(s: &Subject<'_>) -> Vec<Index> {
    let parents = s.model.parent.iter().chain(s.stage.base.iter().filter_map(|base| base.parent.as_ref()));
    let mut all: Vec<Index> = Vec::new();
    for Parent { field, .. } in parents {
        let has_none = s.columns.iter().skip(1).any(|c| c.field.name.label == *field && !c.field.unique);
        if has_none && !all.iter().any(|index| index.column == *field) {
            // Not the name that PostgreSQL itself would choose: the application may have such an index already.
            let name = limited(&format!("{}_{field}_parent", s.model.table.name));
            all.push(Index { column: field.clone(), name });
        }
    }
    all
}

/// All of them, for a table that is new.
pub(crate) fn create(s: &Subject<'_>) -> String {
    indexes(s).iter().map(|index| index.create(s, "") + "\n").collect()
}

/// Drops them, where the table itself stays.
pub(crate) fn drop(s: &Subject<'_>) -> String {
    indexes(s).iter().map(|index| index.drop(s) + "\n").collect()
}

impl Index {
    pub(crate) fn create(&self, s: &Subject<'_>, how: &str) -> String {
        format!("CREATE INDEX {how}{} ON {} ({});", self.name, s.model.table(), quoted(&self.column))
    }

    pub(crate) fn drop(&self, s: &Subject<'_>) -> String {
        format!("DROP INDEX {};", self.qualified(s))
    }

    /// Makes sure that the index is whole.
    pub(crate) fn assert(&self, s: &Subject<'_>) -> String {
        format!("DO {};", dollars(&s.fill(include_str!("assert_plain.sql"), &[("index_text", constant(&self.qualified(s)))])))
    }

    /// Takes the index back, whether it is whole or not.
    pub(crate) fn back(&self, s: &Subject<'_>) -> Back {
        Back::Alone(format!("DROP INDEX CONCURRENTLY IF EXISTS {};", self.qualified(s)))
    }

    /// As SQL without a schema.
    pub(crate) fn name(self) -> String {
        self.name
    }

    fn qualified(&self, s: &Subject<'_>) -> String {
        format!("{}.{}", quoted(s.model.table.schema()), self.name)
    }
}
