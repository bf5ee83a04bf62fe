//! Applies migrations as a deploy does, while others are at work: a file that does not get its locks is tried again.

use sqlx::migrate::{MigrateError, Migrator};
use std::path::Path;
use workflow_apply::{Progress, Settings};
use workflow_testing::Database;

/// How often a deploy with sqlx alone is made again before somebody gives up.
const ATTEMPTS: usize = 100;

/// What carries the files out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    /// sqlx's own migrator, called again when a file does not get its locks.
    Sqlx,
    /// `cargo workflow apply`.
    Apply,
}

impl By {
    /// Applies what is not applied yet, and says how often a file was tried again; or what PostgreSQL refused it with.
    pub(crate) async fn apply(self, database: &Database, migrations: &Path) -> Result<usize, String> {
        let migrator = Migrator::new(migrations).await.expect("migrations");
        match self {
            By::Sqlx => with_sqlx(database, &migrator).await,
            By::Apply => with_apply(database, &migrator).await,
        }
    }
}

async fn with_apply(database: &Database, migrator: &Migrator) -> Result<usize, String> {
    let (options, mut again) = (database.url().parse().expect("a url"), 0);
    let count = |progress: Progress<'_>| again += usize::from(matches!(progress, Progress::Again { .. }));
    let applied = workflow_apply::apply(&options, migrator, &Settings::default(), count).await;
    applied.map(|_| again).map_err(|error| error.cause.to_string())
}

async fn with_sqlx(database: &Database, migrator: &Migrator) -> Result<usize, String> {
    for again in 0..ATTEMPTS {
        // A connection each: the migrator leaves its lock on one that failed.
        let mut connection = database.connect().await.expect("a connection");
        match migrator.run(&mut connection).await {
            Ok(()) => return Ok(again),
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(told(&error)),
        }
    }
    Err("no lock was to be had".to_owned())
}

/// Takes back everything above a version.
pub(crate) async fn undo(database: &Database, migrator: &Migrator, version: i64) -> Result<(), String> {
    let mut connection = database.connect().await.expect("a connection");
    migrator.undo(&mut connection, version).await.map_err(|error| told(&error))
}

fn cause(error: &MigrateError) -> Option<&sqlx::Error> {
    match error {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => Some(source),
        _ => None,
    }
}

fn is_passing(error: &MigrateError) -> bool {
    let code = cause(error).and_then(|e| e.as_database_error()).and_then(|e| e.code());
    matches!(code.as_deref(), Some("55P03" | "40P01"))
}

fn told(error: &MigrateError) -> String {
    cause(error).map_or_else(|| error.to_string(), ToString::to_string)
}
