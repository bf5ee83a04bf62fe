//! What the declarations expect, as SQL.

use crate::site::Site;
use workflow_model::names::{constant, quoted};
use workflow_model::{Edge, Model, Parent, StateKind, Trigger};

/// A timer, an activity or a join of a state.
struct Bound {
    state: String,
    kind: &'static str,
    job: String,
    /// The internal events that end it before the state is left.
    once: Vec<String>,
    /// When it is to run for the first time, as SQL over the row `o`; NULL for never.
    due: String,
    /// A timer at a field, which moves with it.
    moves: bool,
    /// It is there as long as the instance stays.
    lasts: bool,
}

/// The holes of the statements.
pub(super) fn facts(site: &Site<'_>) -> Vec<(&'static str, String)> {
    let edges = |which: fn(&Edge<'_>) -> bool| {
        let spelled = site.models().flat_map(|m| m.edges().iter().filter(|e| which(e)).map(Edge::spelled).collect::<Vec<_>>());
        array(spelled)
    };
    let states = site.models().flat_map(|model| &model.states);
    let initials = site.models().filter_map(|model| model.initial());
    vec![
        ("{declared}", edges(|_| true)),
        ("{internal}", edges(|edge| edge.transition.is_internal())),
        ("{states}", array(states.flat_map(|state| state.labels().map(str::to_owned)))),
        ("{initials}", array(initials.flat_map(|state| state.labels().map(str::to_owned)))),
        ("{bound}", bound_rows(site)),
        ("{tasks}", task_rows(site)),
        ("{fields}", field_rows(site)),
    ]
}

fn array(labels: impl Iterator<Item = String>) -> String {
    format!("ARRAY[{}]::text[]", labels.map(|label| constant(&label)).collect::<Vec<_>>().join(", "))
}

/// `('reserved', 'timer', 'expire', true, ARRAY[]::text[], o.due, true)`; one is required when each declaration that has the state
/// has it.
fn bound_rows(site: &Site<'_>) -> String {
    let mut rows: Vec<String> =
        vec!["(NULL::text, NULL::text, NULL::text, false, NULL::text[], NULL::timestamptz, false)".into()];
    let mut known: Vec<(String, &str, String)> = Vec::new();
    for bound in site.models().flat_map(bound) {
        let name = (bound.state.clone(), bound.kind, bound.job.clone());
        if known.contains(&name) {
            continue;
        }
        let has_state = |model: &&Model| model.states.iter().any(|state| state.name.label == bound.state);
        let has_job = |model: &Model| {
            self::bound(model).iter().any(|b| b.state == bound.state && b.kind == bound.kind && b.job == bound.job)
        };
        let required = bound.lasts && site.models().filter(has_state).all(has_job);
        let Bound { state, kind, job, once, due, moves, lasts: _ } = bound;
        let (state, kind, job) = (constant(&state), constant(kind), constant(&job));
        rows.push(format!("({state}, {kind}, {job}, {required}, {}, {due}, {moves})", array(once.into_iter())));
        known.push(name);
    }
    rows.join(", ")
}

fn bound(model: &Model) -> Vec<Bound> {
    let mut all: Vec<Bound> = to_parent(model);
    for edge in model.edges() {
        for trigger in &edge.transition.triggers {
            let Some(mut next) = of(model, &edge, trigger) else { continue };
            match all.iter_mut().find(|b| b.state == next.state && b.kind == next.kind && b.job == next.job) {
                Some(known) => known.once.append(&mut next.once),
                None => all.push(next),
            }
        }
    }
    all
}

fn of(model: &Model, edge: &Edge<'_>, trigger: &Trigger) -> Option<Bound> {
    let event = &edge.transition.event.label;
    let (kind, job, due) = match trigger {
        Trigger::After(time) => ("timer", event, format!("o.entered_at + interval '{}'", time.interval())),
        Trigger::At(field) => {
            let columns = model.columns();
            let column = columns.iter().find(|column| column.field.name.rust == *field)?;
            ("timer", event, format!("o.{}", quoted(&column.field.name.label)))
        }
        Trigger::By(activity) => ("activity", activity, "o.entered_at".to_owned()),
        Trigger::Joined { .. } => ("join", event, "o.entered_at".to_owned()),
        Trigger::Exhausted { .. } => return None,
    };
    Some(Bound {
        state: edge.from.name.label.clone(),
        kind,
        job: job.clone(),
        once: edge.transition.is_internal().then(|| event.clone()).into_iter().collect(),
        due,
        moves: matches!(trigger, Trigger::At(_)),
        lasts: true,
    })
}

/// A child that is at its end tells its parent, once.
fn to_parent(model: &Model) -> Vec<Bound> {
    let ends = model.states.iter().filter(|state| state.kind == StateKind::Final);
    let told = |parent: &Parent| ends.map(|state| told(&state.name.label, parent.label())).collect();
    model.parent.as_ref().map(told).unwrap_or_default()
}

fn told(state: &str, parent: String) -> Bound {
    let due = "o.entered_at".to_owned();
    Bound { state: state.to_owned(), kind: "join", job: parent, once: Vec::new(), due, moves: false, lasts: false }
}

/// `('reserved>ship>shipped', 'send_tracking')`
fn task_rows(site: &Site<'_>) -> String {
    let mut rows: Vec<String> = vec!["(NULL::text, NULL::text)".to_owned()];
    let row = |step: &str, task: &str| format!("({}, {})", constant(step), constant(task));
    for model in site.models() {
        let created = model.create.iter().flat_map(|create| &create.tasks);
        let initial = model.initial().map_or("", |state| &state.name.label);
        rows.extend(created.map(|task| row(&format!(">create>{initial}"), task)));
        let edges = model.edges();
        rows.extend(edges.iter().flat_map(|e| e.transition.tasks.iter().map(|task| row(&e.spelled(), task))));
    }
    rows.join(", ")
}

/// `('warehouse', ARRAY['reserved'], to_jsonb(o.warehouse), to_jsonb(r.warehouse))`, of the newer declaration.
fn field_rows(site: &Site<'_>) -> String {
    let mut rows: Vec<String> = vec!["(NULL::text, NULL::text[], NULL::jsonb, NULL::jsonb)".to_owned()];
    let columns = site.snapshot.model.columns();
    rows.extend(columns.iter().filter(|column| !column.states.is_empty()).map(|column| {
        let (label, name) = (constant(&column.field.name.label), quoted(&column.field.name.label));
        let states = array(column.states.iter().map(|state| state.name.label.clone()));
        format!("({label}, {states}, to_jsonb(o.{name}), to_jsonb(r.{name}))")
    }));
    rows.join(", ")
}
