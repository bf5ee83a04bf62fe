//! One attempt of a job: the application's own method, within its time, as long as the lease is held.

use super::claim::{Claimed, milliseconds};
use super::lane::{Lane, Permits};
use super::record::Ended;
use crate::error::BoxError;
use crate::job::{Job, JobKind};
use crate::private::Done;
use crate::workflow::Perform;
use std::time::Duration;
use tokio::task::JoinHandle;

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// From the claim to what is written of it.
    pub(super) async fn carry_out(&self, claimed: Claimed<W::Id>, permits: Option<Permits>) {
        let Some(permits) = permits else {
            return self.give_back(&claimed, Duration::ZERO).await;
        };
        self.under_way().push(claimed.clone());
        let ended = tokio::select! {
            ended = self.attempt(&claimed) => ended,
            () = self.hold(&claimed) => Ended::Overtaken,
        };
        self.record(&claimed, ended).await;
        self.under_way().retain(|other| *other != claimed);
        drop(permits);
    }

    async fn attempt(&self, claimed: &Claimed<W::Id>) -> Ended<W::Event> {
        if self.is_beyond(claimed) {
            return Ended::Failed("no attempt is left: the last one did not end, or fewer are allowed now".into());
        }
        let instance = match claimed.kind {
            JobKind::Timer => return W::fired(&claimed.name).map_or(Ended::Elsewhere, Ended::Fire),
            JobKind::Creation => return Ended::Create,
            JobKind::Activity => self.load(claimed).await,
            JobKind::Task => self.arrived(claimed).await,
        };
        match instance {
            Ok(Some(instance)) => self.call(instance, claimed).await,
            Ok(None) => Ended::Overtaken,
            Err(error) => Ended::Failed(error.into()),
        }
    }

    async fn load(&self, claimed: &Claimed<W::Id>) -> Result<Option<W>, sqlx::Error> {
        crate::private::load::<W>(&claimed.id, self.runtime.pool()).await
    }

    /// As the transition left it that the task belongs to; today's common fields.
    async fn arrived(&self, claimed: &Claimed<W::Id>) -> Result<Option<W>, sqlx::Error> {
        let row = sqlx::query(W::STATEMENTS.arrived).bind(claimed.id.clone()).bind(claimed.version);
        let row = row.fetch_optional(self.runtime.pool()).await?;
        row.map(|row| W::read(&row, W::NAMES.row)).transpose()
    }

    /// In a task of its own, so that a panic ends the attempt and nothing else.
    async fn call(&self, instance: W, claimed: &Claimed<W::Id>) -> Ended<W::Event> {
        let (runtime, job) = (self.runtime.clone(), self.job(claimed));
        let work = tokio::spawn(async move { instance.perform(runtime.app(), &job).await });
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

    /// Extends the lease, as long as the job is ours. Ends when it is not.
    async fn hold(&self, claimed: &Claimed<W::Id>) {
        let mut often = tokio::time::interval((self.settings.lease / 3).max(Duration::from_millis(1)));
        often.tick().await;
        loop {
            often.tick().await;
            let extend = self.of_job(self.statements.extend.clone(), claimed).bind(milliseconds(self.settings.lease));
            match extend.execute(self.runtime.pool()).await {
                Ok(extended) if extended.rows_affected() == 0 => return,
                Ok(_) => {}
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
