//! A transaction in which instances are moved.

mod end;

use crate::call::{self, Call};
use crate::error::{Ending, Error};
use crate::observe::{Firing, Outcome};
use crate::outcome::Question;
use crate::runtime::Runtime;
use crate::statement;
use crate::within::Wakes;
use crate::workflow::{Fire, Instance, Workflow};
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Postgres, Row, Transaction};
use std::borrow::Borrow;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use uuid::Uuid;

/// A transaction: [`Runtime::begin`]'s own, one that was [joined](Runtime::join), or a [savepoint](Tx::savepoint) in either.
///
/// It is a `PgConnection` for the application's statements: `sqlx::query(…).execute(&mut *tx)`. After any error of a statement
/// PostgreSQL refuses the rest of the transaction; a commit then says so instead of losing it silently.
#[derive(Debug)]
#[must_use = "a transaction that is dropped is rolled back"]
pub struct Tx<'c, A, Kind = Own> {
    runtime: Runtime<A>,
    connection: Held<'c>,
    log: Log,
    kind: PhantomData<Kind>,
}

/// A transaction that [`Runtime::begin`] began.
#[derive(Debug)]
pub enum Own {}
/// A transaction of somebody else.
#[derive(Debug)]
pub enum Joined {}
/// A savepoint in a transaction.
#[derive(Debug)]
pub enum Savepoint {}

#[derive(Debug)]
enum Held<'c> {
    Own(Transaction<'static, Postgres>, Uuid),
    Joined(&'c mut PgConnection),
    Savepoint(Transaction<'c, Postgres>, &'c mut Log),
}

/// What the end of the transaction needs to know of its steps.
#[derive(Debug, Default)]
struct Log {
    /// How to learn whether it was committed, when the answer is lost.
    question: Option<Question>,
    effects: Vec<&'static str>,
    /// Jobs were written that are due at once.
    wakes: bool,
    /// In an effect, whoever ends its transaction is told.
    around: Option<Wakes>,
    /// A savepoint was cancelled before it stood: what follows would be outside of it.
    broken: bool,
}

impl<A> Tx<'static, A, Own> {
    pub(crate) fn own(runtime: Runtime<A>, transaction: Transaction<'static, Postgres>, nonce: Uuid) -> Self {
        Tx { runtime, connection: Held::Own(transaction, nonce), log: Log::default(), kind: PhantomData }
    }
}

impl<'c, A> Tx<'c, A, Joined> {
    pub(crate) fn joined(runtime: Runtime<A>, connection: &'c mut PgConnection) -> Self {
        Tx { runtime, connection: Held::Joined(connection), log: Log::default(), kind: PhantomData }
    }
}

impl<'c, A> Tx<'c, A, Joined> {
    pub(crate) fn within(runtime: Runtime<A>, connection: &'c mut PgConnection, around: Wakes) -> Self {
        let log = Log { around: Some(around), ..Log::default() };
        Tx { runtime, connection: Held::Joined(connection), log, kind: PhantomData }
    }
}

impl Log {
    fn wake(&mut self, wakes: bool) {
        self.wakes |= wakes;
        self.around.iter().for_each(|around| around.note(wakes));
    }
}

impl Held<'_> {
    fn connection(&self) -> &PgConnection {
        match self {
            Held::Own(transaction, _) => transaction,
            Held::Joined(connection) => connection,
            Held::Savepoint(transaction, _) => transaction,
        }
    }

    fn connection_mut(&mut self) -> &mut PgConnection {
        match self {
            Held::Own(transaction, _) => transaction,
            Held::Joined(connection) => connection,
            Held::Savepoint(transaction, _) => transaction,
        }
    }
}

impl<A, Kind> Deref for Tx<'_, A, Kind> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        self.connection.connection()
    }
}

impl<A, Kind> DerefMut for Tx<'_, A, Kind> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.connection_mut()
    }
}

impl<A: Send + Sync + 'static, Kind: Send> Tx<'_, A, Kind> {
    /// Fires an event for the instance, whichever of the event's sources it is in.
    ///
    /// # Errors
    ///
    /// As [`Runtime::fire`], but nothing is tried again here: on a [retryable](Error::is_retryable) error roll back and make the
    /// whole transaction again.
    pub async fn fire<E: Fire<A>>(
        &mut self,
        id: impl Borrow<<E::Workflow as Workflow>::Id>,
        event: E,
    ) -> Result<E::To, Error<E::Workflow>> {
        self.step(id.borrow(), None, &event).await
    }

    /// What the methods of `Order<Placed>` do: a compare-and-set on the version that the handle has seen.
    #[doc(hidden)]
    pub async fn step<E: Fire<A>, To: Instance<Workflow = E::Workflow>>(
        &mut self,
        id: &<E::Workflow as Workflow>::Id,
        version: Option<i64>,
        event: &E,
    ) -> Result<To, Error<E::Workflow>> {
        let firing = Firing::one::<E::Workflow>(event.transition(), id);
        let work = async {
            let row = self.move_on(id, version, event).await?;
            firing.arrived_at(&row);
            Ok(call::arrived(&row)?)
        };
        firing.watch(work, |moved| moved.as_ref().map_or_else(Outcome::of, |_| Outcome::Fired)).await
    }

