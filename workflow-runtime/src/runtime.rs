//! The runtime: a pool, an application, and who is acting.

use crate::commit::{self, Isolation, Terms};
use crate::observe::{self, Traceparent};
use crate::once::Once;
use crate::settings::Settings;
use crate::statement;
use crate::tx::{Joined, Own, Tx};
use crate::warm::Warm;
use crate::worker::Hint;
use sqlx::PgConnection;
use sqlx::postgres::PgPool;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// Carries out transitions, each together with the application's own change of data in one transaction.
///
/// `A` is the application: it implements `Effects` of every workflow whose transitions have some. Cloning is cheap, and all
/// clones share the pool. One runtime serves any number of workflows and tasks.
///
/// Dropping a future of this crate half-way leaves the whole transition or nothing, and the pool usable. A dropped
/// [`fire`](Self::fire) may still be carried out after the drop, since its one statement may have been sent: where that
/// matters, use [`once`](Self::once) and fire again.
pub struct Runtime<A> {
    pub(crate) shared: Arc<Shared<A>>,
    pub(crate) actor: Option<Arc<str>>,
}

pub(crate) struct Shared<A> {
    pub(crate) pool: PgPool,
    pub(crate) warm: Warm,
    pub(crate) app: A,
    pub(crate) settings: Settings,
    /// Wakes workers.
    pub(crate) hint: Hint,
    /// The workflows whose schema was compared with this binary.
    pub(crate) compared: Mutex<HashSet<&'static str>>,
}

impl<A> Clone for Runtime<A> {
    fn clone(&self) -> Self {
        Runtime { shared: self.shared.clone(), actor: self.actor.clone() }
    }
}

impl<A> std::fmt::Debug for Runtime<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime").field("settings", &self.shared.settings).field("actor", &self.actor).finish_non_exhaustive()
    }
}

impl<A> Runtime<A> {
    /// A runtime on a pool of one's own. Nothing is sent before the first call.
    ///
    /// The pool's `test_before_acquire` costs a round trip a transition and is not needed: the runtime sends again what a dead
    /// connection swallowed. [`connect`](Self::connect) turns it off.
    pub fn new(pool: PgPool, app: A) -> Self {
        Runtime::with(pool, app, Settings::default())
    }

    /// The same with other time-outs.
    pub fn with(pool: PgPool, app: A, settings: Settings) -> Self {
        if !settings.named_statements {
            statement::without_names();
        }
        observe::describe();
        let shared = Shared { pool, warm: Warm::default(), app, settings, hint: Hint::default(), compared: Mutex::default() };
        Runtime { shared: Arc::new(shared), actor: None }
    }

    /// A runtime with a pool of its own, with sensible settings.
    ///
    /// # Errors
    ///
    /// When the URL cannot be read or the server cannot be reached.
    pub async fn connect(url: &str, app: A) -> Result<Self, sqlx::Error> {
        Runtime::connect_with(url, app, Settings::default()).await
    }

    /// The same with other settings.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_with(url: &str, app: A, settings: Settings) -> Result<Self, sqlx::Error> {
        let pool = settings.pool(url).await?;
        Ok(Runtime::with(pool, app, settings))
    }

    /// The pool, for the application's own queries.
    pub fn pool(&self) -> &PgPool {
        &self.shared.pool
    }

    /// The application.
    pub fn app(&self) -> &A {
        &self.shared.app
    }

    /// The same runtime on behalf of somebody: history holds the name with every transition. It is what the application says,
    /// not what the database knows; that is history's `role`.
    #[must_use]
    pub fn as_actor(&self, actor: impl Into<Arc<str>>) -> Self {
        Runtime { shared: self.shared.clone(), actor: Some(actor.into()) }
    }

    /// For what may be delivered more than once, such as a webhook: an event fired under one key takes effect once on an
    /// instance, however often and from however many places it is fired.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// use workflow_runtime::Fired;
    /// match shop.once("webhook-42").fire(id, order::event::Cancel).await? {
    ///     Fired::Now(order) => println!("cancelled at {}", order.entered_at),
    ///     Fired::Before(step) => println!("was cancelled at {}", step.at),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn once(&self, key: impl AsRef<str>) -> Once<A> {
        Once::new(self.clone(), key.as_ref())
    }

    /// Begins a transaction for any number of instances, of any workflows, and the caller's own statements.
    ///
    /// Dropping it rolls it back.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut tx = shop.begin().await?;
    /// let order = tx.lock::<Order<order::Placed>>(id).await?;
    /// sqlx::query("UPDATE customers SET orders = orders + 1").execute(&mut *tx).await?;
    /// let reserved = order.reserve(&mut tx, "Berlin").await?;
    /// tx.commit().await?;
    /// # let _ = reserved;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When no connection can be had. Nothing was written; trying again can help.
    pub async fn begin(&self) -> Result<Tx<'static, A, Own>, sqlx::Error> {
        self.begin_at(Isolation::ReadCommitted).await
    }

    /// The same at another isolation level. At the higher ones PostgreSQL may refuse any statement and the commit with a
    /// serialization failure: then the whole transaction has to be made again.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub async fn begin_at(&self, isolation: Isolation) -> Result<Tx<'static, A, Own>, sqlx::Error> {
        self.begin_on(self.terms(isolation)).await
    }

    pub(crate) async fn begin_on(&self, terms: Terms) -> Result<Tx<'static, A, Own>, sqlx::Error> {
        let (transaction, nonce) = commit::begin(&self.shared.pool, terms).await?;
        Ok(Tx::own(self.clone(), transaction, nonce))
    }

    /// Carries out transitions inside a transaction that somebody else began, and will end. Nothing is tried again there. The trace that its
    /// jobs belong to is what that transaction says itself: the setting `workflow.trace`.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut theirs = shop.pool().begin().await?;
    /// let cancelled = shop.join(&mut theirs).fire(id, order::event::Cancel).await?;
    /// theirs.commit().await?;
    /// # let _ = cancelled;
    /// # Ok(())
    /// # }
    /// ```
    pub fn join<'c>(&self, transaction: &'c mut PgConnection) -> Tx<'c, A, Joined> {
        Tx::joined(self.clone(), transaction)
    }

    /// After a commit that has written jobs.
    pub(crate) fn wake(&self, wakes: bool) {
        if wakes && self.shared.settings.hints {
            self.shared.hint.give(&self.shared.pool);
        }
    }

    pub(crate) fn terms(&self, isolation: Isolation) -> Terms {
        let Settings { lock_timeout, idle_timeout, .. } = self.shared.settings;
        Terms { isolation, lock_timeout, idle_timeout, trace: self.trace() }
    }

    /// That of the current span.
    pub(crate) fn trace(&self) -> Option<Traceparent> {
        self.shared.settings.trace.and_then(|trace| trace.read())
    }
}
