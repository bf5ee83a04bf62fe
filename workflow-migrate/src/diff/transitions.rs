//! Arrows that came, went or lead elsewhere, and what they do on the way.

use super::{Change, Difference, Versions};
use workflow_model::edges::Value;
use workflow_model::{Edge, Effect, Model, Transition};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    let (old, new) = (v.old.edges(), v.new.edges());
    let renamed = renamed_events(v, found);
    let was = |event: &str| renamed.iter().find(|(_, to)| to == event).map_or(event.to_owned(), |(from, _)| from.clone());
    let former =
        |e: &Edge<'_>| (v.former_label(&e.from.name.label), was(&e.transition.event.label), v.former_label(&e.to.name.label));
    for edge in &new {
        let (from, event, to) = former(edge);
        let from_here = |o: &&Edge<'_>| o.from.name.label == from && o.transition.event.label == event;
        match old.iter().find(from_here) {
            Some(before) if before.to.name.label == to => {}
            Some(before) => found.change(Change::TransitionRetargeted {
                from: edge.from.name.label.clone(),
                event: edge.transition.event.label.clone(),
                was: before.to.name.label.clone(),
                to: edge.to.name.label.clone(),
            }),
            None => found.change(Change::TransitionAdded {
                from: edge.from.name.label.clone(),
                event: edge.transition.event.label.clone(),
                to: edge.to.name.label.clone(),
            }),
        }
    }
    for edge in &old {
        let (from, event) = (&edge.from.name.label, &edge.transition.event.label);
        let still = new.iter().map(former).any(|(f, e, _)| f == *from && e == *event);
        if !still && v.later_label(from).is_some() {
            found.change(Change::TransitionRemoved { from: from.clone(), event: event.clone(), to: edge.to.name.label.clone() });
        }
    }
    on_the_way(v, &was, found);
}

/// Events with another label, as the source says.
fn renamed_events(v: &Versions<'_>, found: &mut Difference) -> Vec<(String, String)> {
    let has = |model: &Model, label: &str| model.transitions.iter().any(|t| t.event.label == label);
    let mut renamed = Vec::new();
    for line in v.new.events() {
        let Some(from) = &line.event.renamed_from else { continue };
        if has(&v.old, from) && !has(&v.new, from) && !has(&v.old, &line.event.label) {
            found.change(Change::EventRenamed { from: from.clone(), to: line.event.label.clone() });
            renamed.push((from.clone(), line.event.label.clone()));
        }
    }
    renamed
}

/// Payloads, guards and effects of events that both have.
fn on_the_way(v: &Versions<'_>, was: &impl Fn(&str) -> String, found: &mut Difference) {
    for event in v.new.events() {
        let label = &event.event.label;
        let former = was(label);
        let lines = |model: &'_ Model, label: &str| -> Vec<Transition> {
            model.transitions.iter().filter(|t| t.event.label == *label).cloned().collect()
        };
        let (old, new) = (lines(&v.old, &former), lines(&v.new, label));
        if old.is_empty() {
            continue;
        }
        let payload = |model: &Model, lines: &[Transition]| -> Vec<String> {
            let first = lines.first().map(|line| model.values(line)).unwrap_or_default();
            first
                .into_iter()
                .filter(|(_, value)| matches!(value, Value::Parameter(_)))
                .map(|(f, _)| f.name.label.clone())
                .collect()
        };
        if payload(&v.old, &old) != payload(&v.new, &new) {
            found.change(Change::PayloadChanged { event: label.clone() });
        }
        // Of lines whose sources are the same but for new ones: a line more is a change of the graph.
        let differ = |what: fn(&Transition) -> String| {
            let all = |lines: &[Transition]| {
                let mut all: Vec<String> = lines.iter().map(what).collect();
                all.sort();
                all.dedup();
                all
            };
            all(&old) != all(&new)
        };
        if differ(|line| line.guard.clone().unwrap_or_default()) {
            found.change(Change::GuardChanged { event: label.clone() });
        }
        if differ(|line| effect(line.effect.as_ref())) {
            found.change(Change::EffectChanged { event: label.clone() });
        }
    }
    let create = |model: &Model| model.create.as_ref().map(|create| effect(create.effect.as_ref())).unwrap_or_default();
    if create(&v.old) != create(&v.new) {
        found.change(Change::EffectChanged { event: "create".to_owned() });
    }
}

/// What the database knows of an effect: a method's name is the application's business.
fn effect(effect: Option<&Effect>) -> String {
    match effect {
        None => String::new(),
        Some(Effect::App(_)) => "application".to_owned(),
        Some(Effect::Sql { text, maybe }) => format!("{maybe} {text}"),
    }
}
