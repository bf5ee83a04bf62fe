//! Several changes at once: random pairs of declarations, each applied and taken back as the cases are.
//!
//! A pair is a number and the mutations that make it. One that fails is made smaller first, and then shown as the two files of a
//! case. `PAIRS=400` runs more of them, `PAIRS_FROM=1000` others.

mod chance;
mod complete;
mod mutation;
mod source;

use crate::run::{Way, try_way};
use chance::Chance;
use complete::complete;
use mutation::{At, MUTATIONS, forget};
use source::source;
use std::fmt::Write;
use workflow_model::{Model, Trigger, check};

/// What the mutations begin with.
const BASES: [&str; 2] = [include_str!("pairs/order.rs"), include_str!("pairs/claim.rs")];

/// The mutations before and after, by their seeds.
#[derive(Clone)]
struct Pair {
    base: usize,
    keeps_words: bool,
    earlier: Vec<u64>,
    later: Vec<u64>,
}

impl Pair {
    fn of(number: u64) -> Pair {
        let mut chance = Chance::new(number);
        let base = chance.below(BASES.len());
        let mut seeds = |bound| (0..chance.below(bound)).map(|_| chance.next()).collect::<Vec<_>>();
        let (earlier, mut later) = (seeds(4), seeds(5));
        later.push(chance.next());
        Pair { base, keeps_words: chance.percent(30), earlier, later }
    }

    /// The two declarations, if there is nothing to say against them.
    fn models(&self) -> Option<(Model, Model)> {
        let base = crate::rows::model(BASES[self.base]);
        let mut before = mutated(&base, &self.earlier)?;
        if self.keeps_words {
            before.moved_from = None;
        } else {
            forget(&mut before);
        }
        let after = mutated(&before, &self.later)?;
        let (before, after) = (read(&source(&before))?, read(&source(&after))?);
        let difference = workflow_migrate::diff(&before, &after, &[]);
        (difference.refusals.is_empty() && !difference.changes.is_empty()).then_some((before, after))
    }

    /// The same without one of its mutations.
    fn smaller(&self) -> Vec<Pair> {
        let without = |seeds: &Vec<u64>, n: usize| [&seeds[..n], &seeds[n + 1..]].concat();
        let earlier = (0..self.earlier.len()).map(|n| Pair { earlier: without(&self.earlier, n), ..self.clone() });
        let later = (0..self.later.len()).map(|n| Pair { later: without(&self.later, n), ..self.clone() });
        let plain = self.keeps_words.then(|| Pair { keeps_words: false, ..self.clone() });
        earlier.chain(later).chain(plain).collect()
    }
}

fn mutated(before: &Model, seeds: &[u64]) -> Option<Model> {
    let mut model = before.clone();
    for seed in seeds {
        let mut chance = Chance::new(*seed);
        let mutate = chance.pick(MUTATIONS)?;
        let mut next = model.clone();
        if mutate(&mut At { model: &mut next, before, chance: &mut chance }).is_some() {
            complete(&mut next, before, &mut chance);
            model = next;
        }
    }
    Some(model)
}

/// What is written is read again: that the printer is right is not taken on trust.
fn read(text: &str) -> Option<Model> {
    let found = workflow_syntax::find(text).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    let model = workflow_syntax::lower(&parsed.workflow.filter(|_| parsed.errors.is_empty())?);
    check(&model).is_empty().then_some(model)
}

#[tokio::test(flavor = "multi_thread")]
async fn several_changes_at_once_can_be_applied_and_taken_back() {
    let (wanted, from) = (asked("PAIRS", 40), asked("PAIRS_FROM", 0));
    let mut numbers = from..;
    let (mut tried, mut failures) = (0, Vec::new());
    while tried < wanted {
        let number = numbers.next().unwrap();
        let pair = Pair::of(number);
        if pair.models().is_none() {
            continue;
        }
        tried += 1;
        if let Some(error) = error(&pair).await {
            failures.push(shown(number, smallest(pair, error).await));
        }
    }
    println!("{tried} pairs of {}", numbers.start - from);
    assert!(failures.is_empty(), "{} of {tried} pairs fail\n{}", failures.len(), failures.join("\n"));
}

fn asked(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |number| number.parse().unwrap())
}

/// What goes wrong with a pair.
async fn error(pair: &Pair) -> Option<String> {
    let (before, after) = pair.models()?;
    let (before, between, after) = (source(&before), done(&after), source(&after));
    let way = Way { name: format!("pair-{}", asked("PAIRS_FROM", 0)), before, between, after, is_free: true, ..Way::default() };
    try_way(way).await.err()
}

/// What no newer binary carries out is done by then.
fn done(after: &Model) -> String {
    let model = after.canonical();
    let created = model.create.iter().flat_map(|create| &create.tasks);
    let tasks = created.chain(model.transitions.iter().flat_map(|line| &line.tasks));
    let mut text = format!("DELETE FROM {jobs} WHERE kind = 'task'", jobs = after.jobs());
    tasks.for_each(|task| write!(text, " AND job <> '{task}'").unwrap());
    for state in &model.states {
        let labels: Vec<String> = state.labels().map(|label| format!("'{label}'")).collect();
        let (key, labels) = (&model.fields[0].name.label, labels.join(", "));
        let (jobs, table) = (after.jobs(), after.table());
        write!(text, "; DELETE FROM {jobs} j USING {table} o WHERE o.{key} = j.id AND o.state IN ({labels}) AND kind <> 'task'")
            .unwrap();
        for line in model.transitions.iter().filter(|line| line.sources.contains(&state.name.label)) {
            let (kind, job) = match line.triggers.first() {
                Some(Trigger::After(_) | Trigger::At(_)) => ("timer", &line.event.label),
                Some(Trigger::By(activity)) => ("activity", activity),
                Some(Trigger::Joined { .. }) => ("join", &line.event.label),
                Some(Trigger::Exhausted { .. }) | None => continue,
            };
            write!(text, " AND (kind, job) <> ('{kind}', '{job}')").unwrap();
        }
    }
    text
}

/// Leaves out what the fault does not need.
async fn smallest(mut pair: Pair, mut found: String) -> (Pair, String) {
    'smaller: loop {
        for candidate in pair.smaller() {
            if let Some(error) = error(&candidate).await {
                (pair, found) = (candidate, error);
                continue 'smaller;
            }
        }
        return (pair, found);
    }
}

fn shown(number: u64, (pair, error): (Pair, String)) -> String {
    let (before, after) = pair.models().unwrap();
    format!("=== pair {number}: {error}\n--- before.rs\n{}--- after.rs\n{}", source(&before), source(&after))
}
