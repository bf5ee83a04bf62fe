//! A program of one version, as far as a load needs it: what is compiled, and what is only interpreted, are driven alike.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use sqlx::postgres::PgPool;
use std::marker::PhantomData;
use std::pin::Pin;
use uuid::Uuid;
use workflow_model::Model;
use workflow_runtime::private::{history, load};
use workflow_runtime::workflow::{Create, Event, Fire, Workflow};
use workflow_runtime::{Error, Find, Runtime};

/// What a call led to.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The instance has moved.
    Moved,
    /// It was elsewhere: as it stands now.
    Conflict(Seen),
    /// An `if sql` said no.
    Blocked,
    /// Anything else; no load may see it.
    Failed(String),
}

/// An instance, as a program reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) label: String,
    pub(crate) version: i64,
    /// The program knows the state, with all that it must have.
    pub(crate) known: bool,
}

pub(crate) type Later<'b, T> = Pin<Box<dyn Future<Output = T> + Send + 'b>>;

/// A program of one version.
pub(crate) trait Binary: Send + Sync {
    /// How it signs what it does.
    fn name(&self) -> &str;
    fn model(&self) -> &Model;
    fn pool(&self) -> &PgPool;
    fn create(&self, new: Map<String, Value>) -> Later<'_, Answer>;
    /// In one statement, or in a transaction of several.
    fn fire(&self, id: Uuid, event: &str, payload: Map<String, Value>, in_transaction: bool) -> Later<'_, Answer>;
    fn load(&self, id: Uuid) -> Later<'_, Result<Option<Seen>, String>>;
    /// All rows behind a key, so many at most.
    fn find(&self, after: Uuid, limit: u32) -> Later<'_, Result<Vec<(Uuid, Seen)>, String>>;
    /// How many steps an instance has.
    fn history(&self, id: Uuid) -> Later<'_, Result<usize, String>>;
    /// The statement that it sends for an event alone.
    fn statement(&self, event: &str, payload: Map<String, Value>) -> String;
}

/// The real macro and the real runtime: the instance `W`, any event `E` of it, and an application.
pub(crate) struct Compiled<A, W, E> {
    name: String,
    model: Model,
    runtime: Runtime<A>,
    types: PhantomData<fn() -> (W, E)>,
}

impl<A: Send + Sync + 'static, W: Workflow<Id = Uuid>, E> Compiled<A, W, E> {
    pub(crate) fn new(name: &str, source: &str, pool: PgPool, app: A) -> Self {
        let model = workflow_tests::models(source).remove(0);
        let runtime = Runtime::new(pool, app).as_actor(name);
        Compiled { name: name.to_owned(), model, runtime, types: PhantomData }
    }
}

fn seen<W: Workflow>(instance: &W) -> Seen {
    Seen { label: instance.label().to_owned(), version: instance.version(), known: instance.is_known() }
}

fn answer<T, W: Workflow>(result: Result<T, Error<W>>) -> Answer {
    match result {
        Ok(_) => Answer::Moved,
        Err(Error::Conflict { actual, .. }) => Answer::Conflict(seen(&*actual)),
        Err(Error::Blocked { .. }) => Answer::Blocked,
        Err(error) => Answer::Failed(format!("{error}: {error:?}")),
    }
}

fn event<E: DeserializeOwned>(label: &str, payload: Map<String, Value>) -> E {
    let payload = if payload.is_empty() { Value::Null } else { Value::Object(payload) };
    serde_json::from_value(json!({ label: payload })).expect("an event")
}

impl<A, W, E> Binary for Compiled<A, W, E>
where
    A: Send + Sync + 'static,
    W: Workflow<Id = Uuid>,
    W::New: Create<A> + DeserializeOwned,
    E: Event<Workflow = W, To = W> + Fire<A> + DeserializeOwned,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn model(&self) -> &Model {
        &self.model
    }

    fn pool(&self) -> &PgPool {
        self.runtime.pool()
    }

    fn create(&self, new: Map<String, Value>) -> Later<'_, Answer> {
        let new: W::New = serde_json::from_value(new.into()).expect("a new instance");
        Box::pin(async move { answer(self.runtime.create(new).await) })
    }

    fn fire(&self, id: Uuid, label: &str, payload: Map<String, Value>, in_transaction: bool) -> Later<'_, Answer> {
        let event: E = event(label, payload);
        Box::pin(async move {
            if !in_transaction {
                return answer(self.runtime.fire(id, event).await);
            }
            loop {
                match self.in_transaction(id, event.clone()).await {
                    // What a caller does whose whole transaction was refused for a passing reason.
                    Err(error) if error.is_retryable() => {}
                    other => return answer(other),
                }
            }
        })
    }

    fn load(&self, id: Uuid) -> Later<'_, Result<Option<Seen>, String>> {
        Box::pin(async move {
            let found = load::<W>(&id, self.pool()).await.map_err(|e| format!("load: {e:?}"))?;
            Ok(found.as_ref().map(seen))
        })
    }

    fn find(&self, after: Uuid, limit: u32) -> Later<'_, Result<Vec<(Uuid, Seen)>, String>> {
        Box::pin(async move {
            let found = Find::<W>::new(self.pool()).after(after).limit(limit).all().await;
            Ok(found.map_err(|e| format!("find: {e:?}"))?.iter().map(|found| (*found.id(), seen(found))).collect())
        })
    }

    fn history(&self, id: Uuid) -> Later<'_, Result<usize, String>> {
        Box::pin(async move {
            let steps = history::<W>(&id, self.pool()).await.map_err(|e| format!("history: {e:?}"))?;
            Ok(steps.len())
        })
    }

    fn statement(&self, label: &str, payload: Map<String, Value>) -> String {
        event::<E>(label, payload).transition().alone.to_owned()
    }
}

impl<A, W, E> Compiled<A, W, E>
where
    A: Send + Sync + 'static,
    W: Workflow<Id = Uuid>,
    E: Event<Workflow = W, To = W> + Fire<A>,
{
    async fn in_transaction(&self, id: Uuid, event: E) -> Result<W, Error<W>> {
        let mut tx = self.runtime.begin().await?;
        let moved = tx.fire(id, event).await?;
        tx.commit().await?;
        Ok(moved)
    }
}
