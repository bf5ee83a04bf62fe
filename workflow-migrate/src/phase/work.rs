//! What becomes of rows and jobs that are there.

use crate::diff::Versions;
use crate::diff::jobs::{former_name, is_named_like_its_event};
use crate::jobs::{Job, of_state, tasks, to_parent};
use crate::sql::steps::{Gone, Step};
use std::collections::BTreeSet;

/// What a change does to jobs.
#[derive(Debug, Default)]
pub(super) struct Moves {
    /// In the expand phase.
    pub(super) steps: Vec<Step>,
    /// What no newer binary carries out.
    pub(super) gone: Vec<Gone>,
}

/// From the jobs of the older model to those of the newer one.
pub(super) fn moves(v: &Versions<'_>) -> Moves {
    let mut moves = Moves::default();
    for state in &v.new.states {
        let (label, former) = (state.name.label.clone(), v.former_label(&state.name.label));
        if v.old.state(&former).is_none() {
            continue;
        }
        let old = of_state(&v.old, &former);
        let labels = if former == label { vec![label.clone()] } else { vec![label.clone(), former] };
        // A parent that waits from now on counts for itself the children that were at their end before.
        let is_late = |job: &Job| v.old.parent.is_none() && to_parent(&v.new).as_ref() == Some(job);
        for job in of_state(&v.new, &label).into_iter().filter(|job| !is_late(job)) {
            job_moves(v, &old, &job, &labels, &mut moves.steps);
        }
    }
    moves.gone = gone(v).into_iter().map(|(kind, job)| Gone { kind, job, states: Vec::new() }).collect();
    moves.gone.extend(gone_from_states(v, &moves.gone));
    moves
}

