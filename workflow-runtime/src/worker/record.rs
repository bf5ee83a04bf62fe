//! What an attempt leads to: a transition, an end, another attempt later, or a job that is parked.

use super::claim::{Claimed, milliseconds};
use super::lane::Lane;
use super::parked::Parked;
use super::policy::{self, Verdict};
use crate::commit::{Isolation, Terms};
use crate::error::{BoxError, Error};
use crate::job::JobKind;
use crate::observe::{End, Firing, Outcome, Traceparent};
use crate::private::{Exhausted, Joined, Outcomes, Retry};
use crate::retry;
use crate::statement::Statement;
use crate::tx::Tx;
use crate::workflow::{Event, Perform};
use std::time::Duration;

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Ended<E> {
    /// An event follows.
    Fire(E),
    /// A parent is to count its children, or a child to tell its parent.
    Join(&'static Joined),
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
    pub(super) async fn record(&self, claimed: &Claimed<W::Id>, ended: Ended<W::Event>) -> End {
        match ended {
            Ended::Fire(event) => self.taken(claimed, self.fire_fenced(claimed, &event).await).await,
            Ended::Create => self.taken(claimed, self.create_fenced(claimed).await).await,
            Ended::Join(joined) => self.join(claimed, joined).await,
            Ended::Finished if self.end_together(claimed, None).await => End::Done,
            Ended::Finished => self.write(claimed, self.of_job(self.statements.finish.clone(), claimed), End::Done).await,
            Ended::Elsewhere => self.give_back(claimed, self.settings.lease).await,
            Ended::Failed(error) => self.failed(claimed, error).await,
            Ended::Overtaken => self.overtaken(claimed),
        }
    }

    /// True: it took effect.
    async fn taken(&self, claimed: &Claimed<W::Id>, taken: Result<bool, Error<W>>) -> End {
        match taken {
            Ok(true) => End::Done,
            Ok(false) => self.overtaken(claimed),
            Err(error) => self.failed(claimed, Box::new(error)).await,
        }
    }

    pub(super) fn overtaken(&self, claimed: &Claimed<W::Id>) -> End {
        tracing::debug!(
            workflow = W::MODEL.name,
            job = claimed.name,
            "the job is not this attempt's any more; nothing was written"
        );
        End::Overtaken
    }

    /// The event, if and only if the job is still this attempt's; true when it took effect.
    async fn fire_fenced(&self, claimed: &Claimed<W::Id>, event: &W::Event) -> Result<bool, Error<W>> {
        let firing = Firing::one::<W>(event.transition(), &claimed.id);
        let tell = |fired: &Result<bool, Error<W>>| match fired {
            Ok(true) => {
                firing.arrived_as_declared::<W>();
                Outcome::Fired
            }
            Ok(false) => Outcome::Overtaken,
            Err(error) => Outcome::of(error),
        };
        firing.watch(self.fire_fenced_watched(claimed, event, &firing), tell).await
    }

    async fn fire_fenced_watched(&self, claimed: &Claimed<W::Id>, event: &W::Event, firing: &Firing) -> Result<bool, Error<W>> {
        let outcomes = event.transition().outcomes.as_ref();
        if outcomes.is_some() && self.end_together(claimed, Some(event)).await {
            return Ok(true);
        }
        let fire = || async move {
            match outcomes {
                Some(outcomes) => self.fire_alone(claimed, event, outcomes).await,
                None => self.fire_in_transaction(claimed, event).await,
            }
        };
        self.insist(fire, || firing.again()).await
    }

    /// Until it succeeds, or fails for a reason that does not pass; as often as the settings allow.
    pub(super) async fn insist<T, F>(&self, attempt: impl Fn() -> F, again: impl Fn()) -> Result<T, Error<W>>
    where
        F: Future<Output = Result<T, Error<W>>>,
    {
        let mut pauses = retry::pauses(self.runtime.shared.settings.attempts);
        loop {
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            match pauses.next() {
                Some(pause) if error.is_retryable() => tokio::time::sleep(pause).await,
                Some(_) | None => return Err(error),
            }
            again();
        }
    }

    /// In one statement. Where that moves nothing the job is somebody else's, or the event is not possible: which of the two, the
    /// longer way tells.
    async fn fire_alone(&self, claimed: &Claimed<W::Id>, event: &W::Event, outcomes: &Outcomes) -> Result<bool, Error<W>> {
        match self.fire_all(&[(claimed.clone(), Some(event.clone()))], outcomes).await?.is_empty() {
            true => self.fire_in_transaction(claimed, event).await,
            false => Ok(true),
        }
    }

    /// The instance is locked first, then its job is taken, then it is moved: as everywhere, so that nothing deadlocks.
    async fn fire_in_transaction(&self, claimed: &Claimed<W::Id>, event: &W::Event) -> Result<bool, Error<W>> {
        let mut tx = self.begin(claimed).await?;
        let held = self.of_job(self.statements.fence.clone(), claimed).execute(&mut *tx).await?;
        if held.rows_affected() == 0 {
            return Ok(false);
        }
        tx.move_on(&claimed.id, None, event).await?;
        tx.commit().await?;
        Ok(true)
    }

    pub(super) async fn begin(&self, claimed: &Claimed<W::Id>) -> Result<Tx<'static, A>, sqlx::Error> {
        let terms = Terms { trace: self.trace(claimed), ..self.runtime.terms(Isolation::ReadCommitted) };
        self.runtime.as_actor(self.actor(claimed.kind, &claimed.name)).begin_on(terms).await
    }

    /// What follows belongs to the trace of its job, also where nobody reads the current span's.
    pub(super) fn trace(&self, claimed: &Claimed<W::Id>) -> Option<Traceparent> {
        self.runtime.trace().or_else(|| claimed.trace.clone())
    }

    /// In history: who made the transition, where nobody else did.
    pub(super) fn actor(&self, kind: JobKind, name: &str) -> String {
        self.runtime.actor.as_deref().map_or_else(|| format!("{kind} {name}"), str::to_owned)
    }

    pub(super) async fn failed(&self, claimed: &Claimed<W::Id>, error: BoxError) -> End {
        let (verdict, text) = (policy::verdict(&error), policy::text(&error));
        // A guard that says no today may say yes tomorrow: the timer stays due.
        let is_blocked = matches!(claimed.kind, JobKind::Timer | JobKind::Join)
            && matches!(error.downcast_ref::<Error<W>>(), Some(Error::Blocked { .. }));
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
        self.write(claimed, again, End::Failed).await
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
        let instance = match self.load(claimed).await {
            // Where it is cannot be told. The failure is written all the same, and the job is parked in the end.
            Err(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => return Ok(None),
            loaded => loaded?,
        };
        Ok(instance.and_then(|instance| lines.iter().find(|line| line.sources.contains(&instance.label()))))
    }

    async fn give_up(&self, claimed: &Claimed<W::Id>, exhausted: Option<&Exhausted>, text: &str) -> End {
        let event = exhausted.and_then(|line| W::fired(line.event));
        let text = match event {
            None => text.to_owned(),
            Some(event) => match self.fire_fenced(claimed, &event).await {
                Ok(true) => {
                    tracing::info!(workflow = W::MODEL.name, job = claimed.name, error = text, "exhausted");
                    return End::Exhausted;
                }
                Ok(false) => return self.overtaken(claimed),
                Err(error) => format!("{text}; and what should follow then failed: {error}"),
            },
        };
        tracing::error!(workflow = W::MODEL.name, job = claimed.name, attempt = claimed.counted(), error = text, "parked");
        let end = self.write(claimed, self.of_job(self.statements.park.clone(), claimed).bind(text.clone()), End::Parked).await;
        if end == End::Parked {
            self.on_parked.tell(&Parked { workflow: W::MODEL.name, job: self.job(claimed), last_error: text });
        }
        end
    }

    /// As if it had not been claimed; it is due again after this time.
    pub(super) async fn give_back(&self, claimed: &Claimed<W::Id>, after: Duration) -> End {
        let back = self.of_job(self.statements.back.clone(), claimed).bind(milliseconds(after));
        self.write(claimed, back, End::GivenBack).await
    }

    /// It was begun, and counts, but nobody is at it any more.
    pub(super) async fn due_again(&self, claimed: &Claimed<W::Id>) {
        let again = self.of_job(self.statements.again.clone(), claimed).bind(0_i64).bind(None::<String>);
        self.write(claimed, again, End::GivenBack).await;
    }

    /// What the attempt comes to if this is written. Where another one has begun, it changes nothing.
    pub(super) async fn write(&self, claimed: &Claimed<W::Id>, statement: Statement, end: End) -> End {
        match statement.execute(&self.runtime).await {
            Ok(written) if written.rows_affected() == 0 => self.overtaken(claimed),
            Ok(_) => end,
            Err(error) => self.unwritten(claimed, &error),
        }
    }

    fn unwritten(&self, claimed: &Claimed<W::Id>, error: &sqlx::Error) -> End {
        tracing::warn!(%error, workflow = W::MODEL.name, job = claimed.name, "how it ended could not be written; it runs again when its lease has ended");
        End::Unwritten
    }
}
