//! `cargo workflow explain`

mod print;

use crate::say;
use std::path::{Path, PathBuf};
use workflow_explain::{File, explain};
use workflow_migrate::{Error, Exit, Place, Report};

/// For whom the result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For a person.
    Text,
    /// For a program: an array with an object for each file.
    Json,
}

/// Explains every file that can be explained, also when another cannot.
pub(crate) fn run(paths: &[PathBuf], format: Format) -> Exit {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match read(path) {
            Ok(file) => files.push((say::path(path), file)),
            Err(error) => errors.push(error),
        }
    }
    match format {
        Format::Text => files.iter().for_each(|(path, file)| say::result(&print::text(path, file))),
        Format::Json => say::result(&print::json(&files)),
    }
    say::errors(&errors);
    let unread = errors.iter().map(Error::exit);
    unread.chain(files.iter().map(|(_, file)| exit(file))).max().unwrap_or(Exit::Fine)
}

fn read(path: &Path) -> Result<File, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
    explain(&text).map_err(|error| {
        let place = Place { file: say::path(path).into(), text, range: error.range };
        Error::Source(Box::new(Report { code: None, message: error.message, help: None, place: Some(place) }))
    })
}

fn exit(file: &File) -> Exit {
    if file.is_unsafe() { Exit::Locks } else { Exit::Fine }
}
