//! How a statement names what it is given: by number, or by the columns of a row that has it for one instance of several.

use super::typed;
use workflow_model::Field;

#[derive(Clone, Copy)]
pub(super) enum Given {
    /// `$1` is the key, then: version or NULL, actor, key of the transition, the event's own.
    Numbered,
    /// The actor is `$3`; a row of this name has the rest.
    Row(&'static str),
}

impl Given {
    pub(super) fn version(self, row: &str) -> String {
        match self {
            Given::Numbered => format!(" AND ($2::bigint IS NULL OR {row}.version = $2)"),
            Given::Row(_) => String::new(),
        }
    }

    pub(super) fn key(self) -> String {
        match self {
            Given::Numbered => "$4::uuid".to_owned(),
            Given::Row(row) => format!("{row}.key"),
        }
    }

    /// Of the event's own, the one with this place.
    pub(super) fn parameter(self, place: usize, field: &Field) -> String {
        match self {
            Given::Numbered => typed(5 + place, field),
            Given::Row(row) => format!("{row}.p{place}"),
        }
    }
}
