//! Whether all that steps should have brought about was done.

use super::{Account, Anomaly, Instance, Job, Name, Step};
use crate::partner::{Deed, receipt};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

pub(super) fn check(account: &Account, found: &mut Vec<Anomaly>) {
    waiting(&account.instance, &["resting", "held", "charging", "paying", "split"], &account.jobs, found);
    for part in &account.parts {
        waiting(&part.instance, &["waiting"], &part.jobs, found);
    }
    deeds(account, found);
}

/// A state that something leads out of by itself is left, after the time that there was.
fn waiting(instance: &Instance, states: &[&str], jobs: &[Job], found: &mut Vec<Anomaly>) {
    found.extend(jobs.iter().map(|job| Anomaly::new(Name::UnfinishedJob, instance.id, [job])));
    if let Some(row) = instance.row.as_ref().filter(|row| states.contains(&row.state.as_str()))
        && !jobs.iter().any(|job| job.kind != "task")
    {
        found.push(Anomaly::new(Name::LostJob, instance.id, [row]));
    }
}

/// What the partner owes, and what it did.
fn deeds(account: &Account, found: &mut Vec<Anomaly>) {
    let (id, steps) = (account.instance.id, &account.instance.steps);
    let asked: HashMap<_, _> = steps.iter().filter_map(|step| Some((key(id, step)?, step))).collect();
    for deed in &account.deeds {
        let step = asked.get(&deed.key);
        if step.is_none_or(|step| step.stake != Some(deed.amount)) {
            found.push(Anomaly::of(Name::PhantomDeed, id, [format!("{deed:?}"), format!("{step:?}")]));
        }
    }
    let done: HashSet<_> = account.deeds.iter().map(|Deed { key, .. }| key).collect();
    for (n, step) in steps.iter().enumerate() {
        let owed = match step.event.as_str() {
            "hold" => key(id, step),
            "charged" | "paid" => n.checked_sub(1).and_then(|n| key(id, &steps[n])),
            _ => continue,
        };
        let by_work = step.event == "hold" || step.receipt == owed.as_deref().map(receipt);
        if !owed.is_some_and(|owed| done.contains(&owed)) || !by_work {
            let queued = account.jobs.iter().any(|job| job.kind == "task" && job.version == step.version);
            found.extend((!queued).then(|| Anomaly::new(Name::LostJob, id, [("the partner was not asked", step)])));
        }
    }
}

/// Of the outside work that a step asks for.
fn key(id: Uuid, step: &Step) -> Option<String> {
    let job = match step.event.as_str() {
        "hold" => "tell_holder",
        "charge" => "take_charge",
        "pay" => "send_payment",
        _ => return None,
    };
    Some(format!("account/{id}/{}/{job}", step.version))
}
