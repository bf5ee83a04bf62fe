//! An event fired in a transaction of its own.
//!
//! Without an effect in the application it is one statement that commits by itself. When its answer is lost, the same statement
//! is sent again with the same key: it waits for the first one, and no key takes effect twice. Before a refusal is believed
//! after that, the key is made void, so that the first statement can do nothing any more, wherever it is held up.
//!
//! With an effect it is BEGIN, the statement, the effect, COMMIT; nothing can arrive late there, since without our COMMIT
//! nothing happens.

mod lost;

use crate::call::{self, Call, Look};
use crate::commit::{self, Isolation, Refusal};
use crate::error::{CommitError, Error};
use crate::history::Step;
use crate::observe::{Firing, Outcome};
use crate::outcome::Question;
use crate::retry::{self, Fault, fault};
use crate::runtime::Runtime;
use crate::statement;
use crate::within::Wakes;
use crate::workflow::{Event, Fire, Instance, Workflow};
use lost::pause;
use sqlx::postgres::PgRow;
use std::borrow::Borrow;
use uuid::Uuid;

/// What a key that is used [once](Runtime::once) led to.
#[derive(Debug, Clone)]
pub enum Fired<To: Instance> {
    /// The event took effect now.
    Now(To),
    /// It had taken effect before, by this step; nothing was written now. When the answer of the call itself was lost, it says this
    /// of its own step, too: nobody can tell that from one of another caller.
    Before(Box<Step<To::Workflow>>),
}

/// How one attempt ended.
enum Attempt<E: Event> {
    Moved(PgRow),
    /// History has the key already.
    Made(Look<E::Workflow>),
    /// The instance is where the event starts from, and was elsewhere a moment ago.
    Missed,
    Refused(Error<E::Workflow>),
    /// Nothing was written, and the next attempt may pass.
    Passing(Error<E::Workflow>),
    /// Written or not.
    Lost(sqlx::Error),
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Fires an event for the instance, whichever of the event's sources it is in, and carries out its effect in the same
    /// transaction.
    ///
    /// Deadlocks, serialization failures, lock time-outs and lost connections are tried again, as a whole, up to
    /// [`Settings::attempts`](crate::Settings) times; an effect may therefore run several times, and counts once.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// let reserved = shop.fire(id, order::event::Reserve { warehouse: "Berlin".into() }).await?;
    /// println!("{} is in {}", reserved.sku, reserved.state.warehouse);
    ///
    /// // Somebody else was faster?
    /// match shop.fire(id, order::event::Cancel).await {
    ///     Ok(cancelled) => println!("cancelled at {}", cancelled.entered_at),
    ///     Err(Error::Conflict { actual, .. }) => println!("it is {:?} now", actual.state),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]: nothing was written, but where the variant says otherwise.
    pub async fn fire<E: Fire<A>>(
        &self,
        id: impl Borrow<<E::Workflow as Workflow>::Id>,
        event: E,
    ) -> Result<E::To, Error<E::Workflow>> {
        let call = self.call(id.borrow(), &event, Uuid::new_v4());
        match self.carry_out(&call).await? {
            Fired::Now(to) => Ok(to),
            // The key is new: only an answer that was lost can have been ours.
            Fired::Before(_) => self.load_after(&call).await,
        }
    }

