//! A small account, sound, and then broken in every way.

use super::*;
use crate::load::bank::part_id;
use crate::partner::receipt;

const ID: Uuid = Uuid::from_u128(7);
const KEY: Uuid = Uuid::from_u128(70);

/// Created, paid into under a key, charged by a worker, held, split and joined.
fn sound() -> Account {
    let step = |version, event: &str, from: Option<&str>, to: &str, actor: &str| Step {
        version,
        event: event.into(),
        from_state: from.map(str::to_owned),
        to_state: to.into(),
        actor: Some(actor.into()),
        ..Step::default()
    };
    let charge = format!("account/{ID}/3/take_charge");
    let steps = vec![
        Step { amount: Some(0), ..step(1, "create", None, "open", "c0-1.0") },
        Step { amount: Some(5), key: Some(KEY), ..step(2, "deposit", Some("open"), "open", "c0-1.1") },
        Step { stake: Some(3), ..step(3, "charge", Some("open"), "charging", "c0-1.3") },
        Step { receipt: Some(receipt(&charge)), ..step(4, "charged", Some("charging"), "open", "activity take_charge") },
        Step { stake: Some(9), ..step(5, "hold", Some("open"), "held", "c0-1.4") },
        step(6, "release", Some("held"), "open", "timer release"),
        step(7, "split", Some("open"), "split", "c0-1.5"),
        step(8, "join", Some("split"), "open", "join part"),
    ];
    let row = Row { state: "open".into(), event: "join".into(), version: 8, amount: Some(5) };
    let deed = |key: String, amount| Deed { key, amount };
    Account {
        instance: Instance { id: ID, row: Some(row), steps },
        entries: vec![entry(2, "deposit", 5), entry(4, "charged", -3)],
        totals: vec![Total { balance: 2, entries: 2 }],
        jobs: vec![],
        parts: (0..2).map(|n| part(part_id(ID, 7, n))).collect(),
        calls: vec![
            call(0, "create", None, &[Said::Ok { version: 1 }]),
            call(1, "deposit", Some(KEY), &[Said::Unknown { key: Some(KEY) }]),
            call(2, "deposit", Some(KEY), &[Said::Before { version: 2 }]),
            call(3, "charge", None, &[Said::Unknown { key: None }, Said::Resolved { made: true }]),
            call(4, "hold", None, &[]),
            call(5, "split", None, &[Said::Ok { version: 7 }]),
            call(6, "close", None, &[Said::Refused { why: "not now".into() }]),
            call(7, "close", None, &[]),
        ],
        deeds: vec![deed(charge.clone(), 3), deed(charge, 3), deed(format!("account/{ID}/5/tell_holder"), 9)],
    }
}

fn entry(version: i64, event: &str, amount: i64) -> Entry {
    Entry { version, event: event.into(), amount }
}

fn part(id: Uuid) -> Part {
    let step = |version, event: &str, from: Option<&str>, to: &str| Step {
        version,
        event: event.into(),
        from_state: from.map(str::to_owned),
        to_state: to.into(),
        ..Step::default()
    };
    let steps = vec![step(1, "create", None, "waiting"), step(2, "finish", Some("waiting"), "done")];
    let row = Row { state: "done".into(), event: "finish".into(), version: 2, amount: None };
    Part { instance: Instance { id, row: Some(row), steps }, entries: vec![entry(2, "finish", 1)], jobs: vec![] }
}

fn call(number: u64, event: &str, key: Option<Uuid>, answers: &[Said]) -> Call {
    Call { name: format!("c0-1.{number}"), event: event.into(), key, answers: answers.to_vec() }
}

fn job(version: i64, kind: &str) -> Job {
    Job { version, kind: kind.into(), job: "any".into(), attempt: 1, last_error: None }
}

/// What is found when something is done to a sound one.
#[track_caller]
fn finds(name: Name, harm: impl FnOnce(&mut Account)) {
    let mut account = sound();
    harm(&mut account);
    let found: Vec<_> = check(&account).iter().map(|anomaly| anomaly.name).collect();
    assert!(found.contains(&name), "{name} is not among {found:?}");
}

#[test]
fn a_sound_account_passes() {
    assert_eq!(check(&sound()), []);
}

#[test]
fn an_acknowledged_transition_that_is_lost_is_found() {
    finds(Name::LostAcknowledged, |account| account.calls.push(call(8, "renew", None, &[Said::Ok { version: 9 }])));
    finds(Name::LostAcknowledged, |account| {
        *account =
            Account { instance: Instance { id: ID, ..Instance::default() }, calls: account.calls.clone(), ..Account::default() }
    });
    finds(Name::LostAcknowledged, |account| account.calls[2].answers = vec![Said::Before { version: 3 }]);
}

