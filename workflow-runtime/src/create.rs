//! Creation: an event like the others, with history, actor and key.

use crate::call::{self, add};
use crate::commit::{self, Isolation, Refusal};
use crate::error::{CommitError, Error};
use crate::observe::{Firing, Outcome, Traceparent};
use crate::outcome::Question;
use crate::retry::{self, Fault, fault};
use crate::runtime::Runtime;
use crate::statement;
use crate::tx::Tx;
use crate::within::Wakes;
use crate::workflow::{Create, New, Workflow};
use sqlx::PgConnection;
use sqlx::postgres::{PgArguments, PgRow};
use uuid::Uuid;

/// What a creation led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Created<I, W> {
    /// The instance was created.
    New(I),
    /// There was one with this key already; nothing was written.
    Existing(W),
}

impl<I, W> Created<I, W> {
    /// The new instance; none when there was one already.
    pub fn into_new(self) -> Option<I> {
        match self {
            Created::New(instance) => Some(instance),
            Created::Existing(_) => None,
        }
    }
}

/// What [`Runtime::create`] gives for what it takes.
pub type CreatedOf<N> = Created<<N as New>::Initial, <N as New>::Workflow>;

/// One creation, as it is sent.
struct Creation<'c, N: New> {
    new: &'c N,
    key: Uuid,
    arguments: PgArguments,
}

impl<'c, N: New> Creation<'c, N> {
    fn new(new: &'c N, actor: Option<&str>, trace: Option<&Traceparent>) -> Result<Self, sqlx::Error> {
        let key = Uuid::new_v4();
        let mut arguments = PgArguments::default();
        add(&mut arguments, actor)?;
        add(&mut arguments, key)?;
        new.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        add(&mut arguments, trace.map(Traceparent::as_str))?;
        Ok(Creation { new, key, arguments })
    }

    /// The new row; none when there is one already.
    async fn insert(&self, connection: &mut PgConnection) -> Result<Option<PgRow>, Error<N::Workflow>> {
        let insert = statement::query_with(<N::Workflow as Workflow>::STATEMENTS.create, self.arguments.clone());
        insert.fetch_optional(connection).await.map_err(|e| Error::from_database("create", e))
    }

    async fn with_effect<A>(&self, app: &A, connection: &mut PgConnection) -> Result<Option<PgRow>, Error<N::Workflow>>
    where
        N: Create<A>,
    {
        let Some(row) = self.insert(connection).await? else { return Ok(None) };
        let done = self.new.effect(app, connection, &row).await;
        done.map_err(|source| Error::Rejected { event: "create", source })?;
        Ok(Some(row))
    }

    fn told(&self, error: CommitError) -> Error<N::Workflow> {
        error.of(self.new.id(), self.key)
    }

