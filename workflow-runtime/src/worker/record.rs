//! What an attempt leads to: a transition, an end, another attempt later, or a job that is parked.

use super::claim::{Claimed, milliseconds};
use super::lane::Lane;
use super::policy::{self, Verdict};
use crate::call::{self, Call, add};
use crate::error::{BoxError, Error};
use crate::job::JobKind;
use crate::private::{Exhausted, Retry};
use crate::retry;
use crate::workflow::{Event, Perform};
use std::time::Duration;
use uuid::Uuid;

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Ended<E> {
    /// An event follows.
    Fire(E),
    /// The instance is to be created.
    Create,
    /// The task is done.
    Finished,
    /// It is for a binary that knows the instance's state.
    Elsewhere,
    Failed(BoxError),
    /// The state was left, or the lease had ended and another attempt has begun.
    Overtaken,
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    pub(super) async fn record(&self, claimed: &Claimed<W::Id>, ended: Ended<W::Event>) {
        match ended {
            Ended::Fire(event) => self.taken(claimed, self.fire_fenced(claimed, &event).await).await,
            Ended::Create => self.taken(claimed, self.create_fenced(claimed).await).await,
            Ended::Finished => self.write(claimed, self.of_job(self.statements.finish.clone(), claimed)).await,
            Ended::Elsewhere => self.give_back(claimed, self.settings.lease).await,
            Ended::Failed(error) => self.failed(claimed, error).await,
            Ended::Overtaken => self.overtaken(claimed),
        }
    }

    /// True: it took effect.
    async fn taken(&self, claimed: &Claimed<W::Id>, taken: Result<bool, Error<W>>) {
        match taken {
            Ok(true) => tracing::debug!(workflow = W::MODEL.name, job = claimed.name, "done"),
            Ok(false) => self.overtaken(claimed),
            Err(error) => self.failed(claimed, Box::new(error)).await,
        }
    }

    fn overtaken(&self, claimed: &Claimed<W::Id>) {
        tracing::debug!(
            workflow = W::MODEL.name,
            job = claimed.name,
            "the job is not this attempt's any more; nothing was written"
        );
    }

    /// The event, if and only if the job is still this attempt's; true when it took effect.
    async fn fire_fenced(&self, claimed: &Claimed<W::Id>, event: &W::Event) -> Result<bool, Error<W>> {
        let mut pauses = retry::pauses(self.runtime.shared.settings.attempts);
        loop {
            let fired = match event.transition().effect {
                None => self.fire_alone(claimed, event).await,
                Some(_) => self.fire_in_transaction(claimed, event).await,
            };
            let error = match fired {
                Ok(fired) => return Ok(fired),
                Err(error) => error,
            };
            match pauses.next() {
                Some(pause) if error.is_retryable() => tokio::time::sleep(pause).await,
                Some(_) | None => return Err(error),
            }
        }
    }

    /// In one statement. An answer that is lost does no harm: sent again, it finds the job of this attempt, or does nothing.
    async fn fire_alone(&self, claimed: &Claimed<W::Id>, event: &W::Event) -> Result<bool, Error<W>> {
        let mut connection = self.runtime.pool().acquire().await?;
        self.runtime.compare::<W>(&mut connection).await?;
        let transition = event.transition();
        let actor = self.actor(claimed.kind, &claimed.name);
        let call = Call { event, id: &claimed.id, version: None, actor: Some(&actor), key: Uuid::new_v4() };
        let mut arguments = call.arguments()?;
        add(&mut arguments, call::milliseconds(self.runtime.shared.settings.lock_timeout))?;
        add(&mut arguments, claimed.version)?;
        add(&mut arguments, claimed.kind.label())?;
        add(&mut arguments, claimed.name.as_str())?;
        add(&mut arguments, claimed.attempt)?;
        let fired = sqlx::query_with(transition.fenced, arguments).execute(&mut *connection).await;
        if fired.map_err(|error| Error::from_database(transition.event, error))?.rows_affected() > 0 {
            self.runtime.wake(transition.wakes);
            return Ok(true);
        }
        // The job is somebody else's, or the event is not possible: which of the two, the longer way tells.
        drop(connection);
        self.fire_in_transaction(claimed, event).await
    }

    /// The instance is locked first, then its job is taken, then it is moved: as everywhere, so that nothing deadlocks.
    async fn fire_in_transaction(&self, claimed: &Claimed<W::Id>, event: &W::Event) -> Result<bool, Error<W>> {
        let mut tx = self.runtime.as_actor(self.actor(claimed.kind, &claimed.name)).begin().await?;
        let held = self.of_job(self.statements.fence.clone(), claimed).execute(&mut *tx).await?;
        if held.rows_affected() == 0 {
            return Ok(false);
        }
        tx.fire(claimed.id.clone(), event.clone()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// In history: who made the transition, where nobody else did.
    pub(super) fn actor(&self, kind: JobKind, name: &str) -> String {
        self.runtime.actor.as_deref().map_or_else(|| format!("{kind} {name}"), str::to_owned)
    }

    async fn failed(&self, claimed: &Claimed<W::Id>, error: BoxError) {
        let (verdict, text) = (policy::verdict(&error), policy::text(&error));
        // A guard that says no today may say yes tomorrow: the timer stays due.
        let is_blocked =
            claimed.kind == JobKind::Timer && matches!(error.downcast_ref::<Error<W>>(), Some(Error::Blocked { .. }));
        let exhausted = match self.exhausted(claimed).await {
            Ok(exhausted) => exhausted,
            // Without a word from the database nothing can be written either; the lease ends by itself.
            Err(error) => return self.unwritten(claimed, &error),
        };
        let most = exhausted.map_or(self.attempts(claimed), |line| line.failures);
        let is_last = verdict == Some(Verdict::GiveUp) || claimed.counted() >= most;
        if is_last && !is_blocked {
            return self.give_up(claimed, exhausted, &text).await;
        }
        let delay = match verdict {
            Some(Verdict::RetryAfter(delay)) => delay,
            Some(Verdict::GiveUp) | None => policy::pause(claimed.counted(), Self::retry(claimed)),
        };
        tracing::info!(
            workflow = W::MODEL.name,
            job = claimed.name,
            attempt = claimed.counted(),
            error = text,
            ?delay,
            "tried again later"
        );
        let again = self.of_job(self.statements.again.clone(), claimed).bind(milliseconds(delay)).bind(text);
        self.write(claimed, again).await;
    }

    /// What the declaration says of how it is tried again.
    pub(super) fn retry(claimed: &Claimed<W::Id>) -> Retry {
        Self::declared(claimed.kind, &claimed.name).map_or(Retry::SILENT, |job| job.retry)
    }

    /// How often it is tried, where nothing is said of what follows.
    fn attempts(&self, claimed: &Claimed<W::Id>) -> u32 {
        Self::retry(claimed).attempts.unwrap_or(self.settings.attempts)
    }

    /// All attempts were begun, and the last one did not come back.
    pub(super) fn is_beyond(&self, claimed: &Claimed<W::Id>) -> bool {
        let lines = Self::declared(claimed.kind, &claimed.name).map(|job| job.exhausted).unwrap_or_default();
        let most = lines.iter().map(|line| line.failures).max().unwrap_or_else(|| self.attempts(claimed));
        claimed.kind != JobKind::Timer && claimed.counted() > most
    }

    /// What the declaration says of too many failures, in the state where the instance is.
    async fn exhausted(&self, claimed: &Claimed<W::Id>) -> Result<Option<&'static Exhausted>, sqlx::Error> {
        let lines = Self::declared(claimed.kind, &claimed.name).map(|job| job.exhausted).unwrap_or_default();
        if lines.is_empty() {
            return Ok(None);
        }
        let instance = crate::private::load::<W>(&claimed.id, self.runtime.pool()).await?;
        Ok(instance.and_then(|instance| lines.iter().find(|line| line.sources.contains(&instance.label()))))
    }

    async fn give_up(&self, claimed: &Claimed<W::Id>, exhausted: Option<&Exhausted>, text: &str) {
        let event = exhausted.and_then(|line| W::fired(line.event));
        let text = match event {
            None => text.to_owned(),
            Some(event) => match self.fire_fenced(claimed, &event).await {
                Ok(true) => return tracing::info!(workflow = W::MODEL.name, job = claimed.name, error = text, "exhausted"),
                Ok(false) => return self.overtaken(claimed),
                Err(error) => format!("{text}; and what should follow then failed: {error}"),
            },
        };
        tracing::error!(workflow = W::MODEL.name, job = claimed.name, attempt = claimed.counted(), error = text, "parked");
        self.write(claimed, self.of_job(self.statements.park.clone(), claimed).bind(text)).await;
    }

    /// As if it had not been claimed; it is due again after this time.
    pub(super) async fn give_back(&self, claimed: &Claimed<W::Id>, after: Duration) {
        self.write(claimed, self.of_job(self.statements.back.clone(), claimed).bind(milliseconds(after))).await;
    }

    /// It was begun, and counts, but nobody is at it any more.
    pub(super) async fn due_again(&self, claimed: &Claimed<W::Id>) {
        self.write(claimed, self.of_job(self.statements.extend.clone(), claimed).bind(0_i64)).await;
    }

    /// Where another attempt has begun, it changes nothing.
    async fn write(
        &self,
        claimed: &Claimed<W::Id>,
        statement: sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments>,
    ) {
        match statement.execute(self.runtime.pool()).await {
            Ok(written) if written.rows_affected() == 0 => self.overtaken(claimed),
            Ok(_) => {}
            Err(error) => self.unwritten(claimed, &error),
        }
    }

    fn unwritten(&self, claimed: &Claimed<W::Id>, error: &sqlx::Error) {
        tracing::warn!(%error, workflow = W::MODEL.name, job = claimed.name, "how it ended could not be written; it runs again when its lease has ended");
    }
}
