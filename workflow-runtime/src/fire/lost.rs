//! After an answer was lost: what was made, and what can still happen.

use super::{Attempt, Fired};
use crate::call::{self, Call, milliseconds};
use crate::error::Error;
use crate::reach::Reached;
use crate::retry::{self, fault};
use crate::runtime::Runtime;
use crate::statement;
use crate::workflow::{Event, Workflow};
use backon::ExponentialBackoff;

impl<A: Send + Sync + 'static> Runtime<A> {
    /// History has the key, and others use it, too: ours may never have arrived, and one of theirs came meanwhile. So what is told is
    /// the step as history has it, and not the row that was ours.
    pub(super) async fn found<E: Event>(&self, call: &Call<'_, E>) -> Attempt<E> {
        let look = async {
            let mut reached = Reached::of(self.pool().into()).await?;
            call.look(&mut reached).await
        };
        match look.await {
            Ok(Some(look)) if look.made(call.key).is_some() => Attempt::Made(look),
            Ok(_) => Attempt::Missed,
            Err(error) => Attempt::Lost(error),
        }
    }

    /// A refusal, after an answer was lost: the statement that it belonged to may still be on its way. Where the key is ours
    /// alone it is made void; one that is shared must stay usable, and then only asking again can tell.
    pub(super) async fn believe<E: Event>(
        &self,
        call: &Call<'_, E>,
        refusal: Error<E::Workflow>,
        lost: Option<sqlx::Error>,
    ) -> Result<Fired<E::To>, Error<E::Workflow>> {
        match lost {
            None => Err(refusal),
            Some(source) if call.shared => Err(call.unknown(source)),
            Some(_) => match self.void(call).await {
                Ok(true) => self.load_after(call).await.map(Fired::Now),
                Ok(false) => Err(refusal),
                Err(source) => Err(call.unknown(source)),
            },
        }
    }

    pub(super) async fn give_up<E: Event>(
        &self,
        call: &Call<'_, E>,
        last: Option<Error<E::Workflow>>,
        lost: Option<sqlx::Error>,
    ) -> Result<Fired<E::To>, Error<E::Workflow>> {
        let refusal = match (last, lost) {
            (_, Some(source)) => return Err(call.unknown(source)),
            (Some(error), None) => error,
            (None, None) => {
                let mut reached = Reached::of(self.pool().into()).await?;
                call.refused(call.look(&mut reached).await?)
            }
        };
        Err(refusal)
    }

    /// Whether the transition was made. Afterwards it never can be.
    async fn void<E: Event>(&self, call: &Call<'_, E>) -> Result<bool, sqlx::Error> {
        let mut pauses = retry::pauses(self.shared.settings.attempts);
        let sql = <E::Workflow as Workflow>::STATEMENTS.void;
        let timeout = milliseconds(self.shared.settings.lock_timeout);
        loop {
            let void = statement::query(sql).bind(call.id.clone()).bind(call.key).bind(&timeout);
            match void.scalar(&self.shared.pool).await {
                Err(error) if fault(&error).is_passing() && pause(&mut pauses).await => {}
                answer => return answer,
            }
        }
    }

    /// The instance after a transition whose answer was lost. When others have moved it since, its state is the one that history
    /// recorded for this transition, and its common fields are today's.
    pub(super) async fn load_after<E: Event>(&self, call: &Call<'_, E>) -> Result<E::To, Error<E::Workflow>> {
        let row = statement::query(<E::Workflow as Workflow>::STATEMENTS.made).bind(call.id.clone()).bind(call.key);
        let row = row.fetch_one(&self.shared.pool).await.map_err(|source| call.unknown(source))?;
        Ok(call::arrived(&row)?)
    }
}

pub(super) async fn pause(pauses: &mut ExponentialBackoff) -> bool {
    let Some(pause) = pauses.next() else { return false };
    tokio::time::sleep(pause).await;
    true
}

impl<E: Event> Call<'_, E> {
    fn unknown(&self, source: sqlx::Error) -> Error<E::Workflow> {
        Error::Unknown { id: self.id.clone(), key: self.key, source }
    }
}
