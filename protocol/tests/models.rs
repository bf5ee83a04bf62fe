//! Every run of each model, as it is done and as it must not be done.

use protocol::{Bug, Call, Event, Form, Join, Transition, Work};
use stateright::{Checker, DiscoveryClassification, Model};
use std::hash::Hash;

/// Checks all runs; what was found, by the names of the properties.
fn check<M>(model: M, at_least: usize) -> Vec<&'static str>
where
    M: Model + Clone + Send + Sync + 'static,
    M::State: Clone + std::fmt::Debug + Hash + PartialEq + Send + Sync + 'static,
    M::Action: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static,
{
    let checker = model.checker().threads(2).spawn_bfs().join();
    let broken = |name: &&'static str| matches!(checker.discovery_classification(name), DiscoveryClassification::Counterexample);
    let mut found: Vec<_> = checker.discoveries().into_keys().filter(|name| broken(name)).collect();
    found.sort_unstable();
    println!("{} states, {found:?}", checker.unique_state_count());
    if let Some(name) = found.first() {
        println!("{name}: {:?}", checker.discovery(name).map(stateright::Path::into_actions));
    }
    if found.is_empty() {
        checker.assert_properties();
        assert!(checker.unique_state_count() >= at_least, "the model has become smaller: {}", checker.unique_state_count());
    }
    found
}

const TOUCH: Call = Call { form: Form::Statement, event: Event::Touch, key: 1 };
const CLOSE: Call = Call { form: Form::Transaction, event: Event::Close, key: 2 };

/// One client moves by a statement, another one ends it in a transaction.
fn transition(bug: Option<Bug>) -> Transition {
    Transition { bug, calls: vec![TOUCH, CLOSE], cuts: 2, restarts: 1, hidden: 1, attempts: 3 }
}

/// Two deliveries of one message.
fn delivered_twice(bug: Option<Bug>) -> Transition {
    Transition { calls: vec![TOUCH, TOUCH, CLOSE], cuts: 1, restarts: 0, hidden: 0, ..transition(bug) }
}

/// What is refused while it is closed becomes possible again.
fn reopened(bug: Option<Bug>) -> Transition {
    let statement = |event, key| Call { form: Form::Statement, event, key };
    let calls = vec![TOUCH, statement(Event::Close, 2), statement(Event::Reopen, 3)];
    Transition { calls, cuts: 1, restarts: 0, hidden: 0, ..transition(bug) }
}

fn work(bug: Option<Bug>) -> Work {
    Work { bug, workers: 2, lapses: 2, deaths: 1, user: true }
}

fn join(bug: Option<Bug>) -> Join {
    Join { bug, children: 3, deaths: 2 }
}

#[test]
fn every_client_is_told_the_truth_and_everything_happens_once() {
    assert_eq!(check(transition(None), 100_000), [""; 0]);
}

#[test]
fn what_was_refused_stays_refused_when_its_statement_comes_late() {
    assert_eq!(check(reopened(None), 10_000), [""; 0]);
}

#[test]
fn a_message_that_is_delivered_twice_counts_once() {
    // Nothing is made void here, since another delivery may use the key.
    assert_eq!(check(delivered_twice(None), 10_000), [""; 0]);
}

#[test]
fn every_job_comes_to_one_end() {
    assert_eq!(check(work(None), 1_000), [""; 0]);
}

#[test]
fn a_parent_fires_once_when_all_its_children_are_at_their_end() {
    assert_eq!(check(join(None), 100), [""; 0]);
}

/// With the bug a run breaks this promise.
fn finds(found: &[&str], promise: &str) {
    assert!(found.contains(&promise), "{found:?}");
}

#[test]
fn each_bug_of_a_transition_breaks_a_promise() {
    let cases = [
        (Bug::NoKeyLookUp, "a key counts once"),
        (Bug::LookUpWithoutLock, "what is refused is not in history"),
        (Bug::LookUpOnly, "what is refused is not in history"),
        (Bug::EffectOutside, "an effect stands if and only if its transition does"),
        (Bug::PlainCommit, "what is acknowledged is in history once"),
    ];
    for (bug, promise) in cases {
        finds(&check(transition(Some(bug)), 0), promise);
    }
    finds(&check(reopened(Some(Bug::KeyNotVoided)), 0), "what is refused is not in history");
    finds(&check(delivered_twice(Some(Bug::OnceByNotExists)), 0), "a key counts once");
}

#[test]
fn each_bug_of_a_job_breaks_a_promise() {
    let cases = [
        (Bug::NoFencing, "the outcome of a job happens once"),
        (Bug::FenceByExists, "the outcome of a job happens once"),
        (Bug::JobBeforeInstance, "nobody waits in a circle"),
        (Bug::LeaseOnOwnClock, "no attempt begins while another one has its lease"),
    ];
    for (bug, promise) in cases {
        finds(&check(work(Some(bug)), 0), promise);
    }
    finds(&check(join(Some(Bug::JoinCountedInTrigger)), 0), "the parent fires");
}