#[test]
fn a_refused_transition_that_took_effect_is_found() {
    finds(Name::PhantomRefused, |account| account.calls[5].answers = vec![Said::Refused { why: "no".into() }]);
}

#[test]
fn a_wrong_answer_to_what_became_of_a_call_is_found() {
    let resolved = |made| vec![Said::Unknown { key: None }, Said::Resolved { made }];
    finds(Name::WrongResolved, |account| account.calls[3].answers = resolved(false));
    finds(Name::WrongResolved, |account| account.calls[6].answers = resolved(true));
    finds(Name::WrongResolved, |account| account.calls[2].answers = vec![Said::Refused { why: "no".into() }]);
}

#[test]
fn a_wrong_version_is_found() {
    finds(Name::WrongVersion, |account| account.calls[5].answers = vec![Said::Ok { version: 6 }]);
}

#[test]
fn what_took_effect_twice_is_found() {
    finds(Name::DoubledTransition, |account| account.instance.steps[6].key = Some(KEY));
    finds(Name::DoubledTransition, |account| account.instance.steps[6].actor = Some("c0-1.1".into()));
    finds(Name::DoubledEffect, |account| account.entries.insert(1, entry(2, "deposit", 5)));
    finds(Name::DoubledEffect, |account| account.parts[0].entries.push(entry(2, "finish", 1)));
}

#[test]
fn what_nobody_asked_for_is_found() {
    finds(Name::PhantomTransition, |account| account.instance.steps[6].actor = Some("somebody".into()));
    finds(Name::PhantomTransition, |account| account.instance.steps[6].event = "renew".into());
    finds(Name::PhantomDeed, |account| account.deeds[0].amount = 4);
    finds(Name::PhantomDeed, |account| account.deeds[0].key = format!("account/{ID}/2/take_charge"));
}

#[test]
fn history_that_is_no_path_is_found() {
    finds(Name::BrokenHistory, |account| drop(account.instance.steps.remove(4)));
    finds(Name::BrokenHistory, |account| account.instance.steps[5].from_state = Some("open".into()));
    finds(Name::BrokenHistory, |account| account.instance.steps[7].event = "wake".into());
    finds(Name::BrokenHistory, |account| account.instance.steps[0].to_state = "resting".into());
    finds(Name::BrokenHistory, |account| account.parts[0].instance.steps[1].to_state = "waiting".into());
}

#[test]
fn a_row_that_is_elsewhere_is_found() {
    let row = |change: fn(&mut Row)| move |account: &mut Account| account.instance.row.as_mut().into_iter().for_each(change);
    finds(Name::StateDisagrees, row(|row| row.state = "resting".into()));
    finds(Name::StateDisagrees, row(|row| row.version = 9));
    finds(Name::StateDisagrees, row(|row| row.amount = Some(6)));
    finds(Name::StateDisagrees, |account| account.instance.row = None);
}

#[test]
fn data_that_is_not_what_history_says_is_found() {
    finds(Name::DataDisagrees, |account| account.entries[0].amount = 6);
    finds(Name::DataDisagrees, |account| drop(account.entries.pop()));
    finds(Name::DataDisagrees, |account| account.entries.push(entry(6, "release", 1)));
    finds(Name::DataDisagrees, |account| account.totals[0].balance = 3);
    finds(Name::DataDisagrees, |account| account.totals.clear());
    finds(Name::DataDisagrees, |account| drop(account.parts.pop()));
    finds(Name::DataDisagrees, |account| account.parts.push(part(Uuid::from_u128(99))));
}

#[test]
fn work_that_was_not_done_is_found() {
    finds(Name::LostJob, |account| drop(account.deeds.pop()));
    finds(Name::LostJob, |account| account.deeds.truncate(0));
    finds(Name::LostJob, |account| account.instance.steps[3].receipt = None);
    finds(Name::LostJob, |account| account.parts[1].instance.row.iter_mut().for_each(|row| row.state = "waiting".into()));
    finds(Name::UnfinishedJob, |account| account.jobs.push(job(5, "task")));
    finds(Name::UnfinishedJob, |account| account.parts[0].jobs.push(job(1, "timer")));
}

#[test]
fn a_job_that_waits_is_not_lost() {
    let mut account = sound();
    account.deeds.pop();
    account.jobs.push(job(5, "task"));
    let found: Vec<_> = check(&account).iter().map(|anomaly| anomaly.name).collect();
    assert_eq!(found, [Name::UnfinishedJob]);
}

#[test]
fn calls_are_read_from_a_log_with_the_answers_behind_them() {
    let log = format!("> 0 {ID} create -\n< 0 {ID} ok 1\n> 1 {ID} close -\n< 2 {ID} ok 9\n> 3 {ID} clo");
    let calls = said::calls("c0-1", &log);
    assert_eq!(calls[&ID], [call(0, "create", None, &[Said::Ok { version: 1 }]), call(1, "close", None, &[])]);
}
