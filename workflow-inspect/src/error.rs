//! What can go wrong.

/// Why a database could not be looked into. Nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The server could not be reached, or let nobody in. Trying again helps when the reason is gone.
    #[error("no connection to the database: {0}")]
    Connect(#[source] sqlx::Error),
    /// The role may not read one of the tables, or a statement took too long.
    #[error("{what} could not be read: {source}")]
    Read {
        /// What was asked for.
        what: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The folder is not one that sqlx reads.
    #[error("the migrations folder cannot be read: {0}")]
    Folder(#[source] sqlx::migrate::MigrateError),
    /// A database to be thrown away could not be made. The role needs CREATEDB.
    #[error("no database could be made: {0}")]
    Create(#[source] sqlx::Error),
}

impl InspectError {
    pub(crate) fn reading(what: impl Into<String>) -> impl FnOnce(sqlx::Error) -> InspectError {
        let what = what.into();
        |source| InspectError::Read { what, source }
    }
}
