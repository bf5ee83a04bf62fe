//! Claiming: whoever moves a job's time to the end of a lease has it.

use super::lane::Lane;
use super::settings::Claims;
use crate::job::{Job, JobKind};
use crate::observe::Traceparent;
use crate::private::Declared;
use crate::statement::{self, Statement};
use crate::workflow::{Perform, Workflow};
use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::fmt::Debug;
use std::time::Duration;

/// A job that is this worker's, until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claimed<Id> {
    pub(super) id: Id,
    /// The version at which the instance entered the state, or made the transition, that the job belongs to.
    pub(super) version: i64,
    pub(super) kind: JobKind,
    pub(super) name: String,
    /// What tells this attempt from all others.
    pub(super) attempt: i32,
    /// Attempts that do not count.
    forgiven: i32,
    due: DateTime<Utc>,
    /// Of the transition that wrote it.
    pub(super) trace: Option<Traceparent>,
}

impl<Id: Debug> Claimed<Id> {
    /// What the application is told.
    pub(super) fn job(&self, workflow: &str, id: &str) -> Job {
        let key = format!("{workflow}/{id}/{}/{}", self.version, self.name);
        let trace = self.trace.as_ref().map(ToString::to_string);
        Job { key, kind: self.kind, name: self.name.clone(), attempt: self.counted(), due: self.due, trace }
    }
}

impl<Id> Claimed<Id> {
    /// Which attempt it is, of those that count.
    pub(super) fn counted(&self) -> u32 {
        u32::try_from(self.attempt.saturating_sub(self.forgiven)).unwrap_or(0)
    }
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// Of each of these jobs its share of the room, so that none waits for the backlog of another one.
    pub(super) async fn claim_some(&self, room: usize, due: &[&'static Declared]) -> Result<Vec<Claimed<W::Id>>, sqlx::Error> {
        let share = room.div_ceil(due.len().max(1));
        let wanted = due.iter().map(|job| (job.kind.label(), job.name, self.free(job.name, share)));
        let wanted: Vec<_> = wanted.filter(|(_, _, most)| *most > 0).collect();
        if room == 0 || wanted.is_empty() {
            return Ok(Vec::new());
        }
        match self.settings.claims {
            Claims::SkipLocked => self.skip_locked(room, wanted).await,
            Claims::CompareAndSet => self.compare_and_set(room, wanted).await,
        }
    }

    async fn skip_locked(&self, room: usize, wanted: Vec<(&str, &str, usize)>) -> Result<Vec<Claimed<W::Id>>, sqlx::Error> {
        let (kinds, names, most) = columns(wanted);
        let claim = statement::query(self.statements.claim.clone()).bind(kinds).bind(names).bind(most).bind(count(room));
        let rows = claim.bind(milliseconds(self.settings.lease)).fetch_all(&self.runtime).await?;
        rows.iter().map(Self::claimed).collect()
    }

    /// Whoever is later finds another attempt, and takes nothing.
    async fn compare_and_set(&self, room: usize, wanted: Vec<(&str, &str, usize)>) -> Result<Vec<Claimed<W::Id>>, sqlx::Error> {
        let (kinds, names, most) = columns(wanted);
        let candidates =
            statement::query(self.statements.candidates.clone()).bind(kinds).bind(names).bind(most).bind(count(room));
        let mut taken = Vec::new();
        for row in candidates.fetch_all(&self.runtime).await? {
            let candidate = Self::claimed(&row)?;
            let take = self.of_job(self.statements.take.clone(), &candidate).bind(candidate.due);
            let take = take.bind(milliseconds(self.settings.lease)).execute(&self.runtime).await?;
            if take.rows_affected() == 1 {
                taken.push(Claimed { attempt: candidate.attempt + 1, ..candidate });
            }
        }
        Ok(taken)
    }

    fn claimed(row: &PgRow) -> Result<Claimed<W::Id>, sqlx::Error> {
        let kind: String = row.try_get("kind")?;
        let kind = JobKind::of(&kind).ok_or_else(|| sqlx::Error::Decode(format!("no kind of job: {kind}").into()))?;
        Ok(Claimed {
            id: row.try_get("id")?,
            version: row.try_get("version")?,
            kind,
            name: row.try_get("job")?,
            attempt: row.try_get("attempt")?,
            forgiven: row.try_get("forgiven")?,
            due: row.try_get("due")?,
            // Whoever may write jobs may write anything here.
            trace: row.try_get::<Option<&str>, _>("trace")?.and_then(Traceparent::parse),
        })
    }

    /// A statement whose first five parameters say which attempt of which job is meant.
    pub(super) fn of_job(&self, sql: sqlx::SqlStr, job: &Claimed<<W as Workflow>::Id>) -> Statement {
        statement::query(sql)
            .bind(job.id.clone())
            .bind(job.version)
            .bind(job.kind.label())
            .bind(job.name.clone())
            .bind(job.attempt)
    }
}

fn columns(wanted: Vec<(&str, &str, usize)>) -> (Vec<String>, Vec<String>, Vec<i64>) {
    let (kinds, rest): (Vec<_>, Vec<_>) =
        wanted.into_iter().map(|(kind, name, most)| (kind.to_owned(), (name.to_owned(), count(most)))).unzip();
    let (names, most) = rest.into_iter().unzip();
    (kinds, names, most)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// As the statements take a time.
pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
