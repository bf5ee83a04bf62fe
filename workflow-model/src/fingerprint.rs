//! What the database must know of a model, as text, and its hash.
//!
//! Docs, order, groups, how jobs are tried again and Rust names are left out: a model that differs in nothing else needs no migration.

use crate::edges::Value;
use crate::model::{Effect, Later, Literal, Model, Time, Transition, Trigger};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The hash of everything that [`facts`] and [`behaviour`] say, in hexadecimal.
pub fn fingerprint(model: &Model) -> String {
    let mut hash = Sha256::new();
    for line in facts(model).into_iter().chain(behaviour(model)) {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a binary needs of the schema, each on a line: it can run beside a newer one exactly when these are all there.
pub fn facts(model: &Model) -> Vec<String> {
    let model = &model.canonical();
    let mut facts = vec![format!("table {}", model.table())];
    facts.extend(model.initial().map(|s| format!("initial {}", s.name.label)));
    facts.extend(model.states.iter().map(|s| format!("state {}", s.name.label)));
    facts.extend(model.columns().iter().map(|column| {
        let (name, ty) = (&column.field.name.label, &column.field.ty);
        let mut states: Vec<_> = column.states.iter().map(|s| s.name.label.as_str()).collect();
        states.sort_unstable();
        let null = if ty.optional { " null" } else { "" };
        format!(
            "field {name} {}{null} in {}",
            ty.sql().unwrap_or_default(),
            if states.is_empty() { "all".to_owned() } else { states.join(",") }
        )
    }));
    facts.extend(model.edges().iter().map(|edge| format!("edge {}", edge.spelled())));
    facts.sort();
    facts
}

/// What the database does beyond that: keys, effects, guards and jobs, each on a line.
pub fn behaviour(model: &Model) -> Vec<String> {
    let model = &model.canonical();
    let mut lines: Vec<String> = model.key().map(|k| format!("key {}", k.name.label)).into_iter().collect();
    lines.extend(model.parent.as_ref().map(|parent| format!("child of {} by {}", parent.path, parent.field)));
    lines.extend(model.columns().iter().filter(|c| c.field.unique).map(|c| format!("unique {}", c.field.name.label)));
    lines.extend(model.states.iter().map(|s| format!("kind {} {:?}", s.name.label, s.kind)));
    if let Some(create) = &model.create {
        let effect = create.effect.as_ref().map(effect_text).unwrap_or_default();
        lines.push(format!("create effect {effect:?} tasks {:?}{}", create.tasks, times_text(&create.later)));
    }
    for transition in &model.transitions {
        let what = transition_text(model, transition);
        lines.extend(model.edges_of(transition).iter().map(|edge| format!("on {} {what}", edge.spelled())));
    }
    lines.sort();
    lines
}

fn transition_text(model: &Model, transition: &Transition) -> String {
    let mut values: Vec<_> = model
        .values(transition)
        .into_iter()
        .map(|(field, value)| format!("{}={}", field.name.label, value_text(value)))
        .collect();
    values.sort_unstable();
    let effect = transition.effect.as_ref().map(effect_text).unwrap_or_default();
    let trigger: Vec<_> = transition.triggers.iter().map(trigger_text).collect();
    format!(
        "internal={} sets=[{}] fired={trigger:?} effect={effect:?} tasks={:?} guard={:?}{}",
        transition.is_internal(),
        values.join(","),
        transition.tasks,
        transition.guard,
        times_text(&transition.later)
    )
}

/// Nothing for tasks that are due at once: they were there before there was another time.
fn times_text(later: &[Later]) -> String {
    let time = |later: &Later| match &later.time {
        Time::In(duration) => format!(" {} in {}", later.task, duration.seconds),
        Time::On(field) => format!(" {} on {field}", later.task),
    };
    later.iter().map(time).collect()
}

fn value_text(value: Value<'_>) -> String {
    match value {
        Value::Parameter(_) => "parameter".to_owned(),
        Value::Literal(Literal::None) | Value::Cleared => "null".to_owned(),
        Value::Literal(literal) => format!("{literal:?}"),
    }
}

fn effect_text(effect: &Effect) -> String {
    match effect {
        Effect::App(_) => "application".to_owned(),
        Effect::Sql { text, maybe } => format!("sql maybe={maybe} {text}"),
    }
}

fn trigger_text(trigger: &Trigger) -> String {
    match trigger {
        Trigger::After(duration) => format!("after {}", duration.seconds),
        Trigger::At(field) => format!("at {field}"),
        Trigger::Exhausted { failures, activity } => format!("after {failures} of {activity}"),
        Trigger::By(activity) => format!("by {activity}"),
        Trigger::Joined { .. } => "after all".to_owned(),
    }
}
