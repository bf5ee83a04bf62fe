//! One attempt at one file.

use crate::error::{Cause, Kept, Stop};
use crate::index::{self, Build};
use crate::progress::Progress;
use crate::record::{self, Pending};
use crate::said::Said;
use crate::session::Session;
use crate::settings::Settings;
use sqlx::{Connection, Executor, PgConnection};
use std::time::{Duration, Instant};

/// An error, and the text that it is about: PostgreSQL gives places in it.
type Fault<'m> = (sqlx::Error, &'m str);

/// Applies a file, and writes its row.
pub(crate) async fn run(
    session: &mut Session,
    table: &str,
    pending: &Pending<'_>,
    on_event: &mut (impl FnMut(Progress<'_>) + Send),
) -> Result<Duration, Stop> {
    let began = Instant::now();
    if pending.migration.no_tx {
        alone(session, table, pending, on_event).await?;
    } else {
        in_transaction(session, table, pending).await?;
    }
    Ok(began.elapsed())
}

/// The file and its row, together or not at all.
async fn in_transaction(session: &mut Session, table: &str, pending: &Pending<'_>) -> Result<(), Stop> {
    session.prepare(session.settings.lock_timeout).await?;
    let mut transaction = session.connection.begin().await?;
    let number: String = sqlx::query_scalar("SELECT pg_current_xact_id()::text").fetch_one(&mut *transaction).await?;
    let done = match together(&mut transaction, table, pending).await {
        Ok(()) => transaction.commit().await.map_err(|error| (error, "")),
        Err(fault) => {
            // When the connection is dead, the next statement says so too.
            let _ = transaction.rollback().await;
            Err(fault)
        }
    };
    match done {
        Ok(()) => Ok(()),
        Err(fault) => Err(refused(session, table, pending, fault, &number).await),
    }
}

async fn together<'m>(connection: &mut PgConnection, table: &str, pending: &Pending<'m>) -> Result<(), Fault<'m>> {
    let sql = &pending.migration.sql;
    connection.execute(sql.clone()).await.map_err(|error| (error, sql.as_str()))?;
    record::write(connection, table, pending).await.map_err(|error| (error, ""))
}

/// A file may hold a COMMIT of its own. What it committed must not be done again.
async fn refused(session: &mut Session, table: &str, pending: &Pending<'_>, (error, sql): Fault<'_>, number: &str) -> Stop {
    let Some(said) = heard(&error, sql) else { return lost(pending, error) };
    match found(session, table, pending, number).await {
        Ok((true, _)) => failed(pending, said, Kept::Committed),
        Ok((false, there)) if there || said.is_passing() => Stop::Passing(said),
        Ok((false, _)) => failed(pending, said, Kept::Nothing),
        Err(_) => lost(pending, error),
    }
}

/// Whether our transaction committed, and whether the file has its row: `sqlx migrate run` takes no lock, and may have applied the
/// file meanwhile. Then there is nothing left to do.
async fn found(session: &mut Session, table: &str, pending: &Pending<'_>, number: &str) -> sqlx::Result<(bool, bool)> {
    let committed = sqlx::query_scalar("SELECT pg_xact_status($1::xid8) = 'committed'").bind(number);
    let committed = committed.fetch_one(&mut session.connection).await?;
    let rows = record::rows(&mut session.connection, table).await?;
    Ok((committed, rows.iter().any(|row| row.is_of(&pending.file))))
}

/// One statement, in a message of its own: PostgreSQL puts several into a transaction.
async fn alone(
    session: &mut Session,
    table: &str,
    pending: &Pending<'_>,
    on_event: &mut (impl FnMut(Progress<'_>) + Send),
) -> Result<(), Stop> {
    let sql = &pending.migration.sql;
    session.prepare(lock_timeout(session, sql.as_str())).await?;
    let build = index::build(sql.as_str());
    if let Some(build) = &build {
        clear(session, pending, build, on_event).await?;
    }
    if let Err(error) = session.connection.execute(sql.clone()).await {
        return Err(broken(session, pending, build.as_ref(), error, on_event).await);
    }
    Ok(record::write(&mut session.connection, table, pending).await?)
}

/// What builds an index concurrently waits, at its end, for each transaction that is older than the index: to give up after the lock
/// time-out would throw the whole build away, and nobody who reads or writes waits behind it.
fn lock_timeout(session: &Session, sql: &str) -> Duration {
    let Settings { lock_timeout, wait } = session.settings;
    if index::is_concurrent(sql) && !lock_timeout.is_zero() { lock_timeout.max(wait) } else { lock_timeout }
}

async fn clear(
    session: &mut Session,
    pending: &Pending<'_>,
    build: &Build<'_>,
    on_event: &mut (impl FnMut(Progress<'_>) + Send),
) -> Result<(), Stop> {
    let dropped = index::drop_invalid(session, build).await.map_err(|stop| match stop {
        Stop::Lasting(Cause::Record(error)) => match heard(&error, "") {
            Some(said) => failed(pending, said, Kept::Perhaps),
            None => lost(pending, error),
        },
        other => other,
    })?;
    if let Some(index) = dropped {
        on_event(Progress::Dropped { file: &pending.file, index: &index });
    }
    Ok(())
}

/// An invalid index costs every writer, so it goes at once, and not only before the next attempt.
async fn broken(
    session: &mut Session,
    pending: &Pending<'_>,
    build: Option<&Build<'_>>,
    error: sqlx::Error,
    on_event: &mut (impl FnMut(Progress<'_>) + Send),
) -> Stop {
    let Some(said) = heard(&error, pending.migration.sql.as_str()) else { return lost(pending, error) };
    let clean = match build {
        Some(build) => build.name.is_some() && clear(session, pending, build, on_event).await.is_ok(),
        None => false,
    };
    match build {
        // Each attempt would leave another one, under a name of PostgreSQL's choice.
        Some(Build { name: None, .. }) => failed(pending, said, Kept::Perhaps),
        _ if said.is_passing() => Stop::Passing(said),
        _ => failed(pending, said, if clean { Kept::Nothing } else { Kept::Perhaps }),
    }
}

/// None when the connection is dead, or will be.
fn heard(error: &sqlx::Error, sql: &str) -> Option<Said> {
    Said::of(error, sql).filter(|said| !said.is_farewell())
}

fn failed(pending: &Pending<'_>, said: Said, kept: Kept) -> Stop {
    Stop::Lasting(Cause::Failed { file: pending.file.clone(), said: Box::new(said), kept })
}

fn lost(pending: &Pending<'_>, source: sqlx::Error) -> Stop {
    Stop::Lasting(Cause::Lost { file: Some(pending.file.clone()), source })
}
