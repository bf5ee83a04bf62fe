//! Names, labels, and names that are taken.

use crate::build::*;
use crate::{Case, faults_after};

pub(crate) const CASES: &[Case] = &[
    (10, |m| m.transitions[0].target.as_mut().unwrap().state = "Reservd".into()),
    (10, |m| m.transitions[0].sources = vec!["Plced".into()]),
    (10, |m| m.groups[0].members[1] = "Nowhere".into()),
    (10, |m| m.transitions[0].target.as_mut().unwrap().state = "Open".into()),
    (10, |m| m.create = Some(create("Plced"))),
    (10, |m| m.removed.push(removed("Hold", "Plced"))),
    (11, |m| m.transitions[3].event = name("Deliver")),
    (11, |m| m.fields[2] = field("skuNumber", "String")),
    (11, |m| m.groups.push(group("all_open", &["Placed"]))),
    (11, |m| m.transitions[1].tasks = vec!["sendTracking".into()]),
    (12, |m| m.table.name = "o".repeat(50)),
    (12, |m| m.transitions[3].event.label = "d".repeat(57)),
    (12, |m| m.fields[2].name.label = "s".repeat(55)),
    (12, |m| m.states[2].name.label = "s".repeat(64)),
    (13, |m| m.fields.push(field("actor", "String"))),
    (13, |m| m.fields[2].name.label = "state".into()),
    (13, |m| m.transitions[3].event = name("to_string")),
    (13, |m| m.transitions[3].event.label = "force".into()),
    (13, |m| m.transitions[3].event = name("jobs")),
    (13, |m| m.groups.push(group("Work", &["Placed"]))),
    (13, |m| m.transitions[0] = m.transitions[0].clone().taking("lock", "bool")),
    (14, |m| m.states[2].name.label = "a>b".into()),
    (14, |m| m.states[2].name.label = String::new()),
    (14, |m| m.transitions[3].event.label = "it's".into()),
    (15, |m| m.states[2].name.label = "placed".into()),
    (15, |m| m.transitions[3].event.label = "ship".into()),
    (15, |m| m.states[2].fields[0].name.label = "sku".into()),
    (16, |m| m.states.push(m.states[3].clone())),
    (16, |m| m.groups.push(group("Placed", &["Reserved"]))),
    (16, |m| m.fields.push(field("sku", "String"))),
    (16, |m| m.states[1].fields.push(field("sku", "String"))),
    (16, |m| m.transitions[4] = m.transitions[4].clone().taking("reason", "String")),
    (17, |m| m.groups.push(group("BookCourier", &["Placed"]))),
    (17, |m| m.groups.push(group("ReturnStockBefore", &["Placed"]))),
    (18, |m| m.removed.push(removed("Shipped", "Placed"))),
];

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let found = faults_after(|m| m.transitions[0].target.as_mut().unwrap().state = "Reservd".into());
    assert_eq!(found[0].message, "there is no state `Reservd`");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `Reserved`?"));
}
