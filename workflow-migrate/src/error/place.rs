//! Where an error is to be shown.

use super::{Error, shown};
use crate::report::Place;
use std::path::Path;

/// A file as a whole.
fn whole(path: &Path) -> Place {
    Place::file(Path::new(&shown(path)))
}

impl Error {
    /// A place in a file, or a file as a whole; none where it is about neither.
    pub(super) fn place(&self) -> Option<Place> {
        Some(match self {
            Error::ContractWaits { place, .. }
            | Error::Reworded { place, .. }
            | Error::TakenBack { place, .. }
            | Error::Renamed { place, .. }
            | Error::Returned { place, .. } => place.as_ref().clone(),
            Error::Source(report) | Error::Refused(report) => return report.place.clone(),
            Error::Settings { path, place, .. } => place.as_deref().cloned().unwrap_or_else(|| whole(path)),
            // What git shows of another revision has a name, `main:migrations/…`, and is no file here.
            Error::Damaged { path, .. } if !path.is_absolute() => return None,
            Error::Io { path, .. } | Error::Damaged { path, .. } => whole(path),
            Error::Behind { file, .. }
            | Error::Altered { file, .. }
            | Error::Below { file, .. }
            | Error::OtherContract { file, .. }
            | Error::SameVersion { file, .. }
            | Error::Edited(file)
            | Error::Missing(file)
            | Error::Orphan { file, .. }
            | Error::TwoHeads { file, .. } => whole(file),
            Error::Unreleased { snapshot, .. } | Error::Vanished { snapshot, .. } => whole(snapshot),
            Error::Metadata(_) | Error::TwoTables { .. } | Error::Git(_) | Error::NoPackage(_) | Error::NoWorkflow { .. } => {
                return None;
            }
        })
    }
}
