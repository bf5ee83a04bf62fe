//! All schedules of a worker, as the rounds see them.

use super::lane::Later;
use super::recurring::{Next, Recurs};
use super::statements::Counting;
use chrono::DateTime;
use std::sync::Arc;
use std::time::Duration;

#[derive(Default)]
pub(super) struct Schedules(Vec<Arc<dyn Recurs>>);

impl Schedules {
    /// The later one of two that share a name takes the place of the other.
    pub(super) fn add(&mut self, recurs: Arc<dyn Recurs>) {
        if self.0.iter().any(|other| other.name() == recurs.name()) {
            tracing::warn!(schedule = recurs.name(), "two schedules have this name; the later one counts");
        }
        self.0.retain(|other| other.name() != recurs.name());
        self.0.push(recurs);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|recurs| recurs.name())
    }

    /// The database's clock, as a part of the statement that asks what is due; nothing where nobody needs it.
    pub(super) fn clock(&self, lane: usize, counting: Counting) -> Option<String> {
        let due = match counting {
            Counting::No => "",
            Counting::Yes => ", NULL::bigint AS due",
        };
        let clock = include_str!("sql/schedule/clock.sql");
        (!self.is_empty()).then(|| clock.replace("{lane}", &lane.to_string()).replace("{due}", due))
    }

    /// What is to be done by this clock, and how long until the next of the others.
    pub(super) fn due(&self, epoch: f64) -> (Vec<Later<'static, ()>>, Option<Duration>) {
        let now = DateTime::from_timestamp_micros((epoch * 1e6) as i64).unwrap_or_default();
        let (mut due, mut soonest) = (Vec::new(), None);
        for recurs in &self.0 {
            match recurs.next() {
                Next::Busy => {}
                Next::At(next) if next > now => {
                    let wait = (next - now).to_std().unwrap_or(Duration::MAX);
                    soonest = Some(soonest.map_or(wait, |other: Duration| other.min(wait)));
                }
                Next::Now | Next::At(_) => due.push(recurs.clone().begin()),
            }
        }
        (due, soonest)
    }
}
