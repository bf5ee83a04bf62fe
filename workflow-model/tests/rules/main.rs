//! Each rule finds its fault in an otherwise valid order workflow, where it stands, and nothing that only follows from it.

mod build;
mod changes;
mod children;
mod data;
mod graph;
mod names;
mod pages;
mod retries;
mod times;
mod triggers;

use build::order;
use workflow_model::check::RULES;
use workflow_model::{Diagnostic, Model, check};

/// A code, and a change to the order workflow that has exactly this fault.
type Case = (u16, fn(&mut Model));

fn cases() -> impl Iterator<Item = &'static Case> {
    let clauses = triggers::CASES.iter().chain(retries::CASES).chain(times::CASES).chain(children::CASES);
    names::CASES.iter().chain(data::CASES).chain(graph::CASES).chain(clauses).chain(changes::CASES)
}

fn faults_after(change: impl Fn(&mut Model)) -> Vec<Diagnostic> {
    let mut model = order();
    change(&mut model);
    check(&model)
}

#[test]
fn the_order_workflow_has_no_fault() {
    assert_eq!(check(&order()), []);
}

#[test]
fn a_fault_is_reported_once_and_what_follows_from_it_is_not() {
    let mut wrong = String::new();
    for (i, (code, change)) in cases().enumerate() {
        let found = faults_after(change);
        if found.iter().map(|f| f.code.0).ne([*code]) {
            wrong += &format!("case {i} should be W{code:03} alone, but is {found:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_has_a_case() {
    for rule in RULES {
        assert!(cases().any(|(code, _)| *code == rule.code.0), "{} has no case", rule.code);
    }
}

#[test]
fn messages_are_lower_case_and_without_a_full_stop() {
    for fault in cases().flat_map(|(_, change)| faults_after(change)) {
        let text = &fault.message;
        assert!(!text.starts_with(char::is_uppercase) && !text.ends_with('.'), "{text}");
        assert!(fault.help.is_some_and(|help| !help.is_empty()), "{text}");
    }
}

#[test]
fn all_faults_are_reported_in_the_order_of_their_places() {
    let found = faults_after(|model| {
        model.states[1].name.rust = "reserved".into();
        model.fields[2].name.rust = "Sku".into();
    });
    assert_eq!(found.iter().map(|f| f.code.to_string()).collect::<Vec<_>>(), ["W011", "W011", "W010", "W010", "W010", "W010"]);
}
