//! All schedules of a worker, as the rounds see them.

use super::lane::Later;
use super::recurring::{Next, Recurs};
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
    pub(super) fn clock(&self, lane: usize) -> Option<String> {
        let clock = include_str!("sql/schedule/clock.sql");
        (!self.is_empty()).then(|| clock.replace("{lane}", &lane.to_string()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// How often it was begun.
    struct Counted(&'static str, Next, Mutex<u32>);

    impl Recurs for Counted {
        fn name(&self) -> &str {
            self.0
        }

        fn next(&self) -> Next {
            self.1
        }

        fn begin(self: Arc<Self>) -> Later<'static, ()> {
            *self.2.lock().unwrap() += 1;
            Box::pin(async {})
        }
    }

    #[test]
    fn only_what_is_due_is_looked_at_and_the_soonest_of_the_others_is_waited_for() {
        let at = |seconds| Next::At(DateTime::from_timestamp(seconds, 500_000_000).unwrap());
        let all = [("now", Next::Now), ("due", at(99)), ("soon", at(160)), ("later", at(3_700)), ("busy", Next::Busy)];
        let all = all.map(|(name, next)| Arc::new(Counted(name, next, Mutex::default())));
        let mut schedules = Schedules::default();
        all.iter().for_each(|one| schedules.add(one.clone()));
        let (begun, soonest) = schedules.due(100.25);
        assert_eq!((begun.len(), soonest), (2, Some(Duration::from_millis(60_250))));
        assert_eq!(all.map(|one| *one.2.lock().unwrap()), [1, 1, 0, 0, 0]);
    }

    #[test]
    fn of_two_that_share_a_name_the_later_one_counts() {
        let mut schedules = Schedules::default();
        for next in [Next::Now, Next::Busy] {
            schedules.add(Arc::new(Counted("one", next, Mutex::default())));
        }
        assert_eq!((schedules.names().count(), schedules.due(0.0).0.len()), (1, 0));
    }
}
