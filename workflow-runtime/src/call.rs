//! One transition, as it is sent.

use crate::error::{BoxError, Error};
use crate::history::Step;
use crate::observe::Traceparent;
use crate::private::Transition;
use crate::statement;
use crate::workflow::{Event, Fire, Instance, Workflow};
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::{Arguments, PgConnection, Row};
use std::time::Duration;
use uuid::Uuid;

/// Everything that a transition's statement is given.
pub(crate) struct Call<'c, E: Event> {
    pub(crate) event: &'c E,
    pub(crate) id: &'c <E::Workflow as Workflow>::Id,
    /// For a typed handle: the version that it has seen.
    pub(crate) version: Option<i64>,
    pub(crate) actor: Option<&'c str>,
    /// History holds it; no key takes effect twice on an instance.
    pub(crate) key: Uuid,
    /// Nothing was sent under this key whose end is not known. Then it need not be asked for, which costs as much as the rest.
    pub(crate) new: bool,
    /// Others may use the same key: it must not be made void, and what history has under it may be theirs.
    pub(crate) shared: bool,
}

/// What an instance looks like to a call that did not move it.
pub(crate) struct Look<W: Workflow> {
    pub(crate) instance: W,
    /// The step made under the call's key, or else the last one.
    pub(crate) step: Option<Step<W>>,
}

impl<E: Event> Call<'_, E> {
    pub(crate) fn transition(&self) -> &'static Transition {
        self.event.transition()
    }

    /// In a transaction: the row after the transition, and nothing if it was not possible.
    pub(crate) async fn step(&self, connection: &mut PgConnection) -> Result<Option<PgRow>, sqlx::Error> {
        let arguments = self.arguments()?;
        statement::query_with(self.transition().step, arguments).fetch_optional(connection).await
    }

    /// As one statement that commits by itself, in one round trip: the lock time-out and the trace travel with it.
    pub(crate) async fn alone(
        &self,
        connection: &mut PgConnection,
        lock_timeout: Duration,
        trace: Option<&Traceparent>,
    ) -> Result<Option<PgRow>, sqlx::Error> {
        let mut arguments = self.arguments()?;
        settings(&mut arguments, lock_timeout, trace)?;
        statement::query_with(self.transition().alone, arguments).fetch_optional(connection).await
    }

    pub(crate) fn arguments(&self) -> Result<PgArguments, sqlx::Error> {
        let mut arguments = PgArguments::default();
        add(&mut arguments, self.id.clone())?;
        add(&mut arguments, self.version)?;
        add(&mut arguments, self.actor)?;
        add(&mut arguments, self.key)?;
        add(&mut arguments, self.new)?;
        self.event.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        Ok(arguments)
    }

    /// Why nothing was moved.
    pub(crate) async fn look(&self, connection: &mut PgConnection) -> Result<Option<Look<E::Workflow>>, sqlx::Error> {
        look::<E::Workflow>(connection, self.id, self.key).await
    }

    /// What a look found, as the error that the caller gets.
    pub(crate) fn refused(&self, look: Option<Look<E::Workflow>>) -> Error<E::Workflow> {
        let Some(look) = look else { return Error::NotFound { id: self.id.clone() } };
        Error::Conflict {
            event: self.transition().event,
            stale: self.looks_possible(&look.instance),
            actual: Box::new(look.instance),
            by: look.step.map(Box::new),
        }
    }

    /// The instance is where the transition starts from, and yet it was not moved: it has been away and come back, or the
    /// transaction's snapshot is an old one.
    pub(crate) fn looks_possible(&self, instance: &E::Workflow) -> bool {
        let starts_there = instance.is_known() && self.transition().sources.contains(&instance.label());
        starts_there && self.version.is_none_or(|v| v >= instance.version())
    }

    /// The transition and its effect, inside a transaction that somebody else ends.
    pub(crate) async fn with_effect<A: Send + Sync + 'static>(
        &self,
        app: &A,
        connection: &mut PgConnection,
    ) -> Result<PgRow, Error<E::Workflow>>
    where
        E: Fire<A>,
    {
        let event = self.transition().event;
        let row = self.step(connection).await.map_err(|e| Error::from_database(event, e))?;
        let Some(row) = row else { return Err(self.refused(self.look(connection).await?)) };
        planted!(EffectOutside, return self.effect_outside(app, connection, row).await);
        self.event.effect(app, connection, &row).await.map_err(|source| Error::Rejected { event, source })?;
        Ok(row)
    }
}

impl<W: Workflow> Look<W> {
    /// The step was made under this key.
    pub(crate) fn made(&self, key: Uuid) -> Option<&Step<W>> {
        self.step.as_ref().filter(|step| step.key == Some(key))
    }

    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        let step = row.try_get::<Option<i64>, _>("step.version")?.map(|_| Step::read(row)).transpose()?;
        Ok(Look { instance: W::read(row, W::NAMES.row)?, step })
    }
}

pub(crate) async fn look<W: Workflow>(
    connection: &mut PgConnection,
    id: &W::Id,
    key: Uuid,
) -> Result<Option<Look<W>>, sqlx::Error> {
    let row = statement::query(W::STATEMENTS.look).bind(id.clone()).bind(key).fetch_optional(connection).await?;
    row.as_ref().map(Look::read).transpose()
}

pub(crate) async fn look_all<W: Workflow>(pool: &PgPool, ids: &[W::Id], key: Uuid) -> Result<Vec<Look<W>>, sqlx::Error> {
    let rows = statement::query(W::STATEMENTS.look_all).bind(ids.to_vec()).bind(key).fetch_all(pool).await?;
    rows.iter().map(Look::read).collect()
}

/// The row of a transition as the instance that it leads to.
pub(crate) fn arrived<I: Instance>(row: &PgRow) -> Result<I, sqlx::Error> {
    let any = I::Workflow::read(row, <I::Workflow as Workflow>::NAMES.row)?;
    I::narrow(any)
        .map_err(|any| sqlx::Error::Decode(format!("{} is {} after the transition", I::Workflow::MODEL.name, any.label()).into()))
}

/// What a statement that is a transaction by itself takes besides its own parameters.
pub(crate) fn settings(
    arguments: &mut PgArguments,
    lock_timeout: Duration,
    trace: Option<&Traceparent>,
) -> Result<(), sqlx::Error> {
    add(arguments, milliseconds(lock_timeout))?;
    add(arguments, trace.map(Traceparent::as_str))
}

/// As `lock_timeout` is set.
pub(crate) fn milliseconds(duration: Duration) -> String {
    duration.as_millis().to_string()
}

pub(crate) fn add<'q, T>(arguments: &mut PgArguments, value: T) -> Result<(), sqlx::Error>
where
    T: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    arguments.add(value).map_err(|e: BoxError| sqlx::Error::Encode(e))
}
