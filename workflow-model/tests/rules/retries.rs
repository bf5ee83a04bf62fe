//! How jobs are tried again.

use crate::build::*;
use crate::{Case, faults_after};
use workflow_model::{Duration, Retried, Retry};

pub(crate) const CASES: &[Case] = &[
    (55, |m| {
        m.transitions.push(line("refuse", &["Reserved"], "Cancelled").setting("reason", text("no")).fired(by("book_courier")));
        for line in [1, m.transitions.len() - 1] {
            m.transitions[line].retries.push(pausing(courier(), 5, None));
        }
    }),
    (55, |m| {
        m.create = Some(create("Placed"));
        m.create.as_mut().unwrap().tasks.push("send_tracking".into());
        m.create.as_mut().unwrap().retries.push(up_to(10, tracking()));
        m.transitions[1].retries.push(pausing(tracking(), 5, None));
    }),
    (56, |m| m.transitions[1].retries.push(up_to(10, courier()))),
    (57, |m| m.transitions[1].retries.push(pausing(courier(), 3_600, Some(5)))),
];

fn courier() -> Retried {
    Retried::Activity("book_courier".into())
}

fn tracking() -> Retried {
    Retried::Task("send_tracking".into())
}

fn up_to(attempts: u32, job: Retried) -> Retry {
    Retry { job, attempts: Some(attempts), pause: None, longest: None, within: None }
}

fn pausing(job: Retried, first: u64, longest: Option<u64>) -> Retry {
    let length = |seconds| Duration { seconds };
    Retry { job, attempts: None, pause: Some(length(first)), longest: longest.map(length), within: Some(length(1)) }
}

#[test]
fn an_activity_and_a_task_of_one_name_are_two_jobs() {
    let found = faults_after(|m| {
        m.transitions[1].tasks.push("book_courier".into());
        m.transitions[1].retries.push(pausing(courier(), 5, Some(5)));
        m.transitions[1].retries.push(up_to(10, Retried::Task("book_courier".into())));
    });
    assert_eq!(found, []);
}

#[test]
fn what_follows_too_many_failures_leaves_pauses_and_time_outs_to_be_said() {
    assert_eq!(faults_after(|m| m.transitions[1].retries.push(pausing(courier(), 5, None))), []);
}
