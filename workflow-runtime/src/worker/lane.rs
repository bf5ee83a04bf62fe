//! One workflow's jobs, as the worker sees them whatever the workflow's type.

use super::claim::Claimed;
use super::parked::OnParked;
use super::settings::WorkerSettings;
use super::statements::{Counting, Statements, soonest};
use crate::job::JobKind;
use crate::private::Declared;
use crate::runtime::Runtime;
use crate::workflow::{Perform, Workflow};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A future whose type is forgotten.
pub(super) type Later<'l, T> = Pin<Box<dyn Future<Output = T> + Send + 'l>>;

/// What the rounds ask of a workflow.
pub(super) trait Workable: Send + Sync {
    /// The workflow's label.
    fn label(&self) -> &'static str;
    /// When its next job is due, as SQL; and how many are.
    fn soonest(&self, lane: usize, counting: Counting) -> String;
    /// Fires timers, many in a statement. What comes back is how many it fired, and which timers have to be looked at singly.
    fn fire_due(&self) -> Later<'_, Result<(u64, Vec<&'static str>), sqlx::Error>>;
    /// What was cut off is due again.
    fn give_back(&self) -> Later<'_, ()>;
    /// Claims jobs, each of which is then carried out by a future of its own. Of timers, only these.
    fn claim(
        self: Arc<Self>,
        room: Arc<Semaphore>,
        timers: Vec<&'static str>,
    ) -> Later<'static, Result<Vec<Later<'static, ()>>, sqlx::Error>>;
}

/// A workflow's jobs, carried out by an application.
pub(super) struct Lane<A, W: Workflow> {
    pub(super) runtime: Runtime<A>,
    pub(super) settings: WorkerSettings,
    pub(super) statements: Statements,
    pub(super) on_parked: OnParked,
    limits: BTreeMap<String, Arc<Semaphore>>,
    under_way: Mutex<Vec<Claimed<W::Id>>>,
}

/// What an attempt needs while it is under way.
#[derive(Debug)]
pub(super) struct Permits {
    _room: OwnedSemaphorePermit,
    _limit: Option<OwnedSemaphorePermit>,
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    pub(super) fn new(
        runtime: Runtime<A>,
        settings: WorkerSettings,
        limits: BTreeMap<String, Arc<Semaphore>>,
        on_parked: OnParked,
    ) -> Self {
        Lane { runtime, settings, statements: Statements::of::<W>(), on_parked, limits, under_way: Mutex::default() }
    }

    pub(super) fn declared(kind: JobKind, name: &str) -> Option<&'static Declared> {
        W::JOBS.iter().find(|job| job.kind == kind && job.name == name)
    }

    /// Attempts that have begun and not ended.
    pub(super) fn under_way(&self) -> MutexGuard<'_, Vec<Claimed<W::Id>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many attempts of a job may begin now.
    pub(super) fn free(&self, job: &str) -> usize {
        self.limits.get(job).map_or(usize::MAX, |limit| limit.available_permits())
    }

    /// None when there is no room any more.
    pub(super) fn permits(&self, room: &Arc<Semaphore>, job: &str) -> Option<Permits> {
        let limit = self.limits.get(job).map(|limit| limit.clone().try_acquire_owned());
        Some(Permits { _room: room.clone().try_acquire_owned().ok()?, _limit: limit.transpose().ok()? })
    }
}

impl<A: Send + Sync + 'static, W: Perform<A>> Workable for Lane<A, W> {
    fn label(&self) -> &'static str {
        <W as Workflow>::MODEL.name
    }

    fn soonest(&self, lane: usize, counting: Counting) -> String {
        soonest::<W>(lane, counting, W::JOBS.iter().map(|job| (job.kind, job.name)))
    }

    fn fire_due(&self) -> Later<'_, Result<(u64, Vec<&'static str>), sqlx::Error>> {
        Box::pin(self.fire_all_due())
    }

    fn give_back(&self) -> Later<'_, ()> {
        let cut_off = std::mem::take(&mut *self.under_way());
        Box::pin(async move {
            for claimed in cut_off {
                self.due_again(&claimed).await;
            }
        })
    }

    fn claim(
        self: Arc<Self>,
        room: Arc<Semaphore>,
        timers: Vec<&'static str>,
    ) -> Later<'static, Result<Vec<Later<'static, ()>>, sqlx::Error>> {
        Box::pin(async move {
            let claimed = self.claim_some(room.available_permits(), &timers).await?;
            // The room is taken here and now: the next workflow must not count on it.
            let begin = |claimed: Claimed<W::Id>| -> Later<'static, ()> {
                let (lane, permits) = (self.clone(), self.permits(&room, &claimed.name));
                Box::pin(async move { lane.carry_out(claimed, permits).await })
            };
            Ok(claimed.into_iter().map(begin).collect())
        })
    }
}
