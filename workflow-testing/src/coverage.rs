//! Which transitions the tests of this process have made, and which rules have refused.

use crate::unproved::Unproved;
use sqlx::{AssertSqlSafe, PgPool, Row};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use workflow_runtime::workflow::Workflow;

/// One arrow: where it starts, the event, and where it leads. A creation starts nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Way {
    /// The label of the state before; none for a creation.
    pub from: Option<String>,
    /// The event's label.
    pub event: String,
    /// The label of the state after.
    pub to: String,
}

/// How often each transition was made, in this process.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The workflow.
    pub workflow: &'static str,
    /// Every declared arrow, the creation first, and how often it was made.
    pub made: Vec<(Way, u64)>,
    /// What the proofs were refused, by rule: `conflict`, `guard`, `effect`, `constraint`, and what only raw SQL meets.
    pub refused: BTreeMap<&'static str, u64>,
}

#[derive(Default)]
struct Counts {
    made: BTreeMap<(Option<String>, String), u64>,
    refused: BTreeMap<&'static str, u64>,
    /// What the histories of databases hold, each counted as it was last seen.
    histories: BTreeMap<String, BTreeMap<(Option<String>, String), u64>>,
}

static COUNTS: Mutex<BTreeMap<&'static str, Counts>> = Mutex::new(BTreeMap::new());

fn counts() -> MutexGuard<'static, BTreeMap<&'static str, Counts>> {
    COUNTS.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn made<W: Workflow>(from: Option<&str>, event: &str) {
    let mut counts = counts();
    let made = &mut counts.entry(W::MODEL.name).or_default().made;
    *made.entry((from.map(str::to_owned), event.to_owned())).or_default() += 1;
}

pub(crate) fn refused<W: Workflow>(rule: &'static str) {
    *counts().entry(W::MODEL.name).or_default().refused.entry(rule).or_default() += 1;
}

/// How often each transition of the workflow was made: what the history of this database holds, and of each that was asked about
/// before in this process, and what the proofs of this process have done, whose rows are gone. What brought an instance somewhere by
/// [`reach`](crate::Subject::reach) is in both, and counts twice.
///
/// # Errors
///
/// What PostgreSQL says; nothing is written.
pub async fn coverage<W: Workflow>(pool: &PgPool) -> Result<Coverage, Unproved> {
    let sql = format!(
        "SELECT current_database()::text, from_state, event, count(*) FROM {} GROUP BY from_state, event",
        beside(W::MODEL.table, "_history")
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?;
    let mut all = counts();
    let counts = all.entry(W::MODEL.name).or_default();
    for (n, row) in rows.iter().enumerate() {
        let history = counts.histories.entry(row.try_get(0)?).or_default();
        if n == 0 {
            history.clear();
        }
        history.insert((row.try_get(1)?, row.try_get(2)?), row.try_get::<i64, _>(3)?.unsigned_abs());
    }
    Ok(counts.of::<W>())
}

/// `public.orders` with something behind its name, quoted or not.
pub(crate) fn beside(table: &str, suffix: &str) -> String {
    match table.strip_suffix('"') {
        Some(open) => format!("{open}{suffix}\""),
        None => format!("{table}{suffix}"),
    }
}

impl Counts {
    fn of<W: Workflow>(&self) -> Coverage {
        let initial = W::MODEL.states.iter().find(|state| state.initial).map_or("", |state| state.label);
        let creation = Way { from: None, event: "create".to_owned(), to: initial.to_owned() };
        let edges = W::MODEL.edges.iter().map(|edge| Way {
            from: Some(edge.from.to_owned()),
            event: edge.event.to_owned(),
            to: edge.to.to_owned(),
        });
        let times = |way: &Way| {
            let key = (way.from.clone(), way.event.clone());
            let histories = self.histories.values().filter_map(|history| history.get(&key));
            self.made.get(&key).into_iter().chain(histories).sum()
        };
        let made = [creation].into_iter().chain(edges).map(|way| (way.clone(), times(&way))).collect();
        Coverage { workflow: W::MODEL.name, made, refused: self.refused.clone() }
    }
}

impl Coverage {
    /// The transitions that nothing has made.
    pub fn missing(&self) -> Vec<&Way> {
        self.made.iter().filter(|(_, times)| *times == 0).map(|(way, _)| way).collect()
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            Some(from) => write!(f, "{from} -{}-> {}", self.event, self.to),
            None => write!(f, "-{}-> {}", self.event, self.to),
        }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing();
        write!(f, "{}: {} of {} transitions were made", self.workflow, self.made.len() - missing.len(), self.made.len())?;
        for (way, times) in &self.made {
            write!(f, "\n{times:>8}  {way}")?;
        }
        let refused: Vec<String> = self.refused.iter().map(|(rule, times)| format!("{times} by {rule}")).collect();
        if refused.is_empty() { Ok(()) } else { write!(f, "\nrefused: {}", refused.join(", ")) }
    }
}
