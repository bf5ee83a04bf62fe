//! Two clients want the same instance at the same time, in every state and every order.

mod beside;
mod pair;

use crate::crash::is_child;
use crate::stage::Stage;
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use pair::Pair;
use std::fmt;
use workflow_runtime::model::Edge;

/// What a [`race_matrix`] has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RaceMatrix {
    /// The workflow.
    pub workflow: &'static str,
    /// States in which something can happen.
    pub states: usize,
    /// Ordered pairs of events that are possible in one state.
    pub pairs: usize,
    /// Races, of which in each one had to wait for the other.
    pub races: usize,
    /// Races in which the second one was made after the first.
    pub followed: usize,
    /// Races in which the second one got a conflict.
    pub conflicts: usize,
    /// Pairs of events with effects that were fired for two instances at the same time.
    pub neighbours: usize,
}

/// Lets two connections race for one instance: in each state, for each ordered pair of events that are possible there, an event and itself
/// included. The first fires in a transaction and holds it open; the second fires, and is seen to wait for the first. Then
///
/// - the first commits: the second is made after it, or gets `Conflict` with the step that won, as when one came after the other;
/// - the first rolls back: the second is made as if it had been alone;
/// - both had seen the same version, and the first commits: the second gets `Conflict`.
///
/// Each time the whole database must be what the same steps make of it one after the other. Last, every two events with effects are fired
/// for two instances at the same time, since they may want the same rows of the application. Wherever the first is held up, neither may
/// end in a deadlock, and what they leave must be what one order of them leaves.
///
/// # Errors
///
/// [`Unproved::Broken`] says which race went wrong; others say what could not be tried.
pub async fn race_matrix<W: Provable<A>, A: Send + Sync + 'static>(subject: &Subject<W, A>) -> Result<RaceMatrix, Unproved> {
    let mut matrix =
        RaceMatrix { workflow: W::MODEL.name, states: 0, pairs: 0, races: 0, followed: 0, conflicts: 0, neighbours: 0 };
    if is_child() {
        return Ok(matrix);
    }
    let mut stage = Stage::set(subject).await?;
    for state in W::MODEL.states {
        let edges: Vec<&Edge> = W::MODEL.edges.iter().filter(|edge| edge.from == state.label).collect();
        matrix.states += usize::from(!edges.is_empty());
        for first in &edges {
            for second in &edges {
                matrix.pair(&mut stage, first, second).await?;
            }
        }
    }
    matrix.neighbours(&mut stage).await?;
    stage.leave().await?;
    Ok(matrix)
}

impl RaceMatrix {
    async fn pair<W: Provable<A>, A: Send + Sync + 'static>(
        &mut self,
        stage: &mut Stage<'_, W, A>,
        first: &Edge,
        second: &Edge,
    ) -> Result<(), Unproved> {
        let mut pair = Pair::of(stage, first, second).await?;
        self.pairs += 1;
        let followed = pair.first_commits().await?;
        self.followed += usize::from(followed);
        self.conflicts += usize::from(!followed);
        pair.first_rolls_back().await?;
        pair.both_saw_the_same().await?;
        self.conflicts += 1;
        self.races += 3;
        pair.part().await;
        Ok(())
    }

    /// Without an effect in the application there is nothing between the messages of the first.
    async fn neighbours<W: Provable<A>, A: Send + Sync + 'static>(
        &mut self,
        stage: &mut Stage<'_, W, A>,
    ) -> Result<(), Unproved> {
        for first in W::MODEL.edges.iter().filter(|edge| edge.effect.is_some()) {
            for second in W::MODEL.edges.iter().filter(|edge| edge.effect.is_some() || edge.sql) {
                let mut pair = Pair::of_two(stage, first, second).await?;
                pair.beside_each_other().await?;
                pair.part().await;
                self.neighbours += 1;
            }
        }
        Ok(())
    }
}

impl fmt::Display for RaceMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RaceMatrix { workflow, states, pairs, races, followed, conflicts, neighbours } = self;
        write!(
            f,
            "{workflow}: {pairs} pairs of events in {states} states raced {races} times: the second was made after the first {followed} times, \
             and got a conflict {conflicts} times. {neighbours} pairs were fired beside each other, without a deadlock."
        )
    }
}
