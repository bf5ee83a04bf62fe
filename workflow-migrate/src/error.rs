//! What can go wrong, and the exit status that says so.

mod help;
mod place;

use crate::git;
use crate::report::{Format, Level, Place, Report};
use std::borrow::Cow;
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
    /// A database is not what the model says.
    Drift = 5,
    /// A migration holds a lock for longer than it may.
    Locks = 6,
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
    /// A `sqlx.toml` cannot be read, or asks for what is not done.
    #[error("`{}`: {reason}", shown(.path))]
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// Where in it, if it is not the file as a whole.
        place: Option<Box<Place>>,
    },
    /// Packages share a folder and differ in the table of what was applied.
    #[error("packages that share `{}` name different tables in `sqlx.toml`", shown(.migrations))]
    TwoTables {
        /// The folder.
        migrations: PathBuf,
    },
    /// git did not answer.
    #[error(transparent)]
    Git(#[from] git::Error),
    /// `-p` names a package that the workspace does not have.
    #[error("there is no package `{0}` in this workspace")]
    NoPackage(String),
    /// `--workflow` names a workflow that nothing declares.
    #[error("there is no workflow `{label}` here")]
    NoWorkflow {
        /// The label that was asked for.
        label: String,
    },
    /// A change that cannot be made without more being said.
    #[error("{}", .0.message)]
    Refused(Box<Report>),
    /// A change, while the one before it is not finished.
    #[error("`{workflow}` changes again, and the contract phase of its last change still waits")]
    ContractWaits {
        /// The workflow.
        workflow: String,
        /// Where it is declared.
        place: Box<Place>,
    },
    /// Other words about a change than its expand phase was made from.
    #[error(
        "`{workflow}` says something else of its last change than its files were generated from, and the contract phase still waits"
    )]
    Reworded {
        /// The workflow.
        workflow: String,
        /// Where it is declared.
        place: Box<Place>,
    },
    /// The declaration before a change is back, and the files of the change are still here.
    #[error("`{workflow}` is declared as it was before its last change, and the files of that change are still here")]
    TakenBack {
        /// The workflow.
        workflow: String,
        /// Where it is declared.
        place: Box<Place>,
    },
    /// There is a snapshot, no workflow of that name, and a new one with its table.
    #[error("the workflow `{workflow}` is no longer declared, and `{heir}` has its table: is it the same workflow?")]
    Renamed {
        /// The workflow.
        workflow: String,
        /// The new one, by its name in Rust.
        heir: String,
        /// Where that is declared.
        place: Box<Place>,
    },
    /// A workflow that was removed is declared again.
    #[error("the workflow `{workflow}` was removed: its tables and their history are not its own any more")]
    Returned {
        /// The workflow.
        workflow: String,
        /// Where it is declared.
        place: Box<Place>,
    },
    /// Generated files of two branches, and a snapshot that knows only one of them.
    #[error("`{}` was generated for `{workflow}`, and `{}` does not know it: two branches have changed the workflow", shown(.file), shown(.snapshot))]
    TwoHeads {
        /// The file.
        file: PathBuf,
        /// The workflow.
        workflow: String,
        /// Its snapshot.
        snapshot: PathBuf,
    },
    /// The contract phase in the same release as the expand phase.
    #[error("the {step} of `{workflow}` is not committed yet: its contract phase belongs into a later release")]
    Unreleased {
        /// What is not committed: the expand phase, or the removal.
        step: &'static str,
        /// The workflow.
        workflow: String,
        /// Its snapshot.
        snapshot: PathBuf,
    },
    /// The contract phase of another change than the one that waits in the other branch.
    #[error("`{}` does not finish the change of `{workflow}` that waits in {revision}", shown(.file))]
    OtherContract {
        /// The file.
        file: PathBuf,
        /// The workflow.
        workflow: String,
        /// The other branch.
        revision: String,
    },
    /// Two migrations with one version.
    #[error("`{}` has the version of `{other}`: databases would run one of them", shown(.file))]
    SameVersion {
        /// The file.
        file: PathBuf,
        /// The other one's name.
        other: String,
    },
    /// A migration of the other branch is not here.
    #[error("`{}` of {revision} is not here", shown(.file))]
    Behind {
        /// The file.
        file: PathBuf,
        /// The other branch.
        revision: String,
    },
    /// A file that is another one in the other branch.
    #[error("`{}` is not the file of that name in {revision}: databases would run one of them, and refuse the other", shown(.file))]
    Altered {
        /// The file.
        file: PathBuf,
        /// The other branch.
        revision: String,
    },
    /// A migration that would come between those of the other branch.
    #[error("`{}` comes before `{head}` of {revision}: databases that have run that one would run it out of order", shown(.file))]
    Below {
        /// The file.
        file: PathBuf,
        /// The last one of the other branch.
        head: String,
        /// The other branch.
        revision: String,
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
    #[error("`{}` was generated for `{workflow}`, but its snapshot `{}` is not there", shown(.file), shown(.snapshot))]
    Orphan {
        /// The migration.
        file: PathBuf,
        /// Its workflow.
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
            Error::Source(_) | Error::Io { .. } | Error::Metadata(_) | Error::NoPackage(_) | Error::NoWorkflow { .. } => {
                Exit::Error
            }
            Error::Settings { .. } | Error::TwoTables { .. } | Error::Git(_) => Exit::Error,
            Error::Refused(_)
            | Error::ContractWaits { .. }
            | Error::Reworded { .. }
            | Error::TakenBack { .. }
            | Error::Renamed { .. }
            | Error::Returned { .. }
            | Error::Unreleased { .. }
            | Error::Vanished { .. } => Exit::Refused,
            Error::Damaged { .. } | Error::Edited(_) | Error::Missing(_) | Error::Orphan { .. } | Error::TwoHeads { .. } => {
                Exit::Integrity
            }
            Error::Behind { .. }
            | Error::Altered { .. }
            | Error::Below { .. }
            | Error::SameVersion { .. }
            | Error::OtherContract { .. } => Exit::Integrity,
        }
    }

    /// As data, to be rendered.
    pub fn report(&self) -> Cow<'_, Report> {
        match self {
            Error::Source(report) | Error::Refused(report) => Cow::Borrowed(report.as_ref()),
            other => {
                Cow::Owned(Report { help: other.help(), place: other.place(), ..Report::new(Level::Error, other.to_string()) })
            }
        }
    }

    /// As rustc would say it.
    pub fn render(&self, colour: bool) -> String {
        self.report().render(Format::Human, colour)
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
