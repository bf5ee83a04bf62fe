//! One database, the programs that were at work in it, and what must hold whenever they rest.

use super::apply::By;
use super::binary::Binary;
use super::known::Known;
use super::ledger::{self, Entry, Writers};
use super::load::{Crowd, Load, Tally};
use super::project::Crate;
use super::versions::{BEFORE, Version};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgPool};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;
use workflow_migrate::Step;
use workflow_model::names::quoted;
use workflow_model::{Model, Trigger};
use workflow_testing::Database;

/// No call may take longer: the time-out that is declared in the files, and a second.
const PATIENCE: Duration = Duration::from_secs(3);

/// How much each load does in each phase: so many calls, and at least for that long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) calls: u64,
    pub(crate) least: Duration,
}

pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) pool: PgPool,
    pub(crate) at: Crate,
    pub(crate) crowd: Arc<Crowd>,
    pub(crate) total: Tally,
    pub(crate) retries: usize,
    /// Contract phases that were refused for work that nobody would carry out.
    pub(crate) refusals: usize,
    pub(crate) pace: Pace,
    pub(crate) by: By,
    writers: Writers,
    /// Tasks that were deleted because of such a refusal.
    gone: BTreeSet<String>,
    seed: u64,
    begun: Instant,
    /// When all that had moved by then was checked, on the database's clock.
    checked: DateTime<Utc>,
}

impl World {
    pub(crate) async fn new(name: &str, seed: u64, pace: Pace, by: By) -> World {
        let database = Database::create().await.expect("a database");
        let pool = database.pool_with(4).await.expect("a pool");
        sqlx::raw_sql(BEFORE).execute(&pool).await.expect("the application's own");
        World {
            database,
            pool,
            at: Crate::new(name),
            crowd: Arc::default(),
            total: Tally::default(),
            retries: 0,
            refusals: 0,
            pace,
            by,
            writers: Writers::default(),
            gone: BTreeSet::new(),
            seed,
            begun: Instant::now(),
            checked: DateTime::UNIX_EPOCH,
        }
    }

    /// A program goes to work.
    pub(crate) fn load(&mut self, binary: &Arc<dyn Binary>) -> Load {
        self.seed += 1;
        self.writers.add(binary.name(), binary.model());
        Load::start(binary, &self.crowd, self.seed)
    }

    /// Lets all of them do their part.
    pub(crate) async fn at_work(&self, loads: &[&Load]) {
        let start = Instant::now();
        loop {
            let all: Vec<_> = loads.iter().map(|load| load.does(self.pace.calls)).collect();
            for done in all {
                done.await;
            }
            if start.elapsed() >= self.pace.least {
                return;
            }
        }
    }

    /// Ends a load, which must have met nothing that its program is not made for.
    pub(crate) async fn rest(&mut self, load: Load, when: &str) {
        let tally = load.stop().await;
        println!(
            "{:?} {when}: {} done, {} conflicts, {} blocked, {} strange rows, longest {:?}",
            self.begun.elapsed(),
            tally.done,
            tally.conflicts,
            tally.blocked,
            tally.strange,
            tally.longest
        );
        assert!(tally.failures.is_empty(), "{when}: {:#?}", tally.failures);
        assert!(tally.longest < PATIENCE, "{when}: a call took {:?}", tally.longest);
        self.total.add(tally);
    }

    pub(crate) async fn expand(&mut self, version: &Version) {
        self.at.generate(version.source, Step::Expand);
        self.crowd.declare(&version.model());
        self.retries += self.apply().await.expect("it can be applied");
    }

    /// Applies what was generated.
    pub(crate) async fn apply(&self) -> Result<usize, String> {
        self.by.apply(&self.database, &self.at.migrations()).await
    }

    pub(crate) async fn contract(&mut self, before: &Model, version: &Version) {
        self.at.generate(version.source, Step::Contract);
        self.writers.drained(before, &version.model());
        match self.apply().await {
            Ok(retries) => self.retries += retries,
            Err(refused) => {
                // The counts are told, and what is to be done: somebody decides that the work is not to be done.
                assert!(refused.contains("has work that no newer binary carries out"), "{refused}");
                self.refusals += 1;
                self.give_up_work(before, &version.model()).await;
                self.retries += self.apply().await.expect("it can be applied then");
            }
        }
    }

    async fn give_up_work(&mut self, before: &Model, after: &Model) {
        let lost: BTreeSet<String> = jobs(before).difference(&jobs(after)).cloned().collect();
        let statement = format!("DELETE FROM {} WHERE job = ANY ($1)", after.jobs());
        let names: Vec<&String> = lost.iter().collect();
        sqlx::query(AssertSqlSafe(statement)).bind(names).execute(&self.pool).await.expect("it can be deleted");
        self.gone.extend(lost);
    }

    /// The same as [`check`](Self::check), for every history from its beginning.
    pub(crate) async fn check_from_the_beginning(&mut self, when: &str, binaries: &[&Arc<dyn Binary>]) {
        self.checked = DateTime::UNIX_EPOCH;
        self.check(when, binaries).await;
    }

