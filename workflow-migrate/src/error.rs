//! What can go wrong, and the exit status that says so.

use crate::report::Report;
use std::path::{Path, PathBuf};

/// The exit statuses of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything is as it should be.
    Fine = 0,
    /// Something went wrong.
    Error = 1,
    /// A migration has to be generated.
    Needed = 2,
    /// The change cannot be made without more being said.
    Refused = 3,
    /// Files are not what they were when they were generated.
    Integrity = 4,
    /// The locks that a migration needs were not to be had in time.
    Locked = 6,
    /// The command line was not understood.
    Usage = 64,
}

/// One thing that went wrong. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A fault of the sources, to be shown with its place.
    #[error("{}", .0.message)]
    Source(Box<Report>),
    /// A file could not be read or written.
    #[error("`{}`: {source}", shown(.path))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Cargo could not describe the workspace.
    #[error("cargo does not describe the workspace: {0}")]
    Metadata(String),
    /// `-p` names a package that the workspace does not have.
    #[error("there is no package `{0}` in this workspace")]
    NoPackage(String),
    /// The declaration says something else than the snapshot.
    #[error("changes of a migrated workflow are not generated yet: `{workflow}` differs from `{}`", shown(.snapshot))]
    Changed {
        /// The workflow.
        workflow: String,
        /// What it was when it was migrated.
        snapshot: PathBuf,
    },
    /// There is a snapshot, and no workflow of that name.
    #[error("the workflow `{workflow}` was migrated and is no longer declared: `{}`", shown(.snapshot))]
    Vanished {
        /// The workflow.
        workflow: String,
        /// What it was when it was migrated.
        snapshot: PathBuf,
    },
    /// A snapshot does not have the content whose hash it states.
    #[error("the snapshot `{}` is damaged: {reason}", shown(.path))]
    Damaged {
        /// The snapshot.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A generated file is not what it was.
    #[error("`{}` was edited after it was generated: databases that have run it will refuse it", shown(.0))]
    Edited(PathBuf),
    /// A generated file is gone.
    #[error("`{}` was generated and is not there", shown(.0))]
    Missing(PathBuf),
    /// A generated file without its snapshot.
    #[error("`{}` creates `{workflow}`, but its snapshot `{}` is not there", shown(.file), shown(.snapshot))]
    Orphan {
        /// The migration.
        file: PathBuf,
        /// The workflow it creates.
        workflow: String,
        /// Where the snapshot should be.
        snapshot: PathBuf,
    },
}

/// As the user would type it here.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

impl Error {
    /// The exit status that stands for it.
    pub fn exit(&self) -> Exit {
        match self {
            Error::Source(_) | Error::Io { .. } | Error::Metadata(_) | Error::NoPackage(_) => Exit::Error,
            Error::Changed { .. } | Error::Vanished { .. } => Exit::Refused,
            Error::Damaged { .. } | Error::Edited(_) | Error::Missing(_) | Error::Orphan { .. } => Exit::Integrity,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Error::Source(_) | Error::Io { .. } | Error::Metadata(_) | Error::NoPackage(_) => None,
            Error::Changed { .. } => Some("write this change as a migration by hand, or undo it in the declaration"),
            Error::Vanished { .. } => Some("declare it again, or drop its tables by a migration and then delete the snapshot"),
            Error::Damaged { .. } => Some("take the file from version control; after a merge, keep one side and generate again"),
            Error::Edited(_) | Error::Missing(_) => Some("take the file from version control, and put the change into a new one"),
            Error::Orphan { .. } => Some("take the snapshot from version control, or delete the file if no database has run it"),
        }
    }

    /// As rustc would say it.
    pub fn render(&self, colour: bool) -> String {
        match self {
            Error::Source(report) => report.render(colour),
            other => Report::plain(other.to_string(), other.help()).render(colour),
        }
    }
}

/// Everything that went wrong; never empty.
#[derive(Debug)]
pub struct Errors(pub Vec<Error>);

impl Errors {
    /// The gravest of their exit statuses.
    pub fn exit(&self) -> Exit {
        self.0.iter().map(Error::exit).max().unwrap_or(Exit::Error)
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Errors(vec![error])
    }
}

/// `Ok` when there are none.
pub(crate) fn none_of(errors: Vec<Error>) -> Result<(), Errors> {
    if errors.is_empty() { Ok(()) } else { Err(Errors(errors)) }
}
