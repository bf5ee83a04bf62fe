//! Ends of jobs, many in a statement. Each is still fenced by its own attempt.

use super::claim::Claimed;
use super::lane::Lane;
use crate::call::{self, add};
use crate::error::Error;
use crate::private::Outcomes;
use crate::reach::Reached;
use crate::statement;
use crate::workflow::{Event, Perform};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{AssertSqlSafe, Row};
use std::fmt::Write;
use uuid::Uuid;

/// A job that has ended, and the event that follows; none after a task.
pub(super) type Ready<Id, E> = (Claimed<Id>, Option<E>);

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// Whether the end was written, together with others of its kind. If not, the reason is found by writing it alone. What belongs to
    /// a trace is not of one kind with others: a statement writes jobs of one trace.
    pub(super) async fn end_together(&self, claimed: &Claimed<W::Id>, event: Option<&W::Event>) -> bool {
        if event.is_some() && self.trace(claimed).is_some() {
            return false;
        }
        let followed = event.map_or("", |event| event.transition().event);
        let line = format!("{} {} {followed}", claimed.kind, claimed.name);
        let end = (claimed.clone(), event.cloned());
        self.together.write(line, end, |ends| Box::pin(async move { self.end_all(&ends).await })).await
    }

    /// Which of them were written. All are of one kind of job and of one event.
    async fn end_all(&self, ends: &[Ready<W::Id, W::Event>]) -> Vec<bool> {
        let event = ends.first().and_then(|(_, event)| event.as_ref());
        let written = match event.map(|event| event.transition().outcomes.as_ref()) {
            None => self.finish_all(ends).await.map_err(Error::from),
            Some(None) => Ok(Vec::new()),
            Some(Some(outcomes)) => self.fire_all(ends, outcomes).await,
        };
        let written = written.unwrap_or_else(|error| {
            tracing::debug!(%error, workflow = W::MODEL.name, "jobs that ended together are looked at one by one");
            Vec::new()
        });
        ends.iter().map(|(claimed, _)| written.contains(&(claimed.id.clone(), claimed.version))).collect()
    }

    async fn finish_all(&self, ends: &[Ready<W::Id, W::Event>]) -> Result<Vec<(W::Id, i64)>, sqlx::Error> {
        let Some((first, _)) = ends.first() else { return Ok(Vec::new()) };
        let all = || ends.iter().map(|(claimed, _)| claimed);
        let finish = statement::query(self.statements.finish_all.clone()).bind(first.kind.label()).bind(first.name.clone());
        let finish = finish.bind(all().map(|claimed| claimed.id.clone()).collect::<Vec<_>>());
        let finish = finish.bind(all().map(|claimed| claimed.version).collect::<Vec<_>>());
        let finish = finish.bind(all().map(|claimed| claimed.attempt).collect::<Vec<_>>());
        let rows = finish.fetch_all(&self.runtime).await?;
        rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("version")?))).collect()
    }

    /// An answer that is lost does no harm: sent again, it finds the jobs of these attempts, or does nothing.
    pub(super) async fn fire_all(
        &self,
        ends: &[Ready<W::Id, W::Event>],
        outcomes: &Outcomes,
    ) -> Result<Vec<(W::Id, i64)>, Error<W>> {
        let Some((_, Some(event))) = ends.first() else { return Ok(Vec::new()) };
        let rows = rows(ends.len());
        let arguments = self.arguments(ends, rows)?;
        let mut reached = Reached::of((&self.runtime).into()).await?;
        self.runtime.compare::<W>(&mut reached).await?;
        let failed = |error| Error::from_database(event.transition().event, error);
        let sql = AssertSqlSafe(with_rows(outcomes, rows));
        let fired = statement::query_with(sql, arguments).fetch_all(&mut *reached).await.map_err(failed)?;
        reached.done().await.map_err(failed)?;
        if !fired.is_empty() {
            self.runtime.wake(event.transition().wakes);
        }
        let moved = |row: &PgRow| Ok((row.try_get("id")?, row.try_get("job_version")?));
        fired.iter().map(moved).collect::<Result<_, sqlx::Error>>().map_err(Error::from)
    }

    /// Rows of no instance fill up the statement, so that there are few of them for a connection to prepare.
    fn arguments(&self, ends: &[Ready<W::Id, W::Event>], rows: usize) -> Result<PgArguments, sqlx::Error> {
        let (first, _) = &ends[0];
        let mut arguments = PgArguments::default();
        call::settings(&mut arguments, self.runtime.shared.settings.lock_timeout, self.trace(first).as_ref())?;
        add(&mut arguments, self.actor(first.kind, &first.name))?;
        add(&mut arguments, first.kind.label())?;
        add(&mut arguments, first.name.as_str())?;
        for end in ends {
            row::<W::Id, W::Event>(&mut arguments, Some(end.0.id.clone()), end)?;
        }
        for _ in ends.len()..rows {
            row::<W::Id, W::Event>(&mut arguments, None, &ends[0])?;
        }
        Ok(arguments)
    }
}

/// 1, 2, 3, 4, 6, 8, 12, 16, 24 and so on: few, and at most half as many again as there are ends, whose fields may be large.
fn rows(ends: usize) -> usize {
    let power = ends.next_power_of_two();
    let between = power / 4 * 3;
    if ends <= between { between } else { power }
}

/// Without an id it is of no instance.
fn row<Id, E: Event>(arguments: &mut PgArguments, id: Option<Id>, (claimed, event): &Ready<Id, E>) -> Result<(), sqlx::Error>
where
    Id: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + 'static,
{
    add(arguments, id)?;
    add(arguments, Uuid::new_v4())?;
    add(arguments, claimed.version)?;
    add(arguments, claimed.attempt)?;
    event.as_ref().map_or(Ok(()), |event| event.bind(arguments)).map_err(sqlx::Error::Encode)
}

/// `… VALUES ($6::uuid, $7::uuid, $8::bigint, $9::integer), (…) …`
fn with_rows(outcomes: &Outcomes, rows: usize) -> String {
    let mut statement = outcomes.head.to_owned();
    let mut next = 6;
    for n in 0..rows {
        statement += if n == 0 { "(" } else { ", (" };
        for (place, of) in outcomes.types.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            // Writing to a text does not fail.
            let _ = write!(statement, "{comma}${next}::{of}");
            next += 1;
        }
        statement += ")";
    }
    statement + outcomes.tail
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn all_find_a_row_and_few_rows_are_empty() {
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 8, 9, 33, 48, 49, 64].map(rows), [1, 2, 3, 4, 6, 6, 8, 8, 12, 48, 48, 64, 64]);
    }
}
