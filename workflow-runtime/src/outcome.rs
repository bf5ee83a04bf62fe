//! What happened, when the answer was lost.
//!
//! A look into history alone comes too early: the old backend may still be committing. It holds the row's lock until it has
//! ended, one way or the other; so the lock comes first, and the look in a second statement, which then sees what it left.

use crate::call;
use crate::commit;
use crate::commit::Isolation;
use crate::error::{CommitError, Ending, Error};
use crate::retry;
use crate::runtime::Runtime;
use crate::statement;
use crate::workflow::Workflow;
use sqlx::postgres::{PgArguments, PgConnection};
use std::fmt;
use std::pin::Pin;
use uuid::Uuid;

type Answer<'c> = Pin<Box<dyn Future<Output = Result<bool, sqlx::Error>> + Send + 'c>>;

type Ask = Box<dyn for<'c> Fn(&'c mut PgConnection) -> Answer<'c> + Send + Sync>;

/// Whether a step of a transaction is there; asked on another connection.
pub(crate) struct Question {
    key: Uuid,
    ask: Ask,
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Question {
    /// The row's lock waits for the old backend.
    pub(crate) fn transition<W: Workflow>(id: W::Id, key: Uuid) -> Self {
        let ask: Ask = Box::new(move |connection| {
            let id = id.clone();
            Box::pin(async move {
                planted!(LookUpWithoutLock, return made::<W>(connection, &id, key).await);
                statement::query(W::STATEMENTS.lock).bind(id.clone()).execute(&mut *connection).await?;
                made::<W>(connection, &id, key).await
            })
        });
        Question { key, ask }
    }

    /// There is no row to lock yet: the same INSERT waits for the old backend, and is rolled back.
    pub(crate) fn creation<W: Workflow>(id: W::Id, key: Uuid, arguments: PgArguments) -> Self {
        let ask: Ask = Box::new(move |connection| {
            let (id, arguments) = (id.clone(), arguments.clone());
            Box::pin(async move {
                let inserted = statement::query_with(W::STATEMENTS.create, arguments).execute(&mut *connection).await?;
                Ok(inserted.rows_affected() == 0 && made::<W>(connection, &id, key).await?)
            })
        });
        Question { key, ask }
    }
}

async fn made<W: Workflow>(connection: &mut PgConnection, id: &W::Id, key: Uuid) -> Result<bool, sqlx::Error> {
    let look = call::look::<W>(connection, id, key).await?;
    Ok(look.is_some_and(|look| look.made(key).is_some()))
}

impl<A: Send + Sync + 'static> Runtime<A> {
    /// Whether the transition with this key took effect on the instance. It waits for a transaction that is still under way.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached. Nothing is written; ask again.
    pub async fn outcome<W: Workflow>(&self, id: W::Id, key: Uuid) -> Result<bool, Error<W>> {
        Ok(self.answer(&Question::transition::<W>(id, key)).await?)
    }

    /// Asks, as often as a transition would be tried. It runs in a transaction that is always rolled back.
    pub(crate) async fn answer(&self, question: &Question) -> Result<bool, sqlx::Error> {
        planted!(NoKeyLookUp, return Ok(false));
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        loop {
            let answer = self.ask(question).await;
            match (answer, pauses.next()) {
                (Err(error), Some(pause)) if retry::fault(&error).is_passing() => tokio::time::sleep(pause).await,
                (answer, _) => return answer,
            }
        }
    }

    async fn ask(&self, question: &Question) -> Result<bool, sqlx::Error> {
        let (mut transaction, _) = commit::begin(&self.shared.pool, self.terms(Isolation::ReadCommitted)).await?;
        let answer = (question.ask)(&mut transaction).await;
        transaction.rollback().await?;
        answer
    }

    /// The transaction is not the one that was begun.
    pub(crate) async fn how_ended(&self, question: Option<Question>, effect: String) -> CommitError {
        let made = match &question {
            Some(question) => self.answer(question).await,
            None => Ok(false),
        };
        match made {
            Ok(true) => CommitError::EndedByEffect { effect, how: Ending::Committed },
            Ok(false) => CommitError::EndedByEffect { effect, how: Ending::RolledBack },
            Err(source) => CommitError::Unknown { key: question.map(|q| q.key), source },
        }
    }

    /// The answer to COMMIT was lost.
    pub(crate) async fn after_lost_commit(&self, question: Option<Question>, lost: sqlx::Error) -> Result<(), CommitError> {
        let Some(question) = question else { return Err(CommitError::Unknown { key: None, source: lost }) };
        match self.answer(&question).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(CommitError::Database(lost)),
            Err(source) => Err(CommitError::Unknown { key: Some(question.key), source }),
        }
    }
}
