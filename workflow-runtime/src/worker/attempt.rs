//! One attempt of a job: the application's own method, within its time, as long as the lease is held.

use super::claim::{Claimed, milliseconds};
use super::lane::{Lane, Permits};
use super::record::Ended;
use crate::error::BoxError;
use crate::job::{Job, JobKind};
use crate::observe::{Attempting, End};
use crate::private::Done;
use crate::statement;
use crate::workflow::Perform;
use std::time::Duration;
use tokio::task::JoinHandle;
use tracing::Instrument;
use tracing::field::Empty;

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// From the claim to what is written of it.
    pub(super) async fn carry_out(&self, claimed: Claimed<W::Id>, instance: Option<W>, permits: Option<Permits>) {
        let Claimed { id, kind, name, .. } = &claimed;
        let (workflow, attempt) = (W::MODEL.name, i64::from(claimed.counted()));
        let span = tracing::info_span!("workflow.job", workflow, %kind, job = name, ?id, attempt, outcome = Empty);
        if let (Some(trace), Some(parent)) = (self.runtime.shared.settings.trace, &claimed.trace) {
            trace.give(&span, parent);
        }
        let attempting = Attempting::new(span, workflow, *kind, name, self.settings.lease);
        attempting.watch(self.try_once(&claimed, instance, permits, &attempting)).await;
    }

    async fn try_once(
        &self,
        claimed: &Claimed<W::Id>,
        instance: Option<W>,
        permits: Option<Permits>,
        attempting: &Attempting<'_>,
    ) -> End {
        let Some(permits) = permits else {
            return self.give_back(claimed, Duration::ZERO).await;
        };
        self.under_way().push(claimed.clone());
        let ended = tokio::select! {
            ended = self.attempt(claimed, instance) => ended,
            () = self.hold(claimed, attempting) => Ended::Overtaken,
        };
        let end = tokio::select! {
            biased;
            end = self.record(claimed, ended) => end,
            // It is still ours while it is written. Whether it was to the end, the fence says.
            end = self.hold_on(claimed, attempting) => end,
        };
        self.under_way().retain(|other| other != claimed);
        drop(permits);
        end
    }

    async fn attempt(&self, claimed: &Claimed<W::Id>, loaded: Option<W>) -> Ended<W::Event> {
        if self.is_beyond(claimed) {
            return Ended::Failed("no attempt is left: the last one did not end, or fewer are allowed now".into());
        }
        let instance = match claimed.kind {
            JobKind::Timer => return W::fired(&claimed.name).map_or(Ended::Elsewhere, Ended::Fire),
            JobKind::Join => return self.joined(claimed).await,
            JobKind::Creation => return Ended::Create,
            JobKind::Activity if loaded.is_some() => Ok(loaded),
            JobKind::Activity => self.load(claimed).await,
            JobKind::Task => self.arrived(claimed).await,
        };
        match instance {
            Ok(Some(instance)) => self.call(instance, claimed).await,
            Ok(None) => Ended::Overtaken,
            Err(error) => Ended::Failed(error.into()),
        }
    }

    /// As the transition left it that the task belongs to; today's common fields.
    async fn arrived(&self, claimed: &Claimed<W::Id>) -> Result<Option<W>, sqlx::Error> {
        let row = statement::query(W::STATEMENTS.arrived).bind(claimed.id.clone()).bind(claimed.version);
        let row = row.fetch_optional(&self.runtime).await?;
        row.map(|row| W::read(&row, W::NAMES.row)).transpose()
    }

    /// In a task of its own, so that a panic ends the attempt and nothing else.
    async fn call(&self, instance: W, claimed: &Claimed<W::Id>) -> Ended<W::Event> {
        let (runtime, job) = (self.runtime.clone(), self.job(claimed));
        let work = async move { instance.perform(runtime.app(), &job).await };
        let work = tokio::spawn(work.in_current_span());
        let mut work = Aborting(work);
        let time_out = Self::retry(claimed).within.unwrap_or(self.settings.time_out);
        match tokio::time::timeout(time_out, &mut work.0).await {
            Ok(Ok(Ok(Done::Event(event)))) => Ended::Fire(event),
            Ok(Ok(Ok(Done::Task))) => Ended::Finished,
            Ok(Ok(Ok(Done::Elsewhere))) => Ended::Elsewhere,
            Ok(Ok(Err(error))) => Ended::Failed(error),
            Ok(Err(error)) => Ended::Failed(panicked(error)),
            Err(_) => Ended::Failed(format!("not ready within {time_out:?}").into()),
        }
    }

    pub(super) fn job(&self, claimed: &Claimed<W::Id>) -> Job {
        claimed.job(W::MODEL.name, &plain(&claimed.id))
    }

    async fn hold_on(&self, claimed: &Claimed<W::Id>, attempting: &Attempting<'_>) -> End {
        self.hold(claimed, attempting).await;
        std::future::pending().await
    }

    /// Extends the lease, as long as the job is ours. Ends when it is not.
    async fn hold(&self, claimed: &Claimed<W::Id>, attempting: &Attempting<'_>) {
        let mut often = tokio::time::interval((self.settings.lease / 3).max(Duration::from_millis(1)));
        often.tick().await;
        loop {
            often.tick().await;
            let extend = self.of_job(self.statements.extend.clone(), claimed).bind(milliseconds(self.settings.lease));
            match extend.execute(&self.runtime).await {
                Ok(extended) if extended.rows_affected() == 0 => return,
                Ok(_) => attempting.extended(),
                // Whoever has it then is another matter: the fence stands before whatever this one writes.
                Err(error) => tracing::warn!(%error, workflow = W::MODEL.name, job = claimed.name, "a lease was not extended"),
            }
        }
    }
}

/// An id as it stands in a job's key: what it prints, without the quotes of a text.
fn plain(id: &impl std::fmt::Debug) -> String {
    format!("{id:?}").trim_matches('"').to_owned()
}

pub(super) fn panicked(error: tokio::task::JoinError) -> BoxError {
    match error.try_into_panic() {
        Ok(panic) => {
            let said =
                panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
            format!("panicked: {}", said.unwrap_or_else(|| "with something that is no text".to_owned())).into()
        }
        Err(_) => "was cut off".into(),
    }
}

/// A task that ends with whoever waits for it.
pub(super) struct Aborting<T>(pub(super) JoinHandle<T>);

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
