//! How jobs are tried again: `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`.

use super::context::{Context, Faults};
use crate::diagnostic::{Part, Place};
use crate::model::{Retried, Retry, Trigger};

/// Whoever reads one of the two would take it for the whole truth, and the other one would be forgotten at the next change.
pub(super) fn said_twice(context: &Context<'_>, faults: &mut Faults) {
    let all = said(context);
    for (n, (place, retry)) in all.iter().enumerate() {
        if all[..n].iter().any(|(_, earlier)| earlier.job == retry.job) {
            let message = format!("how {} is tried again is said already", written(&retry.job));
            faults.add(*place, message, "leave it out here: said once, it holds for every line that names the job");
        }
    }
}

/// `by book_courier up to 10 attempts`, and `after 5 failures of book_courier` on another line.
pub(super) fn doubled_counts(context: &Context<'_>, faults: &mut Faults) {
    for (place, retry) in said(context) {
        let (Some(attempts), Retried::Activity(activity)) = (retry.attempts, &retry.job) else { continue };
        if let Some(failures) = exhaustion(context, activity) {
            let message = format!("`after {failures} failures of {activity}` says already how often `{activity}` is tried");
            let plural = if attempts == 1 { "" } else { "s" };
            faults.add(place, message, format!("leave out `up to {attempts} attempt{plural}`, or change the number there"));
        }
    }
}

fn exhaustion(context: &Context<'_>, activity: &str) -> Option<u32> {
    context.model.transitions.iter().flat_map(|line| &line.triggers).find_map(|trigger| match trigger {
        Trigger::Exhausted { failures, activity: of } if of == activity => Some(*failures),
        Trigger::Exhausted { .. } | Trigger::After(_) | Trigger::At(_) | Trigger::By(_) | Trigger::Joined { .. } => None,
    })
}

/// `pausing 1 hour to 5 seconds`
pub(super) fn shrinking_pauses(context: &Context<'_>, faults: &mut Faults) {
    for (place, retry) in said(context) {
        if let (Some(first), Some(longest)) = (retry.pause, retry.longest)
            && first.seconds > longest.seconds
        {
            let (first, longest) = (first.interval(), longest.interval());
            let message = format!("the first pause, {first}, is longer than the longest, {longest}");
            faults.add(place, message, format!("the shorter one first: `pausing {longest} to {first}`"));
        }
    }
}

fn written(job: &Retried) -> String {
    match job {
        Retried::Activity(name) => format!("the activity `{name}`"),
        Retried::Task(name) => format!("the task `{name}`"),
    }
}

/// Each with its place, in the order of the declaration.
fn said<'m>(context: &Context<'m>) -> Vec<(Place, &'m Retry)> {
    let created = context.model.create.iter().flat_map(|create| create.retries.iter().enumerate());
    let created = created.map(|(r, retry)| (Place::Create(Part::Retry(r)), retry));
    let lines = context.lines().flat_map(|(i, line)| {
        line.retries.iter().enumerate().map(move |(r, retry)| (Place::Transition(i, Part::Retry(r)), retry))
    });
    created.chain(lines).collect()
}
