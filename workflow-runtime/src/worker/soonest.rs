//! What is due, and when the next of the others is: one question for all workflows.

use super::lane::{Jobs, Workable};
use super::schedules::Schedules;
use super::statements::Counting;
use crate::observe::Waiting;
use crate::private::Declared;
use crate::runtime::Runtime;
use crate::statement;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Row, SqlSafeStr, SqlStr};
use std::sync::Arc;
use std::time::Duration;

/// The question, made once.
pub(super) struct Question {
    plain: SqlStr,
    /// The same, which also counts what is due.
    counting: SqlStr,
    waiting: Waiting,
    /// The lanes' labels. Behind them is the clock.
    labels: Vec<&'static str>,
}

/// The first of each job.
#[derive(Debug, Default)]
pub(super) struct Soonest {
    firsts: Vec<First>,
    /// The database's clock, where somebody needs it: seconds since 1970.
    pub(super) clock: Option<f64>,
}

#[derive(Debug)]
struct First {
    lane: usize,
    /// Among its workflow's jobs.
    place: usize,
    /// Until it is due; negative since.
    seconds: f64,
    /// How many of its workflow's jobs are due, where they were counted.
    due: Option<i64>,
}

impl Question {
    pub(super) fn new(lanes: &[Arc<dyn Workable>], schedules: &Schedules) -> Self {
        let statement = |counting| {
            let parts = lanes.iter().enumerate().map(|(n, lane)| lane.soonest(n, counting));
            let parts: Vec<String> = parts.chain(schedules.clock(lanes.len())).collect();
            AssertSqlSafe(parts.join(" UNION ALL ")).into_sql_str()
        };
        let labels = lanes.iter().map(|lane| lane.label()).collect();
        Question { plain: statement(Counting::No), counting: statement(Counting::Yes), waiting: Waiting::default(), labels }
    }

    pub(super) async fn ask<A>(&mut self, runtime: &Runtime<A>) -> Result<Soonest, sqlx::Error> {
        if self.plain.as_str().is_empty() {
            return Ok(Soonest::default());
        }
        let is_counted = self.waiting.is_time();
        let statement = if is_counted { &self.counting } else { &self.plain };
        let rows = statement::query(statement.clone()).fetch_all(runtime).await?;
        let firsts = rows.iter().map(First::read).collect::<Result<_, _>>()?;
        let soonest = Soonest::new(firsts, self.labels.len());
        for (lane, label) in self.labels.iter().enumerate() {
            let first = soonest.of(lane).next();
            let due = is_counted.then(|| first.and_then(|first| first.due).unwrap_or(0));
            Waiting::found(label, first.map(|first| first.seconds), due);
        }
        Ok(soonest)
    }
}

impl First {
    fn read(row: &PgRow) -> Result<First, sqlx::Error> {
        let number = |column| row.try_get(column).map(|number: i32| usize::try_from(number).unwrap_or_default());
        let (seconds, due) = (row.try_get("seconds")?, row.try_get("due")?);
        Ok(First { lane: number("lane")?, place: number("place")?, seconds, due })
    }
}

impl Soonest {
    /// What has waited longest comes first.
    fn new(mut firsts: Vec<First>, lanes: usize) -> Self {
        let clock = firsts.iter().position(|first| first.lane == lanes).map(|clock| firsts.swap_remove(clock).seconds);
        firsts.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
        Soonest { firsts, clock }
    }

    fn of(&self, lane: usize) -> impl Iterator<Item = &First> {
        self.firsts.iter().filter(move |first| first.lane == lane)
    }

    /// Of a workflow's jobs, those that are due.
    pub(super) fn due(&self, lane: usize, jobs: &'static [Declared]) -> Jobs {
        self.due_places(lane).filter_map(|place| jobs.get(place)).collect()
    }

    fn due_places(&self, lane: usize) -> impl Iterator<Item = usize> {
        self.of(lane).filter(|first| first.seconds <= 0.0).map(|first| first.place)
    }

    /// Until the first of those that are not due.
    pub(super) fn next(&self) -> Option<Duration> {
        let next = self.firsts.iter().find(|first| first.seconds > 0.0)?;
        Some(Duration::try_from_secs_f64(next.seconds).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first((lane, place, seconds): (usize, usize, f64)) -> First {
        First { lane, place, seconds, due: None }
    }

    fn due(soonest: &Soonest, lane: usize) -> Vec<usize> {
        soonest.due_places(lane).collect()
    }

    #[test]
    fn what_has_waited_longest_comes_first_and_the_clock_is_none_of_it() {
        let firsts = [(0, 0, -1.0), (2, 0, 1_700_000_000.0), (0, 3, 0.0), (1, 0, 5.0), (0, 1, -9.5), (0, 2, 2.5)];
        let soonest = Soonest::new(firsts.map(first).into(), 2);
        assert_eq!((due(&soonest, 0), due(&soonest, 1), due(&soonest, 2)), (vec![1, 0, 3], vec![], vec![]));
        assert_eq!((soonest.next(), soonest.clock), (Some(Duration::from_millis(2_500)), Some(1_700_000_000.0)));
    }

    #[test]
    fn a_time_that_no_duration_holds_is_far_away() {
        let soonest = Soonest::new(vec![first((0, 0, f64::MAX))], 1);
        assert_eq!((soonest.next(), due(&soonest, 0), soonest.clock), (Some(Duration::MAX), vec![], None));
    }
}
