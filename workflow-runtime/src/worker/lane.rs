//! One workflow's jobs, as the worker sees them whatever the workflow's type.

use super::batch::Ready;
use super::claim::Claimed;
use super::limit::Limits;
use super::parked::OnParked;
use super::settings::WorkerSettings;
use super::statements::{Counting, Statements, soonest};
use super::together::Together;
use crate::job::JobKind;
use crate::private::Declared;
use crate::runtime::Runtime;
use crate::workflow::{Perform, Workflow};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Jobs by their declarations.
pub(super) type Jobs = Vec<&'static Declared>;

/// A future whose type is forgotten.
pub(super) type Later<'l, T> = Pin<Box<dyn Future<Output = T> + Send + 'l>>;

/// What the rounds ask of a workflow.
pub(super) trait Workable: Send + Sync {
    /// The workflow's label.
    fn label(&self) -> &'static str;
    /// What it has of jobs.
    fn jobs(&self) -> &'static [Declared];
    /// When the first of each job is due, as SQL; and how many are.
    fn soonest(&self, lane: usize, counting: Counting) -> String;
    /// Fires the timers among these jobs, many in a statement. What comes back is how many it fired, and which jobs have to be claimed.
    fn fire_due(&self, due: Jobs) -> Later<'_, Result<(u64, Jobs), sqlx::Error>>;
    /// What was cut off is due again.
    fn give_back(&self) -> Later<'_, ()>;
    /// Until one of these jobs may begin that may not now for its rate.
    fn wait(&self, due: &[&'static Declared]) -> Option<Duration>;
    /// Claims some of each of these jobs; each is then carried out by a future of its own.
    fn claim(self: Arc<Self>, room: Arc<Semaphore>, due: Jobs) -> Later<'static, Result<Vec<Later<'static, ()>>, sqlx::Error>>;
}

/// A workflow's jobs, carried out by an application.
pub(super) struct Lane<A, W: Perform<A>> {
    pub(super) runtime: Runtime<A>,
    pub(super) settings: WorkerSettings,
    pub(super) statements: Statements,
    pub(super) together: Together<Ready<W::Id, W::Event>>,
    pub(super) on_parked: OnParked,
    limits: Limits,
    under_way: Mutex<Vec<Claimed<W::Id>>>,
}

/// What an attempt needs while it is under way.
#[derive(Debug)]
pub(super) struct Permits {
    _room: OwnedSemaphorePermit,
    _limit: Option<OwnedSemaphorePermit>,
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    pub(super) fn new(runtime: Runtime<A>, settings: WorkerSettings, limits: Limits, on_parked: OnParked) -> Self {
        let (statements, together) = (Statements::of::<W>(), Together::default());
        Lane { runtime, settings, statements, together, on_parked, limits, under_way: Mutex::default() }
    }

    pub(super) fn declared(kind: JobKind, name: &str) -> Option<&'static Declared> {
        W::JOBS.iter().find(|job| job.kind == kind && job.name == name)
    }

    /// Attempts that have begun and not ended.
    pub(super) fn under_way(&self) -> MutexGuard<'_, Vec<Claimed<W::Id>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many attempts of a job may begin now, of so many that are wanted.
    pub(super) fn free(&self, job: &str, wanted: usize) -> usize {
        self.limits.free(job, wanted)
    }

    /// None when there is no room any more.
    pub(super) fn permits(&self, room: &Arc<Semaphore>, job: &str) -> Option<Permits> {
        let room = room.clone().try_acquire_owned().ok()?;
        Some(Permits { _room: room, _limit: self.limits.begin(job)? })
    }
}

impl<A: Send + Sync + 'static, W: Perform<A>> Workable for Lane<A, W> {
    fn label(&self) -> &'static str {
        <W as Workflow>::MODEL.name
    }

    fn jobs(&self) -> &'static [Declared] {
        W::JOBS
    }

    fn soonest(&self, lane: usize, counting: Counting) -> String {
        soonest::<W>(lane, counting, W::JOBS.iter().map(|job| (job.kind, job.name)))
    }

    fn fire_due(&self, due: Jobs) -> Later<'_, Result<(u64, Jobs), sqlx::Error>> {
        Box::pin(self.fire_all_due(due))
    }

    fn wait(&self, due: &[&'static Declared]) -> Option<Duration> {
        self.limits.wait(due.iter().map(|job| job.name))
    }

    fn give_back(&self) -> Later<'_, ()> {
        let cut_off = std::mem::take(&mut *self.under_way());
        Box::pin(async move {
            for claimed in cut_off {
                self.due_again(&claimed).await;
            }
        })
    }

    fn claim(self: Arc<Self>, room: Arc<Semaphore>, due: Jobs) -> Later<'static, Result<Vec<Later<'static, ()>>, sqlx::Error>> {
        Box::pin(async move {
            let claimed = self.claim_some(room.available_permits(), &due).await?;
            let mut loaded = self.load_all(&claimed).await;
            // The room is taken here and now: the next workflow must not count on it.
            let begin = |claimed: Claimed<W::Id>| -> Later<'static, ()> {
                let (lane, permits) = (self.clone(), self.permits(&room, &claimed.name));
                let instance = loaded.take(&claimed);
                Box::pin(async move { lane.carry_out(claimed, instance, permits).await })
            };
            Ok(claimed.into_iter().map(begin).collect())
        })
    }
}
