//! What a contract phase meets in a database: rows that it moves, and work that it waits for.

use super::work::{drains, moves};
use crate::diff::Versions;
use crate::sql::steps::Step;
use workflow_model::Model;

/// What a change meets when its contract phase is applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meets {
    /// States whose rows move on, and where to: labels.
    pub drained: Vec<(String, String)>,
    /// States whose rows get another label: the older one and the newer one.
    pub relabelled: Vec<(String, String)>,
    /// Jobs that must be finished before; those of instances that are drained are not waited for, but for tasks.
    pub work: Vec<Work>,
}

/// Jobs that no newer binary carries out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// `timer`, `activity`, `join` or `task`.
    pub kind: String,
    /// The timer's event, or the activity's or task's name; of a join the event that waits, or the parent that is told.
    pub job: String,
    /// Only those of instances in these states, by label; none for all.
    pub states: Vec<String>,
}

/// What the change from one declaration to another meets. `retired` are the snapshot's labels that are never given again.
pub fn meets(before: &Model, after: &Model, retired: &[String]) -> Meets {
    let versions = Versions::of(before, after, retired);
    let mut meets = Meets::default();
    for step in drains(&versions) {
        match step {
            Step::Drain { from, to, .. } => meets.drained.push((from, to)),
            Step::Relabel { from, to } => meets.relabelled.push((from, to)),
            Step::Settle | Step::Start { .. } | Step::Retime { .. } | Step::Rename { .. } => {}
        }
    }
    meets.work = moves(&versions)
        .gone
        .into_iter()
        .map(|gone| Work { kind: gone.kind.to_owned(), job: gone.job, states: gone.states })
        .collect();
    meets
}
