//! An effect that creates or moves instances of other workflows, in the transaction of the transition that it belongs to.
//!
//! An effect is given the application and a connection, and what it calls needs more: the settings, who is acting, which workflows
//! were compared, and how workers are woken after the commit. That stands in the task while the effect runs, which cannot leave it:
//! all that it is given is borrowed.

use crate::runtime::{Runtime, Shared};
use crate::tx::{Joined, Tx};
use sqlx::PgConnection;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

tokio::task_local! {
    static AROUND: Around;
}

/// What an effect is part of.
struct Around {
    /// The `Shared<A>` of the runtime.
    shared: Arc<dyn Any + Send + Sync>,
    actor: Option<Arc<str>>,
    wakes: Wakes,
}

/// Whether an effect has written jobs: workers are told after the commit, which is not the effect's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakes(Arc<AtomicBool>);

impl Wakes {
    pub(crate) fn note(&self, wakes: bool) {
        self.0.fetch_or(wakes, Ordering::Relaxed);
    }

    pub(crate) fn has(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// The rest of the transaction that an effect is part of: instances of any workflow are created and moved in it, and all of it is
    /// committed together or not at all.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # use sqlx::PgConnection;
    /// # use workflow_runtime::BoxError;
    /// # impl Shop {
    /// async fn cancel_another(&self, tx: &mut PgConnection, other: Uuid) -> Result<(), BoxError> {
    ///     let mut tx = Runtime::within(self, tx)?;
    ///     tx.fire(other, order::event::Cancel).await?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    ///
    /// History names the same actor for these transitions, and nothing is tried again here: it is the outer transition that is, as a
    /// whole. An effect's error takes everything back; give every error on.
    ///
    /// # Errors
    ///
    /// Outside of an effect that a `Runtime<A>` carries out, [`sqlx::Error::Configuration`]. There, use [`join`](Self::join).
    pub fn within<'c>(app: &A, transaction: &'c mut PgConnection) -> Result<Tx<'c, A, Joined>, sqlx::Error> {
        let around = AROUND.try_with(|around| {
            let shared = around.shared.clone().downcast::<Shared<A>>().ok()?;
            // Another runtime may have an application of the same type.
            std::ptr::eq(&shared.app, app).then(|| (Runtime { shared, actor: around.actor.clone() }, around.wakes.clone()))
        });
        match around.ok().flatten() {
            Some((runtime, wakes)) => Ok(Tx::within(runtime, transaction, wakes)),
            None => Err(sqlx::Error::Configuration(
                "`Runtime::within` is called in an effect that this application's runtime carries out; elsewhere use `join`"
                    .into(),
            )),
        }
    }

    /// Carries out what an effect may be part of.
    pub(crate) async fn around<T>(&self, wakes: &Wakes, effect: impl Future<Output = T>) -> T {
        let shared: Arc<dyn Any + Send + Sync> = self.shared.clone();
        AROUND.scope(Around { shared, actor: self.actor.clone(), wakes: wakes.clone() }, effect).await
    }
}
