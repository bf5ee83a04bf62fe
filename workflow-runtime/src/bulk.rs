//! One event for many instances, in one statement.

use crate::call::{self, Call, Look, add, milliseconds, settings};
use crate::error::Error;
use crate::observe::{Firing, Outcome};
use crate::reach::Reached;
use crate::retry::{self, Fault, fault};
use crate::runtime::Runtime;
use crate::statement;
use crate::workflow::{Effectless, Event, Workflow};
use sqlx::PgConnection;
use sqlx::postgres::{PgArguments, PgPool};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uuid::Uuid;

type Id<E> = <<E as Event>::Workflow as Workflow>::Id;
type Outcomes<E> = Vec<(Id<E>, Result<<E as Event>::To, Error<<E as Event>::Workflow>>)>;

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Fires an event without a Rust effect for many instances at once: all in one statement, locked in ascending order of
    /// their keys. What comes back has each key once, in the order given, with its own outcome: one that is refused
    /// (`Conflict`, `NotFound`) does not hold up the others.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// for (id, outcome) in shop.fire_all([id], order::event::Cancel).await? {
    ///     println!("{id}: {}", if outcome.is_ok() { "cancelled" } else { "was elsewhere" });
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What fails the statement as a whole: a violated constraint, a guard that blocks one of them. Then nothing was written.
    /// `Unknown` says that whether any of them was moved could not be learnt; ask for each with
    /// [`outcome`](Runtime::outcome).
    pub async fn fire_all<E: Effectless>(
        &self,
        ids: impl IntoIterator<Item = Id<E>>,
        event: E,
    ) -> Result<Outcomes<E>, Error<E::Workflow>> {
        let ids = each_once(ids);
        let batch = Batch { ids: &ids, event: &event, key: Uuid::new_v4() };
        let firing = Firing::many::<E::Workflow>(event.transition(), ids.len());
        let tell = |fired: &Result<Outcomes<E>, Error<E::Workflow>>| match fired {
            Ok(outcomes) => {
                firing.refused(outcomes.iter().filter_map(|(_, outcome)| outcome.as_ref().err()).map(Outcome::of));
                Outcome::Fired
            }
            Err(error) => Outcome::of(error),
        };
        firing.watch(self.fire_batch(&batch, &firing), tell).await
    }

    async fn fire_batch<E: Effectless>(&self, batch: &Batch<'_, E>, firing: &Firing) -> Result<Outcomes<E>, Error<E::Workflow>> {
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let mut lost = false;
        loop {
            let error = match self.try_all(batch, lost).await {
                Ok(outcomes) => {
                    self.wake(batch.event.transition().wakes);
                    return Ok(outcomes);
                }
                Err(error) => error,
            };
            lost |= matches!(&error, Error::Database(source) if fault(source) == Fault::Lost);
            match pauses.next() {
                Some(pause) if error.is_retryable() => {
                    tokio::time::sleep(pause).await;
                    firing.again();
                }
                _ => return Err(if lost { batch.unknown(error) } else { error }),
            }
        }
    }

    /// After an answer was lost, the key is made void before anything is believed: the first statement may still be on its way.
    async fn try_all<E: Event>(&self, batch: &Batch<'_, E>, lost: bool) -> Result<Outcomes<E>, Error<E::Workflow>> {
        let pool = self.pool();
        let mut reached = Reached::of(self.into()).await?;
        self.compare::<E::Workflow>(&mut reached).await?;
        let mut moved = self.send_all(&mut reached, batch, !lost).await?;
        reached.done().await.map_err(|e| Error::from_database(batch.event.transition().event, e))?;
        let rest: Vec<_> = batch.ids.iter().filter(|id| !moved.contains_key(id)).cloned().collect();
        if lost {
            batch.void(pool, &rest, self.shared.settings.lock_timeout).await?;
        }
        let mut looks = BTreeMap::new();
        if !rest.is_empty() {
            let found = call::look_all::<E::Workflow>(pool, &rest, batch.key).await?;
            looks.extend(found.into_iter().map(|look| (look.instance.id().clone(), look)));
        }
        let mut outcomes = Vec::with_capacity(batch.ids.len());
        for id in batch.ids {
            let outcome = match (moved.remove(id), looks.remove(id)) {
                (Some(instance), _) => Ok(instance),
                (None, Some(look)) if look.made(batch.key).is_some() => Ok(batch.made(pool, id).await?),
                (None, look) => Err(batch.refused(id, look)),
            };
            outcomes.push((id.clone(), outcome));
        }
        Ok(outcomes)
    }

    async fn send_all<E: Event>(
        &self,
        connection: &mut PgConnection,
        batch: &Batch<'_, E>,
        new: bool,
    ) -> Result<BTreeMap<Id<E>, E::To>, Error<E::Workflow>> {
        let transition = batch.event.transition();
        let mut arguments = PgArguments::default();
        add(&mut arguments, batch.ids.to_vec())?;
        add(&mut arguments, None::<i64>)?;
        add(&mut arguments, self.actor.as_deref())?;
        add(&mut arguments, batch.key)?;
        add(&mut arguments, new)?;
        batch.event.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        settings(&mut arguments, self.shared.settings.lock_timeout, self.trace().as_ref())?;
        let rows = statement::query_with(transition.bulk, arguments).fetch_all(connection).await;
        let rows = rows.map_err(|e| Error::from_database(transition.event, e))?;
        let mut moved = BTreeMap::new();
        for row in &rows {
            let instance = E::Workflow::read(row, E::Workflow::NAMES.row)?;
            moved.insert(instance.id().clone(), call::arrived(row)?);
        }
        Ok(moved)
    }
}

/// One event for many instances, under one key.
struct Batch<'b, E: Event> {
    ids: &'b [Id<E>],
    event: &'b E,
    key: Uuid,
}

impl<E: Event> Batch<'_, E> {
    async fn void(&self, pool: &PgPool, ids: &[Id<E>], timeout: Duration) -> Result<(), sqlx::Error> {
        let timeout = milliseconds(timeout);
        for id in ids {
            let void =
                statement::query(<E::Workflow as Workflow>::STATEMENTS.void).bind(id.clone()).bind(self.key).bind(&timeout);
            void.execute(pool).await?;
        }
        Ok(())
    }

    /// Moved by an earlier attempt, whose answer was lost.
    async fn made(&self, pool: &PgPool, id: &Id<E>) -> Result<E::To, sqlx::Error> {
        let made = statement::query(<E::Workflow as Workflow>::STATEMENTS.made).bind(id.clone()).bind(self.key);
        call::arrived(&made.fetch_one(pool).await?)
    }

    fn refused(&self, id: &Id<E>, look: Option<Look<E::Workflow>>) -> Error<E::Workflow> {
        let call = Call { event: self.event, id, version: None, actor: None, key: self.key, new: false, shared: false };
        call.refused(look)
    }

    fn unknown(&self, error: Error<E::Workflow>) -> Error<E::Workflow> {
        match (error, self.ids.first()) {
            (Error::Database(source), Some(id)) => Error::Unknown { id: id.clone(), key: self.key, source },
            (error, _) => error,
        }
    }
}

fn each_once<Id: Ord + Clone>(ids: impl IntoIterator<Item = Id>) -> Vec<Id> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(id.clone())).collect()
}
