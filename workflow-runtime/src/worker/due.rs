//! Timers without an effect in the application: many in one statement, and no claim.

use super::lane::{Jobs, Lane};
use crate::call::milliseconds;
use crate::observe::{Firing, Outcome};
use crate::private::Declared;
use crate::retry::{Fault, fault};
use crate::statement;
use crate::workflow::Perform;
use sqlx::postgres::PgQueryResult;
use uuid::Uuid;

/// So many instances a statement.
const TOGETHER: i64 = 1000;
const FULL: u64 = TOGETHER.unsigned_abs();

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// How many were fired, and the jobs that have to be claimed: all others, timers with an effect in the application, those of which
    /// nothing could be fired although it may be due, and those where one instance failed the statement for all.
    pub(super) async fn fire_all_due(&self, due: Jobs) -> Result<(u64, Jobs), sqlx::Error> {
        let (mut fired, mut rest) = (0, Vec::new());
        for job in due {
            match self.fire_unless_singly(job).await? {
                0 => rest.push(job),
                some => fired += some,
            }
        }
        Ok((fired, rest))
    }

    /// As if none had been there, where one instance failed the statement.
    async fn fire_unless_singly(&self, job: &Declared) -> Result<u64, sqlx::Error> {
        match self.fire_each_due(job).await {
            Err(error) if fault(&error) != Fault::Lost => {
                tracing::debug!(%error, workflow = W::MODEL.name, timer = job.name, "timers are fired singly");
                Ok(0)
            }
            fired => fired,
        }
    }

    /// One statement keeps one processor of the server busy. While there are more than it takes, another one is sent beside it, for those
    /// behind.
    async fn fire_each_due(&self, timer: &Declared) -> Result<u64, sqlx::Error> {
        let Some(sql) = timer.due else { return Ok(0) };
        let mut fired = self.fire_some_due(timer, sql, 0).await?;
        let mut more = fired == FULL;
        while more {
            let (first, second) = tokio::join!(self.fire_some_due(timer, sql, 0), self.fire_some_due(timer, sql, TOGETHER));
            let first = first?;
            fired += first + second?;
            more = first == FULL;
        }
        Ok(fired)
    }

    async fn fire_some_due(&self, timer: &Declared, sql: &'static str, behind: i64) -> Result<u64, sqlx::Error> {
        let due = statement::query(sql).bind(TOGETHER).bind(milliseconds(self.runtime.shared.settings.lock_timeout));
        let due = due.bind(self.actor(timer.kind, timer.name)).bind(Uuid::new_v4()).bind(behind);
        let firing = Firing::due::<W>(timer.name);
        let tell = |some: &Result<PgQueryResult, sqlx::Error>| match some {
            Ok(some) => {
                firing.counted(some.rows_affected());
                Outcome::Fired
            }
            Err(_) => Outcome::Error,
        };
        Ok(firing.watch(due.execute(&self.runtime), tell).await?.rows_affected())
    }
}