    /// Everything that must hold, with nobody at work: `binaries` are those that may run now, the newest last. Histories are read
    /// of those that have moved since the last time.
    pub(crate) async fn check(&mut self, when: &str, binaries: &[&Arc<dyn Binary>]) {
        let now = sqlx::query_scalar("SELECT now()").fetch_one(&self.pool).await.expect("a time");
        let models: Vec<&Model> = binaries.iter().map(|binary| binary.model()).collect();
        let newest = models[models.len() - 1];
        let entries = ledger::read(&self.pool, newest, self.checked).await;
        assert!(!entries.is_empty(), "{when}: nothing is there");
        let known: Vec<Known> = models.iter().map(|model| Known::of(model)).collect();
        let last = &known[known.len() - 1];
        let of = |entry: &Entry| {
            let mut faults = entry.path(&self.writers);
            faults.extend(entry.recorded(last));
            faults.extend(entry.work(&known));
            faults.extend(entry.fields(&known));
            let each = binaries.iter().zip(&known);
            faults.extend(each.flat_map(|(binary, own)| entry.tasks(binary.name(), own, last, &self.gone)));
            faults
        };
        let mut faults: Vec<String> = entries.iter().flat_map(of).collect();
        for binary in binaries {
            faults.extend(decoded(binary, &models, entries.len()).await);
        }
        faults.extend(self.mirrored(&models).await);
        faults.truncate(20);
        assert!(faults.is_empty(), "{when}: {faults:#?}");
        self.checked = now;
    }

    /// A column and the one that succeeds it say the same.
    async fn mirrored(&self, models: &[&Model]) -> Vec<String> {
        let [old, new] = models else { return Vec::new() };
        let mut faults = Vec::new();
        for column in new.columns() {
            let Some(from) = column.field.name.renamed_from.as_ref() else { continue };
            if !old.columns().iter().any(|c| c.field.name.label == *from)
                || new.columns().iter().any(|c| c.field.name.label == *from)
            {
                continue;
            }
            let (from, to) = (quoted(from), quoted(&column.field.name.label));
            let was = column.field.was.clone();
            let forward = was.as_ref().and_then(|was| was.forward.clone()).unwrap_or_else(|| from.clone());
            let back = was.as_ref().and_then(|was| was.back.clone()).unwrap_or_else(|| to.clone());
            let differ = format!(
                "SELECT count(*) FROM {} WHERE {to} IS DISTINCT FROM ({forward}) AND {from} IS DISTINCT FROM ({back})",
                new.table()
            );
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(differ)).fetch_one(&self.pool).await.expect("a count");
            if count > 0 {
                faults.push(format!("{count} rows say one thing in {from} and another in {to}"));
            }
        }
        faults
    }
}

/// Each row is one that the program can read; it does not know those states only that it may not know.
async fn decoded(binary: &Arc<dyn Binary>, models: &[&Model], rows: usize) -> Vec<String> {
    let found = match binary.find(Uuid::nil(), 1_000_000).await {
        Ok(found) => found,
        Err(error) => return vec![format!("{} cannot read: {error}", binary.name())],
    };
    let strange: BTreeSet<String> = found.iter().filter(|(_, seen)| !seen.known).map(|(_, seen)| seen.label.clone()).collect();
    let allowed = may_be_strange(binary.model(), models);
    let mut faults: Vec<String> =
        strange.difference(&allowed).map(|state| format!("{} does not know a row in {state}", binary.name())).collect();
    if found.len() != rows {
        faults.push(format!("{} finds {} rows of {rows}", binary.name(), found.len()));
    }
    faults
}

/// States of other versions, and those that lack a field in the newest version which the program's own have.
fn may_be_strange(own: &Model, models: &[&Model]) -> BTreeSet<String> {
    let knows = |label: &str| own.states.iter().any(|s| s.labels().any(|l| l == label));
    let all = models.iter().flat_map(|model| model.states.iter().flat_map(|s| s.labels().map(str::to_owned).collect::<Vec<_>>()));
    let mut strange: BTreeSet<String> = all.filter(|label| !knows(label)).collect();
    let newest = models[models.len() - 1];
    for column in newest.columns().iter().filter(|c| c.field.ty.optional && c.field.default.is_none()) {
        let required =
            |s: &&workflow_model::State| s.fields.iter().any(|f| f.name.label == column.field.name.label && !f.ty.optional);
        strange.extend(own.states.iter().filter(required).map(|s| s.name.label.clone()));
    }
    for dropped in newest.dropped.iter().filter(|d| d.value.is_none()) {
        strange.extend(dropped.state.iter().filter_map(|state| own.state(state)).map(|s| s.name.label.clone()));
    }
    strange
}

/// The names of everything that is done by somebody later.
fn jobs(model: &Model) -> BTreeSet<String> {
    let lines = model.transitions.iter().flat_map(|line| {
        let triggers = line.triggers.iter().filter_map(|trigger| match trigger {
            Trigger::By(activity) => Some(activity.clone()),
            Trigger::After(_) | Trigger::At(_) | Trigger::Joined { .. } => Some(line.event.label.clone()),
            Trigger::Exhausted { .. } => None,
        });
        triggers.chain(line.tasks.iter().cloned()).collect::<Vec<_>>()
    });
    let created = model.create.iter().flat_map(|create| create.tasks.iter().cloned());
    lines.chain(created).collect()
}
