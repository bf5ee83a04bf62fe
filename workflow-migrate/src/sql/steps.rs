//! What a change does to rows and jobs that are there, in batches that lock little and not for long.

use super::phrase::{among, dollars};
use super::settle;
use super::subject::Subject;
use crate::jobs::RunAt;
use crate::phase::Back;
use workflow_model::names::{constant, quoted};

/// Jobs that no newer binary carries out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gone {
    pub(crate) kind: &'static str,
    pub(crate) job: String,
    /// The labels of the states that have it no more, where others still do; none for all.
    pub(crate) states: Vec<String>,
}

/// One thing to do to rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Rows from before the settling trigger pass through it.
    Settle,
    /// Instances that are in these states already get a job that entering them now starts.
    Start { kind: &'static str, job: String, states: Vec<String>, run_at: RunAt },
    /// Running timers get their time anew.
    Retime { job: String, states: Vec<String>, run_at: RunAt, before: RunAt },
    /// Pending jobs go by another name.
    Rename { kind: &'static str, from: String, to: String },
    /// The rows of a state that is no more move on, and start there what entering starts.
    Drain { from: String, to: String, values: Vec<(String, String)> },
    /// The rows of a state get its new label, and stay where they are otherwise.
    Relabel { from: String, to: String },
}

impl Step {
    /// How its file is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Step::Settle => "fill".to_owned(),
            Step::Start { job, .. } => format!("start_{job}"),
            Step::Retime { job, .. } => format!("retime_{job}"),
            Step::Rename { to, .. } => format!("rename_job_{to}"),
            Step::Drain { from, .. } => format!("drain_{from}"),
            Step::Relabel { to, .. } => format!("relabel_{to}"),
        }
    }

    /// Why it is there.
    pub(crate) fn comment(&self) -> String {
        match self {
            Step::Settle => "Rows from before pass through the trigger that settles them.".to_owned(),
            Step::Start { kind, job, .. } => format!("Instances that are in the state already get the {kind} {job} too."),
            Step::Retime { job, .. } => format!("Timers of {job} that run get their time anew."),
            Step::Rename { from, to, .. } => format!("Pending jobs of {from} go by the name of {to}."),
            Step::Drain { from, to, .. } => {
                format!("Rows in {from} move on to {to}; history has each step as made by a migration.")
            }
            Step::Relabel { from, to } => format!("Rows in {from} get the label {to}; what runs there goes on."),
        }
    }

    /// One statement, which may run again from the start.
    pub(crate) fn up(&self, s: &Subject<'_>) -> String {
        let (condition, work) = match self {
            Step::Settle => (
                settle::unsettled(s),
                s.fill("            UPDATE {table} o SET {id} = o.{id} WHERE o.{id} = ANY (workflow_batch);", &[]),
            ),
            Step::Start { kind, job, states, run_at } => (in_states(states), start(s, kind, job, states, run_at)),
            Step::Retime { job, states, run_at, before } => (in_states(states), retime(s, job, states, run_at, before)),
            Step::Rename { kind, from, to } => (has_job(s, kind, from), rename(s, kind, from, to)),
            Step::Drain { from, to, values } => (in_states(std::slice::from_ref(from)), drain(s, from, to, values)),
            Step::Relabel { from, to } => (in_states(std::slice::from_ref(from)), relabel(s, from, to)),
        };
        batches(s, condition, work)
    }

    /// What takes it back; nothing where the next file does, or nothing can.
    pub(crate) fn down(&self, s: &Subject<'_>) -> Back {
        match self {
            Step::Start { kind, job, states, .. } => {
                // Other states may have had it before, and keep it.
                let values = [("kind", constant(kind)), ("job", constant(job)), ("states", among_labels(states))];
                Back::Transaction(vec![s.fill(include_str!("stop_work.sql"), &values).trim_end().to_owned()])
            }
            Step::Retime { job, states, run_at, before } => {
                Back::Alone(batches(s, in_states(states), retime(s, job, states, before, run_at)))
            }
            Step::Rename { kind, from, to } => Back::Alone(batches(s, has_job(s, kind, to), rename(s, kind, to, from))),
            Step::Relabel { from, to } => Back::Alone(batches(s, in_states(std::slice::from_ref(to)), relabel(s, to, from))),
            Step::Settle | Step::Drain { .. } => Back::Nothing,
        }
    }
}

fn batches(s: &Subject<'_>, condition: String, work: String) -> String {
    let values = [("condition", condition), ("work", work), ("table_text", constant(&s.model.table()))];
    format!("DO {};", dollars(&s.fill(include_str!("batches.sql"), &values)))
}

fn among_labels(labels: &[String]) -> String {
    among(&labels.iter().map(|label| constant(label)).collect::<Vec<_>>())
}

fn in_states(states: &[String]) -> String {
    format!("o.state {}", among_labels(states))
}

fn has_job(s: &Subject<'_>, kind: &str, job: &str) -> String {
    let values = [("kind", constant(kind)), ("job", constant(job))];
    let exists = "EXISTS (SELECT FROM {jobs} j WHERE j.id = o.{id} AND j.kind = {kind} AND j.job = {job})";
    s.fill(exists, &values).trim_end().to_owned()
}

