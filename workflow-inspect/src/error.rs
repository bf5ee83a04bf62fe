//! What can go wrong.

/// Why a database could not be looked into. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The server could not be reached, or let nobody in. Trying again helps when the reason is gone.
    #[error("no connection to the database: {}", said(.0))]
    Connect(#[source] sqlx::Error),
    /// The role may not read one of the tables, or a statement took too long.
    #[error("{what} could not be read: {}", said(.source))]
    Read {
        /// What was asked for.
        what: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// Jobs could not be changed: the role may not, or the database cannot be written.
    #[error("{what} could not be changed: {}", said(.source))]
    Write {
        /// What was to be changed.
        what: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// No workflow of the folder is called so.
    #[error("no workflow is called `{label}`: there is {known}")]
    NoWorkflow {
        /// What was asked for.
        label: String,
        /// Those that there are.
        known: String,
    },
    /// No workflow has an instance of this key.
    #[error("there is no instance {id} of {asked}")]
    NoInstance {
        /// The key.
        id: String,
        /// Where it was looked for.
        asked: String,
    },
    /// It is to be created, and was not yet.
    #[error("`{workflow}` {id} is not there yet: its creation {stands}")]
    NotCreated {
        /// The workflow's label.
        workflow: String,
        /// The key.
        id: String,
        /// Where the creation stands: `is scheduled for …`.
        stands: String,
    },
    /// Several workflows have an instance of this key.
    #[error("{id} is an instance of {found}")]
    Ambiguous {
        /// The key.
        id: String,
        /// The workflows.
        found: String,
    },
    /// The folder is not one that sqlx reads.
    #[error("the migrations folder cannot be read: {0}")]
    Folder(#[source] sqlx::migrate::MigrateError),
    /// A database to be thrown away could not be made. The role needs CREATEDB.
    #[error("no database could be made: {}", said(.0))]
    Create(#[source] sqlx::Error),
}

/// What PostgreSQL says, without the line of its own sources that sqlx adds.
fn said(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

impl InspectError {
    pub(crate) fn reading(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> InspectError {
        let what = what.into();
        |source| InspectError::Read { what, source }
    }

    pub(crate) fn writing(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> InspectError {
        let what = what.into();
        |source| InspectError::Write { what, source }
    }
}
