//! An instance in any state, brought there by its own events.

use crate::coverage;
use crate::step::{Made, Step, Taken, initial, rule, told};
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use std::collections::VecDeque;
use workflow_runtime::Runtime;
use workflow_runtime::model::{Edge, Model};
use workflow_runtime::workflow::{InState, Instance};

impl<W: Provable<A>, A: Send + Sync + 'static> Subject<W, A> {
    /// A new instance in the state of this label, which has come there by the shortest way through the public interface. Where an event
    /// on it is refused, the next way is tried with another instance.
    ///
    /// Events of timers, activities and joins are fired as any other. Their jobs are left to the database.
    ///
    /// # Errors
    ///
    /// [`Unproved::Refused`] with the way and the reason, when no way leads there; [`Unproved::Unreachable`] for a state that is not
    /// declared. Instances that did not come to the state stay in the database.
    pub async fn reach(&self, state: &str) -> Result<W, Unproved> {
        let runtime = self.connect(self.database.url()).await?;
        let made = self.bring(&runtime, state).await?;
        let loaded = workflow_runtime::private::load::<W>(&made.id, runtime.pool()).await?;
        loaded.ok_or_else(|| unreachable::<W>(state, "it is gone again"))
    }

    /// The same, typed: `orders.reach_in::<order::Shipped>()` is an `Order<order::Shipped>`.
    ///
    /// # Errors
    ///
    /// As [`reach`](Self::reach).
    pub async fn reach_in<S: InState>(&self) -> Result<S::Instance, Unproved>
    where
        S::Instance: Instance<Workflow = W>,
    {
        let state = S::Instance::STATES.and_then(|states| states.first()).copied().unwrap_or(initial::<W>());
        let any = self.reach(state).await?;
        S::Instance::narrow(any).map_err(|any| unreachable::<W>(state, &format!("it is {}", any.label())))
    }

    pub(crate) async fn bring(&self, runtime: &Runtime<A>, state: &str) -> Result<Made<W>, Unproved> {
        let (mut barred, mut first) = (Vec::new(), None);
        loop {
            let Some(way) = shortest(W::MODEL, initial::<W>(), state, &barred) else {
                return Err(first.unwrap_or_else(|| unreachable::<W>(state, "no arrow leads there")));
            };
            match self.go(runtime, &way).await? {
                Ok(made) => return Ok(made),
                Err((edge, refused)) => {
                    barred.push(edge);
                    first.get_or_insert(refused);
                }
            }
        }
    }

    async fn go(&self, runtime: &Runtime<A>, way: &[Edge]) -> Result<Result<Made<W>, (Edge, Unproved)>, Unproved> {
        let (creation, made) = self.creation(0, runtime.pool()).await?;
        self.prepare("create", runtime.pool()).await?;
        self.make(runtime, &made, &creation, None, "").await?;
        for (n, edge) in way.iter().enumerate() {
            self.prepare(edge.event, runtime.pool()).await?;
            let step = self.event(edge.event, 0, runtime.pool()).await?;
            match self.make(runtime, &made, &step, Some(edge.from), &told_way::<W>(&way[..n])).await {
                Err(refused @ Unproved::Refused { .. }) => return Ok(Err((*edge, refused))),
                made => made?,
            }
        }
        Ok(Ok(made))
    }

    /// A step that must not be refused.
    pub(crate) async fn make(
        &self,
        runtime: &Runtime<A>,
        made: &Made<W>,
        step: &Step,
        from: Option<&str>,
        way: &str,
    ) -> Result<(), Unproved> {
        match made.take(runtime, step).await {
            Ok(()) => {
                coverage::made::<W>(from, step.label());
                Ok(())
            }
            Err(Taken::Unproved(unproved)) => Err(unproved),
            Err(Taken::Refused(error)) => {
                coverage::refused::<W>(rule(&error));
                Err(Unproved::Refused { way: way.to_owned(), event: step.label().to_owned(), reason: told(&error) })
            }
        }
    }
}

fn unreachable<W: workflow_runtime::workflow::Workflow>(state: &str, reason: &str) -> Unproved {
    Unproved::Unreachable { workflow: W::MODEL.name, state: state.to_owned(), reason: reason.to_owned() }
}

/// `placed -reserve-> reserved`
pub(crate) fn told_way<W: workflow_runtime::workflow::Workflow>(way: &[Edge]) -> String {
    let steps = way.iter().map(|edge| format!(" -{}-> {}", edge.event, edge.to));
    format!("{}: {}{}", W::MODEL.name, initial::<W>(), steps.collect::<String>())
}

/// The first way that a search in breadth finds, in the order of the declaration.
fn shortest(model: &Model, from: &str, to: &str, barred: &[Edge]) -> Option<Vec<Edge>> {
    let mut ways = VecDeque::from([(from.to_owned(), Vec::new())]);
    let mut seen = vec![from.to_owned()];
    while let Some((at, way)) = ways.pop_front() {
        if at == to {
            return Some(way);
        }
        for edge in model.edges.iter().filter(|edge| edge.from == at && !barred.contains(edge)) {
            if !seen.iter().any(|state| state == edge.to) {
                seen.push(edge.to.to_owned());
                ways.push_back((edge.to.to_owned(), way.iter().copied().chain([*edge]).collect()));
            }
        }
    }
    None
}