    /// The instance that was there, unless it is the one of a lost answer.
    async fn existing(&self, connection: &mut PgConnection) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let look = call::look::<N::Workflow>(connection, self.new.id(), self.key).await?;
        let look = look.ok_or_else(|| Error::NotFound { id: self.new.id().clone() })?;
        match (look.made(self.key).is_some(), look.instance) {
            (true, instance) => match crate::workflow::Instance::narrow(instance) {
                Ok(initial) => Ok(Created::New(initial)),
                Err(moved) => Ok(Created::Existing(*moved)),
            },
            (false, instance) => Ok(Created::Existing(instance)),
        }
    }
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Creates an instance, with its first entry in history, its jobs and its effect, in one transaction. Creating the same key
    /// again gives what is there.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// use workflow_runtime::Created;
    /// match shop.create(order::New { id, sku: "tea".into() }).await? {
    ///     Created::New(placed) => println!("placed at {}", placed.entered_at),
    ///     Created::Existing(order) => println!("it was there already: {:?}", order.state),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]; nothing was written, but where the variant says otherwise.
    pub async fn create<N: Create<A>>(&self, new: N) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let firing = Firing::creation::<N::Workflow>(new.id());
        firing.watch(self.create_watched(&new, &firing), |created| tell::<N>(&firing, created)).await
    }

    async fn create_watched<N: Create<A>>(&self, new: &N, firing: &Firing) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let creation = Creation::new(new, self.actor.as_deref(), self.trace().as_ref())?;
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let mut lost = None;
        loop {
            let created = match N::EFFECT {
                None if statement::are_named() => self.create_alone(&creation).await,
                effect => self.create_with_effect(&creation, effect.unwrap_or("no effect")).await,
            };
            let error = match created {
                Ok(created) => {
                    self.wake(N::Workflow::STATEMENTS.wakes);
                    return Ok(created);
                }
                Err(error) => error,
            };
            let unknown = matches!(error, Error::Unknown { .. });
            match pauses.next() {
                // The key is the instance's own: sending the same again never makes two.
                Some(pause) if unknown || error.is_retryable() => {
                    tokio::time::sleep(pause).await;
                    firing.again();
                }
                _ => return Err(lost.unwrap_or(error)),
            }
            if unknown {
                lost = Some(error);
            }
        }
    }

    async fn create_alone<N: New>(&self, creation: &Creation<'_, N>) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let mut connection = self.shared.pool.acquire().await?;
        self.compare::<N::Workflow>(&mut connection).await?;
        match creation.insert(&mut connection).await {
            Ok(Some(row)) => Ok(Created::New(call::arrived(&row)?)),
            Ok(None) => creation.existing(&mut connection).await,
            Err(Error::Database(source)) if fault(&source) == Fault::Lost => {
                Err(Error::Unknown { id: creation.new.id().clone(), key: creation.key, source })
            }
            Err(error) => Err(error),
        }
    }

    async fn create_with_effect<N: Create<A>>(
        &self,
        creation: &Creation<'_, N>,
        effect: &'static str,
    ) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let (mut transaction, nonce) = commit::begin(&self.shared.pool, self.terms(Isolation::ReadCommitted)).await?;
        self.compare::<N::Workflow>(&mut transaction).await?;
        let wakes = Wakes::default();
        let inserted = self.around(&wakes, creation.with_effect(&self.shared.app, &mut transaction)).await?;
        let Some(row) = inserted else {
            return creation.existing(&mut transaction).await;
        };
        let created = Created::New(call::arrived(&row)?);
        let question = Question::creation::<N::Workflow>(creation.new.id().clone(), creation.key, creation.arguments.clone());
        match commit::commit(transaction, nonce).await {
            Ok(()) => {
                self.wake(wakes.has());
                Ok(created)
            }
            Err(Refusal::Refused(error)) => Err(Error::from_database("create", error)),
            Err(Refusal::Failed) => Err(creation.told(CommitError::failed(effect))),
            Err(Refusal::NotOurs) => Err(creation.told(self.how_ended(Some(question), effect.to_owned()).await)),
            Err(Refusal::Lost(error)) => {
                self.after_lost_commit(Some(question), error).await.map(|()| created).map_err(|e| creation.told(e))
            }
        }
    }
}

impl<A: Send + Sync + 'static, Kind: Send> Tx<'_, A, Kind> {
    /// Creates an instance in this transaction. Creating the same key again gives what is there.
    ///
    /// # Errors
    ///
    /// As [`Runtime::create`], but nothing is tried again here.
    pub async fn create<N: Create<A>>(&mut self, new: N) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        let firing = Firing::creation::<N::Workflow>(new.id());
        firing.watch(self.create_watched(&new), |created| tell::<N>(&firing, created)).await
    }

    async fn create_watched<N: Create<A>>(&mut self, new: &N) -> Result<CreatedOf<N>, Error<N::Workflow>> {
        self.ready::<N::Workflow>().await?;
        let runtime = self.runtime().clone();
        // The trace is that of the transaction.
        let creation = Creation::new(new, runtime.actor.as_deref(), None)?;
        let wakes = Wakes::default();
        let inserted = runtime.around(&wakes, creation.with_effect(&runtime.shared.app, self)).await?;
        let Some(row) = inserted else { return creation.existing(self).await };
        if let Some(effect) = N::EFFECT {
            self.still_ours::<N::Workflow>(effect, new.id(), creation.key, &row).await?;
        }
        let question = Question::creation::<N::Workflow>(new.id().clone(), creation.key, creation.arguments);
        self.note(question, N::EFFECT, N::Workflow::STATEMENTS.wakes || wakes.has());
        Ok(Created::New(call::arrived(&row)?))
    }
}

fn tell<N: New>(firing: &Firing, created: &Result<CreatedOf<N>, Error<N::Workflow>>) -> Outcome {
    match created {
        Ok(Created::New(_)) => {
            let initial = <N::Workflow as Workflow>::MODEL.states.iter().find(|state| state.initial);
            firing.arrived(initial.map_or("", |state| state.label));
            Outcome::Created
        }
        Ok(Created::Existing(_)) => Outcome::Repeated,
        Err(error) => Outcome::of(error),
    }
}
