//! How the database is reached: what `Order::load` and its like are given.

use crate::commit;
use crate::runtime::Runtime;
use crate::statement;
use crate::tx::Tx;
use crate::warm::{Lent, Warm};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Postgres, Transaction};
use std::ops::{Deref, DerefMut};

/// A runtime, a pool, or a connection, which may be inside a transaction: `Order::load(&shop, id)`, `Order::load(&pool, id)`,
/// `Order::load(&mut *tx, id)`.
///
/// Where statements have no names (see [`Settings::named_statements`](crate::Settings::named_statements)) a connection must be inside
/// a transaction; a runtime and a pool always do.
#[derive(Debug)]
pub struct Reach<'c>(Way<'c>);

#[derive(Debug)]
enum Way<'c> {
    /// On one that a runtime has at hand, or on any of its pool.
    Warm(&'c PgPool, &'c Warm),
    /// On any of its connections.
    Pool(&'c PgPool),
    /// On this one.
    Connection(&'c mut PgConnection),
}

impl<'c, A> From<&'c Runtime<A>> for Reach<'c> {
    fn from(runtime: &'c Runtime<A>) -> Self {
        Reach(Way::Warm(runtime.pool(), &runtime.shared.warm))
    }
}

impl<'c> From<&'c PgPool> for Reach<'c> {
    fn from(pool: &'c PgPool) -> Self {
        Reach(Way::Pool(pool))
    }
}

impl<'c> From<&'c mut PgConnection> for Reach<'c> {
    fn from(connection: &'c mut PgConnection) -> Self {
        Reach(Way::Connection(connection))
    }
}

impl<'c> From<&'c mut PoolConnection<Postgres>> for Reach<'c> {
    fn from(connection: &'c mut PoolConnection<Postgres>) -> Self {
        Reach(Way::Connection(connection))
    }
}

impl<'c> From<&'c mut Transaction<'_, Postgres>> for Reach<'c> {
    fn from(transaction: &'c mut Transaction<'_, Postgres>) -> Self {
        Reach(Way::Connection(transaction))
    }
}

impl<'c, A, Kind> From<&'c mut Tx<'_, A, Kind>> for Reach<'c> {
    fn from(tx: &'c mut Tx<'_, A, Kind>) -> Self {
        Reach(Way::Connection(tx))
    }
}

/// A connection on which statements of our own can be sent, until they are [done](Reached::done).
#[derive(Debug)]
pub(crate) enum Reached<'c> {
    Given(&'c mut PgConnection),
    /// Each statement commits by itself. Afterwards it stays at hand.
    Kept(Lent, &'c Warm),
    /// Each statement commits by itself.
    Plain(PoolConnection<Postgres>),
    /// Without names, a transaction around all of them.
    Around(Transaction<'static, Postgres>),
}

impl<'c> Reached<'c> {
    pub(crate) async fn of(reach: Reach<'c>) -> Result<Self, sqlx::Error> {
        match reach.0 {
            Way::Connection(connection) => Ok(Reached::Given(connection)),
            Way::Warm(pool, _) | Way::Pool(pool) if !statement::are_named() => {
                Ok(Reached::Around(commit::begin_around(pool).await?))
            }
            Way::Warm(pool, warm) => Ok(Reached::Kept(warm.acquire(pool).await?, warm)),
            Way::Pool(pool) => Ok(Reached::Plain(pool.acquire().await?)),
        }
    }

    /// What was sent is committed. Dropped before, it may be taken back.
    pub(crate) async fn done(self) -> Result<(), sqlx::Error> {
        match self {
            Reached::Given(_) | Reached::Plain(_) => Ok(()),
            Reached::Kept(lent, warm) => {
                warm.keep(lent);
                Ok(())
            }
            Reached::Around(transaction) => commit::commit_around(transaction).await,
        }
    }
}

impl Deref for Reached<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        match self {
            Reached::Given(connection) => connection,
            Reached::Kept(lent, _) => lent,
            Reached::Plain(connection) => connection,
            Reached::Around(transaction) => transaction,
        }
    }
}

impl DerefMut for Reached<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        match self {
            Reached::Given(connection) => connection,
            Reached::Kept(lent, _) => lent,
            Reached::Plain(connection) => connection,
            Reached::Around(transaction) => transaction,
        }
    }
}
