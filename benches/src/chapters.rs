//! What is measured, in the order of the page.

mod bloat;
mod bulk;
mod clients;
mod compile;
mod growth;
mod idle;
mod jobs;
mod moves;
mod peers;
mod pieces;
mod timers;
mod transition;
mod trips;
mod weight;

use crate::Failure;
use crate::chapter::Chapter;
use crate::rounds::Effort;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Transition,
    Trips,
    Pieces,
    Clients,
    Bulk,
    Timers,
    Jobs,
    Idle,
    Growth,
    Bloat,
    Peers,
    Weight,
    Compile,
}

pub(crate) const ALL: [Kind; 13] = [
    Kind::Transition,
    Kind::Trips,
    Kind::Pieces,
    Kind::Clients,
    Kind::Bulk,
    Kind::Timers,
    Kind::Jobs,
    Kind::Idle,
    Kind::Growth,
    Kind::Bloat,
    Kind::Peers,
    Kind::Weight,
    Kind::Compile,
];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Transition => "transition",
            Kind::Trips => "trips",
            Kind::Pieces => "pieces",
            Kind::Clients => "clients",
            Kind::Bulk => "bulk",
            Kind::Timers => "timers",
            Kind::Jobs => "jobs",
            Kind::Idle => "idle",
            Kind::Growth => "growth",
            Kind::Bloat => "bloat",
            Kind::Peers => "peers",
            Kind::Weight => "weight",
            Kind::Compile => "compile",
        }
    }

    pub(crate) async fn measure(self, effort: Effort) -> Result<Chapter, Failure> {
        eprintln!("measuring {} …", self.name());
        let mut chapter = match self {
            Kind::Transition => transition::measure(effort).await,
            Kind::Trips => trips::measure().await,
            Kind::Pieces => pieces::measure(effort).await,
            Kind::Clients => clients::measure(effort).await,
            Kind::Bulk => bulk::measure(effort).await,
            Kind::Timers => timers::measure(effort).await,
            Kind::Jobs => jobs::measure(effort).await,
            Kind::Idle => idle::measure(effort).await,
            Kind::Growth => growth::measure(effort).await,
            Kind::Bloat => bloat::measure(effort).await,
            Kind::Peers => peers::measure(effort).await,
            Kind::Weight => weight::measure(effort),
            Kind::Compile => compile::measure(effort),
        }?;
        chapter.rounds = if matches!(self, Kind::Trips | Kind::Bloat) { 0 } else { effort.rounds };
        Ok(chapter)
    }
}

/// What was typed, as chapters.
pub(crate) fn asked(what: &[String]) -> Result<Vec<Kind>, Failure> {
    match what {
        [all] if all == "all" => Ok(ALL.to_vec()),
        [page] if page == "page" => Ok(Vec::new()),
        names => names.iter().map(|name| named(name)).collect(),
    }
}

fn named(name: &str) -> Result<Kind, Failure> {
    let known = || ALL.map(Kind::name).join(", ");
    let found = ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| format!("there is no chapter `{name}`: all, page, or some of {}", known()).into())
}
