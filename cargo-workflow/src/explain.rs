//! `cargo workflow explain`

mod print;

use crate::say;
use std::path::{Path, PathBuf};
use workflow_explain::{File, explain};
use workflow_migrate::{Error, Exit, Format, Level, Place, Report};

/// Explains every file that can be explained, also when another cannot.
pub(crate) fn run(paths: &[PathBuf]) -> Exit {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match read(path) {
            Ok(file) => files.push((say::path(path), file)),
            Err(error) => errors.push(error),
        }
    }
    match say::format() {
        Format::Human => files.iter().for_each(|(path, file)| say::result(&print::text(path, file))),
        Format::Json => say::data(&print::json(&files)),
        Format::Github => files.iter().for_each(|(path, file)| say::notes(&print::reports(path, file))),
    }
    say::errors(&errors);
    let unread = errors.iter().map(Error::exit);
    unread.chain(files.iter().map(|(_, file)| exit(file))).max().unwrap_or(Exit::Fine)
}

fn read(path: &Path) -> Result<File, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    explain(&text).map_err(|error| {
        let place = Place { file: say::path(path).into(), text, range: error.range };
        Error::Source(Box::new(Report { place: Some(place), ..Report::new(Level::Error, error.message) }))
    })
}

fn exit(file: &File) -> Exit {
    if file.is_unsafe() { Exit::Locks } else { Exit::Fine }
}
