//! The jobs that a transition starts and ends, as parts of the trigger function.

use super::phrase::in_states;
use super::subject::Subject;
use super::transition::{event_is, taken};
use crate::jobs::{Job, RunAt, of_state};
use workflow_model::names::{constant, quoted};
use workflow_model::{Later, State, Time, Transition, Trigger};

/// Why an instance is still in its state.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stay {
    /// An ordinary update, which changes common fields only.
    Unmoved,
    /// An internal transition.
    Internal,
}

/// Everything a transition does to jobs; `stays` where there are internal ones.
pub(crate) fn moves(s: &Subject<'_>, stays: bool) -> String {
    let enter = leave(s) + &enter(s);
    let stay = if stays { fired_once(s) + &follow(s, Stay::Internal) } else { String::new() };
    let moves = match (enter.is_empty(), stay.is_empty()) {
        (true, true) => String::new(),
        (false, _) if !stays => format!("\n{}", outward(&enter)),
        (false, true) => format!(
            "\n    -- Entering and leaving; an internal transition does neither.\n    IF NOT internal THEN\n{enter}    END IF;\n"
        ),
        (true, false) => format!("\n    IF internal THEN\n{stay}    END IF;\n"),
        (false, false) => format!(
            "\n    -- Entering and leaving; an internal transition does neither.\n    IF NOT internal THEN\n{enter}    ELSE\n{stay}    END IF;\n"
        ),
    };
    moves + &tasks(s)
}

/// One step to the left.
fn outward(text: &str) -> String {
    text.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n").collect()
}

/// Jobs bound to the state go when it is left; tasks stay.
fn leave(s: &Subject<'_>) -> String {
    let busy = |state: &&State| !of_state(s.model, &state.name.label).is_empty() || was_busy(s, state);
    let busy: Vec<&State> = s.model.states.iter().filter(busy).collect();
    if busy.is_empty() {
        return String::new();
    }
    s.fill(
        "        IF OLD.state {busy} THEN\n            DELETE FROM {jobs} j WHERE j.id = NEW.{id} AND j.kind <> 'task';\n        END IF;\n",
        &[("busy", in_states(&busy))],
    )
}

/// The older model started something there: it ends with the state, though it is not started any more.
fn was_busy(s: &Subject<'_>, state: &State) -> bool {
    let is_job = |trigger: &Trigger| match trigger {
        Trigger::After(_) | Trigger::At(_) | Trigger::By(_) | Trigger::Joined { .. } => true,
        Trigger::Exhausted { .. } => false,
    };
    if s.stage.base.as_ref().is_some_and(|base| of_state(base, &state.name.label).iter().any(|job| job.kind == "join")) {
        return true;
    }
    let lines = s.stage.base.iter().flat_map(|base| &base.transitions);
    lines.filter(|line| line.sources.contains(&state.name.label)).any(|line| line.triggers.iter().any(is_job))
}

fn enter(s: &Subject<'_>) -> String {
    let mut text = String::new();
    for state in &s.model.states {
        let jobs = of_state(s.model, &state.name.label);
        if jobs.is_empty() {
            continue;
        }
        let word = if text.is_empty() { "IF" } else { "ELSIF" };
        text += &format!("        {word} NEW.state = {} THEN\n", constant(&state.name.label));
        jobs.iter().for_each(|job| text += &start(s, job));
    }
    if text.is_empty() { text } else { text + "        END IF;\n" }
}

fn start(s: &Subject<'_>, job: &Job) -> String {
    let (template, run_at) = match &job.run_at {
        RunAt::Now => (include_str!("start_now.sql"), String::new()),
        RunAt::AfterEntry(interval) | RunAt::FromNow(interval) => {
            (include_str!("start_timer.sql"), format!("now() + interval '{interval}'"))
        }
        RunAt::At(column) => (include_str!("start_at.sql"), format!("NEW.{}", quoted(column))),
    };
    s.fill(template, &[("job", constant(&job.name)), ("kind", constant(job.kind)), ("run_at", run_at)])
}

