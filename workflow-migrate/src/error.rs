//! What can go wrong, and the exit status that says so.

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

/// A file as a whole.
fn whole(path: &Path) -> Place {
    Place::file(Path::new(&shown(path)))
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
            | Error::Renamed { .. }
            | Error::Returned { .. }
            | Error::Unreleased { .. }
            | Error::Vanished { .. } => Exit::Refused,
            Error::Damaged { .. } | Error::Edited(_) | Error::Missing(_) | Error::Orphan { .. } | Error::TwoHeads { .. } => {
                Exit::Integrity
            }
            Error::Behind { .. } | Error::Below { .. } | Error::SameVersion { .. } | Error::OtherContract { .. } => {
                Exit::Integrity
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Error::Source(_) | Error::Refused(_) | Error::Io { .. } | Error::NoPackage(_) => return None,
            Error::Metadata(_) => "run it in a folder of a cargo workspace, or name one by `--manifest-path`".to_owned(),
            Error::Git(error) => return error.help().map(str::to_owned),
            Error::Settings { .. } => "mend the file: sqlx reads it too".to_owned(),
            Error::TwoTables { .. } => "write the same `[migrate] table-name` for each of them".to_owned(),
            Error::NoWorkflow { .. } => {
                "write its label: `order` for `workflow Order`, unless `#[label]` says otherwise".to_owned()
            }
            Error::ContractWaits { .. } => {
                "when no binary of the version before the last one runs any more, run `cargo workflow \
                                            generate --phase contract`, and then generate again"
                    .to_owned()
            }
            Error::Renamed { workflow, heir, .. } => format!(
                "write `#[renamed_from = \"{workflow}\"]` on `{heir}`, or `#[label = \"{workflow}\"]` to keep the database's name; if it \
                 is another one, give it a table of its own"
            ),
            Error::Unreleased { .. } => {
                "commit and release it first; generate the contract phase when no binary of the version before runs any more"
                    .to_owned()
            }
            Error::SameVersion { .. } => {
                "run `cargo workflow rebase --base BRANCH`, or give a file of your own another number if no database has run it"
                    .to_owned()
            }
            Error::Behind { revision, .. } => format!("merge {revision}, then run `cargo workflow rebase --base {revision}`"),
            Error::Below { revision, .. } => format!("run `cargo workflow rebase --base {revision}`"),
            Error::OtherContract { revision, .. } => format!(
                "delete the files of that contract phase and run `cargo workflow rebase --base {revision}`; generate the contract phase anew \
                 when no binary of the version before the change that waits there runs any more"
            ),
            Error::Returned { .. } => "give the new one another `#[label]` and another table".to_owned(),
            Error::Vanished { workflow, .. } => format!(
                "declare it again, or say that it goes: `removed = [\"{workflow}\"]` in `[package.metadata.workflow]` of Cargo.toml"
            ),
            Error::Damaged { .. } => {
                "take the file from version control; after a merge, run `cargo workflow rebase --base BRANCH`".to_owned()
            }
            Error::Edited(_) | Error::Missing(_) => {
                "take the file from version control, and put the change into a new one".to_owned()
            }
            Error::Orphan { .. } => {
                "take the snapshot from version control, or delete the file if no database has run it".to_owned()
            }
            Error::TwoHeads { .. } => {
                "run `cargo workflow rebase --base BRANCH`, which generates this branch's change anew above the other one's"
                    .to_owned()
            }
        })
    }

    fn place(&self) -> Option<Place> {
        Some(match self {
            Error::ContractWaits { place, .. } | Error::Renamed { place, .. } | Error::Returned { place, .. } => {
                place.as_ref().clone()
            }
            Error::Source(report) | Error::Refused(report) => return report.place.clone(),
            Error::Settings { path, place, .. } => place.as_deref().cloned().unwrap_or_else(|| whole(path)),
            // What git shows of another revision has a name, `main:migrations/…`, and is no file here.
            Error::Damaged { path, .. } if !path.is_absolute() => return None,
            Error::Io { path, .. } | Error::Damaged { path, .. } => whole(path),
            Error::Behind { file, .. }
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
