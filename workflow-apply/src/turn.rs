//! One process at a time.
//!
//! The lock is the one that sqlx's own migrator takes, so that an application with either can be started beside the other. But sqlx
//! waits for it inside a statement, which has a snapshot; and a concurrent index build waits until all older snapshots are gone.
//! So the process that builds waits for the one that waits for its lock, until the deadlock is found and the build fails. Here
//! the lock is asked for again and again, and between two questions the connection holds no snapshot.

use crate::error::{Cause, Stop};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::session::Session;
use crc::{CRC_32_ISO_HDLC, Crc};
use std::fmt;

/// The process that migrates.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The process id of its session, as in `pg_stat_activity`.
    pub pid: i32,
    /// What it calls itself; another role's sessions may be hidden.
    pub application: Option<String>,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL's process {}", self.pid)?;
        self.application.as_ref().map_or(Ok(()), |name| write!(f, ", `{name}`"))
    }
}

/// What sqlx locks, made from the name of the database.
pub(crate) async fn key(session: &mut Session) -> sqlx::Result<i64> {
    let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut session.connection).await?;
    Ok(key_of(&database))
}

fn key_of(database: &str) -> i64 {
    0x3d32_ad9e * i64::from(Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(database.as_bytes()))
}

/// Returns when it is our turn.
pub(crate) async fn take(session: &mut Session, key: i64, on_event: &mut (impl FnMut(Progress<'_>) + Send)) -> Result<(), Stop> {
    let mut patience = Patience::with_others(session.settings.wait);
    let mut told = false;
    while !granted(session, key).await? {
        let holder = holder(session, key).await?;
        if !std::mem::replace(&mut told, true) {
            on_event(Progress::Waiting { holder: holder.as_ref() });
        }
        match patience.pause() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return Err(Stop::Lasting(Cause::Busy { waited: patience.waited(), holder })),
        }
    }
    Ok(())
}

async fn granted(session: &mut Session, key: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key).fetch_one(&mut session.connection).await
}

async fn holder(session: &mut Session, key: i64) -> sqlx::Result<Option<Holder>> {
    let holder: Option<(i32, Option<String>)> =
        sqlx::query_as(include_str!("sql/holder.sql")).bind(key).fetch_optional(&mut session.connection).await?;
    Ok(holder.map(|(pid, application)| Holder { pid, application }))
}

/// Lets the others have theirs.
pub(crate) async fn give_back(session: &mut Session, key: i64) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(key).execute(&mut session.connection).await?;
    Ok(())
}
