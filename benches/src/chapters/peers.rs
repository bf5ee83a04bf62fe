//! The same orders through other libraries, moved by whoever calls and by workers.

use crate::Failure;
use crate::chapter::{Cell, Chapter};
use crate::figure::{Goal, Spread, number};
use crate::peers::gate::Gate;
use crate::peers::run::{Account, Course};
use crate::peers::{Configuration, Mode, Peer, WAYS, Way, build, kill};
use crate::rounds::Effort;
use crate::site;
use workflow_testing::Server;

const ABOUT: &str = "\
Orders go through four states, and each of the three steps changes the order and a row of the application. A *caller* is 8 clients that
make one step after the other, and have the library record it; a *worker* is the library's own, which does what is waiting when the clock
starts. *Default* is what the library's README shows, *best* is tuned as its documentation says. *Atomic* says whether state, data and the
library's own record commit in one transaction. Once for each, the process is killed when a third of the orders are through and started
again, up to three times, each of which ends when nothing moves for 20 seconds: *lost* are orders that are not through then or are out of
step with the application's row, *doubled* those with a step too many; the seconds are from the first start after the kill to that answer.
A message that was not sent because the process died after its step is not looked for: what is not atomic may have lost some unseen.";

const WHY: &str = "\
The others change the orders by plain statements, which nothing guards and nothing records; ours pass the trigger, which checks the step, writes history and
the next job, and reads them back for whoever asks. That is most of a step (*What the guarantees cost*). As workers, the others with the highest rates
carry out many messages in one transaction; ours write up to 64 steps in one statement, of which each passes the trigger.";

/// One peer in one way.
struct Entry {
    peer: Peer,
    way: Way,
    /// Steps a second, one for each round.
    rates: Vec<f64>,
    account: Option<Account>,
    /// Why there is no figure.
    trouble: Option<String>,
    /// What a kill left.
    left: String,
}

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let orders = if effort.quick { 300 } else { 2_000 };
    let (mut entries, unbuilt) = entries().await?;
    let server = site::started().await?;
    for round in 1..=effort.rounds {
        for entry in &mut entries {
            eprintln!("round {round}: {} ({}) …", entry.peer.name, entry.way);
            entry.measure(&server, orders).await?;
        }
    }
    for entry in entries.iter_mut().filter(|entry| entry.trouble.is_none()) {
        eprintln!("killing {} ({}) …", entry.peer.name, entry.way);
        entry.left = kill::left(&server, &entry.peer, entry.way, orders).await?;
    }
    Ok(chapter(&entries, unbuilt, orders))
}

/// And those that cannot be built, with the reason.
async fn entries() -> Result<(Vec<Entry>, Vec<(String, String)>), Failure> {
    let (mut entries, mut unbuilt) = (Vec::new(), Vec::new());
    for name in build::names()? {
        match build::built(&name).await? {
            Ok(peer) => entries.extend(WAYS.map(|way| Entry::new(peer.clone(), way))),
            Err(reason) => unbuilt.push((name, reason)),
        }
    }
    Ok((entries, unbuilt))
}

impl Entry {
    fn new(peer: Peer, way: Way) -> Entry {
        Entry { peer, way, rates: Vec::new(), account: None, trouble: None, left: String::new() }
    }

    /// Whoever was in trouble once is not asked again: a round of that might take minutes.
    async fn measure(&mut self, server: &Server, orders: i64) -> Result<(), Failure> {
        if self.trouble.is_some() {
            return Ok(());
        }
        match measured(server, &self.peer, self.way, orders).await? {
            Ok(account) => {
                self.rates.push(3.0 * orders as f64 / account.seconds);
                self.account = Some(account);
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
        Ok(())
    }

    fn cell(&self) -> Cell {
        match &self.trouble {
            Some(trouble) => Cell::Text(trouble.clone()),
            None => Cell::Figures(Spread::of(&self.rates)),
        }
    }

    fn is_atomic(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.atomic)
    }

    fn described(&self) -> (String, Vec<Cell>) {
        let known = |said: fn(&Account) -> String| Cell::Text(self.account.as_ref().map(said).unwrap_or_default());
        let cells = vec![
            known(|account| account.version.clone()),
            known(|account| if account.atomic { "yes" } else { "no" }.into()),
            known(|account| account.note.clone()),
            Cell::Text(self.left.clone()),
        ];
        (format!("{}, {}", self.peer.name, self.way), cells)
    }
}

/// On a fresh database.
async fn measured(server: &Server, peer: &Peer, way: Way, orders: i64) -> Result<Result<Account, String>, Failure> {
    let course = match Course::new(server, peer, way, orders).await? {
        Ok(course) => course,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut account = course.run().await?;
    let gate = Gate::of(&course).await?;
    if account.is_ok() && !gate.is_passed() {
        account = Err(format!("wrong: {gate}"));
    }
    course.end(server).await?;
    Ok(account)
}

fn chapter(entries: &[Entry], unbuilt: Vec<(String, String)>, orders: i64) -> Chapter {
    let mut chapter = Chapter::new("peers", "Other libraries", ABOUT);
    chapter.because(WHY);
    for mode in [Mode::Caller, Mode::Worker] {
        bar(&mut chapter, entries, mode, "atomic", 2.0, Entry::is_atomic);
        bar(&mut chapter, entries, mode, "of all", 1.0, |_| true);
    }
    // The four ways of a peer stand one after the other.
    let row = |ways: &[Entry]| (ways[0].peer.name.clone(), ways.iter().map(Entry::cell).collect());
    let mut rows: Vec<_> = entries.chunks_exact(WAYS.len()).map(row).collect();
    rows.extend(unbuilt.into_iter().map(|(name, reason)| (name, vec![Cell::Text(reason)])));
    let title = format!("Steps a second, of {} orders", number(orders as f64));
    chapter.table(&title, &WAYS.map(|way| way.to_string()).each_ref().map(String::as_str), rows);
    let columns = ["version", "atomic", "how", "lost or doubled by a kill"];
    chapter.table("Library", &columns, entries.iter().map(Entry::described).collect());
    chapter
}

/// Ours against the best of the others, of those that `counts` lets in.
fn bar(chapter: &mut Chapter, entries: &[Entry], mode: Mode, whom: &str, goal: f64, counts: impl Fn(&Entry) -> bool) {
    let sound = || entries.iter().filter(|entry| entry.way.mode == mode && entry.trouble.is_none());
    let ours = sound().find(|entry| entry.peer.is_ours() && entry.way.configuration == Configuration::Best);
    let others = sound().filter(|entry| !entry.peer.is_ours() && counts(entry));
    let best = others.max_by(|one, other| median(one).total_cmp(&median(other)));
    if let (Some(ours), Some(best)) = (ours, best) {
        let what = format!("steps of a {}, to those of the best library ({whom})", mode.name());
        let against = format!("{}, {}", best.peer.name, best.way.configuration.name());
        chapter.bar(&what, &against, Goal::AtLeast(goal), Spread::ratio(&ours.rates, &best.rates));
    }
}

fn median(entry: &Entry) -> f64 {
    Spread::of(&entry.rates).median
}
