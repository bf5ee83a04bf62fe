//! What went wrong, in rustc's style and with its place.

use super::Failed;
use sqlx::migrate::Migrator;
use std::ops::Range;
use std::path::{Path, PathBuf};
use workflow_apply::{ApplyError, Cause, File, Said};
use workflow_migrate::{Error, Errors, Exit, Level, Place, Report};

/// One without a place.
pub(crate) fn plain(message: String, help: &str) -> Errors {
    Error::Source(Box::new(Report { help: Some(help.to_owned()), ..Report::new(Level::Error, message) })).into()
}

/// What PostgreSQL refused, and where in the file.
pub(crate) fn told(error: &ApplyError, folder: &Path, migrator: &Migrator) -> Failed {
    let place = place(&error.cause, folder, migrator);
    let stays = match error.applied.files.len() {
        0 => "",
        _ => " (what was applied before it stays)",
    };
    let message = format!("{}{stays}", error.cause);
    let report = Report { help: Some(error.cause.help().to_owned()), place, ..Report::new(Level::Error, message) };
    (Error::Source(Box::new(report)).into(), exit(&error.cause))
}

fn exit(cause: &Cause) -> Exit {
    match cause {
        Cause::Busy { .. } | Cause::Locked { .. } => Exit::Locks,
        Cause::Edited { .. } | Cause::Missing { .. } | Cause::Dirty { .. } => Exit::Integrity,
        _ => Exit::Error,
    }
}

/// The word in the file, or the file as a whole.
fn place(cause: &Cause, folder: &Path, migrator: &Migrator) -> Option<Place> {
    let file = match cause {
        Cause::Failed { file, .. } | Cause::Edited { file } | Cause::Missing { file } | Cause::Dirty { file } => Some(file),
        Cause::Locked { file, .. } | Cause::Lost { file, .. } => file.as_ref(),
        _ => None,
    };
    let path = path(file?, folder)?;
    let word = match cause {
        Cause::Failed { file, said, .. } => word(file, said, migrator),
        _ => None,
    };
    let (text, range) = word.unwrap_or_default();
    Some(Place { file: path, text, range })
}

/// The text of the file, and what PostgreSQL means in it.
fn word(file: &File, said: &Said, migrator: &Migrator) -> Option<(String, Range<usize>)> {
    let begin = said.offset?;
    let up = migrator.iter().find(|up| up.version == file.version && !up.migration_type.is_down_migration())?;
    let text = up.sql.as_str().to_owned();
    let rest = text.get(begin..)?;
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|length| *length > 0);
    let length = word.unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8));
    Some((text, begin..begin + length))
}

/// The file of that version; its name may have zeros before the number.
fn path(file: &File, folder: &Path) -> Option<PathBuf> {
    let names = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut ours = names.filter(|name| {
        let version = name.split_once('_').and_then(|(version, _)| version.parse().ok());
        version == Some(file.version) && name.ends_with(".sql") && !name.ends_with(".down.sql")
    });
    ours.next().map(|name| PathBuf::from(crate::say::path(&folder.join(name))))
}
