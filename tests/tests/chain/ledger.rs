//! What must hold of every row, whoever has written it: its history is a path, each step is an arrow of the program that signed
//! it, the row is where the last step left it, and work that is due is there.

use super::known::{Known, Object, text};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgPool};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use workflow_model::Model;
use workflow_model::names::quoted;

/// The programs that have written so far, by how they sign, and what migrations may have done.
#[derive(Debug, Default)]
pub(crate) struct Writers {
    rules: BTreeMap<String, Rules>,
    /// From which state to which, as declarations say of states that are gone or have another label.
    migrated: BTreeSet<(String, String)>,
}

/// What a program may do, looked up often: from, event, to.
#[derive(Debug, Default)]
struct Rules {
    initial: String,
    arrows: HashSet<(String, String, String)>,
}

impl Rules {
    fn of(model: &Model) -> Rules {
        let mut rules = Rules { initial: model.initial().map(|s| s.name.label.clone()).unwrap_or_default(), ..Rules::default() };
        for edge in model.edges() {
            for from in edge.from.labels() {
                // A program that knows a former label leaves it there when the row stays where it is.
                let to = if edge.transition.is_internal() { from } else { &edge.to.name.label };
                rules.arrows.insert((from.to_owned(), edge.transition.event.label.clone(), to.to_owned()));
            }
        }
        rules
    }
}

impl Writers {
    pub(crate) fn add(&mut self, name: &str, model: &Model) {
        for state in &model.states {
            self.migrated.extend(state.name.renamed_from.iter().map(|from| (from.clone(), state.name.label.clone())));
        }
        self.rules.insert(name.to_owned(), Rules::of(model));
    }

    /// What the newest version says of states that are gone. `before` knows their labels.
    pub(crate) fn drained(&mut self, before: &Model, after: &Model) {
        for removed in &after.removed {
            let from = before.state(&removed.state).map_or(&removed.state, |s| &s.name.label);
            let to = after.state(&removed.target.state).map(|s| s.name.label.clone()).expect("a target");
            self.migrated.insert((from.clone(), to));
        }
    }

    fn allows(&self, step: &Object) -> bool {
        let (from, event, to) = (step["from_state"].as_str(), text(step, "event"), text(step, "to_state"));
        let rules = self.rules.get(text(step, "actor"));
        match (from, event) {
            (Some(from), "migrate") => self.migrated.contains(&(from.to_owned(), to.to_owned())),
            (None, "create") => rules.is_some_and(|rules| rules.initial == to),
            (Some(from), _) => rules.is_some_and(|r| r.arrows.contains(&(from.to_owned(), event.to_owned(), to.to_owned()))),
            (None, _) => false,
        }
    }
}

/// One instance.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) row: Object,
    /// All its steps, if one of them is new.
    pub(crate) steps: Vec<Object>,
    pub(crate) jobs: Vec<Object>,
}

/// Every row that is there, where `model` says that it stands, with the history of those that have moved since a moment.
pub(crate) async fn read(pool: &PgPool, model: &Model, since: DateTime<Utc>) -> Vec<Entry> {
    let (table, history, jobs) = (model.table(), model.history(), model.jobs());
    let key = quoted(&model.fields[0].name.label);
    let sql = format!(
        "SELECT jsonb_build_array(to_jsonb(o), \
            CASE WHEN EXISTS (SELECT FROM {history} h WHERE h.id = o.{key} AND h.at >= $1) \
                 THEN (SELECT jsonb_agg(to_jsonb(h) ORDER BY h.version) FROM {history} h WHERE h.id = o.{key}) END, \
            (SELECT jsonb_agg(to_jsonb(j)) FROM {jobs} j WHERE j.id = o.{key})) \
         FROM {table} o"
    );
    let found: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(sql)).bind(since).fetch_all(pool).await.expect("rows");
    let object = |value: &Value| value.as_object().cloned().expect("an object");
    let list = |value: &Value| value.as_array().into_iter().flatten().map(object).collect();
    found.iter().map(|e| Entry { row: object(&e[0]), steps: list(&e[1]), jobs: list(&e[2]) }).collect()
}

