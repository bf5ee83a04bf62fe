//! Whether clients were told the truth.

use super::{Account, Anomaly, Call, Name, Said, Step};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

pub(super) fn check(account: &Account, found: &mut Vec<Anomaly>) {
    let id = account.instance.id;
    let mut steps: HashMap<&str, Vec<&Step>> = HashMap::new();
    for step in &account.instance.steps {
        steps.entry(step.actor.as_deref().unwrap_or_default()).or_default().push(step);
    }
    for call in &account.calls {
        let made = steps.remove(call.name.as_str()).unwrap_or_default();
        let name = match made[..] {
            [] => unmade(call, account),
            [step] => made_once(call, step, account),
            _ => Some(Name::DoubledTransition),
        };
        found.extend(name.map(|name| Anomaly::of(name, id, [format!("{call:?}"), format!("{made:?}")])));
    }
    let unasked = steps.into_iter().filter(|(actor, _)| !is_work(actor));
    found.extend(unasked.map(|(_, steps)| Anomaly::new(Name::PhantomTransition, id, steps)));
    keys(account, found);
}

/// Workers name themselves for what they do.
fn is_work(actor: &str) -> bool {
    ["activity ", "timer ", "join "].iter().any(|kind| actor.starts_with(kind))
}

fn unmade(call: &Call, account: &Account) -> Option<Name> {
    match call.last()? {
        Said::Ok { .. } => Some(Name::LostAcknowledged),
        // Another call has made it, under the same key; or another one has created the instance.
        Said::Before { version } => {
            let before = account.instance.steps.iter().find(|step| step.version == *version);
            let same = |step: &Step| step.event == call.event && (call.key.is_none() || step.key == call.key);
            (!before.is_some_and(same)).then_some(Name::LostAcknowledged)
        }
        Said::Resolved { made: true } => Some(Name::WrongResolved),
        Said::Resolved { made: false } | Said::Refused { .. } | Said::Unknown { .. } | Said::Intent { .. } => None,
    }
}

fn made_once(call: &Call, step: &Step, account: &Account) -> Option<Name> {
    if step.event != call.event || call.key.is_some_and(|key| step.key != Some(key)) {
        return Some(Name::PhantomTransition);
    }
    match call.last() {
        Some(Said::Ok { version } | Said::Before { version }) if *version != step.version => Some(Name::WrongVersion),
        Some(Said::Refused { .. }) => Some(Name::PhantomRefused),
        Some(Said::Resolved { made: false }) => Some(Name::WrongResolved),
        // Asked again under the same key, and told that it is not possible.
        Some(Said::Unknown { .. }) if asked_again(call, account) => Some(Name::WrongResolved),
        _ => None,
    }
}

fn asked_again(call: &Call, account: &Account) -> bool {
    let same = account.calls.iter().filter(|other| other.key.is_some() && other.key == call.key);
    same.filter(|other| other.name != call.name).any(|other| matches!(other.last(), Some(Said::Refused { .. })))
}

/// No key takes effect twice, whoever uses it.
fn keys(account: &Account, found: &mut Vec<Anomaly>) {
    let mut seen: HashMap<Uuid, &Step> = HashMap::new();
    for step in &account.instance.steps {
        let Some(key) = step.key else { continue };
        match seen.entry(key) {
            Entry::Vacant(place) => drop(place.insert(step)),
            Entry::Occupied(first) => {
                let both = [*first.get(), step];
                found.push(Anomaly::new(Name::DoubledTransition, account.instance.id, both));
            }
        }
    }
}