fn job_moves(v: &Versions<'_>, old: &[Job], job: &Job, states: &[String], steps: &mut Vec<Step>) {
    let former = former_name(v, job);
    let Some(before) = old.iter().find(|o| o.kind == job.kind && o.name == former) else {
        // Those that are there already get the whole time, unless the source says otherwise: nothing fires all at once.
        let run_at = if job.retime { job.run_at.clone() } else { job.run_at.clone().anew() };
        return grow(steps, Step::Start { kind: job.kind, job: job.name.clone(), states: states.to_vec(), run_at });
    };
    if former != job.name {
        let step = Step::Rename { kind: job.kind, from: former, to: job.name.clone() };
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    // A time that was a field's may have been none, and then there is no timer yet.
    let is_field = job.kind == "timer" && (job.run_at.is_from_field() || before.run_at.is_from_field());
    if before.run_at != job.run_at && (job.retime || is_field) {
        let (run_at, before) = (job.run_at.clone(), before.run_at.clone());
        grow(steps, Step::Retime { job: job.name.clone(), states: states.to_vec(), run_at, before });
    }
}

/// The same for several states is one file.
fn grow(steps: &mut Vec<Step>, step: Step) {
    for known in steps.iter_mut() {
        match (known, &step) {
            (Step::Start { kind, job, states, run_at }, Step::Start { kind: k, job: j, states: more, run_at: r })
                if kind == k && job == j && run_at == r =>
            {
                return states.extend(more.iter().cloned());
            }
            (Step::Retime { job, states, run_at, .. }, Step::Retime { job: j, states: more, run_at: r, .. })
                if job == j && run_at == r =>
            {
                return states.extend(more.iter().cloned());
            }
            (Step::Start { .. } | Step::Retime { .. } | Step::Settle, _) => {}
            (Step::Rename { .. } | Step::Drain { .. } | Step::Relabel { .. }, _) => {}
        }
    }
    steps.push(step);
}

/// Jobs by kind and name that the older model makes and the newer one does not know.
fn gone(v: &Versions<'_>) -> Vec<(&'static str, String)> {
    let all = |model: &workflow_model::Model| -> Vec<(&'static str, String)> {
        let bound = model.states.iter().flat_map(|state| of_state(model, &state.name.label)).map(|job| (job.kind, job.name));
        bound.chain(tasks(model).into_iter().map(|task| ("task", task))).collect()
    };
    let kept = all(&v.new);
    let renamed: Vec<String> = v
        .new
        .states
        .iter()
        .flat_map(|state| of_state(&v.new, &state.name.label))
        .filter(|job| is_named_like_its_event(job.kind))
        .map(|job| former_name(v, &job))
        .collect();
    let is_renamed = |job: &(&str, String)| is_named_like_its_event(job.0) && renamed.contains(&job.1);
    let mut gone: Vec<_> = all(&v.old).into_iter().filter(|job| !kept.contains(job) && !is_renamed(job)).collect();
    gone.sort();
    gone.dedup();
    gone
}

/// Whether a model makes such jobs.
pub(super) fn is_made(model: &workflow_model::Model, kind: &str, name: &str) -> bool {
    model.states.iter().flat_map(|state| of_state(model, &state.name.label)).any(|job| job.kind == kind && job.name == name)
}

/// Jobs that a state starts no more, though another one does.
fn gone_from_states(v: &Versions<'_>, everywhere: &[Gone]) -> Vec<Gone> {
    let mut found: Vec<Gone> = Vec::new();
    for state in &v.old.states {
        let label = &state.name.label;
        let Some(now) = v.later_label(label) else { continue };
        let kept: Vec<_> = of_state(&v.new, &now).iter().map(|job| (job.kind, former_name(v, job))).collect();
        for job in of_state(&v.old, label).into_iter().filter(|job| !kept.contains(&(job.kind, job.name.clone()))) {
            if everywhere.iter().any(|gone| gone.kind == job.kind && gone.job == job.name) {
                continue;
            }
            let labels = [label.clone(), now.clone()].into_iter().collect::<BTreeSet<_>>();
            let job_now = later_name(v, &job);
            match found.iter_mut().find(|gone| gone.kind == job.kind && gone.job == job_now) {
                Some(gone) => gone.states.extend(labels),
                None => found.push(Gone { kind: job.kind, job: job_now, states: labels.into_iter().collect() }),
            }
        }
    }
    found
}

/// What a job of the older model is called once the expand phase has renamed it.
fn later_name(v: &Versions<'_>, job: &Job) -> String {
    let all = v.new.states.iter().flat_map(|state| of_state(&v.new, &state.name.label));
    let renamed = all.into_iter().find(|new| new.kind == job.kind && former_name(v, new) == job.name);
    renamed.map_or_else(|| job.name.clone(), |new| new.name)
}

/// The states whose rows move on, and those that get another label.
pub(super) fn drains(v: &Versions<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for state in &v.old.states {
        let label = &state.name.label;
        match v.later_label(label) {
            Some(to) if to != *label => steps.push(Step::Relabel { from: label.clone(), to }),
            Some(_) => {}
            None => steps.extend(drain(v, state)),
        }
    }
    steps
}

fn drain(v: &Versions<'_>, state: &workflow_model::State) -> Option<Step> {
    let label = &state.name.label;
    let name = v.old_state_name(label);
    let (_, removed) = v.after.removed.iter().zip(&v.new.removed).find(|(r, _)| r.state == name || r.state == *label)?;
    let target = v.new.state(&removed.target.state)?;
    let given = |field: &workflow_model::Field| {
        removed.target.literals.iter().find(|(name, _)| *name == field.name.label).map(|(_, value)| value.sql())
    };
    let set = target.fields.iter().filter_map(|field| Some((field.name.label.clone(), given(field)?)));
    let stays = |field: &&workflow_model::Field| !target.fields.iter().any(|f| f.name.label == field.name.label);
    let cleared = state.fields.iter().filter(stays).map(|field| (field.name.label.clone(), "NULL".to_owned()));
    let values = set.chain(cleared).collect();
    Some(Step::Drain { from: label.clone(), to: removed.target.state.clone(), values })
}
