//! The order of things: one's turn, the files one by one, and again what a lock kept back.

use crate::error::{ApplyError, Cause, Stop};
use crate::file::{Applied, Done, File};
use crate::patience::Patience;
use crate::progress::Progress;
use crate::said::Said;
use crate::session::Session;
use crate::settings::Settings;
use crate::watch::Watch;
use crate::{record, run, turn};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use std::time::Duration;

/// Applies what is pending. Any number of processes may do so at once; each returns when all is applied, by whomever.
///
/// It works on a connection of its own, and opens a second one beside a statement that may be waiting for a lock, to see who is in the
/// way. Both are closed at the end, so that no lock stays behind: not after an error, not when the
/// future is dropped or the process is killed.
///
/// # Errors
///
/// [`ApplyError`] says what went wrong, what has been applied and stays, and
/// [whether trying again can help](ApplyError::is_retryable). A file in a transaction is applied as a whole or not at all.
pub async fn apply(
    options: &PgConnectOptions,
    migrator: &Migrator,
    settings: &Settings,
    mut on_event: impl FnMut(Progress<'_>) + Send,
) -> Result<Applied, ApplyError> {
    let mut applied = Applied::default();
    let outcome = match opened(options, settings).await {
        Ok((mut session, mut watch)) => {
            let work =
                Work { session: &mut session, watch: &mut watch, migrator, applied: &mut applied, ours: false, tries: None };
            let outcome = work.all(&mut on_event).await;
            watch.close().await;
            session.close().await;
            outcome
        }
        Err(error) => Err(Cause::Connect(error)),
    };
    match outcome {
        Ok(()) => Ok(applied),
        Err(cause) => Err(ApplyError { cause, applied }),
    }
}

/// What [`apply`] would apply, in order. It writes nothing and takes no lock.
///
/// # Errors
///
/// When the database cannot be read, or does not agree with the folder.
pub async fn pending(options: &PgConnectOptions, migrator: &Migrator) -> Result<Vec<File>, ApplyError> {
    let outcome = match Session::open(options, &Settings::default()).await {
        Ok(mut session) => {
            let rows = record::rows(&mut session.connection, &migrator.table_name).await;
            session.close().await;
            rows.map_err(Cause::Record).and_then(|rows| record::pending(migrator, &rows))
        }
        Err(error) => Err(Cause::Connect(error)),
    };
    match outcome {
        Ok(pending) => Ok(pending.into_iter().map(|pending| pending.file).collect()),
        Err(cause) => Err(ApplyError { cause, applied: Applied::default() }),
    }
}

async fn opened(options: &PgConnectOptions, settings: &Settings) -> sqlx::Result<(Session, Watch)> {
    let mut session = Session::open(options, settings).await?;
    let watch = Watch::over(&mut session, options).await?;
    Ok((session, watch))
}

/// What the table of applied files says; it is made if it is not there.
async fn listed(session: &mut Session, migrator: &Migrator) -> sqlx::Result<Vec<record::Row>> {
    record::ensure(&mut session.connection, migrator).await?;
    record::rows(&mut session.connection, &migrator.table_name).await
}

struct Work<'w> {
    session: &'w mut Session,
    /// Sees who is in the way of that session.
    watch: &'w mut Watch,
    migrator: &'w Migrator,
    applied: &'w mut Applied,
    /// It is our turn: we hold the lock.
    ours: bool,
    /// At what is tried again just now.
    tries: Option<Tries>,
}

/// At one file, or at the table of applied ones.
struct Tries {
    file: Option<File>,
    refusals: u32,
    patience: Patience,
}

impl Work<'_> {
    async fn all(mut self, on_event: &mut (impl FnMut(Progress<'_>) + Send)) -> Result<(), Cause> {
        let key = if self.migrator.locking { Some(self.key().await?) } else { None };
        loop {
            let mut file = None;
            match self.round(key, &mut file, on_event).await {
                Ok(()) => return Ok(()),
                Err(Stop::Lasting(cause)) => return Err(cause),
                Err(Stop::Passing(said)) => {
                    let pause = self.refused(&file, &said)?;
                    on_event(Progress::Again { file: file.as_ref(), said: &said, blockers: &self.watch.seen(), pause });
                    self.make_way(key, &said).await?;
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// After a deadlock the turn is given back. A process that waits for it the way sqlx does stands in the way of a concurrent
    /// index build for as long as we have it, and each attempt would end in the same deadlock. After a lock time-out we keep it:
    /// the others would try in our pause, and one that knows no time-out would keep everybody waiting.
    async fn make_way(&mut self, key: Option<i64>, said: &Said) -> Result<(), Cause> {
        match key {
            Some(key) if self.ours && said.is_deadlock() => {
                self.ours = false;
                turn::give_back(self.session, key).await.map_err(|source| Cause::Lost { file: None, source })
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn key(&mut self) -> Result<i64, Cause> {
        turn::key(self.session).await.map_err(|source| Cause::Lost { file: None, source })
    }

    /// All that is pending now. `at` is the file that is under way.
    async fn round(
        &mut self,
        key: Option<i64>,
        at: &mut Option<File>,
        on_event: &mut (impl FnMut(Progress<'_>) + Send),
    ) -> Result<(), Stop> {
        let (table, lock_timeout) = (&self.migrator.table_name, self.session.settings.lock_timeout);
        self.session.prepare(lock_timeout).await?;
        if let Some(key) = key.filter(|_| !self.ours) {
            turn::take(self.session, key, on_event).await?;
            self.ours = true;
        }
        let rows = self.watch.beside(listed(self.session, self.migrator)).await?;
        for pending in record::pending(self.migrator, &rows)? {
            on_event(Progress::Begun { file: &pending.file });
            *at = Some(pending.file.clone());
            let took = self.watch.beside(run::run(self.session, table, &pending, on_event)).await?;
            *at = None;
            let done =
                Done { attempts: self.attempts(&pending.file), file: pending.file, took, out_of_order: pending.out_of_order };
            on_event(Progress::Applied(&done));
            self.applied.files.push(done.clone());
            record::took(&mut self.session.connection, table, &done.file, took).await?;
        }
        Ok(())
    }

    /// Counts a refusal, and gives the pause after it. Another file has its patience anew.
    fn refused(&mut self, file: &Option<File>, said: &Said) -> Result<Duration, Cause> {
        let same = self.tries.take().filter(|tries| tries.file == *file);
        let wait = self.session.settings.wait;
        let new = || Tries { file: file.clone(), refusals: 0, patience: Patience::with_locks(wait) };
        let tries = self.tries.insert(same.unwrap_or_else(new));
        tries.refusals += 1;
        let (attempts, waited) = (tries.refusals, tries.patience.waited());
        let locked =
            || Cause::Locked { file: file.clone(), attempts, waited, said: Box::new(said.clone()), blockers: self.watch.seen() };
        tries.patience.pause().ok_or_else(locked)
    }

    fn attempts(&self, file: &File) -> u32 {
        1 + self.tries.as_ref().filter(|tries| tries.file.as_ref() == Some(file)).map_or(0, |tries| tries.refusals)
    }
}