fn start(s: &Subject<'_>, kind: &str, job: &str, states: &[String], run_at: &RunAt) -> String {
    let values = [("kind", constant(kind)), ("job", constant(job)), ("states", among_labels(states)), ("run_at", time(run_at))];
    s.fill(include_str!("start_work.sql"), &values)
}

/// A time from a field may be none: then there is no timer, and one where there was none before.
fn retime(s: &Subject<'_>, job: &str, states: &[String], run_at: &RunAt, before: &RunAt) -> String {
    let given = ("kind", constant("timer"));
    let values = [("job", constant(job)), ("states", among_labels(states)), ("run_at", time(run_at)), given];
    let mut text = String::new();
    if run_at.is_from_field() {
        text += &s.fill(include_str!("untime_work.sql"), &values);
    }
    text += &s.fill(include_str!("retime_work.sql"), &values);
    if before.is_from_field() {
        let [job, states, run_at, kind] = values;
        let states = (states.0, format!("{} AND {} IS NULL", states.1, time(before)));
        text += &s.fill(include_str!("start_work.sql"), &[job, states, run_at, kind]);
    }
    text
}

/// Over the row `o`.
pub(super) fn time(run_at: &RunAt) -> String {
    match run_at {
        RunAt::Now => "now()".to_owned(),
        RunAt::AfterEntry(interval) => format!("o.entered_at + interval '{interval}'"),
        RunAt::FromNow(interval) => format!("now() + interval '{interval}'"),
        RunAt::At(column) => format!("o.{}", quoted(column)),
    }
}

fn rename(s: &Subject<'_>, kind: &str, from: &str, to: &str) -> String {
    s.fill(include_str!("rename_work.sql"), &[("kind", constant(kind)), ("from", constant(from)), ("to", constant(to))])
}

fn drain(s: &Subject<'_>, from: &str, to: &str, values: &[(String, String)]) -> String {
    let sets: String = values.iter().map(|(column, value)| format!(",\n                {} = {value}", quoted(column))).collect();
    let note = format!("{from} was removed");
    s.fill(
        include_str!("drain_work.sql"),
        &[("from", constant(from)), ("to", constant(to)), ("sets", sets), ("note", constant(&note))],
    )
}

fn relabel(s: &Subject<'_>, from: &str, to: &str) -> String {
    let note = format!("{from} is called {to}");
    s.fill(include_str!("relabel_work.sql"), &[("from", constant(from)), ("to", constant(to)), ("note", constant(&note))])
}

/// Refuses to go on while there is such work, but for instances in states that are drained.
pub(crate) fn refuse_jobs(s: &Subject<'_>, jobs: &[Gone], drained: &[String]) -> String {
    let named = |gone: &Gone| format!("({}, {})", constant(gone.kind), constant(&gone.job));
    let everywhere: Vec<String> = jobs.iter().filter(|gone| gone.states.is_empty()).map(named).collect();
    let within = |states: &[String]| {
        let text = "EXISTS (SELECT FROM {table} o WHERE o.{id} = j.id AND o.state {states})";
        s.fill(text, &[("states", among_labels(states))]).trim_end().to_owned()
    };
    let somewhere = jobs.iter().filter(|gone| !gone.states.is_empty());
    let somewhere = somewhere.map(|gone| format!("(j.kind, j.job) = {} AND {}", named(gone), within(&gone.states)));
    let all = (!everywhere.is_empty()).then(|| format!("(j.kind, j.job) IN ({})", everywhere.join(", ")));
    let which: Vec<String> = all.into_iter().chain(somewhere).collect();
    let which = if let [one] = which.as_slice() { one.clone() } else { format!("({})", which.join("\n               OR ")) };
    let elsewhere = match drained {
        [] => String::new(),
        drained => format!("\n              AND (j.kind = 'task' OR NOT {})", within(drained)),
    };
    let values = [("which", which), ("elsewhere", elsewhere), ("jobs_text", constant(&s.model.jobs()))];
    s.fill(include_str!("refuse_jobs.sql"), &values).trim_end().to_owned()
}

/// Refuses the way back while there are rows that it would lose. Nobody writes from then on.
pub(crate) fn refuse_lost(s: &Subject<'_>, condition: String, what: &str, hint: &str) -> String {
    let lock = format!("    LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE;", s.model.table());
    refuse(s, condition, what, hint, lock)
}

/// Refuses to go on while there are rows that should have moved on. Nothing leads there any more, so nobody is locked out meanwhile.
pub(crate) fn refuse_left(s: &Subject<'_>, states: &[String]) -> String {
    let labels: Vec<String> = states.iter().map(|label| constant(label)).collect();
    let what = format!("are still in a state that goes ({})", labels.join(", "));
    let hint = format!("Move them on with the function {}; then apply this file again.", s.model.function("force"));
    refuse(s, in_states(states), &what, &hint, String::new())
}

fn refuse(s: &Subject<'_>, condition: String, what: &str, hint: &str, lock: String) -> String {
    let values = [
        ("lock", lock),
        ("condition", condition),
        ("what", what.replace('\'', "''").replace('%', "%%")),
        ("hint", constant(hint)),
        ("table_text", constant(&s.model.table())),
    ];
    format!("DO {};", dollars(&s.fill(include_str!("refuse.sql"), &values)))
}
