//! What the commands have in common that look into a database.

use crate::apply::{fault, folder::Folder, url};
use crate::{Which, say};
use clap::Args;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use std::time::Duration;
use workflow_inspect::{InspectError, Look};
use workflow_migrate::{Errors, Exit};

/// Which database, and whose.
#[derive(Debug, Args)]
pub(crate) struct Database {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The database; else `DATABASE_URL` of the environment, or of a `.env` file
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// How long a statement may take that only reads
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = humantime::parse_duration)]
    statement_timeout: Duration,
}

impl Database {
    /// The migrations folder of the workspace.
    pub(crate) fn folder(&self) -> Result<Folder, Errors> {
        Folder::find(None, &self.which)
    }

    /// One look at the database of a folder.
    pub(crate) async fn look(&self, folder: &Folder) -> Result<Look, Errors> {
        let options = self.options(folder)?;
        Look::open(&options, self.statement_timeout).await.map_err(|error| unread(&error))
    }

    fn options(&self, folder: &Folder) -> Result<PgConnectOptions, Errors> {
        url::options(self.database_url.as_deref(), folder.database_url_var())
    }
}

/// What could not be read, and what helps.
pub(crate) fn unread(error: &InspectError) -> Errors {
    let help = match error {
        InspectError::Connect(_) => "see that the server runs, and lets this role in",
        InspectError::Read { .. } => {
            "the role needs to read the workflow's tables; for large ones, give a longer `--statement-timeout`"
        }
        InspectError::Folder(_) => "sqlx reads files that are named `<number>_<words>.sql`",
        InspectError::Create(_) => "the role needs CREATEDB; without `--database-url` a server is started for the purpose",
        _ => "see the reference of the command line",
    };
    fault::plain(error.to_string(), help)
}

/// Says what went wrong.
pub(crate) fn told(errors: &Errors) -> Exit {
    say::errors(&errors.0);
    errors.exit()
}

/// The folder of snapshots has to have some.
pub(crate) fn migrated(folder: &Folder) -> Result<Vec<workflow_migrate::Snapshot>, Errors> {
    let snapshots = workflow_migrate::snapshots(&folder.path)?;
    if snapshots.is_empty() {
        let path: PathBuf = folder.path.join(".workflow");
        let message = format!("there is no snapshot in `{}`", say::path(&path));
        return Err(fault::plain(message, "write the first migration by `cargo workflow generate`"));
    }
    Ok(snapshots)
}
