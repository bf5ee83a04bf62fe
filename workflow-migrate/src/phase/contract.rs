//! The contract phase: the older binaries are gone, and what only they needed goes too.

use super::expand::{requirements, step_draft, validations};
use super::work::{Moves, drains, is_made, moves};
use super::{Draft, Phase};
use crate::diff::Versions;
use crate::sql::difference::{Part, behaviour, structure};
use crate::sql::former;
use crate::sql::steps::{Gone, Step, refuse_jobs, refuse_left};
use crate::sql::subject::{Revisions, Subject};
use crate::stage::Stage;

/// What the first file of this phase begins with.
pub(crate) const LATER: &str = "Only for when no binary of the version before runs any more";

/// From both models to the newer one alone.
pub(crate) fn contract(v: &Versions<'_>, revisions: &Revisions) -> Phase {
    let (before, clearing, after) = (Stage::between(v.before, v.after), Stage::clearing(v.before, v.after), Stage::of(v.after));
    let mut phase = to(v, &before, clearing.as_ref().unwrap_or(&after), revisions);
    if let Some(clearing) = &clearing {
        phase.drafts.push(step_draft(&Subject::new(clearing), &Step::Settle));
        phase = finish(clearing, &after, phase);
    }
    phase
}

/// Nothing is left in a column where it does not belong any more: the CHECK takes the trigger's place.
fn finish(clearing: &Stage, after: &Stage, mut phase: Phase) -> Phase {
    let (old, new) = (Subject::new(clearing), Subject::new(after));
    let change = structure(&old, &new, &phase.revisions);
    let part = change.part.clone().then(behaviour(&old, &new));
    phase.drafts.push(Draft::transaction(&new, "finish", "What was cleared stays so.", &part));
    phase.drafts.extend(validations(&new, &change));
    phase.drafts.extend(requirements(&new, &change));
    Phase { revisions: change.revisions, ..phase }
}

fn to(v: &Versions<'_>, before: &Stage, after: &Stage, revisions: &Revisions) -> Phase {
    let (old, new) = (Subject::new(before), Subject::new(after));
    let change = structure(&old, &new, revisions);
    let (asserted, acts) = (unfinished(v, &new).then(former::left(&old)), behaviour(&old, &new));
    let steps = drains(v);
    let mut drafts = Vec::new();
    if steps.is_empty() {
        let part = asserted.then(change.part.clone()).then(acts);
        let why = format!("{LATER}: takes away what only they needed.");
        drafts.extend((!part.is_empty()).then(|| Draft::transaction(&new, "contract", &why, &part)));
    } else {
        // First nothing leads into the states any more; then they are emptied; then they go.
        let why = format!("{LATER}: closes what only they could do.");
        drafts.push(Draft::transaction(&new, "close", &why, &asserted.then(acts)));
        drafts.extend(steps.iter().map(|step| step_draft(&new, step)));
        let emptied = Part { up: vec![refuse_left(&new, &left(&steps))], down: Vec::new() };
        let why = "Nothing may be left in what goes: a scan, apart from the file that locks the table.";
        drafts.push(Draft::transaction(&new, "emptied", why, &emptied));
        drafts.push(Draft::transaction(&new, "contract", "What stood for the version before goes.", &change.part));
    }
    drafts.extend(validations(&new, &change));
    drafts.extend(requirements(&new, &change));
    Phase { drafts, revisions: change.revisions }
}

/// Work that nobody would carry out must not be forgotten.
fn unfinished(v: &Versions<'_>, s: &Subject<'_>) -> Part {
    let Moves { steps, gone } = moves(v);
    let jobs: Vec<Gone> = gone.into_iter().chain(former(v, &steps)).collect();
    let is_drain = |step: &Step| match step {
        Step::Drain { .. } => true,
        Step::Settle | Step::Start { .. } | Step::Retime { .. } | Step::Rename { .. } | Step::Relabel { .. } => false,
    };
    let drained = left(&drains(v).into_iter().filter(is_drain).collect::<Vec<_>>());
    let up = if jobs.is_empty() { Vec::new() } else { vec![refuse_jobs(s, &jobs, &drained)] };
    Part { up, down: Vec::new() }
}

/// Jobs by the names that the expand phase took from them.
fn former(v: &Versions<'_>, steps: &[Step]) -> Vec<Gone> {
    let mut former = Vec::new();
    for step in steps {
        match step {
            Step::Rename { kind, from, .. } if !is_made(&v.new, kind, from) => {
                former.push(Gone { kind, job: from.clone(), states: Vec::new() });
            }
            Step::Rename { .. } | Step::Settle | Step::Start { .. } | Step::Retime { .. } => {}
            Step::Drain { .. } | Step::Relabel { .. } => {}
        }
    }
    former
}

/// The states that these steps empty.
fn left(steps: &[Step]) -> Vec<String> {
    let from = |step: &Step| match step {
        Step::Drain { from, .. } | Step::Relabel { from, .. } => Some(from.clone()),
        Step::Settle | Step::Start { .. } | Step::Retime { .. } | Step::Rename { .. } => None,
    };
    steps.iter().filter_map(from).collect()
}
