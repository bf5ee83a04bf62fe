//! What came of it, as a table.

use crate::check::Anomaly;
use crate::fault::{ALL, Kind, Plan};
use crate::scenario::Scenario;
use crate::wire::Seen;
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) took: Duration,
    pub(crate) accounts: u64,
    /// What history has of accounts.
    pub(crate) transitions: u64,
    /// What clients were told of.
    pub(crate) acknowledged: u64,
    /// Calls of which a client was told that it is not known.
    pub(crate) unknown: u64,
    pub(crate) tally: BTreeMap<Kind, u64>,
    pub(crate) seen: Seen,
    /// Kinds that could not be played, and why.
    pub(crate) left_out: BTreeMap<Kind, &'static str>,
    pub(crate) anomalies: Vec<Anomaly>,
}

/// A number, and what it has to be at least.
#[derive(Debug, Clone)]
struct Counted {
    what: String,
    times: u64,
    floor: u64,
}

/// Shown of each name; the rest is in the folder.
const EXAMPLES: usize = 5;

impl Report {
    /// All faults, each kind once in a form of any length, and these as often as is promised for an hour.
    fn counted(&self, scenario: &Scenario) -> Vec<Counted> {
        let of = |kind| self.tally.get(&kind).copied().unwrap_or_default();
        let floor = |an_hour| scenario.floor(an_hour);
        let killed = of(Kind::KillClient) + of(Kind::KillWorker);
        let promised = [
            (Kind::LoseCommit, "commits that never reached the server", self.seen.before, 100),
            (Kind::LoseAnswer, "commits whose answer was lost", self.seen.after, 100),
            (Kind::DeliverLate, "statements held in the network and applied late", self.seen.late, 50),
            (Kind::SlowCommit, "look-ups while the old backend still commits", self.seen.waiting, 50),
            (Kind::KillClient, "processes killed", killed, 200),
        ];
        let owed = promised.into_iter().filter(|(kind, ..)| scenario.faults.iter().any(|plan| plan.kind == *kind));
        let counted = owed.map(|(_, what, times, an_hour)| Counted { what: what.into(), times, floor: floor(an_hour) });
        let mut counted: Vec<_> = counted.collect();
        let played = scenario.faults.iter().filter(|plan| !self.left_out.contains_key(&plan.kind));
        counted.extend(played.map(|plan| Counted {
            what: plan.kind.to_string(),
            times: of(plan.kind),
            floor: if plan.kind == Kind::KillServer { floor(50) } else { 1 },
        }));
        counted
    }

    /// Those that befell single commits, and all rounds of other kinds.
    fn faults(&self) -> u64 {
        self.seen.before + self.seen.after + self.seen.late + self.seen.idle + self.tally.values().sum::<u64>()
    }

    pub(crate) fn missed(&self, scenario: &Scenario) -> bool {
        self.counted(scenario).iter().any(|counted| counted.times < counted.floor)
    }

    pub(crate) fn render(&self, scenario: &Scenario) -> String {
        let mut text = String::new();
        let minutes = self.took.as_secs_f64() / 60.0;
        let _ = writeln!(text, "| | | at least |\n|---|---:|---:|");
        for (what, times) in [
            ("transitions of accounts in history", self.transitions),
            ("transitions that clients were told of", self.acknowledged),
            ("answers that it is not known, all asked for again", self.unknown),
            ("accounts", self.accounts),
            ("faults", self.faults()),
            ("late statements that took no effect", self.seen.idle),
        ] {
            let _ = writeln!(text, "| {what} | {times} | |");
        }
        for Counted { what, times, floor } in self.counted(scenario) {
            let _ = writeln!(text, "| {what} | {times} | {floor}{} |", if times < floor { " **missed**" } else { "" });
        }
        for (kind, why) in &self.left_out {
            let _ = writeln!(text, "| {kind} | left out: {why} | |");
        }
        let mut names: BTreeMap<_, usize> = BTreeMap::new();
        self.anomalies.iter().for_each(|anomaly| *names.entry(anomaly.name).or_default() += 1);
        let _ = writeln!(text, "| anomalies | {} | |", self.anomalies.len());
        for (name, times) in &names {
            let _ = writeln!(text, "| {name} | {times} | |");
        }
        let _ = writeln!(text, "\n{minutes:.1} minutes, `{}`", command(scenario));
        for name in names.keys() {
            for anomaly in self.anomalies.iter().filter(|anomaly| anomaly.name == *name).take(EXAMPLES) {
                let _ = write!(text, "\n{anomaly}");
            }
        }
        text
    }
}

fn command(scenario: &Scenario) -> String {
    let mut command =
        format!("cargo run --release -p chaos -- --minutes {} --seed {}", scenario.lasting.as_secs_f64() / 60.0, scenario.seed);
    let kinds = scenario.faults.iter().filter_map(|plan| Some(plan.kind.to_possible_value()?.get_name().to_owned()));
    if scenario.faults.len() < ALL.len() {
        command += &format!(" --only {}", kinds.collect::<Vec<_>>().join(","));
    }
    let usual = |plan: &Plan| ALL.iter().find(|usual| usual.kind == plan.kind).map(|usual| plan.an_hour / usual.an_hour);
    match scenario.faults.first().and_then(usual).filter(|times| *times != 1.0) {
        Some(times) => command + &format!(" --times {times}"),
        None => command,
    }
}
