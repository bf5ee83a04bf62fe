//! When tasks are due.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::{Duration, Later, Model, Time};

pub(crate) const CASES: &[Case] = &[
    (75, |m| tracking(m, on("due"))),
    (75, |m| tracking(m, on("quantity"))),
    (75, |m| {
        // The state that it leaves has it.
        m.states[1].fields.push(field("until", "DateTime<Utc>"));
        m.transitions[0] = m.transitions[0].clone().taking("until", "DateTime<Utc>");
        tracking(m, on("until"));
    }),
    (75, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().tasks.push("greet".into());
        m.create.as_mut().unwrap().later.push(Later { task: "greet".into(), time: on("due") });
    }),
    (75, |m| {
        m.states[1].fields.push(field("until", "DateTime<Utc>"));
        m.transitions[0] = m.transitions[0].clone().taking("until", "DateTime<Utc>");
        let mut remind = internal("remind", &["Open"]).then("mail");
        remind.later.push(Later { task: "mail".into(), time: on("until") });
        m.transitions.push(remind);
    }),
];

fn on(field: &str) -> Time {
    Time::On(field.into())
}

fn tracking(m: &mut Model, time: Time) {
    m.transitions[1].later.push(Later { task: "send_tracking".into(), time });
}

#[test]
fn a_task_may_be_due_on_a_timestamp_that_may_be_missing_or_after_a_while() {
    assert_eq!(faults_after(|m| tracking(m, Time::In(Duration { seconds: 60 }))), []);
    let common = |m: &mut Model| {
        m.fields.push(field("due", "Option<DateTime<Utc>>"));
        tracking(m, on("due"));
    };
    assert_eq!(faults_after(common), []);
    let arrives = |m: &mut Model| {
        m.states[2].fields.push(field("expected", "DateTime<Utc>"));
        m.transitions[1] = m.transitions[1].clone().taking("expected", "DateTime<Utc>");
        tracking(m, on("expected"));
    };
    assert_eq!(faults_after(arrives), []);
}
