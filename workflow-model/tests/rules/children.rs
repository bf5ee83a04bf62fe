//! Children, and who waits for them.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::{Model, Parent, StateKind, Trigger};

pub(crate) const CASES: &[Case] = &[
    (70, |m| m.parent = Some(customer("customr_id"))),
    (70, |m| {
        m.parent = Some(customer("customer_id"));
        m.fields[1].ty.optional = true;
    }),
    (71, |m| {
        m.parent = Some(customer("customer_id"));
        m.transitions.push(internal("hand_over", &["Placed"]).taking("customer_id", "Uuid"));
    }),
    (72, |m| {
        m.parent = Some(customer("customer_id"));
        endless(m);
    }),
    (73, |m| m.parent = Some(Parent { path: "Order".into(), field: "customer_id".into() })),
    (74, |m| m.transitions.push(line("again", &["Shipped"], "Shipped").fired(joined()))),
];

fn customer(field: &str) -> Parent {
    Parent { path: "crate::crm::Customer".into(), field: field.into() }
}

fn joined() -> Trigger {
    Trigger::Joined { child: "Shipment".into() }
}

/// Round and round.
fn endless(m: &mut Model) {
    m.states.iter_mut().filter(|state| state.kind == StateKind::Final).for_each(|state| state.kind = StateKind::Normal);
    m.transitions.push(line("again", &["Delivered", "Cancelled"], "Placed"));
}

#[test]
fn a_child_has_a_final_state_and_a_field_that_only_creation_sets() {
    assert_eq!(faults_after(|m| m.parent = Some(customer("customer_id"))), []);
    // One for one: the child goes by its parent's own key.
    assert_eq!(faults_after(|m| m.parent = Some(customer("id"))), []);
}

#[test]
fn a_workflow_of_the_same_name_elsewhere_is_another_one() {
    assert_eq!(faults_after(|m| m.parent = Some(Parent { path: "crm::Order".into(), field: "customer_id".into() })), []);
}

#[test]
fn a_line_that_waits_for_children_may_lead_on_or_stay() {
    let waiting = |m: &mut Model| {
        m.transitions[3].triggers.push(joined());
        m.transitions.push(internal("note", &["Shipped"]).fired(joined()));
    };
    assert_eq!(faults_after(waiting), []);
}
