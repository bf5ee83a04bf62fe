//! How a transaction, or a savepoint in one, ends.

use super::{Held, Own, Savepoint, Tx};
use crate::commit::{self, Refusal};
use crate::error::{CommitError, Ending};

impl<A: Send + Sync + 'static> Tx<'static, A, Own> {
    /// Makes everything permanent, or nothing.
    ///
    /// # Errors
    ///
    /// [`CommitError`]; when the answer is lost, the runtime finds out what happened, and only what it cannot find out is
    /// `Unknown`.
    pub async fn commit(self) -> Result<(), CommitError> {
        let Tx { runtime, connection, log, .. } = self;
        let Held::Own(transaction, nonce) = connection else { return Ok(()) };
        let effect = if log.effects.is_empty() { "a statement of the application".to_owned() } else { log.effects.join(", ") };
        if log.broken {
            return Err(CommitError::EndedByEffect { effect, how: Ending::RolledBack });
        }
        match commit::commit(transaction, nonce).await {
            Ok(()) => {
                runtime.wake(log.wakes);
                Ok(())
            }
            Err(Refusal::Refused(error)) => Err(CommitError::from_database(error)),
            Err(Refusal::Failed) => Err(CommitError::EndedByEffect { effect, how: Ending::Failed }),
            Err(Refusal::NotOurs) => Err(runtime.how_ended(log.question, effect).await),
            Err(Refusal::Lost(error)) => runtime.after_lost_commit(log.question, error).await,
        }
    }

    /// Takes everything back. Dropping does the same, a little later.
    ///
    /// # Errors
    ///
    /// When the connection is dead; then the server takes it back.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        match self.connection {
            Held::Own(transaction, _) => transaction.rollback().await,
            Held::Joined(_) | Held::Savepoint(..) => Ok(()),
        }
    }
}

impl<A> Tx<'_, A, Savepoint> {
    /// Keeps what was done since the savepoint; the transaction around it decides for good.
    ///
    /// # Errors
    ///
    /// When a statement since has failed: what was done since the savepoint is taken back.
    pub async fn release(self) -> Result<(), sqlx::Error> {
        let Held::Savepoint(transaction, outer) = self.connection else { return Ok(()) };
        outer.effects.extend(self.log.effects);
        transaction.commit().await?;
        outer.question = outer.question.take().or(self.log.question);
        outer.broken |= self.log.broken;
        outer.wake(self.log.wakes);
        Ok(())
    }

    /// Takes back what was done since the savepoint; the transaction around it goes on.
    ///
    /// # Errors
    ///
    /// When the connection is dead.
    pub async fn undo(self) -> Result<(), sqlx::Error> {
        match self.connection {
            Held::Savepoint(transaction, _) => transaction.rollback().await,
            Held::Own(..) | Held::Joined(_) => Ok(()),
        }
    }
}
