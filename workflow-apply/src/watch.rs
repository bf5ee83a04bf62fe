//! Who is in the way of a statement that waits for a lock.
//!
//! The session that waits cannot ask, and when it has given up, its wait is forgotten. So another connection asks from time to time,
//! at least once in each wait; it is opened when a file takes so long that it may be waiting.

use crate::session::Session;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::convert::Infallible;
use std::fmt;
use std::time::{Duration, Instant};

/// A session that keeps ours waiting. What it runs is not asked: the text of a statement may hold personal data.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Blocker {
    /// Its process id, as in `pg_stat_activity`; 0 for a prepared transaction, which has no process.
    pub pid: i32,
    /// What it calls itself.
    pub application: Option<String>,
    /// `idle in transaction`, `active`; none when our role may not see it: it needs `pg_read_all_stats`, or to be a member of the
    /// other role.
    pub state: Option<String>,
    /// How long ago its transaction began, by the database's clock; none like `state`.
    pub age: Option<Duration>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            return f.write_str("a prepared transaction (see pg_prepared_xacts)");
        }
        write!(f, "PostgreSQL's process {}", self.pid)?;
        if let Some(application) = &self.application {
            write!(f, ", `{application}`")?;
        }
        match &self.state {
            Some(state) => write!(f, ", {state}")?,
            None => f.write_str(", of which this role may see no more")?,
        }
        self.age.map_or(Ok(()), |age| write!(f, ", its transaction began {age:.1?} ago"))
    }
}

/// Looks at one session from another one.
pub(crate) struct Watch {
    options: PgConnectOptions,
    pid: i32,
    /// How often; never when the session waits for ever.
    interval: Option<Duration>,
    connection: Option<PgConnection>,
    seen: Option<(Instant, Vec<Blocker>)>,
}

/// As `blockers.sql` gives it.
type Row = (i32, Option<String>, Option<String>, Option<f64>);

/// Files may have a shorter lock time-out than ours: those that are generated have 2 seconds.
const LONGEST: Duration = Duration::from_secs(1);

impl Watch {
    pub(crate) async fn over(session: &mut Session, options: &PgConnectOptions) -> sqlx::Result<Watch> {
        let pid = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut session.connection).await?;
        let lock_timeout = session.settings.lock_timeout;
        let interval = (!lock_timeout.is_zero()).then(|| (lock_timeout / 2).min(LONGEST));
        let options = options.clone().application_name("workflow apply, looking for who is in the way");
        Ok(Watch { options, pid, interval, connection: None, seen: None })
    }

    /// Carries out some work of the session, and looks at it meanwhile.
    pub(crate) async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        self.seen = None;
        let Some(interval) = self.interval else { return work.await };
        tokio::select! {
            biased;
            done = work => done,
            never = self.look(interval) => match never {},
        }
    }

    /// Who was in the way when the work ended. What was seen earlier than that may have been in the way of something else.
    pub(crate) fn seen(&self) -> Vec<Blocker> {
        let fresh = |at: &Instant| self.interval.is_some_and(|interval| at.elapsed() <= interval * 2);
        self.seen.as_ref().filter(|(at, _)| fresh(at)).map(|(_, blockers)| blockers.clone()).unwrap_or_default()
    }

    async fn look(&mut self, interval: Duration) -> Infallible {
        loop {
            tokio::time::sleep(interval).await;
            // Where it cannot be asked, it cannot be said either; that is no reason to fail.
            if let Ok(blockers) = self.ask().await
                && !blockers.is_empty()
            {
                self.seen = Some((Instant::now(), blockers));
            }
        }
    }

    /// The connection is taken out: when the work ends in the middle of a question, it goes with the answer.
    async fn ask(&mut self) -> sqlx::Result<Vec<Blocker>> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => PgConnection::connect_with(&self.options).await?,
        };
        let rows: Vec<Row> = sqlx::query_as(include_str!("sql/blockers.sql")).bind(self.pid).fetch_all(&mut connection).await?;
        self.connection = Some(connection);
        let age = |seconds: Option<f64>| seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Ok(rows.into_iter().map(|(pid, application, state, at)| Blocker { pid, application, state, age: age(at) }).collect())
    }

    pub(crate) async fn close(self) {
        if let Some(connection) = self.connection {
            let _ = connection.close().await;
        }
    }
}

/// As a part of a sentence.
pub(crate) fn in_the_way(blockers: &[Blocker]) -> String {
    /// More of them say no more.
    const FIRST: usize = 3;
    let first: Vec<_> = blockers.iter().take(FIRST).map(Blocker::to_string).collect();
    match blockers.len() {
        0 => "who was in the way could not be seen".to_owned(),
        all if all > FIRST => format!("in the way: {}; and {} more", first.join("; "), all - FIRST),
        _ => format!("in the way: {}", first.join("; ")),
    }
}
