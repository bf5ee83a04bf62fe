//! What fires a transition, and the clauses beside it.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::{Effect, Trigger};

pub(crate) const CASES: &[Case] = &[
    (40, |m| m.transitions.push(internal("remind", &["Delivered"]).fired(after(60)))),
    (40, |m| m.transitions.push(internal("archive", &["Delivered"]).fired(by("file_it")))),
    (41, |m| m.transitions[5].triggers.push(by("look_again"))),
    (42, |m| m.transitions[5].triggers = vec![Trigger::At("due".into())]),
    (42, |m| m.transitions[5].triggers = vec![Trigger::At("quantity".into())]),
    (42, |m| {
        m.states[1].fields.push(field("due", "DateTime<Utc>"));
        m.transitions[0] = m.transitions[0].clone().taking("due", "DateTime<Utc>");
        m.transitions.push(internal("remind", &["Open"]).fired(Trigger::At("due".into())));
    }),
    (43, |m| m.transitions[2].sources = vec!["Shipped".into()]),
    (43, |m| m.transitions[2].triggers = vec![Trigger::Exhausted { failures: 5, activity: "book_currier".into() }]),
    (44, |m| {
        m.transitions[5] = line("expire", &["Placed"], "Cancelled").taking("reason", "String").fired(after(60));
    }),
    (45, |m| m.transitions[1].tasks.push("send_tracking".into())),
    (45, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().tasks = vec!["greet".into(), "greet".into()];
    }),
    (46, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().triggers.push(after(60));
    }),
    (46, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().guard = Some("true".into());
    }),
    (47, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().effect = Some(Effect::App("take_stock".into()));
    }),
    (48, |m| m.transitions[3] = m.transitions[3].clone().with_sql("")),
    (48, |m| m.transitions[3] = m.transitions[3].clone().with_sql("SELECT f()")),
    (48, |m| m.transitions[3] = m.transitions[3].clone().with_sql("UPDATE a SET b = 1; COMMIT;")),
    (49, |m| m.transitions[3] = m.transitions[3].clone().given(" ")),
    (49, |m| m.transitions[3] = m.transitions[3].clone().given("true; DROP TABLE orders")),
];

#[test]
fn a_timer_may_go_by_a_timestamp_that_may_be_missing() {
    let found = faults_after(|m| {
        m.fields.push(field("due", "Option<DateTime<Utc>>"));
        m.transitions.push(internal("remind", &["Open"]).fired(Trigger::At("due".into())));
    });
    assert_eq!(found, []);
}

#[test]
fn an_activity_may_stand_on_several_lines_of_a_state() {
    let found = faults_after(|m| m.transitions.push(line("refuse", &["Reserved"], "Placed").fired(by("book_courier"))));
    assert_eq!(found, []);
}
