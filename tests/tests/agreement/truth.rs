//! The truth about a workflow's rows: its history replayed by the model, and compared with the rows and jobs that are there.

use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgConnection};
use std::collections::BTreeSet;
use workflow_model::names::constant;
use workflow_model::{Model, State, Transition, Trigger};

/// One instance, as the database holds it.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) row: Map<String, Value>,
    pub(crate) steps: Vec<Map<String, Value>>,
    pub(crate) jobs: Vec<Map<String, Value>>,
}

/// Everything that is there, and whatever is there without a row.
pub(crate) async fn instances(connection: &mut PgConnection, model: &Model) -> (Vec<Instance>, i64) {
    let key = constant(&model.key().expect("a key").name.label);
    let sql = format!(
        "SELECT jsonb_build_object('row', to_jsonb(o), 'steps', \
            coalesce((SELECT jsonb_agg(to_jsonb(h) || jsonb_build_object('recorded', to_jsonb({recorded}(h.data))) ORDER BY h.version) \
                      FROM {history} h WHERE h.id::text = to_jsonb(o) ->> {key}), '[]'), 'jobs', \
            coalesce((SELECT jsonb_agg(to_jsonb(j) || jsonb_build_object('delay', extract(epoch FROM j.run_at - h.at))) \
                      FROM {jobs} j LEFT JOIN {history} h USING (id, version) WHERE j.id::text = to_jsonb(o) ->> {key}), '[]')) \
         FROM {table} o ORDER BY to_jsonb(o) ->> {key}",
        recorded = model.function("recorded"),
        history = model.history(),
        jobs = model.jobs(),
        table = model.table(),
    );
    let found: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *connection).await.expect("rows");
    let orphans = format!(
        "SELECT count(*) FROM (SELECT id FROM {} UNION ALL SELECT id FROM {}) x \
         WHERE x.id::text NOT IN (SELECT to_jsonb(o) ->> {key} FROM {} o)",
        model.history(),
        model.jobs(),
        model.table()
    );
    let orphans = sqlx::query_scalar(AssertSqlSafe(orphans)).fetch_one(connection).await.expect("a count");
    (found.into_iter().map(instance).collect(), orphans)
}

fn instance(found: Value) -> Instance {
    let object = |value: &Value| value.as_object().cloned().expect("an object");
    let list = |value: &Value| value.as_array().expect("a list").iter().map(object).collect();
    Instance { row: object(&found["row"]), steps: list(&found["steps"]), jobs: list(&found["jobs"]) }
}

/// What is not as the model says; nothing when history is whole and rows and jobs follow from it.
pub(crate) async fn faults(connection: &mut PgConnection, model: &Model) -> Vec<String> {
    let (instances, orphans) = instances(connection, model).await;
    let mut faults: Vec<String> = instances.iter().flat_map(|i| Replay::new(model, i).faults()).collect();
    if orphans > 0 {
        faults.push(format!("{orphans} rows of history or jobs belong to no instance"));
    }
    faults
}

/// The line that an event takes from a state.
pub(crate) fn line<'m>(model: &'m Model, event: &str, from: &str) -> Option<&'m Transition> {
    let starts = |t: &Transition| model.sources(t).iter().any(|s| s.name.label == from);
    model.transitions.iter().find(|t| t.event.label == event && starts(t))
}

struct Replay<'m> {
    model: &'m Model,
    instance: &'m Instance,
    faults: Vec<String>,
}

impl<'m> Replay<'m> {
    fn new(model: &'m Model, instance: &'m Instance) -> Self {
        Replay { model, instance, faults: Vec::new() }
    }

    fn faults(mut self) -> Vec<String> {
        if self.instance.steps.is_empty() {
            return vec![format!("no history: {:?}", self.instance.row)];
        }
        self.path();
        self.fields();
        self.row();
        self.mark();
        self.jobs();
        self.faults
    }

    fn fault(&mut self, what: impl std::fmt::Display) {
        let key = &self.model.key().expect("a key").name.label;
        self.faults.push(format!("{} {}: {what}", self.model.name.label, self.instance.row[key]));
    }