    /// The row after the transition.
    pub(crate) async fn move_on<E: Fire<A>>(
        &mut self,
        id: &<E::Workflow as Workflow>::Id,
        version: Option<i64>,
        event: &E,
    ) -> Result<PgRow, Error<E::Workflow>> {
        self.ready::<E::Workflow>().await?;
        let runtime = self.runtime.clone();
        let call = Call { version, ..runtime.call(id, event, Uuid::new_v4()) };
        self.log.effects.extend(call.transition().effect);
        let wakes = Wakes::default();
        let row = runtime.around(&wakes, call.with_effect(&runtime.shared.app, self)).await?;
        if let Some(effect) = call.transition().effect {
            self.still_ours::<E::Workflow>(effect, id, call.key, &row).await?;
        }
        self.log.question.get_or_insert_with(|| Question::transition::<E::Workflow>(id.clone(), call.key));
        self.log.wake(call.transition().wakes || wakes.has());
        Ok(row)
    }

    /// Loads an instance and locks it until the transaction ends: nobody else can move it meanwhile.
    ///
    /// # Errors
    ///
    /// `NotFound`; `Conflict` when it is not in the state that was asked for (it stays locked then, too).
    pub async fn lock<I: Instance>(&mut self, id: impl Borrow<<I::Workflow as Workflow>::Id>) -> Result<I, Error<I::Workflow>> {
        self.ready::<I::Workflow>().await?;
        let sql = <I::Workflow as Workflow>::STATEMENTS.lock;
        let id = id.borrow().clone();
        let row = statement::query(sql).bind(id.clone()).fetch_optional(&mut **self).await?;
        let row = row.ok_or(Error::NotFound { id })?;
        self.locked(&row).await
    }

    /// The same for several, in ascending order of their keys: two transactions that lock the same instances cannot deadlock.
    /// What comes back is in that order too; each instance once, and those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// `Conflict` when one of them is not in the state that was asked for.
    pub async fn lock_all<I: Instance>(
        &mut self,
        ids: impl IntoIterator<Item = <I::Workflow as Workflow>::Id>,
    ) -> Result<Vec<I>, Error<I::Workflow>> {
        self.ready::<I::Workflow>().await?;
        let ids: Vec<_> = ids.into_iter().collect();
        let sql = <I::Workflow as Workflow>::STATEMENTS.lock_all;
        let rows = statement::query(sql).bind(ids).fetch_all(&mut **self).await?;
        let mut locked = Vec::with_capacity(rows.len());
        for row in &rows {
            locked.push(self.locked(row).await?);
        }
        Ok(locked)
    }

    async fn locked<I: Instance>(&mut self, row: &PgRow) -> Result<I, Error<I::Workflow>> {
        let any = I::Workflow::read(row, <I::Workflow as Workflow>::NAMES.row)?;
        match I::narrow(any) {
            Ok(instance) => Ok(instance),
            Err(actual) => {
                let look = call::look::<I::Workflow>(self, actual.id(), Uuid::nil()).await?;
                let by = look.and_then(|look| look.step).map(Box::new);
                Err(Error::Conflict { event: "lock", actual, by, stale: false })
            }
        }
    }

    /// A savepoint: [`release`](Tx::release) keeps what was done since; dropping it, or [`undo`](Tx::undo), takes it back.
    ///
    /// When this call itself is dropped half-way, the whole transaction is over: a commit says so, and nothing more should be
    /// sent through it.
    ///
    /// # Errors
    ///
    /// When a statement of the transaction has failed before.
    pub async fn savepoint(&mut self) -> Result<Tx<'_, A, Savepoint>, sqlx::Error> {
        let runtime = self.runtime.clone();
        let Tx { connection, log, .. } = self;
        // sqlx rolls the outer transaction back when this is cancelled half-way, and its commit would still say `Ok`.
        log.broken = true;
        let transaction = connection.connection_mut().begin().await?;
        log.broken = false;
        Ok(Tx { runtime, connection: Held::Savepoint(transaction, log), log: Log::default(), kind: PhantomData })
    }

    /// The workflow's schema fits, and there is a transaction.
    pub(crate) async fn ready<W: Workflow>(&mut self) -> Result<(), Error<W>> {
        if !self.is_in_transaction() {
            return Err(Error::NoTransaction);
        }
        let runtime = self.runtime.clone();
        runtime.compare::<W>(self).await
    }

    /// In somebody else's transaction there is no commit of ours that would find out what the effect did; and a savepoint that
    /// went with its transaction would only be missed by its release, which knows nothing of the step.
    pub(crate) async fn still_ours<W: Workflow>(
        &mut self,
        effect: &str,
        id: &W::Id,
        key: Uuid,
        row: &PgRow,
    ) -> Result<(), Error<W>> {
        if matches!(self.connection, Held::Own(..)) {
            return Ok(());
        }
        let ended = |how| Error::EndedByEffect { effect: effect.to_owned(), how };
        let began: String = row.try_get("xact")?;
        let now = statement::query("SELECT pg_current_xact_id_if_assigned()::text").scalar(&mut **self).await;
        match now {
            Ok(now) if Some(&began) == Option::<String>::as_ref(&now) => Ok(()),
            Ok(_) => {
                let made = call::look::<W>(self, id, key).await?.is_some_and(|look| look.made(key).is_some());
                Err(ended(if made { Ending::Committed } else { Ending::RolledBack }))
            }
            Err(e) if e.as_database_error().and_then(|e| e.code()).as_deref() == Some("25P02") => Err(ended(Ending::Failed)),
            Err(e) => Err(e.into()),
        }
    }

    pub(crate) fn runtime(&self) -> &Runtime<A> {
        &self.runtime
    }

    pub(crate) fn note(&mut self, question: Question, effect: Option<&'static str>, wakes: bool) {
        self.log.wake(wakes);
        self.log.question.get_or_insert(question);
        self.log.effects.extend(effect);
    }
}
