//! One event for many instances, in one statement.

use crate::call::{self, Look, add};
use crate::error::Error;
use crate::retry::{self, Fault, fault};
use crate::runtime::Runtime;
use crate::workflow::{Effectless, Event, Workflow};
use sqlx::PgConnection;
use sqlx::postgres::PgArguments;
use std::collections::BTreeMap;
use uuid::Uuid;

type Id<E> = <<E as Event>::Workflow as Workflow>::Id;
type Outcome<E> = Result<<E as Event>::To, Error<<E as Event>::Workflow>>;

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Fires an event without a Rust effect for many instances at once: all in one statement, locked in ascending order of
    /// their keys. What comes back has each key once, in the order given, with its own outcome: one that is refused
    /// (`Conflict`, `NotFound`) does not hold up the others.
    ///
    /// # Errors
    ///
    /// What fails the statement as a whole: a violated constraint, a guard that blocks one of them, a lost connection. Then
    /// nothing was written; but after `Unknown` as the outcome of one, ask for that one.
    pub async fn fire_all<E: Effectless>(
        &self,
        ids: impl IntoIterator<Item = Id<E>>,
        event: E,
    ) -> Result<Vec<(Id<E>, Outcome<E>)>, Error<E::Workflow>> {
        let mut ids: Vec<_> = ids.into_iter().collect();
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        let key = Uuid::new_v4();
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let mut lost = None;
        loop {
            let error = match self.try_all(&ids, &event, key, lost.is_some()).await {
                Ok(outcomes) => return Ok(ids.into_iter().zip(outcomes).collect()),
                Err(error) => error,
            };
            if let Error::Database(source) = &error
                && fault(source) == Fault::Lost
            {
                lost = Some(());
            }
            match pauses.next() {
                Some(pause) if error.is_retryable() => tokio::time::sleep(pause).await,
                _ => return Err(error),
            }
        }
    }

    async fn try_all<E: Event>(
        &self,
        ids: &[Id<E>],
        event: &E,
        key: Uuid,
        lost: bool,
    ) -> Result<Vec<Outcome<E>>, Error<E::Workflow>> {
        let mut connection = self.shared.pool.acquire().await?;
        self.compare::<E::Workflow>(&mut connection).await?;
        let mut moved = self.send_all(&mut connection, ids, event, key).await?;
        let rest: Vec<_> = ids.iter().filter(|id| !moved.contains_key(id)).cloned().collect();
        let mut looks = BTreeMap::new();
        if !rest.is_empty() {
            let found = call::look_all::<E::Workflow>(&mut connection, &rest, key).await?;
            looks.extend(found.into_iter().map(|look| (look.instance.id().clone(), look)));
        }
        let outcome = |id: &Id<E>| match moved.remove(id) {
            Some(instance) => Ok(instance),
            None => refused(id, looks.remove(id), event, key, lost),
        };
        Ok(ids.iter().map(outcome).collect())
    }

    async fn send_all<E: Event>(
        &self,
        connection: &mut PgConnection,
        ids: &[Id<E>],
        event: &E,
        key: Uuid,
    ) -> Result<BTreeMap<Id<E>, E::To>, Error<E::Workflow>> {
        let transition = event.transition();
        let mut arguments = PgArguments::default();
        add(&mut arguments, ids.to_vec())?;
        add(&mut arguments, None::<i64>)?;
        add(&mut arguments, self.actor.as_deref())?;
        add(&mut arguments, key)?;
        event.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        add(&mut arguments, self.shared.settings.lock_timeout.as_millis().to_string())?;
        let rows = sqlx::query_with(transition.bulk, arguments).fetch_all(connection).await;
        let rows = rows.map_err(|e| Error::from_database(transition.event, e))?;
        let mut moved = BTreeMap::new();
        for row in &rows {
            let instance = E::Workflow::read(row, E::Workflow::NAMES.row)?;
            moved.insert(instance.id().clone(), call::arrived(row)?);
        }
        Ok(moved)
    }
}

/// One that was not moved by this attempt: by an earlier one whose answer was lost, or not at all.
fn refused<E: Event>(id: &Id<E>, look: Option<Look<E::Workflow>>, event: &E, key: Uuid, lost: bool) -> Outcome<E> {
    let Some(look) = look else { return Err(Error::NotFound { id: id.clone() }) };
    let made = look.made(key).is_some();
    let unknown = || Error::Unknown { id: id.clone(), key, source: sqlx::Error::WorkerCrashed };
    if made {
        return crate::workflow::Instance::narrow(look.instance).map_err(|_| unknown());
    }
    if lost {
        return Err(unknown());
    }
    let stale = event.transition().sources.contains(&look.instance.label());
    let by = look.step.map(Box::new);
    Err(Error::Conflict { event: event.transition().event, actual: Box::new(look.instance), by, stale })
}
