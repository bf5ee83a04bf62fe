//! Children: one that is at its end lets its parent look, and the parent fires when there is none left on its way.
//!
//! A child's own transition touches nothing of its parent. Whoever locked the parent there would meet the parent's own
//! transitions, which lock the other way round, in deadlocks; and whoever counted there would not see the others that are about to
//! commit. So there is a job a child, and a job a waiting parent:
//!
//! - The child's job makes the parent's due, *and makes its attempt another one*. A look that counted before this child's end was
//!   committed can then no longer write that there is nothing to do. What is counted of attempts begins anew: a look that was
//!   overtaken so is no failure.
//! - The parent's job locks the instance first and counts in a second statement, which sees all that was committed until then. It
//!   fires in the same transaction, under the fence of its job: once.
//!
//! A parent that is not waiting has no such job, and is told nothing: when it arrives, it counts.

use super::claim::{Claimed, milliseconds};
use super::lane::Lane;
use super::record::Ended;
use super::statements::{tell, waiting};
use crate::error::Error;
use crate::job::JobKind;
use crate::observe::End;
use crate::private::Joined;
use crate::statement;
use crate::workflow::Perform;
use sqlx::Row;
use sqlx::postgres::PgQueryResult;
use std::time::Duration;

/// A parent looks so often without having been told: for a child that was deleted, or that only another binary knows to be at its end.
const SELDOM: Duration = Duration::from_secs(3600);

/// What a parent saw.
enum Look {
    /// All were at their end.
    Fired,
    /// Some are on their way.
    Waiting,
    /// The job is another attempt's.
    Overtaken,
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// What a join is to do. An event may be called like the parent: then the state tells, since nothing is waited for at an end.
    pub(super) async fn joined(&self, claimed: &Claimed<W::Id>) -> Ended<W::Event> {
        let parts = Self::declared(JobKind::Join, &claimed.name).map(|job| job.join).unwrap_or_default();
        let tells = parts.iter().find(|part| matches!(part, Joined::Tells { .. }));
        if let (Some(tells), [_]) = (tells, parts) {
            return Ended::Join(tells);
        }
        let instance = match self.load(claimed).await {
            Ok(Some(instance)) => instance,
            Ok(None) => return Ended::Overtaken,
            Err(error) => return Ended::Failed(error.into()),
        };
        let waits = |part: &&Joined| match part {
            Joined::Waits { sources, .. } => sources.contains(&instance.label()),
            Joined::Tells { .. } => false,
        };
        parts.iter().find(waits).or(tells).map_or(Ended::Elsewhere, Ended::Join)
    }

    pub(super) async fn join(&self, claimed: &Claimed<W::Id>, joined: &Joined) -> End {
        match joined {
            Joined::Tells { jobs, column } => self.tell(claimed, jobs, column).await,
            Joined::Waits { unfinished, .. } => self.look(claimed, unfinished).await,
        }
    }

    async fn tell(&self, claimed: &Claimed<W::Id>, jobs: &str, column: &str) -> End {
        match self.told(claimed, jobs, column).await {
            Ok(told) if told.rows_affected() == 0 => self.overtaken(claimed),
            Ok(_) => {
                self.runtime.wake(true);
                End::Done
            }
            Err(error) => self.failed(claimed, error.into()).await,
        }
    }

    /// One lock at a time, each let go at once: a parent that leaves its state deletes all its jobs, in any order. To be told twice does
    /// no harm, so the child's own job goes last.
    async fn told(&self, claimed: &Claimed<W::Id>, jobs: &str, column: &str) -> Result<PgQueryResult, sqlx::Error> {
        let runtime = &self.runtime;
        let tell = tell::<W>(jobs, column);
        for row in self.of_job(waiting::<W>(jobs, column), claimed).fetch_all(runtime).await? {
            let (version, job): (i64, String) = (row.try_get("version")?, row.try_get("job")?);
            statement::query(tell.clone()).bind(claimed.id.clone()).bind(version).bind(job).execute(runtime).await?;
        }
        self.of_job(self.statements.finish.clone(), claimed).execute(runtime).await
    }

    async fn look(&self, claimed: &Claimed<W::Id>, unfinished: &'static str) -> End {
        let Some(event) = W::fired(&claimed.name) else { return self.give_back(claimed, self.settings.lease).await };
        match self.insist(|| self.look_once(claimed, &event, unfinished), || ()).await {
            Ok(Look::Fired) => End::Done,
            Ok(Look::Overtaken) => self.overtaken(claimed),
            Ok(Look::Waiting) => {
                let sleep = self.of_job(self.statements.sleep.clone(), claimed).bind(milliseconds(SELDOM));
                self.write(claimed, sleep, End::GivenBack).await
            }
            Err(error) => self.failed(claimed, Box::new(error)).await,
        }
    }

    /// Whoever adds a child under the parent's lock comes before this or after it.
    async fn look_once(&self, claimed: &Claimed<W::Id>, event: &W::Event, unfinished: &'static str) -> Result<Look, Error<W>> {
        let mut tx = self.begin(claimed).await?;
        let held = self.of_job(self.statements.fence.clone(), claimed).execute(&mut *tx).await?;
        if held.rows_affected() == 0 {
            return Ok(Look::Overtaken);
        }
        // A statement of its own: the one before has waited for the lock, and has an older view.
        if statement::query(unfinished).bind(claimed.id.clone()).scalar(&mut tx).await? {
            tx.rollback().await?;
            return Ok(Look::Waiting);
        }
        tx.fire(claimed.id.clone(), event.clone()).await?;
        tx.commit().await?;
        Ok(Look::Fired)
    }
}
