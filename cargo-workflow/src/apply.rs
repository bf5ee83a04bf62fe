//! `cargo workflow apply`

mod config;
pub(crate) mod fault;
pub(crate) mod folder;
pub(crate) mod url;

use crate::{Which, say};
use clap::Args;
use folder::Folder;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use std::time::Duration;
use workflow_apply::{ApplyError, Progress, Settings, apply, pending};
use workflow_migrate::{Errors, Exit};

/// What to apply, and to what.
#[derive(Debug, Args)]
pub(crate) struct Apply {
    #[command(flatten)]
    which: Which,
    /// The database; else `DATABASE_URL` of the environment, or of a `.env` file
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The migrations folder, for where no workspace is; else that of the package
    #[arg(long, value_name = "DIR", conflicts_with_all = ["package", "manifest_path"])]
    source: Option<PathBuf>,
    /// How long a statement may wait for a lock, with others waiting behind it, before it gives way and is tried again
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = humantime::parse_duration)]
    lock_timeout: Duration,
    /// How long to go on trying: for the locks of a file, or while another process migrates
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = humantime::parse_duration)]
    wait: Duration,
    /// List what would be applied, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Applies the folder.
pub(crate) fn run(line: &Apply) -> Exit {
    match prepared(line).and_then(|(folder, options)| carried_out(line, folder, options)) {
        Ok(()) => Exit::Fine,
        Err((errors, exit)) => {
            say::errors(&errors.0);
            exit
        }
    }
}

type Failed = (Errors, Exit);

fn prepared(line: &Apply) -> Result<(Folder, PgConnectOptions), Failed> {
    let found = Folder::find(line.source.as_deref(), &line.which).and_then(|folder| {
        let options = url::options(line.database_url.as_deref(), folder.database_url_var())?;
        Ok((folder, options))
    });
    found.map_err(|errors| {
        let exit = errors.exit();
        (errors, exit)
    })
}

/// One connection and a few statements need no more than this thread.
#[tokio::main(flavor = "current_thread")]
async fn carried_out(line: &Apply, folder: Folder, options: PgConnectOptions) -> Result<(), Failed> {
    let migrator = folder.migrator().await.map_err(|errors| (errors, Exit::Error))?;
    let done = if line.dry_run { listed(&options, &migrator).await } else { applied(line, &options, &migrator).await };
    done.map_err(|error| fault::told(&error, &folder.path, &migrator))
}

async fn listed(options: &PgConnectOptions, migrator: &Migrator) -> Result<(), ApplyError> {
    let files = pending(options, migrator).await?;
    if files.is_empty() {
        say::result("up to date");
    }
    files.iter().for_each(|file| say::result(&format!("would apply {file}")));
    Ok(())
}

async fn applied(line: &Apply, options: &PgConnectOptions, migrator: &Migrator) -> Result<(), ApplyError> {
    let settings = Settings::default().with_lock_timeout(line.lock_timeout).with_wait(line.wait);
    let applied = apply(options, migrator, &settings, tell).await?;
    if applied.files.is_empty() {
        say::result("up to date");
    }
    Ok(())
}

/// One line a file, when it is done, and one for whatever it has to wait for.
fn tell(progress: Progress<'_>) {
    if !matches!(progress, Progress::Begun { .. }) {
        say::result(&progress.to_string());
    }
}
