//! The rounds: ask what is due, fire timers, claim, and sleep until there is more.

use super::hint;
use super::lane::Workable;
use super::schedules::Schedules;
use super::settings::WorkerSettings;
use crate::runtime::Runtime;
use sqlx::{AssertSqlSafe, Row, SqlSafeStr, SqlStr};
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
    /// For all workflows in one statement.
    soonest: SqlStr,
    room: Arc<Semaphore>,
    under_way: JoinSet<()>,
    /// Whose turn it is to be first.
    turn: usize,
}

/// What a round found.
#[derive(Default)]
struct Found {
    /// Something was fired or claimed: there may be more.
    is_more: bool,
    /// Something is due, and there was no room for it.
    is_short: bool,
    /// Until the next job is due.
    next: Option<Duration>,
}

impl<A: Send + Sync + 'static> Rounds<A> {
    pub(super) fn new(
        runtime: Runtime<A>,
        settings: WorkerSettings,
        lanes: Vec<Arc<dyn Workable>>,
        schedules: Schedules,
    ) -> Self {
        let parts = lanes.iter().enumerate().map(|(n, lane)| lane.soonest(n));
        let parts: Vec<String> = parts.chain(schedules.clock(lanes.len())).collect();
        let soonest = AssertSqlSafe(parts.join(" UNION ALL ")).into_sql_str();
        let room = Arc::new(Semaphore::new(settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        Rounds { runtime, settings, lanes, schedules, soonest, room, under_way: JoinSet::new(), turn: 0 }
    }

    /// A round that has begun comes to its end: a claim that is cut off would leave its jobs to their leases.
    pub(super) async fn until(mut self, shutdown: impl Future<Output = ()>) {
        let (woken, stopping) = (Arc::new(Notify::new()), Notify::new());
        let listening = hint::listen(self.runtime.pool().clone(), self.settings.direct_url.clone(), woken.clone());
        let grace = self.settings.grace;
        let working = async {
            let mut rounds = pin!(self.forever(&woken, &stopping));
            tokio::select! {
                () = &mut rounds => return,
                () = shutdown => stopping.notify_one(),
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
            let poll = self.settings.poll;
            let pause = if found.is_more { Duration::ZERO } else { found.next.map_or(poll, |next| next.min(poll)) };
            tokio::select! {
                biased;
                () = stopping.notified() => return,
                () = woken.notified() => {}
                // Timers need no room: they are looked for also while everything is taken.
                Some(_) = self.under_way.join_next(), if found.is_short => {}
                () = tokio::time::sleep(pause) => {}
            }
            while self.under_way.try_join_next().is_some() {}
        }
    }

    async fn round(&mut self) -> Result<Found, sqlx::Error> {
        let soonest = self.soonest().await?;
        self.turn = self.turn.wrapping_add(1);
        let mut found = self.ticks(&soonest);
        for n in 0..self.lanes.len() {
            let n = (self.turn + n) % self.lanes.len();
            let Some((_, seconds)) = soonest.iter().find(|(lane, _)| *lane == n) else { continue };
            if *seconds > 0.0 {
                let next = Duration::try_from_secs_f64(*seconds).unwrap_or(Duration::MAX);
                found.next = Some(found.next.map_or(next, |other| other.min(next)));
                continue;
            }
            match self.lane(n).await {
                Ok(true) => found.is_more = true,
                Ok(false) => found.is_short = true,
                // One workflow's trouble is not that of the others.
                Err(error) => tracing::warn!(%error, workflow = self.lanes[n].label(), "its jobs could not be claimed"),
            }
        }
        Ok(found)
    }

    /// Begins those that are due. They need no room: there are no more of them than schedules.
    fn ticks(&mut self, soonest: &[(usize, f64)]) -> Found {
        let clock = soonest.iter().find(|(lane, _)| *lane == self.lanes.len());
        let (due, next) = clock.map(|(_, epoch)| self.schedules.due(*epoch)).unwrap_or_default();
        due.into_iter().for_each(|tick| drop(self.under_way.spawn(tick)));
        Found { next, ..Found::default() }
    }

    /// Whether anything was done for it.
    async fn lane(&mut self, n: usize) -> Result<bool, sqlx::Error> {
        let lane = self.lanes[n].clone();
        let (fired, singly) = lane.fire_due().await?;
        let claimed = lane.claim(self.room.clone(), singly).await?;
        let is_more = fired > 0 || !claimed.is_empty();
        for attempt in claimed {
            self.under_way.spawn(attempt);
        }
        Ok(is_more)
    }

    async fn soonest(&self) -> Result<Vec<(usize, f64)>, sqlx::Error> {
        if self.lanes.is_empty() && self.schedules.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sqlx::query(self.soonest.clone()).fetch_all(self.runtime.pool()).await?;
        let read = |row: &sqlx::postgres::PgRow| {
            let lane: i32 = row.try_get("lane")?;
            Ok((usize::try_from(lane).unwrap_or_default(), row.try_get("seconds")?))
        };
        rows.iter().map(read).collect()
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
