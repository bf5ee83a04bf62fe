//! A schedule with what it creates.
//!
//! `last` in the schedule's row is the tick up to which all is done. Whoever moves it from the tick before to this one makes this one,
//! and the creation is in the same transaction: so it is made once, by any number of processes, and what dies half-way has done nothing.
//! The row remembers failures too, so that all processes wait for the same time.

use super::attempt::{Aborting, panicked};
use super::claim::milliseconds;
use super::lane::Later;
use super::policy::{self, Verdict};
use super::schedule::Schedule;
use super::tick::Tick;
use crate::error::BoxError;
use crate::private::Retry;
use crate::runtime::Runtime;
use crate::statement;
use crate::workflow::Create;
use chrono::{DateTime, Utc};
use sqlx::Row;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long others are left alone who are at a tick, and the database that does not answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a tick is tried again that fails: for ever, and not too seldom.
const RETRY: Retry = Retry { longest: Some(Duration::from_secs(3600)), ..Retry::SILENT };

/// A schedule, whatever it creates.
pub(super) trait Recurs: Send + Sync {
    fn name(&self) -> &str;
    /// When to look at it next.
    fn next(&self) -> Next;
    /// Makes what is due. Until that is done, it is [`Next::Busy`].
    fn begin(self: Arc<Self>) -> Later<'static, ()>;
}

/// When to look at a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// It was not looked at yet.
    Now,
    At(DateTime<Utc>),
    /// Somebody of this process is at it.
    Busy,
}

pub(super) struct Recurring<A, N> {
    pub(super) runtime: Runtime<A>,
    pub(super) schedule: Schedule,
    pub(super) creates: Box<dyn Fn(&Tick) -> N + Send + Sync>,
    pub(super) time_out: Duration,
    next: Mutex<Next>,
}

/// What stands in the schedule's row.
struct Seen {
    last: DateTime<Utc>,
    attempt: i32,
    retry_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
}

impl<A: Send + Sync + 'static, N: Create<A>> Recurring<A, N> {
    pub(super) fn new(
        runtime: Runtime<A>,
        schedule: Schedule,
        creates: impl Fn(&Tick) -> N + Send + Sync + 'static,
        time_out: Duration,
    ) -> Self {
        let actor = runtime.actor.clone().unwrap_or_else(|| format!("schedule {}", schedule.name()).into());
        Recurring {
            runtime: runtime.as_actor(actor),
            schedule,
            creates: Box::new(creates),
            time_out,
            next: Mutex::new(Next::Now),
        }
    }

    fn set(&self, next: Next) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = next;
    }

    /// Tick after tick, until none is due. What comes back is when to look again.
    async fn make_all(self: &Arc<Self>) -> Result<DateTime<Utc>, sqlx::Error> {
        loop {
            let Some(seen) = self.look().await? else { continue };
            if let Some(retry_at) = seen.retry_at.filter(|at| *at > seen.now) {
                return Ok(retry_at);
            }
            let Some(at) = self.schedule.due(seen.last, seen.now) else {
                return Ok(self.schedule.next(seen.now).unwrap_or(DateTime::<Utc>::MAX_UTC));
            };
            let tick = Tick { schedule: self.schedule.name().to_owned(), at, previous: seen.last };
            match self.attempt(tick).await {
                Ok(true) => tracing::debug!(schedule = self.schedule.name(), tick = %at, "made"),
                Ok(false) => return Ok(seen.now + PATIENCE),
                Err(error) => self.failed(&seen, &error).await?,
            }
        }
    }

    /// None when nobody had seen it before: then its row was made. That is not tried while there is a row, since it would wait for whoever
    /// is at a tick.
    async fn look(&self) -> Result<Option<Seen>, sqlx::Error> {
        let name = || self.schedule.name().to_owned();
        let look = statement::query(include_str!("sql/schedule/look.sql")).bind(name());
        let Some(row) = look.fetch_optional(&self.runtime).await? else {
            let meet = statement::query(include_str!("sql/schedule/meet.sql")).bind(name());
            meet.bind(self.schedule.expression().to_owned()).execute(&self.runtime).await?;
            return Ok(None);
        };
        Ok(Some(Seen {
            last: row.try_get("last")?,
            attempt: row.try_get("attempt")?,
            retry_at: row.try_get("retry_at")?,
            now: row.try_get("now")?,
        }))
    }

    /// In a task of its own, so that a panic ends the attempt and nothing else.
    async fn attempt(self: &Arc<Self>, tick: Tick) -> Result<bool, BoxError> {
        let recurring = self.clone();
        let mut made = Aborting(tokio::spawn(async move { recurring.make(&tick).await }));
        match tokio::time::timeout(self.time_out, &mut made.0).await {
            Ok(Ok(made)) => made,
            Ok(Err(error)) => Err(panicked(error)),
            Err(_) => Err(format!("not ready within {:?}", self.time_out).into()),
        }
    }

    /// The tick and the creation in one transaction; false when the tick is not there to be made any more, or somebody is at it.
    async fn make(&self, tick: &Tick) -> Result<bool, BoxError> {
        let new = (self.creates)(tick);
        let mut tx = self.runtime.begin().await?;
        let take =
            statement::query(include_str!("sql/schedule/take.sql")).bind(self.schedule.name().to_owned()).bind(tick.previous);
        let taken = take.bind(tick.at).bind(self.schedule.expression().to_owned()).execute(&mut tx).await?;
        if taken.rows_affected() == 0 {
            return Ok(false);
        }
        tx.create(new).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn failed(&self, seen: &Seen, error: &BoxError) -> Result<(), sqlx::Error> {
        let text = policy::text(error);
        let delay = match policy::verdict(error) {
            Some(Verdict::RetryAfter(delay)) => delay,
            // There is nobody to whom it could be given up: the tick is tried until a later one comes.
            Some(Verdict::GiveUp) | None => policy::pause(u32::try_from(seen.attempt).unwrap_or(0).saturating_add(1), RETRY),
        };
        tracing::error!(schedule = self.schedule.name(), error = text, ?delay, "a tick failed; it is tried again");
        let failed =
            statement::query(include_str!("sql/schedule/failed.sql")).bind(self.schedule.name().to_owned()).bind(seen.last);
        failed.bind(text).bind(milliseconds(delay)).execute(&self.runtime).await?;
        Ok(())
    }
}

impl<A: Send + Sync + 'static, N: Create<A>> Recurs for Recurring<A, N> {
    fn name(&self) -> &str {
        self.schedule.name()
    }

    fn next(&self) -> Next {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(self: Arc<Self>) -> Later<'static, ()> {
        self.set(Next::Busy);
        Box::pin(async move {
            let next = self.make_all().await.unwrap_or_else(|error| {
                tracing::warn!(%error, schedule = self.schedule.name(), "the schedule cannot be looked at; it is tried again");
                DateTime::<Utc>::MIN_UTC
            });
            self.set(Next::At(next));
        })
    }
}
