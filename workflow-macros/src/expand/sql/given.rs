//! How a statement names what it is given: by number, or by the columns of a row that has it for one instance of several.

use super::typed;
use workflow_model::Field;

/// The number of the first parameter that is the event's own.
pub(super) const OWN: usize = 6;

#[derive(Clone, Copy)]
pub(super) enum Given {
    /// `$1` is the key, then: version or NULL, actor, key of the transition, whether that is new, the event's own.
    Numbered,
    /// The actor is `$3`; a row of this name has the rest.
    Row(&'static str),
}

impl Given {
    pub(super) fn key(self) -> String {
        match self {
            Given::Numbered => "$4::uuid".to_owned(),
            Given::Row(row) => format!("{row}.key"),
        }
    }

    /// Of the event's own, the one with this place.
    pub(super) fn parameter(self, place: usize, field: &Field) -> String {
        match self {
            Given::Numbered => typed(OWN + place, field),
            Given::Row(row) => format!("{row}.p{place}"),
        }
    }
}
