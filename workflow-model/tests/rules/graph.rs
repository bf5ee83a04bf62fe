//! The graph: its ends, its ways, and its groups.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::StateKind::{Final, Initial, Normal};

pub(crate) const CASES: &[Case] = &[
    (30, |m| m.states[0].kind = Normal),
    (30, |m| {
        m.states.clear();
        m.groups.clear();
        m.transitions.clear();
    }),
    (31, |m| m.states[1].kind = Initial),
    (32, |m| m.states.push(state(Final, "Lost", &[]))),
    (32, |m| {
        m.states.extend([state(Normal, "Lost", &[]), state(Normal, "Found", &[])]);
        m.transitions.push(line("recover", &["Lost"], "Found"));
        m.transitions.push(line("hand_over", &["Found"], "Delivered"));
    }),
    (32, |m| {
        m.states.extend([state(Normal, "Lost", &[]), state(Normal, "Found", &[])]);
        m.transitions.push(line("recover", &["Lost"], "Found"));
        m.transitions.push(line("lose", &["Found"], "Lost"));
        m.transitions.push(line("hand_over", &["Found"], "Delivered"));
    }),
    (33, |m| m.states[3].kind = Normal),
    (33, |m| {
        m.states[3].kind = Normal;
        m.transitions.push(line("ring_again", &["Delivered"], "Delivered").fired(after(60)));
    }),
    (34, |m| m.transitions.push(line("reopen", &["Delivered"], "Placed"))),
    (34, |m| m.transitions.push(line("reopen", &["Delivered"], "Placed").fired(after(60)))),
    (35, |m| {
        m.states[3].kind = Normal;
        m.states.push(state(Normal, "Returned", &[]));
        m.transitions.push(line("send_back", &["Delivered"], "Returned"));
        m.transitions.push(line("send_again", &["Returned"], "Delivered"));
    }),
    (36, |m| m.groups.push(group("Nothing", &[]))),
    (36, |m| m.groups.push(group("All", &["All", "Placed"]))),
    (36, |m| m.groups.extend([group("Some", &["All"]), group("All", &["Some", "Placed"])])),
    (37, |m| m.transitions[4].sources = vec!["Open".into(), "Placed".into()]),
    (37, |m| m.groups[0].members.push("Placed".into())),
    (38, |m| m.create = Some(create("Reserved"))),
];

#[test]
fn a_workflow_may_go_on_for_ever() {
    let found = faults_after(|m| {
        m.states[3].kind = Normal;
        m.states[4].kind = Normal;
        m.transitions.push(line("again", &["Delivered", "Cancelled"], "Placed"));
    });
    assert_eq!(found, []);
}

#[test]
fn a_final_state_may_have_internal_transitions() {
    let found = faults_after(|m| m.transitions.push(internal("correct", &["Delivered"]).taking("sku", "String")));
    assert_eq!(found, []);
}

#[test]
fn groups_that_contain_each_other_many_times_over_are_told_quickly() {
    let names: Vec<String> = ('A'..='Z').map(|c| format!("{c}{c}")).collect();
    let members: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = faults_after(|m| m.groups.extend(members.iter().map(|name| group(name, &members))));
    assert_eq!(found.iter().map(|f| f.code.0).collect::<Vec<_>>(), [36]);
}
