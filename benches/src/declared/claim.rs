//! A claim on an insurance, from its draft to the receipt.

use super::{Declared, Field, Line, State};

pub(crate) const CLAIM: Declared = Declared { name: "Claim", fields: &COMMON, states: &STATES, lines: &LINES };

const COMMON: [Field; 3] = [("id", "Uuid"), ("holder", "String"), ("policy", "String")];

const CHANNEL: Field = ("channel", "String");
const SCORE: Field = ("score", "i32");
const ADJUSTER: Field = ("adjuster", "String");
const VISIT: Field = ("visit_at", "DateTime<Utc>");
const DAMAGE: Field = ("damage", "i64");
const REASON: Field = ("reason", "String");
const AMOUNT: Field = ("amount", "i64");
const ACCOUNT: Field = ("account", "String");
const RECEIPT: Field = ("receipt", "String");

const STATES: [State; 12] = [
    State { name: "Draft", fields: &[] },
    State { name: "Submitted", fields: &[CHANNEL] },
    State { name: "Screened", fields: &[SCORE] },
    State { name: "Assigned", fields: &[ADJUSTER] },
    State { name: "Inspecting", fields: &[ADJUSTER, VISIT] },
    State { name: "Assessed", fields: &[ADJUSTER, DAMAGE] },
    State { name: "Disputed", fields: &[REASON] },
    State { name: "Approved", fields: &[AMOUNT] },
    State { name: "Paying", fields: &[AMOUNT, ACCOUNT] },
    State { name: "Paid", fields: &[RECEIPT] },
    State { name: "Rejected", fields: &[REASON] },
    State { name: "Withdrawn", fields: &[] },
];

const fn line(event: &'static str, parameters: &'static [Field], from: &'static [&'static str], to: &'static str) -> Line {
    Line { event, parameters, from, to }
}

const LINES: [Line; 30] = [
    line("submit", &[CHANNEL], &["Draft"], "Submitted"),
    line("withdraw", &[], &["Draft", "Submitted", "Screened", "Assigned"], "Withdrawn"),
    line("screen", &[SCORE], &["Submitted"], "Screened"),
    line("bounce", &[], &["Submitted"], "Draft"),
    line("refuse", &[REASON], &["Submitted", "Screened"], "Rejected"),
    line("assign", &[ADJUSTER], &["Screened"], "Assigned"),
    line("rescreen", &[SCORE], &["Assigned"], "Screened"),
    line("reassign", &[ADJUSTER], &["Assigned"], "Assigned"),
    line("schedule", &[VISIT], &["Assigned"], "Inspecting"),
    line("reschedule", &[VISIT], &["Inspecting"], "Inspecting"),
    line("cancel_visit", &[], &["Inspecting"], "Assigned"),
    line("assess", &[DAMAGE], &["Inspecting"], "Assessed"),
    line("assess_by_photo", &[DAMAGE], &["Assigned"], "Assessed"),
    line("revise", &[DAMAGE], &["Assessed"], "Assessed"),
    line("revisit", &[VISIT], &["Assessed"], "Inspecting"),
    line("dispute", &[REASON], &["Assessed"], "Disputed"),
    line("dispute_offer", &[REASON], &["Approved"], "Disputed"),
    line("settle", &[AMOUNT], &["Disputed"], "Approved"),
    line("reopen", &[ADJUSTER], &["Disputed"], "Assigned"),
    line("reject", &[REASON], &["Assessed"], "Rejected"),
    line("uphold", &[], &["Disputed"], "Rejected"),
    line("approve", &[AMOUNT], &["Assessed"], "Approved"),
    line("fast_track", &[AMOUNT], &["Screened"], "Approved"),
    line("amend", &[AMOUNT], &["Approved"], "Approved"),
    line("pay", &[ACCOUNT], &["Approved"], "Paying"),
    line("redirect", &[ACCOUNT], &["Paying"], "Paying"),
    line("fail", &[], &["Paying"], "Approved"),
    line("confirm", &[RECEIPT], &["Paying"], "Paid"),
    line("revoke", &[REASON], &["Approved"], "Rejected"),
    line("lapse", &[], &["Disputed"], "Withdrawn"),
];
