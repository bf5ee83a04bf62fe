//! Events that may be delivered more than once.

use crate::call::Call;
use crate::error::Error;
use crate::fire::Fired;
use crate::runtime::Runtime;
use crate::workflow::{Event, Fire, Workflow};
use std::borrow::Borrow;
use uuid::Uuid;

/// A runtime with a key: see [`Runtime::once`].
#[derive(Debug, Clone)]
pub struct Once<A> {
    runtime: Runtime<A>,
    key: Uuid,
}

/// The name space in which a text becomes a key.
const SPACE: Uuid = Uuid::from_u128(0x9d0c_5c5e_51b3_4a55_8d2f_3c1d_77e6_a0f4);

impl<A> Once<A> {
    pub(crate) fn new(runtime: Runtime<A>, key: &str) -> Self {
        Once { runtime, key: Uuid::new_v5(&SPACE, key.as_bytes()) }
    }
}

impl<A: Send + Sync + 'static> Once<A> {
    /// Fires the event unless this key has fired it for this instance before. Another event, or another instance, under the
    /// same key is another matter.
    ///
    /// # Errors
    ///
    /// As [`Runtime::fire`]. After `Unknown`, fire again with the same key: that is safe, and tells.
    pub async fn fire<E: Fire<A>>(
        &self,
        id: impl Borrow<<E::Workflow as Workflow>::Id>,
        event: E,
    ) -> Result<Fired<E::To>, Error<E::Workflow>> {
        let key = self.key_of(&event);
        let call = Call { shared: true, new: false, ..self.runtime.call(id.borrow(), &event, key) };
        self.runtime.carry_out(&call).await
    }

    /// The key under which history holds the event.
    pub fn key_of<E: Event>(&self, event: &E) -> Uuid {
        Uuid::new_v5(&self.key, event.transition().event.as_bytes())
    }
}
