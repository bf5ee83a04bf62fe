//! Two instances at the same time, whose effects may want the same rows of the application.

use super::pair::{Pair, Serial, waits};
use crate::crash::{at_home, part};
use crate::stage::PATIENCE;
use crate::subject::Provable;
use crate::unproved::Unproved;
use crate::wire::Proxy;
use std::pin::pin;
use workflow_runtime::workflow::Workflow;
use workflow_runtime::{BoxError, Runtime};

impl<W: Provable<A>, A: Send + Sync + 'static> Pair<'_, '_, W, A> {
    /// The first is held up before each of its messages in turn, while the second goes as far as it can.
    pub(super) async fn beside_each_other(&mut self) -> Result<(), Unproved> {
        let wire = Proxy::before(self.stage.subject.database.url()).await?;
        let held = self.stage.subject.connect(&wire.url(self.stage.subject.database.url())).await?;
        let orders =
            [self.serial(vec![self.first(), self.neighbour()]).await?, self.serial(vec![self.neighbour(), self.first()]).await?];
        let mut message = 2;
        while !self.held_at(&wire, &held, &orders, message).await? {
            message += 1;
        }
        part(&held, &wire).await;
        Ok(())
    }

    /// Whether the first came to its end before.
    async fn held_at(&mut self, wire: &Proxy, held: &Runtime<A>, orders: &[Serial; 2], message: usize) -> Result<bool, Unproved> {
        self.back().await?;
        at_home(held).await;
        wire.hold_from(message);
        let (event, other) = (self.event(&self.first)?, self.event(&self.second)?);
        let (made, neighbour, rival) = (self.made.id.clone(), self.neighbour.id.clone(), self.rival.clone());
        let mut first = pin!(fired::<W, A>(held, &made, event));
        let place = tokio::select! {
            biased;
            told = &mut first => {
                wire.deliver();
                self.check_deadlock(&told, "the first was not held up")?;
                return Ok(true);
            }
            () = wire.kept() => format!("the first was held up before message {message}, {}", wire.asks()),
        };
        let mut second = pin!(fired::<W, A>(&rival, &neighbour, other));
        let early = waits(&mut self.stage.connection, None, second.as_mut()).await?;
        wire.deliver();
        let both = async {
            match early {
                Some(second) => (first.await, second),
                None => tokio::join!(first, second),
            }
        };
        let Ok((first, second)) = tokio::time::timeout(PATIENCE, both).await else {
            return Err(self.broken("do not come to an end beside each other", &place, String::new()));
        };
        self.check_deadlock(&first, &place)?;
        self.check_deadlock(&second, &place)?;
        self.check_orders(orders, &place).await?;
        Ok(false)
    }

    /// What they leave is what one order of them leaves: an effect that writes what it has read without a lock leaves something else.
    async fn check_orders(&mut self, orders: &[Serial; 2], place: &str) -> Result<(), Unproved> {
        self.stage.quiet().await?;
        let now = self.stage.look().await?;
        let differences: Vec<String> =
            orders.iter().filter_map(|serial| now.masked(&serial.mask).difference(&serial.after)).collect();
        if let [first, second] = &differences[..] {
            let found = format!("than the first before the second (-):\n{first}than the second before the first (-):\n{second}");
            return Err(self.broken("leave something else (+) beside each other than in any order", place, found));
        }
        let name = self.name();
        self.stage.check_invariants(&name, place).await
    }

    fn check_deadlock(&self, told: &Result<(), BoxError>, place: &str) -> Result<(), Unproved> {
        match told {
            Err(error) if is_deadlock(error.as_ref()) => {
                let found = format!(
                    "  {error}\nhelp: let all effects lock the application's rows in the same order; until then the runtime tries again"
                );
                Err(self.broken("deadlock for two instances beside each other", place, found))
            }
            _ => Ok(()),
        }
    }
}

/// In a transaction in which nothing is tried again.
async fn fired<W: Provable<A>, A: Send + Sync + 'static>(
    runtime: &Runtime<A>,
    id: &<W as Workflow>::Id,
    event: W::Event,
) -> Result<(), BoxError> {
    let mut tx = runtime.begin().await?;
    let moved = tx.fire(id.clone(), event).await.map(drop);
    match moved {
        Ok(()) => Ok(tx.commit().await?),
        Err(error) => {
            tx.rollback().await?;
            Err(error.into())
        }
    }
}

/// PostgreSQL has found one, or a time-out for locks that is shorter than its patience.
fn is_deadlock(error: &(dyn std::error::Error + 'static)) -> bool {
    let database = std::iter::successors(Some(error), |error| error.source()).filter_map(|e| e.downcast_ref::<sqlx::Error>());
    let mut codes = database.filter_map(|error| error.as_database_error()?.code());
    codes.any(|code| matches!(code.as_ref(), "40P01" | "55P03"))
}