    /// Versions without a gap, a chain without a break, each link an arrow of the model.
    fn path(&mut self) {
        let mut stands: Option<&str> = None;
        for (at, step) in self.instance.steps.iter().enumerate() {
            let (event, to) = (text(step, "event"), text(step, "to_state"));
            if step["version"] != at + 1 {
                self.fault(format!("step {} has version {}", at + 1, step["version"]));
            }
            if step["from_state"].as_str() != stands {
                self.fault(format!("version {} starts from {}, not {stands:?}", at + 1, step["from_state"]));
            }
            let legal = match stands {
                None => event == "adopt" || event == "create" && to == self.model.initial().expect("initial").name.label,
                Some(from) => {
                    event == "force" || self.model.edges().iter().any(|e| e.spelled() == format!("{from}>{event}>{to}"))
                }
            };
            if !legal {
                self.fault(format!("version {} is no arrow: {stands:?} {event} {to}", at + 1));
            }
            stands = Some(to);
        }
    }

    /// Each step recorded the fields of its state and the common ones that its event set, and no others.
    fn fields(&mut self) {
        for step in &self.instance.steps {
            let recorded: BTreeSet<&str> =
                step["data"].as_object().map(|data| data.keys().map(String::as_str).collect()).unwrap_or_default();
            let expected = self.expected_fields(step);
            if recorded != expected {
                self.fault(format!("version {} recorded {recorded:?}, not {expected:?}", step["version"]));
            }
        }
    }