    pub(crate) fn call<'c, E: Event>(&'c self, id: &'c <E::Workflow as Workflow>::Id, event: &'c E, key: Uuid) -> Call<'c, E> {
        Call { event, id, version: None, actor: self.actor.as_deref(), key, new: true, shared: false }
    }

    pub(crate) async fn carry_out<E: Fire<A>>(&self, call: &Call<'_, E>) -> Result<Fired<E::To>, Error<E::Workflow>> {
        let firing = Firing::one::<E::Workflow>(call.transition(), call.id);
        let tell = |fired: &Result<Fired<E::To>, Error<E::Workflow>>| match fired {
            Ok(Fired::Now(_)) => Outcome::Fired,
            Ok(Fired::Before(_)) => Outcome::Repeated,
            Err(error) => Outcome::of(error),
        };
        firing.watch(self.carry_out_watched(call, &firing), tell).await
    }

    async fn carry_out_watched<E: Fire<A>>(
        &self,
        call: &Call<'_, E>,
        firing: &Firing,
    ) -> Result<Fired<E::To>, Error<E::Workflow>> {
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let mut lost = None;
        let mut call = Call { ..*call };
        loop {
            let call = &mut call;
            let attempt = match call.transition().effect {
                None if statement::are_named() => self.alone(call).await,
                effect => self.with_effect(call, effect.unwrap_or("no effect")).await,
            };
            let last = match attempt {
                Attempt::Moved(row) => {
                    firing.arrived_at(&row);
                    self.wake(call.transition().wakes);
                    return Ok(Fired::Now(call::arrived(&row)?));
                }
                Attempt::Made(look) => return Ok(Fired::Before(Box::new(made(look, call)?))),
                Attempt::Refused(error) => return self.believe(call, error, lost).await,
                Attempt::Missed => None,
                Attempt::Passing(error) => Some(error),
                Attempt::Lost(error) => {
                    planted!(LookUpOnly, return self.look_only(call, error).await);
                    lost = Some(error);
                    call.new = false;
                    None
                }
            };
            if !pause(&mut pauses).await {
                return self.give_up(call, last, lost).await;
            }
            firing.again();
        }
    }

    async fn alone<E: Event>(&self, call: &Call<'_, E>) -> Attempt<E> {
        let mut connection = match self.shared.warm.acquire(&self.shared.pool).await {
            Ok(connection) => connection,
            Err(error) => return Attempt::unsent(error),
        };
        if let Err(error) = self.compare::<E::Workflow>(&mut connection).await {
            return Attempt::failed(error);
        }
        match call.alone(&mut connection, self.shared.settings.lock_timeout, self.trace().as_ref()).await {
            Ok(Some(row)) => {
                self.shared.warm.keep(connection);
                return Attempt::Moved(row);
            }
            Ok(None) => {}
            Err(error) if fault(&error) == Fault::Lost => return Attempt::Lost(error),
            Err(error) => return Attempt::failed(Error::from_database(call.transition().event, error)),
        }
        match call.look(&mut connection).await {
            Ok(look) => Attempt::unmoved(call, look),
            Err(error) => Attempt::failed(Error::Database(error)),
        }
    }

    async fn with_effect<E: Fire<A>>(&self, call: &Call<'_, E>, effect: &'static str) -> Attempt<E> {
        let begun = commit::begin(&self.shared.pool, self.terms(Isolation::ReadCommitted)).await;
        let (mut transaction, nonce) = match begun {
            Ok(begun) => begun,
            Err(error) => return Attempt::unsent(error),
        };
        if let Err(error) = self.compare::<E::Workflow>(&mut transaction).await {
            return Attempt::failed(error);
        }
        let wakes = Wakes::default();
        let row = match self.around(&wakes, call.with_effect(&self.shared.app, &mut transaction)).await {
            Ok(row) => row,
            Err(error) => return Attempt::failed_in_transaction(call, error),
        };
        match commit::commit(transaction, nonce).await {
            Ok(()) => {
                self.wake(wakes.has());
                Attempt::Moved(row)
            }
            Err(refusal) => self.uncommitted(call, effect, refusal, row).await,
        }
    }

    async fn uncommitted<E: Event>(&self, call: &Call<'_, E>, effect: &str, refusal: Refusal, row: PgRow) -> Attempt<E> {
        let question = Question::transition::<E::Workflow>(call.id.clone(), call.key);
        let ended = match refusal {
            Refusal::Refused(error) => return Attempt::failed(Error::from_database(call.transition().event, error)),
            Refusal::Failed => CommitError::failed(effect),
            Refusal::NotOurs => self.how_ended(Some(question), effect.to_owned()).await,
            Refusal::Lost(error) => match self.after_lost_commit(Some(question), error).await {
                Ok(()) if call.shared => return self.found(call).await,
                Ok(()) => return Attempt::Moved(row),
                Err(error) => error,
            },
        };
        Attempt::failed(ended.of(call.id, call.key))
    }
}

fn made<E: Event>(look: Look<E::Workflow>, call: &Call<'_, E>) -> Result<Step<E::Workflow>, Error<E::Workflow>> {
    let gone = || Error::NotFound { id: call.id.clone() };
    look.step.ok_or_else(gone)
}

impl<E: Event> Attempt<E> {
    /// No connection: nothing was sent.
    fn unsent(error: sqlx::Error) -> Self {
        Attempt::failed(Error::Database(error))
    }

    fn failed(error: Error<E::Workflow>) -> Self {
        if error.is_retryable() { Attempt::Passing(error) } else { Attempt::Refused(error) }
    }

    /// Without our COMMIT nothing was written, whatever went wrong.
    fn failed_in_transaction(call: &Call<'_, E>, error: Error<E::Workflow>) -> Self {
        match error {
            Error::Conflict { actual, by: Some(step), .. } if step.key == Some(call.key) => {
                Attempt::Made(Look { instance: *actual, step: Some(*step) })
            }
            Error::Conflict { stale: true, .. } => Attempt::Missed,
            other => Attempt::failed(other),
        }
    }

    fn unmoved(call: &Call<'_, E>, look: Option<Look<E::Workflow>>) -> Self {
        match look {
            Some(look) if look.made(call.key).is_some() => Attempt::Made(look),
            Some(look) if call.looks_possible(&look.instance) => Attempt::Missed,
            look => Attempt::Refused(call.refused(look)),
        }
    }
}
