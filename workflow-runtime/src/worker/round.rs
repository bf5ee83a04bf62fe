//! The rounds: ask what is due, fire timers, claim, and sleep until there is more.

use super::hint;
use super::lane::Workable;
use super::schedules::Schedules;
use super::settings::WorkerSettings;
use super::soonest::{Question, Soonest};
use crate::private::Declared;
use crate::runtime::Runtime;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

pub(super) struct Rounds<A> {
    runtime: Runtime<A>,
    settings: WorkerSettings,
    lanes: Vec<Arc<dyn Workable>>,
    schedules: Schedules,
    question: Question,
    room: Arc<Semaphore>,
    under_way: JoinSet<()>,
    /// Whose turn it is to be first: whoever comes after the last one for which something was done.
    turn: usize,
}

/// What a round found.
#[derive(Default)]
struct Found {
    /// Something was fired or claimed: there may be more.
    is_more: bool,
    /// Something is due, and could not be begun: there is no room, somebody else has it, or its limit is reached.
    is_short: bool,
    /// Until the next job is due.
    next: Option<Duration>,
    /// Until something may begin that may not now for its rate.
    rest: Option<Duration>,
    /// A workflow's jobs could not be claimed.
    failed: Option<sqlx::Error>,
}

impl Found {
    /// How long to sleep, if nothing else wakes.
    fn pause(&self, poll: Duration) -> Duration {
        if self.is_more {
            return Duration::ZERO;
        }
        self.next.into_iter().chain(self.rest).chain([poll]).min().unwrap_or(poll)
    }
}

impl<A: Send + Sync + 'static> Rounds<A> {
    pub(super) fn new(
        runtime: Runtime<A>,
        settings: WorkerSettings,
        lanes: Vec<Arc<dyn Workable>>,
        schedules: Schedules,
    ) -> Self {
        let question = Question::new(&lanes, &schedules);
        let room = Arc::new(Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Rounds { runtime, settings, lanes, schedules, question, room, under_way: JoinSet::new(), turn: 0 }
    }

    /// A round that has begun comes to its end: a claim that is cut off would leave its jobs to their leases.
    pub(super) async fn until(mut self, shutdown: impl Future<Output = ()>) {
        let (woken, stopping) = (Arc::new(Notify::new()), Notify::new());
        let listening = hint::listen(self.runtime.pool().clone(), self.settings.direct_url.clone(), woken.clone());
        let grace = self.settings.grace;
        let working = async {
            let mut rounds = pin!(self.forever(&woken, &stopping));
            // Once it is to stop it does not begin another round.
            tokio::select! {
                biased;
                () = shutdown => stopping.notify_one(),
                () = &mut rounds => return,
            }
            if tokio::time::timeout(grace, rounds).await.is_err() {
                tracing::warn!("the database does not answer; what was being claimed is left to its lease");
            }
        };
        tokio::select! {
            () = listening => {}
            () = working => {}
        }
        self.wind_up().await;
    }

    /// Until it is to stop.
    async fn forever(&mut self, woken: &Notify, stopping: &Notify) {
        loop {
            let found = self.round().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the worker cannot look for jobs; it tries again");
                Found::default()
            });
            tokio::select! {
                biased;
                () = stopping.notified() => return,
                () = woken.notified() => {}
                // Timers need no room: they are looked for also while everything is taken.
                Some(_) = self.under_way.join_next(), if found.is_short => {}
                () = tokio::time::sleep(found.pause(self.settings.poll)) => {}
            }
            while self.under_way.try_join_next().is_some() {}
        }
    }

    /// Until nothing is due and nothing under way.
    pub(super) async fn until_idle(mut self) -> Result<(), sqlx::Error> {
        loop {
            let found = self.round().await;
            let is_more = found.as_ref().is_ok_and(|found| found.is_more);
            if is_more || self.under_way.join_next().await.is_some() {
                continue;
            }
            match found? {
                Found { failed: Some(error), .. } => return Err(error),
                Found { rest: Some(rest), .. } => tokio::time::sleep(rest).await,
                Found { .. } => return Ok(()),
            }
        }
    }

    async fn round(&mut self) -> Result<Found, sqlx::Error> {
        let soonest = self.question.ask(&self.runtime).await?;
        let mut found = self.ticks(&soonest);
        found.next = found.next.into_iter().chain(soonest.next()).min();
        let first = self.turn;
        for n in 0..self.lanes.len() {
            let n = (first + n) % self.lanes.len();
            let due = soonest.due(n, self.lanes[n].jobs());
            if due.is_empty() {
                continue;
            }
            match self.lane(n, &due).await {
                Ok(true) => {
                    found.is_more = true;
                    self.turn = n + 1;
                }
                Ok(false) => {
                    found.is_short = true;
                    found.rest = self.lanes[n].wait(&due).into_iter().chain(found.rest).min();
                }
                // One workflow's trouble is not that of the others.
                Err(error) => {
                    tracing::warn!(%error, workflow = self.lanes[n].label(), "its jobs could not be claimed");
                    found.failed = Some(error);
                }
            }
        }
        Ok(found)
    }

    /// Begins those that are due. They need no room: there are no more of them than schedules.
    fn ticks(&mut self, soonest: &Soonest) -> Found {
        let (due, next) = soonest.clock.map(|epoch| self.schedules.due(epoch)).unwrap_or_default();
        due.into_iter().for_each(|tick| drop(self.under_way.spawn(tick)));
        Found { next, ..Found::default() }
    }

    /// Whether anything was done for it, of the jobs that are due.
    async fn lane(&mut self, n: usize, due: &[&'static Declared]) -> Result<bool, sqlx::Error> {
        let lane = self.lanes[n].clone();
        let (fired, rest) = lane.fire_due(due.to_vec()).await?;
        let claimed = lane.claim(self.room.clone(), rest).await?;
        let is_more = fired > 0 || !claimed.is_empty();
        for attempt in claimed {
            self.under_way.spawn(attempt);
        }
        Ok(is_more)
    }

    /// What is under way may come to its end; what is cut off is given back.
    async fn wind_up(&mut self) {
        let all = async { while self.under_way.join_next().await.is_some() {} };
        if tokio::time::timeout(self.settings.grace, all).await.is_err() {
            tracing::warn!(jobs = self.under_way.len(), "cut off at shutdown; they are given back");
            self.under_way.shutdown().await;
            for lane in &self.lanes {
                lane.give_back().await;
            }
        }
    }
}
