//! A client is stopped wherever it can be stopped. Afterwards the whole transition is there, or nothing of it.

mod child;
mod drops;
mod kills;
mod losses;
mod scene;

use crate::stage::Stage;
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use child::Children;
pub(crate) use child::is_one as is_child;
use scene::Scene;
pub(crate) use scene::{at_home, part};
use std::fmt;

/// What a [`crash_sweep`] has done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CrashSweep {
    /// The workflow.
    pub workflow: &'static str,
    /// Transitions, the creation included.
    pub transitions: usize,
    /// Stops at an await: the future was dropped there.
    pub dropped: usize,
    /// Stops by a connection that died with a message which never arrived.
    pub lost: usize,
    /// Stops by a connection that died with the answer to a message.
    pub unanswered: usize,
    /// Stops by SIGKILL of the process that fires.
    pub killed: usize,
}

/// Stops the client in each transition of the workflow, the creation included, wherever it can be stopped, and compares the whole
/// database with what it was before and with what an undisturbed transition makes of it:
///
/// - at each await: the future is polled so many times, and dropped;
/// - between any two messages to the server, by a connection that dies with the message, or with its answer. Then the runtime finds out
///   what has become of it, and what it returns must be true;
/// - by SIGKILL of a process each of whose statements is held back in turn: the test itself, run again alone. That process runs the test up to
///   this call, with databases of its own on the same server.
///
/// Afterwards no connection of the pool may be inside a transaction, and what must [never](Subject::never) be is not. Columns in which two
/// undisturbed runs differ, and those with times or numbers from sequences, are compared by whether they have a value.
///
/// # Errors
///
/// [`Unproved::Broken`] says which transition was stopped where, and which rows were there; others say what could not be tried.
pub async fn crash_sweep<W: Provable<A>, A: Send + Sync + 'static>(subject: &Subject<W, A>) -> Result<CrashSweep, Unproved> {
    let mut sweep = CrashSweep { workflow: W::MODEL.name, transitions: 0, dropped: 0, lost: 0, unanswered: 0, killed: 0 };
    let call = child::next_call();
    if child::is_one() {
        return child::serve(subject, call).await.map(|()| sweep);
    }
    let mut children = Children::of(subject, call)?;
    let mut stage = Stage::set(subject).await?;
    sweep.transition(&mut stage, &mut children, None).await?;
    for edge in W::MODEL.edges {
        sweep.transition(&mut stage, &mut children, Some(edge)).await?;
    }
    stage.leave().await?;
    Ok(sweep)
}

impl CrashSweep {
    async fn transition<W: Provable<A>, A: Send + Sync + 'static>(
        &mut self,
        stage: &mut Stage<'_, W, A>,
        children: &mut Children,
        edge: Option<&'static workflow_runtime::model::Edge>,
    ) -> Result<(), Unproved> {
        let scene = Scene::of(stage, edge).await?;
        self.transitions += 1;
        self.dropped += drops::sweep(stage, &scene).await?;
        let messages = losses::sweep(stage, &scene, losses::Kind::Lost).await?;
        self.lost += messages.all;
        self.unanswered += losses::sweep(stage, &scene, losses::Kind::Unanswered).await?.all;
        self.killed += kills::sweep(stage, &scene, children, &messages).await?;
        Ok(())
    }
}

impl fmt::Display for CrashSweep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CrashSweep { workflow, transitions, dropped, lost, unanswered, killed } = self;
        let stops = dropped + lost + unanswered + killed;
        write!(
            f,
            "{workflow}: {transitions} transitions were stopped {stops} times: {dropped} at an await, {lost} before a message arrived, \
             {unanswered} before its answer did, {killed} by SIGKILL. Each was made as a whole or not at all."
        )
    }
}
