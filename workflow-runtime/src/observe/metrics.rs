//! The numbers, by their names. Labels are words of the declaration and of closed sets, so that there are few of each.

use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use std::time::Duration;

const TRANSITIONS: &str = "workflow_transitions_total";
const RETRIES: &str = "workflow_retries_total";
const TRANSITION_SECONDS: &str = "workflow_transition_seconds";
const ATTEMPTS: &str = "workflow_job_attempts_total";
const JOB_SECONDS: &str = "workflow_job_seconds";
const PARKED: &str = "workflow_jobs_parked_total";
const LEASES_LOST: &str = "workflow_leases_lost_total";
const DUE: &str = "workflow_jobs_due";
const OLDEST_DUE: &str = "workflow_oldest_due_seconds";

/// To whatever recorder is installed by now.
pub(crate) fn describe() {
    describe_counter!(TRANSITIONS, Unit::Count, "transitions and creations, by how they ended");
    describe_counter!(RETRIES, Unit::Count, "transitions and creations that were tried once more");
    describe_histogram!(TRANSITION_SECONDS, Unit::Seconds, "how long a transition took, all its attempts and effects included");
    describe_counter!(ATTEMPTS, Unit::Count, "attempts of jobs, by how they ended");
    describe_histogram!(JOB_SECONDS, Unit::Seconds, "how long an attempt of a job took, until its end was written");
    describe_counter!(PARKED, Unit::Count, "jobs that nobody tries any more");
    describe_counter!(LEASES_LOST, Unit::Count, "attempts whose lease ended before they did, and that somebody else overtook");
    describe_gauge!(DUE, Unit::Count, "jobs that are due and not claimed, up to ten thousand");
    describe_gauge!(OLDEST_DUE, Unit::Seconds, "how long the job that is due longest has been due");
}

pub(super) fn transitions(workflow: &'static str, event: &'static str, outcome: &'static str, count: u64) {
    counter!(TRANSITIONS, "workflow" => workflow, "event" => event, "outcome" => outcome).increment(count);
}

pub(super) fn retried(workflow: &'static str, event: &'static str) {
    counter!(RETRIES, "workflow" => workflow, "event" => event).increment(1);
}

pub(super) fn transition_took(workflow: &'static str, event: &'static str, time: Duration) {
    histogram!(TRANSITION_SECONDS, "workflow" => workflow, "event" => event).record(time);
}

/// Which job is meant.
#[derive(Clone, Copy)]
pub(super) struct Of<'j> {
    pub(super) workflow: &'static str,
    pub(super) kind: &'static str,
    pub(super) job: &'j str,
}

pub(super) fn attempted(of: Of<'_>, outcome: &'static str, time: Duration) {
    let Of { workflow, kind, job } = of;
    let job = job.to_owned();
    counter!(ATTEMPTS, "workflow" => workflow, "kind" => kind, "job" => job.clone(), "outcome" => outcome).increment(1);
    histogram!(JOB_SECONDS, "workflow" => workflow, "kind" => kind, "job" => job).record(time);
}

pub(super) fn parked(of: Of<'_>) {
    counter!(PARKED, "workflow" => of.workflow, "kind" => of.kind, "job" => of.job.to_owned()).increment(1);
}

pub(super) fn lease_lost(of: Of<'_>) {
    counter!(LEASES_LOST, "workflow" => of.workflow, "kind" => of.kind, "job" => of.job.to_owned()).increment(1);
}

pub(super) fn due(workflow: &'static str, count: i64) {
    gauge!(DUE, "workflow" => workflow).set(count as f64);
}

pub(super) fn oldest_due(workflow: &'static str, seconds: f64) {
    gauge!(OLDEST_DUE, "workflow" => workflow).set(seconds);
}