/// An internal transition that a timer or an activity fires: once a stay.
fn fired_once(s: &Subject<'_>) -> String {
    let mut text = String::new();
    for transition in s.model.transitions.iter().filter(|t| t.is_internal()) {
        for trigger in firing(s, transition) {
            let (kind, job) = match trigger {
                Trigger::After(_) | Trigger::At(_) => ("timer", transition.event.label.as_str()),
                Trigger::By(activity) => ("activity", activity.as_str()),
                Trigger::Joined { .. } => ("join", transition.event.label.as_str()),
                Trigger::Exhausted { .. } => continue,
            };
            text += &s.fill(
                include_str!("fired_once.sql"),
                &[("taken", taken(s, transition, "NEW", "OLD.state")), ("kind", constant(kind)), ("job", constant(job))],
            );
        }
    }
    text
}

/// What fires a line, in the newer model or in the older one, whose work may still be pending.
fn firing<'m>(s: &Subject<'m>, transition: &'m Transition) -> Vec<&'m Trigger> {
    let is_same = |line: &&Transition| {
        let starts_there = line.sources.iter().any(|source| transition.sources.contains(source));
        line.is_internal() && line.event.label == transition.event.label && starts_there
    };
    let before = s.stage.base.iter().flat_map(|base| &base.transitions).filter(is_same).flat_map(|line| &line.triggers);
    let mut all: Vec<&Trigger> = Vec::new();
    for trigger in transition.triggers.iter().chain(before) {
        if !all.contains(&trigger) {
            all.push(trigger);
        }
    }
    all
}

/// An `at` timer follows its field while the instance stays where it is.
pub(crate) fn follow(s: &Subject<'_>, stay: Stay) -> String {
    let mut text = String::new();
    for transition in &s.model.transitions {
        for trigger in &transition.triggers {
            let Trigger::At(field) = trigger else { continue };
            let Some(column) = s.columns.iter().find(|c| c.field.name.rust == *field) else { continue };
            // A state's own field does not change without a transition.
            if stay == Stay::Unmoved && !column.states.is_empty() {
                continue;
            }
            let values = [
                ("field", quoted(&column.field.name.label)),
                ("sources", in_states(&s.model.sources(transition))),
                ("job", constant(&transition.event.label)),
            ];
            text += &s.fill(include_str!("follow.sql"), &values);
        }
    }
    text
}

/// `then`, for every line and for `create`.
fn tasks(s: &Subject<'_>) -> String {
    let mut text = String::new();
    if let Some(create) = &s.model.create {
        text += &task_rows(s, &event_condition("create"), &create.tasks, &create.later);
    }
    for transition in &s.model.transitions {
        text += &task_rows(s, &taken(s, transition, "NEW", "OLD.state"), &transition.tasks, &transition.later);
    }
    text
}

fn event_condition(event: &str) -> String {
    format!("NEW.event {}", event_is(&[event]))
}

/// Those that are due at once, and those that have a time of their own.
fn task_rows(s: &Subject<'_>, condition: &str, tasks: &[String], later: &[Later]) -> String {
    let row = |task: &&String| s.fill("(NEW.{id}, NEW.version, {job}, 'task')", &[("job", constant(task))]).trim_end().to_owned();
    let rows: Vec<_> = tasks.iter().filter(|task| later.iter().all(|l| l.task != **task)).map(|task| row(&task)).collect();
    let mut text = match rows.is_empty() {
        true => String::new(),
        false => s.fill(include_str!("tasks_now.sql"), &[("rows", format!("            {};", rows.join(",\n            ")))]),
    };
    text.extend(later.iter().filter_map(|later| later_row(s, later)));
    if text.is_empty() {
        return text;
    }
    s.fill(include_str!("tasks.sql"), &[("condition", condition.to_owned()), ("inserted", text)])
}

/// Without a time there is no task.
fn later_row(s: &Subject<'_>, later: &Later) -> Option<String> {
    let (run_at, condition) = match &later.time {
        Time::In(duration) => (format!("now() + interval '{}'", duration.interval()), String::new()),
        Time::On(field) => {
            let column = s.columns.iter().find(|c| c.field.name.rust == *field)?;
            let run_at = format!("NEW.{}", quoted(&column.field.name.label));
            let condition = format!(" WHERE {run_at} IS NOT NULL");
            (run_at, condition)
        }
    };
    let values = [("job", constant(&later.task)), ("run_at", run_at), ("condition", condition)];
    Some(s.fill(include_str!("task_later.sql"), &values))
}
