//! Creation at a time: asked for now, and carried out by a worker.

use crate::call::add;
use crate::error::Error;
use crate::reach::Reached;
use crate::retry::{self, Fault, fault};
use crate::runtime::Runtime;
use crate::statement;
use crate::tx::Tx;
use crate::workflow::{New, Workflow};
use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::postgres::{PgArguments, PgConnection};
use std::borrow::Borrow;

/// What asking for a creation led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduled {
    /// It will be created at the time.
    New,
    /// It was asked for before, and that stays.
    Existing {
        /// When it will be created, or tried next where that has failed; never, when it is parked.
        at: Option<DateTime<Utc>>,
    },
    /// The instance is there already.
    There,
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Asks for an instance that a worker creates when the time has come, with its effect and its tasks, as
    /// [`create`](Runtime::create) does. The fields are kept until then. Whoever asks twice for one key leaves the first request as it is.
    ///
    /// An instance that is created otherwise before is left alone then. History names no actor but the worker's.
    ///
    /// ```no_run
    #[doc = include_str!("doc/order.txt")]
    /// # async fn example(shop: Runtime<Shop>, id: Uuid, at: chrono::DateTime<chrono::Utc>) -> Result<(), Box<dyn std::error::Error>> {
    /// shop.create_at(order::New { id, sku: "tea".into() }, at).await?;
    /// shop.cancel_creation::<Order>(id).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Database`] where the fields do not fit the columns, or the connection died. Asking again is always safe.
    pub async fn create_at<N: New>(&self, new: N, at: DateTime<Utc>) -> Result<Scheduled, Error<N::Workflow>> {
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let mut was_lost = false;
        loop {
            let error = match self.request(&new, at).await {
                // The answer to the first request was lost, and not the request.
                Ok(Scheduled::Existing { at: Some(stands) }) if was_lost && stands == at => return Ok(Scheduled::New),
                Ok(scheduled) => return Ok(scheduled),
                Err(error) => error,
            };
            was_lost |= matches!(&error, Error::Database(source) if fault(source) == Fault::Lost);
            match pauses.next() {
                Some(pause) if error.is_retryable() => tokio::time::sleep(pause).await,
                Some(_) | None => return Err(error),
            }
        }
    }

    async fn request<N: New>(&self, new: &N, at: DateTime<Utc>) -> Result<Scheduled, Error<N::Workflow>> {
        let mut reached = Reached::of(self.into()).await?;
        self.compare::<N::Workflow>(&mut reached).await?;
        let asked = ask(new, at, &mut reached).await?;
        reached.done().await?;
        Ok(asked)
    }

    /// Takes back a creation that was asked for; true when it was still there. False says that it was never asked for, or that the
    /// instance is created already.
    ///
    /// # Errors
    ///
    /// When the connection died. Asking again is safe, though it may then say false of what the first request took back.
    pub async fn cancel_creation<W: Workflow>(&self, id: impl Borrow<W::Id>) -> Result<bool, Error<W>> {
        let mut reached = Reached::of(self.into()).await?;
        self.compare::<W>(&mut reached).await?;
        let cancelled = cancel::<W>(id.borrow(), &mut reached).await?;
        reached.done().await?;
        Ok(cancelled)
    }
}

impl<A: Send + Sync + 'static, Kind: Send> Tx<'_, A, Kind> {
    /// The same as [`Runtime::create_at`], in this transaction.
    ///
    /// # Errors
    ///
    /// As there, but nothing is tried again here.
    pub async fn create_at<N: New>(&mut self, new: N, at: DateTime<Utc>) -> Result<Scheduled, Error<N::Workflow>> {
        self.ready::<N::Workflow>().await?;
        ask(&new, at, self).await
    }

    /// The same as [`Runtime::cancel_creation`], in this transaction.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn cancel_creation<W: Workflow>(&mut self, id: impl Borrow<W::Id> + Send) -> Result<bool, Error<W>> {
        let id = id.borrow().clone();
        self.ready::<W>().await?;
        cancel::<W>(&id, self).await
    }
}

async fn ask<N: New>(new: &N, at: DateTime<Utc>, connection: &mut PgConnection) -> Result<Scheduled, Error<N::Workflow>> {
    let mut arguments = PgArguments::default();
    add(&mut arguments, at)?;
    new.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
    let create_at = <N::Workflow as Workflow>::STATEMENTS.create_at;
    let row = statement::query_with(create_at, arguments).fetch_one(connection).await?;
    if row.try_get("created")? {
        return Ok(Scheduled::There);
    }
    let stands: bool = row.try_get("stands")?;
    Ok(if stands { Scheduled::Existing { at: row.try_get("at")? } } else { Scheduled::New })
}

async fn cancel<W: Workflow>(id: &W::Id, connection: &mut PgConnection) -> Result<bool, Error<W>> {
    Ok(statement::query(W::STATEMENTS.cancel_creation).bind(id.clone()).scalar(connection).await?)
}
