//! Whether the application's data is what history says, entry for entry.

use super::{Account, Anomaly, Entry, Name, Step, Total};
use crate::load::bank::{PARTS, part_id};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub(super) fn check(account: &Account, found: &mut Vec<Anomaly>) {
    let (instance, steps) = (&account.instance, &account.instance.steps);
    let expected = steps.iter().enumerate().filter_map(|(n, step)| entry(step, n.checked_sub(1).and_then(|n| steps.get(n))));
    compare(instance.id, expected.collect(), &account.entries, found);
    totals(account, found);
    amount(account, found);
    parts(account, found);
}

/// What the step's effect writes.
fn entry(step: &Step, before: Option<&Step>) -> Option<(i64, Entry)> {
    let stake = before.and_then(|before| before.stake).unwrap_or_default();
    let amount = match step.event.as_str() {
        "deposit" => step.amount.unwrap_or_default(),
        "withdraw" => -step.amount.unwrap_or_default(),
        "oversleep" | "finish" => 1,
        "charged" | "paid" => -stake,
        _ => return None,
    };
    Some((step.version, Entry { version: step.version, event: step.event.clone(), amount }))
}

fn compare(id: Uuid, expected: BTreeMap<i64, Entry>, entries: &[Entry], found: &mut Vec<Anomaly>) {
    let mut missing = expected.clone();
    for entry in entries {
        let name = match (missing.remove(&entry.version), expected.get(&entry.version)) {
            (Some(expected), _) if expected == *entry => continue,
            (None, Some(expected)) if expected == entry => Name::DoubledEffect,
            _ => Name::DataDisagrees,
        };
        found.push(Anomaly::new(name, id, [entry]));
    }
    found.extend(missing.values().map(|entry| Anomaly::new(Name::DataDisagrees, id, [("missing", entry)])));
}

fn totals(account: &Account, found: &mut Vec<Anomaly>) {
    let (balance, entries) = (account.entries.iter().map(|entry| entry.amount).sum(), account.entries.len() as i64);
    let expected: Vec<_> = account.instance.row.iter().map(|_| Total { balance, entries }).collect();
    if account.totals != expected {
        let lines = [format!("{:?}", account.totals), format!("expected {expected:?}")];
        found.push(Anomaly::of(Name::DataDisagrees, account.instance.id, lines));
    }
}

/// The common field is what was set last.
fn amount(account: &Account, found: &mut Vec<Anomaly>) {
    let set = account.instance.steps.iter().rev().find_map(|step| step.amount);
    if let Some(row) = account.instance.row.as_ref().filter(|row| row.amount != set) {
        found.push(Anomaly::new(Name::StateDisagrees, account.instance.id, [format!("{row:?}"), format!("set {set:?}")]));
    }
}

/// Each split has made its own, and nothing else has made any.
fn parts(account: &Account, found: &mut Vec<Anomaly>) {
    let id = account.instance.id;
    let splits = account.instance.steps.iter().filter(|step| step.event == "split");
    let expected: BTreeSet<_> = splits.flat_map(|step| (0..PARTS).map(|part| part_id(id, step.version, part))).collect();
    let there: BTreeSet<_> = account.parts.iter().map(|part| part.instance.id).collect();
    let differ: Vec<_> = expected.symmetric_difference(&there).collect();
    if !differ.is_empty() {
        found.push(Anomaly::new(Name::DataDisagrees, id, [("parts", differ)]));
    }
    for part in &account.parts {
        let expected = part.instance.steps.iter().filter_map(|step| entry(step, None)).collect();
        compare(part.instance.id, expected, &part.entries, found);
    }
}