    fn expected_fields(&self, step: &Map<String, Value>) -> BTreeSet<&'m str> {
        let label = |f: &'m workflow_model::Field| f.name.label.as_str();
        let mut fields: BTreeSet<&str> = self.state(text(step, "to_state")).fields.iter().map(label).collect();
        match step["from_state"].as_str() {
            None => fields.extend(self.model.fields.iter().skip(1).map(label)),
            Some(from) => {
                let set = line(self.model, text(step, "event"), from).map(|l| l.parameters.as_slice()).unwrap_or_default();
                fields.extend(set.iter().filter_map(|p| self.model.field(&p.name)).map(label));
            }
        }
        fields
    }

    /// The row is where its last step left it, with the fields of that state, and no field of another.
    fn row(&mut self) {
        let row = &self.instance.row;
        let last = self.instance.steps.last().expect("a step");
        for (ours, theirs) in [("version", "version"), ("state", "to_state"), ("event", "event")] {
            if row[ours] != last[theirs] {
                self.fault(format!("{ours} is {}, and {} in history", row[ours], last[theirs]));
            }
        }
        let entered = self.entered();
        if row["entered_at"] != entered["at"] {
            self.fault(format!("entered at {}, and {} in history", row["entered_at"], entered["at"]));
        }
        let state = self.state(text(row, "state"));
        for column in self.model.columns().iter().filter(|c| !c.states.is_empty()) {
            let label = &column.field.name.label;
            if !state.fields.iter().any(|f| f.name.label == *label) {
                if !row[label].is_null() {
                    self.fault(format!("{label} stands in state {}", state.name.label));
                }
            } else if row[label] != last["recorded"][label] {
                self.fault(format!("{label} is {}, and {} in history", row[label], last["recorded"][label]));
            }
        }
    }

    /// The row's `actor` and `key` speak of version `keyed`: history says the same of it.
    fn mark(&mut self) {
        let row = &self.instance.row;
        let Some(keyed) = row["keyed"].as_i64() else { return };
        let step = usize::try_from(keyed - 1).ok().and_then(|at| self.instance.steps.get(at));
        match step {
            None => self.fault(format!("marked for version {keyed}, which is still to come")),
            Some(step) if step["key"] != row["key"] || !row["actor"].is_null() && step["actor"] != row["actor"] => {
                self.fault(format!("{} and {} are not those of version {keyed}", row["actor"], row["key"]));
            }
            Some(_) => {}
        }
    }

    fn state(&self, label: &str) -> &'m State {
        self.model.states.iter().find(|s| s.name.label == label).expect("a state")
    }

    fn is_internal(&self, step: &Map<String, Value>) -> bool {
        let from = step["from_state"].as_str();
        from.and_then(|from| line(self.model, text(step, "event"), from)).is_some_and(Transition::is_internal)
    }

    /// The step by which the row came where it is, and after it the internal ones.
    fn stay(&self) -> &'m [Map<String, Value>] {
        let at = self.instance.steps.iter().rposition(|step| !self.is_internal(step)).unwrap_or_default();
        &self.instance.steps[at..]
    }

    fn entered(&self) -> &'m Map<String, Value> {
        &self.stay()[0]
    }

    fn jobs(&mut self) {
        let named = |j: &Map<String, Value>| format!("{} {}@{}", text(j, "kind"), text(j, "job"), j["version"]);
        let there: BTreeSet<String> = self.instance.jobs.iter().map(named).collect();
        let expected = self.expected_jobs();
        if there != expected {
            self.fault(format!("jobs are {there:?}, not {expected:?}"));
        }
        for job in self.instance.jobs.iter().filter(|j| j["kind"] == "timer") {
            if let Some(wrong) = self.wrong_time(job) {
                self.fault(wrong);
            }
        }
    }

    fn expected_jobs(&self) -> BTreeSet<String> {
        let (model, stay) = (self.model, self.stay());
        let mut jobs = BTreeSet::new();
        for line in self.lines_here() {
            let fired = |step: &Map<String, Value>| line.is_internal() && step["event"] == line.event.label;
            for trigger in &line.triggers {
                match trigger {
                    Trigger::After(_) if !stay[1..].iter().any(fired) => {
                        jobs.insert(format!("timer {}@{}", line.event.label, self.entered()["version"]));
                    }
                    Trigger::At(field) => {
                        let since = self.waits_since(field, fired);
                        jobs.extend(since.map(|version| format!("timer {}@{version}", line.event.label)));
                    }
                    Trigger::By(activity) if !self.finished(activity) => {
                        jobs.insert(format!("activity {activity}@{}", self.entered()["version"]));
                    }
                    Trigger::Joined { .. } if !stay[1..].iter().any(fired) => {
                        jobs.insert(format!("join {}@{}", line.event.label, self.entered()["version"]));
                    }
                    Trigger::After(_) | Trigger::By(_) | Trigger::Joined { .. } | Trigger::Exhausted { .. } => {}
                }
            }
        }
        for step in &self.instance.steps {
            let tasks = match (text(step, "event"), step["from_state"].as_str()) {
                ("create", _) => model.create.as_ref().map(|c| &c.tasks),
                (event, Some(from)) => line(model, event, from).map(|l| &l.tasks),
                (_, None) => None,
            };
            jobs.extend(tasks.into_iter().flatten().map(|task| format!("task {task}@{}", step["version"])));
        }
        jobs
    }

    fn lines_here(&self) -> impl Iterator<Item = &'m Transition> {
        let (model, state) = (self.model, text(&self.instance.row, "state"));
        model.transitions.iter().filter(move |t| model.sources(t).iter().any(|s| s.name.label == state))
    }

    fn finished(&self, activity: &str) -> bool {
        let ends = |line: &&Transition| line.is_internal() && line.triggers.contains(&Trigger::By(activity.to_owned()));
        let ending: Vec<&str> = self.lines_here().filter(ends).map(|l| l.event.label.as_str()).collect();
        self.stay()[1..].iter().any(|step| ending.contains(&text(step, "event")))
    }

    /// The version at which the timer of a field was set; it follows every change of the field, and ends when it fires.
    fn waits_since(&self, field: &str, fired: impl Fn(&Map<String, Value>) -> bool) -> Option<Value> {
        let column = self.model.columns().into_iter().find(|c| c.field.name.rust == field)?.field.name.label.clone();
        let (mut value, mut since) = (Value::Null, None);
        for step in &self.instance.steps {
            let new = if step["data"].get(&column).is_some() { step["recorded"][&column].clone() } else { value.clone() };
            let changed = new != value;
            value = new;
            let internal = self.is_internal(step);
            if internal && fired(step) {
                since = None;
            }
            if value.is_null() {
                since = None;
            } else if !internal {
                since = Some(step["version"].clone());
            } else if changed {
                since = since.or_else(|| Some(step["version"].clone()));
            }
        }
        since
    }

    fn wrong_time(&self, job: &Map<String, Value>) -> Option<String> {
        let line = self.lines_here().find(|l| l.event.label == text(job, "job"))?;
        match line.triggers.first()? {
            Trigger::After(duration) => {
                let delay = job["delay"].as_f64()?;
                (delay != duration.seconds as f64).then(|| format!("{} is due after {delay} seconds", line.event.label))
            }
            Trigger::At(field) => {
                let column = self.model.columns().into_iter().find(|c| c.field.name.rust == *field)?.field.name.label.clone();
                (job["run_at"] != self.instance.row[&column]).then(|| format!("{} is due at {}", line.event.label, job["run_at"]))
            }
            Trigger::Exhausted { .. } | Trigger::By(_) | Trigger::Joined { .. } => None,
        }
    }
}

/// A text that is there.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, name: &str) -> &'v str {
    object[name].as_str().unwrap_or_default()
}
