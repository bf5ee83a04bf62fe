//! What the commands have in common that look into a database.

use crate::apply::{fault, folder::Folder, url};
use crate::{Which, say};
use clap::Args;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use std::time::Duration;
use workflow_inspect::{InspectError, Look, Site, Touch};
use workflow_migrate::{Errors, Exit, Snapshot};

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

    /// A look at the database of the workspace's folder, and the snapshots that are in it.
    pub(crate) async fn open(&self) -> Result<(Look, Vec<Snapshot>), Errors> {
        let folder = self.folder()?;
        let snapshots = migrated(&folder)?;
        Ok((self.look(&folder).await?, snapshots))
    }

    /// A transaction that may change jobs.
    pub(crate) async fn touch(&self) -> Result<Touch, Errors> {
        let options = self.options(&self.folder()?)?;
        Touch::open(&options, self.statement_timeout).await.map_err(|error| unread(&error))
    }

    fn options(&self, folder: &Folder) -> Result<PgConnectOptions, Errors> {
        url::options(self.database_url.as_deref(), folder.database_url_var())
    }
}

/// One instance, and whose it is.
#[derive(Debug, Args)]
pub(crate) struct Instance {
    /// Its key
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub(crate) id: String,
    /// The label of its workflow, where several have this key
    #[arg(long, value_name = "LABEL")]
    pub(crate) workflow: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
}

impl Instance {
    /// The workflow that has it.
    pub(crate) async fn site<'s>(&self, look: &mut Look, snapshots: &'s [Snapshot]) -> Result<Site<'s>, InspectError> {
        Site::having(look, snapshots, self.workflow.as_deref(), &self.id).await
    }
}

/// Goes on with what was read, or says why it was not.
pub(crate) fn looked<T>(read: Result<T, Errors>, go_on: impl FnOnce(T) -> Exit) -> Exit {
    match read {
        Ok(read) => go_on(read),
        Err(errors) => told(&errors),
    }
}

/// What could not be read, and what helps.
pub(crate) fn unread(error: &InspectError) -> Errors {
    let help = match error {
        InspectError::Connect(_) => "see that the server runs, and lets this role in",
        InspectError::Read { .. } => {
            "the role needs to read the workflow's tables, its jobs as a member of `workflow_worker`; for large ones, give a longer \
             `--statement-timeout`"
        }
        InspectError::Write { .. } => {
            "the role needs to be a member of `workflow_worker`, which may change jobs; nothing was changed"
        }
        InspectError::NoWorkflow { .. } => "labels are as the database has them: `order`",
        InspectError::NoInstance { .. } => "see that the key is written as the database shows it, and that this is its database",
        InspectError::NotCreated { .. } => "a worker creates it when it is due; `retry` and `release` hurry one that has failed",
        InspectError::Ambiguous { .. } => "say which by `--workflow LABEL`",
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
