//! What the surroundings of a test can lack, each with its remedy.

use std::path::{Path, PathBuf};

/// Why there is no server or no database. The text says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No folder with PostgreSQL's server programs was found.
    #[error(
        "PostgreSQL's server programs are not installed. Run\n\n    {install}\n\n\
         or name their folder in WORKFLOW_PG_BIN, or a running server in DATABASE_URL."
    )]
    NotInstalled {
        /// The command that installs them on this machine.
        install: String,
    },

    /// `WORKFLOW_PG_BIN` names a folder without the server programs.
    #[error(
        "WORKFLOW_PG_BIN is `{folder}`, where `initdb` and `postgres` are not. \
         Correct it, or unset it to search the usual places."
    )]
    WrongFolder {
        /// What the variable says.
        folder: PathBuf,
    },

    /// PostgreSQL refuses to run as root, and there is no other account.
    #[error(
        "PostgreSQL refuses to run as root, and /etc/passwd has neither `postgres` nor `nobody`. \
         Run as a plain user, or name a running server in DATABASE_URL."
    )]
    NoAccount,

    /// Somebody else owns the folder in which the servers would live.
    #[error("`{folder}` belongs to another user, so nothing is put there. Remove or rename it.")]
    ForeignFolder {
        /// The folder.
        folder: PathBuf,
    },

    /// A name for a kept server which is no file name.
    #[error("`{name}` does not name a server: use 1 to 40 letters, digits, `-` and `_`.")]
    WrongName {
        /// The name given.
        name: String,
    },

    /// A living process has the kept server open.
    #[error(
        "the server kept in `{folder}` belongs to another process. Wait for its end, or share its \
         server by DATABASE_URL."
    )]
    InUse {
        /// The folder of the kept server.
        folder: PathBuf,
    },

    /// A file or folder could not be read or written.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// A program could not be started, or ended with a failure.
    #[error("`{program}` failed: {said}")]
    Program {
        /// Its path.
        program: PathBuf,
        /// What it, or the system, said.
        said: String,
    },

    /// PostgreSQL ended, or hung, before it took connections.
    #[error("PostgreSQL did not start: {why}. The end of its log:\n\n{log}")]
    Start {
        /// Whether it ended or hung.
        why: String,
        /// The last lines of its log.
        log: String,
    },

    /// `pgbouncer` was not found.
    #[error("PgBouncer is not installed. Run `apt-get install --no-install-recommends pgbouncer` or the like; it need not run.")]
    NoPooler,

    /// PgBouncer ended, or hung, before it took connections.
    #[error("PgBouncer did not start: {why}. The end of its log:\n\n{log}")]
    PoolerStart {
        /// Whether it ended or hung.
        why: String,
        /// The last lines of its log.
        log: String,
    },

    /// Processes of an earlier server do not end.
    #[error("processes of an earlier server still use `{data}`. Look for them and end them.")]
    StillRunning {
        /// The data folder they use.
        data: PathBuf,
    },

    /// The server refused a connection or a database.
    #[error("no database at `{server}`: {source}")]
    Database {
        /// The address of the server, without its user and password.
        server: String,
        /// What sqlx said.
        source: sqlx::Error,
    },
}

impl Error {
    /// For `map_err`: the same failure with the path it is about.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::File { path: path.to_owned(), source }
    }

    /// For `map_err`: the same failure with the program it is about.
    pub(super) fn running(program: &Path) -> impl FnOnce(std::io::Error) -> Error {
        move |source| Error::Program { program: program.to_owned(), said: source.to_string() }
    }
}
