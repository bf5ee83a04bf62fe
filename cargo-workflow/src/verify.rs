//! `cargo workflow verify`

use crate::apply::{fault, folder::Folder, url};
use crate::database::{told, unread};
use crate::{Which, say};
use clap::Args;
use sqlx::postgres::PgConnectOptions;
use workflow_inspect::{Check, Outcome, Trial, Verified, verify};
use workflow_migrate::{Errors, Exit, Format, Level, Report, snapshots};
use workflow_testing::Server;

/// What to try, and where.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    which: Which,
    /// A server on which databases may be made, by one that it has; else one is started from PostgreSQL's programs on this machine
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Only from this version on are locks judged: what was applied long ago cannot be changed
    #[arg(long, value_name = "VERSION", default_value_t = 0)]
    since: i64,
}

/// Tries the folder.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(line: &Verify) -> Exit {
    match tried(line).await {
        Ok(verified) => {
            shown(&verified);
            verified.exit()
        }
        Err(errors) => told(&errors),
    }
}

async fn tried(line: &Verify) -> Result<Verified, Errors> {
    let folder = Folder::find(None, &line.which)?;
    // An edited file is found before anything is started.
    let (snapshots, migrator) = (snapshots(&folder.path)?, folder.migrator().await?);
    let server = server(line).await?;
    let trial = Trial { server: &server, migrator: &migrator, snapshots: &snapshots, since: line.since };
    verify(trial).await.map_err(|error| unread(&error))
}

/// `DATABASE_URL` is not looked at: it may be a database that is in use.
async fn server(line: &Verify) -> Result<PgConnectOptions, Errors> {
    match &line.database_url {
        Some(given) => url::options(Some(given), "DATABASE_URL"),
        None => {
            let failed = |error: &dyn std::fmt::Display| fault::plain(error.to_string(), "or name a server by `--database-url`");
            let server = Server::shared().await.map_err(|error| failed(&error))?;
            server.url().parse().map_err(|error: sqlx::Error| failed(&error))
        }
    }
}

fn shown(verified: &Verified) {
    match say::format() {
        Format::Json => verified.checks.iter().for_each(|check| say::data(&serde_json::to_string(check).unwrap_or_default())),
        Format::Human | Format::Github => verified.checks.iter().for_each(line),
    }
}

/// One line a check, and one for each thing that is the matter.
fn line(check: &Check) {
    let name = check.name;
    match &check.outcome {
        Outcome::Passed { detail } => say::remark(name, &format!("{name:9}  ok       {detail}")),
        Outcome::Skipped { reason } => say::remark(name, &format!("{name:9}  skipped  {reason}")),
        Outcome::Failed { findings, .. } => {
            say::finding(name, &format!("{name:9}  failed"));
            for finding in findings {
                say::about(&Report {
                    code: Some(name.to_owned()),
                    ..Report::new(Level::Finding, format!("           {finding}"))
                });
            }
        }
    }
}
