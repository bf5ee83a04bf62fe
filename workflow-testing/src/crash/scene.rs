//! One transition, with what was there before it and what an undisturbed client makes of that.

use crate::picture::{Mask, Picture};
use crate::stage::{Kept, PATIENCE, Stage};
use crate::step::{Made, Step, Taken, arrow, arrow_of, initial};
use crate::subject::Provable;
use crate::unproved::{Broken, Unproved};
use crate::wire::Proxy;
use std::time::{Duration, Instant};
use workflow_runtime::model::Edge;
use workflow_runtime::{Error, Runtime};

pub(super) struct Scene<W: workflow_runtime::workflow::Workflow> {
    pub(super) made: Made<W>,
    pub(super) step: Step,
    /// `order: placed -reserve-> reserved`
    pub(super) arrow: String,
    before: Kept,
    after: Picture,
    mask: Mask,
}

/// What a stopped client has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Nothing,
    All,
}

impl<W: Provable<A>, A: Send + Sync + 'static> Stage<'_, W, A> {
    async fn opening(&mut self, edge: Option<&Edge>) -> Result<(Made<W>, Step, String), Unproved> {
        let Some(edge) = edge else {
            self.clear().await?;
            self.subject.prepare("create", self.runtime.pool()).await?;
            let (step, made) = self.subject.creation(0, self.runtime.pool()).await?;
            return Ok((made, step, arrow(W::MODEL.name, None, "create", initial::<W>())));
        };
        let made = self.bring(edge.from).await?;
        self.subject.prepare(edge.event, self.runtime.pool()).await?;
        let step = self.subject.event(edge.event, 0, self.runtime.pool()).await?;
        Ok((made, step, arrow_of(W::MODEL.name, edge)))
    }
}

impl<W: workflow_runtime::workflow::Workflow> Scene<W> {
    /// The transition is made twice without being disturbed: what the two do not agree in says nothing.
    pub(super) async fn of<A: Send + Sync + 'static>(
        stage: &mut Stage<'_, W, A>,
        edge: Option<&Edge>,
    ) -> Result<Scene<W>, Unproved>
    where
        W: Provable<A>,
    {
        let (made, step, arrow) = stage.opening(edge).await?;
        let before = stage.keep().await?;
        let mut after = Vec::new();
        for _ in 0..2 {
            let from = edge.map(|edge| edge.from);
            stage.subject.make(&stage.runtime, &made, &step, from, from.unwrap_or("nothing")).await?;
            stage.quiet().await?;
            let now = stage.look().await?;
            stage.check_invariants(&arrow, "undisturbed").await?;
            stage.rewind_from(&now, &before).await?;
            after.push(now);
        }
        let mask = stage.mask(&after[0], &after[1]);
        let after = after[0].masked(&mask);
        Ok(Scene { made, step, arrow, before, after, mask })
    }

    /// What there is now is nothing of the transition or all of it, and then the database is as it was before.
    pub(super) async fn judge<A: Send + Sync + 'static>(&self, stage: &mut Stage<'_, W, A>, place: &str) -> Result<Left, Unproved>
    where
        W: Provable<A>,
    {
        let now = stage.look().await?;
        if now == self.before.picture {
            return Ok(Left::Nothing);
        }
        match now.masked(&self.mask).difference(&self.after) {
            Some(missing) => {
                let more = now.difference(&self.before.picture).unwrap_or_default();
                let found = format!(
                    "what has changed since before it:\n{more}what an undisturbed one leaves (-) and this has not:\n{missing}"
                );
                Err(self.broken("is not all or nothing", place, found))
            }
            None => {
                stage.check_invariants(&self.arrow, place).await?;
                stage.rewind_from(&now, &self.before).await?;
                Ok(Left::All)
            }
        }
    }

    /// What the client was told is true.
    pub(super) fn believe(&self, told: &Result<(), Taken<W>>, left: Left, place: &str) -> Result<(), Unproved> {
        let lie = match (told, left) {
            (Ok(()), Left::Nothing) => "is said to be made, and was not",
            (Err(Taken::Refused(error)), Left::All) if !matches!(error, Error::Unknown { .. }) => {
                return Err(self.broken("is said to be refused, and was made", place, error.to_string()));
            }
            _ => return Ok(()),
        };
        Err(self.broken(lie, place, String::new()))
    }

    pub(super) fn broken(&self, promise: &str, place: &str, found: String) -> Unproved {
        Broken { transition: self.arrow.clone(), promise: promise.to_owned(), place: place.to_owned(), found }.into()
    }
}

/// A runtime behind a wire, which has nothing more to say before its first transition.
pub(super) async fn warm<W: Provable<A>, A: Send + Sync + 'static>(runtime: &Runtime<A>, made: &Made<W>) -> Result<(), Unproved> {
    let mut tx = runtime.begin().await?;
    // That compares the schema. Of a creation there is nothing to lock.
    let _ = tx.lock::<W>(made.id.clone()).await;
    tx.rollback().await?;
    at_home(runtime).await;
    Ok(())
}

/// Waits until the pool's connections are back, which have then said all that they had to; not for one that the application keeps.
pub(crate) async fn at_home<A: Send + Sync + 'static>(runtime: &Runtime<A>) {
    let pool = runtime.pool();
    let deadline = Instant::now() + PATIENCE / 10;
    while pool.num_idle() < pool.size() as usize && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The client is gone, and the server knows.
pub(crate) async fn part<A: Send + Sync + 'static>(runtime: &Runtime<A>, wire: &Proxy) {
    let _ = tokio::time::timeout(PATIENCE / 10, runtime.pool().close()).await;
    wire.cut();
    wire.closed().await;
}