impl Entry {
    /// What is wrong with its history, if that was read.
    pub(crate) fn path(&self, writers: &Writers) -> Vec<String> {
        let mut faults = Vec::new();
        let mut stands: Option<&str> = None;
        for (at, step) in self.steps.iter().enumerate() {
            if step["version"] != at + 1 {
                faults.push(format!("step {} has version {}", at + 1, step["version"]));
            }
            if step["from_state"].as_str() != stands {
                faults.push(format!("version {} starts from {}, not {stands:?}", at + 1, step["from_state"]));
            }
            if !writers.allows(step) {
                faults.push(format!("no arrow of its writer: {step:?}"));
            }
            stands = step["to_state"].as_str();
        }
        let Some(last) = self.steps.last() else { return Vec::new() };
        for (ours, theirs) in [("version", "version"), ("state", "to_state"), ("event", "event")] {
            if self.row[ours] != last[theirs] {
                faults.push(format!("{ours} is {}, and {} in history", self.row[ours], last[theirs]));
            }
        }
        self.named(faults)
    }

    /// What the last step recorded of the state's fields is what the row has, as far as both have it.
    pub(crate) fn recorded(&self, newest: &Known) -> Vec<String> {
        let Some(data) = self.steps.last().and_then(|step| step["data"].as_object()) else { return Vec::new() };
        let differs = |label: &&String| {
            let (there, then) = (self.row.get(*label), data.get(*label));
            matches!((there, then), (Some(there), Some(then)) if !then.is_null() && there != then)
        };
        let own = newest.columns.iter().filter(|c| c.owns(self.state())).map(|c| &c.label);
        self.named(own.filter(differs).map(|label| format!("{label} is {}, and {} in history", self.row[label], data[label])))
    }

    /// The state's timers and activities are there, once each, and of other states none.
    pub(crate) fn work(&self, known: &[Known]) -> Vec<String> {
        let there: Vec<(&str, &str)> =
            self.jobs.iter().map(|job| (text(job, "kind"), text(job, "job"))).filter(|(kind, _)| *kind != "task").collect();
        let mut faults = Vec::new();
        for (kind, job) in known.last().into_iter().flat_map(|newest| newest.due(&self.row)) {
            match there.iter().filter(|other| **other == (kind, job)).count() {
                1 => {}
                n => faults.push(format!("{n} jobs {kind} {job}")),
            }
        }
        // What both versions have is the newer one's to say.
        let asked = |job: &&(&str, &str)| {
            let says = known.iter().rev().find(|known| known.has(self.state(), job.0, job.1));
            says.is_some_and(|known| known.due(&self.row).any(|due| due == **job))
        };
        faults.extend(there.iter().filter(|job| !asked(job)).map(|job| format!("a job {job:?}, which nothing asks for")));
        self.named(faults)
    }

    /// Every task that a step of this writer starts is there. While a newer version is declared, that one decides what an arrow
    /// starts which both have, whoever takes it.
    pub(crate) fn tasks(&self, writer: &str, own: &Known, newest: &Known, gone: &BTreeSet<String>) -> Vec<String> {
        let mut faults = Vec::new();
        for step in self.steps.iter().filter(|step| text(step, "actor") == writer) {
            let decided = newest.tasks(step);
            let kept = |task: &&String| !gone.contains(*task) && decided.is_none_or(|tasks| tasks.contains(task));
            for task in own.tasks(step).into_iter().flatten().filter(kept) {
                let is = |job: &&Object| job["kind"] == "task" && job["job"] == **task && job["version"] == step["version"];
                if self.jobs.iter().filter(is).count() != 1 {
                    faults.push(format!("the task {task} of {step:?} is not there once"));
                }
            }
        }
        self.named(faults)
    }

    /// Each field of a state is there if and only if the row is in one that has it.
    pub(crate) fn fields(&self, known: &[Known]) -> Vec<String> {
        let mut faults = Vec::new();
        for column in known.iter().flat_map(|known| &known.columns).filter(|c| !c.states.is_empty()) {
            let label = &column.label;
            let has = known.iter().flat_map(|k| &k.columns).any(|c| c.label == *label && c.owns(self.state()));
            if !has && !self.row[label].is_null() {
                faults.push(format!("{label} is there"));
            }
        }
        let required = known.last().into_iter().flat_map(|newest| &newest.columns).filter(|c| c.required);
        for column in required.filter(|c| c.states.is_empty() || c.owns(self.state())) {
            if self.row[&column.label].is_null() {
                faults.push(format!("{} is missing", column.label));
            }
        }
        self.named(faults)
    }

    fn state(&self) -> &str {
        text(&self.row, "state")
    }

    fn named(&self, faults: impl IntoIterator<Item = String>) -> Vec<String> {
        faults.into_iter().map(|fault| format!("{} in {}: {fault}", self.row["id"], self.row["state"])).collect()
    }
}
