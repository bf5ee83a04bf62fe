//! Arrows, and what they do on the way.

use super::{At, name, renamed};
use workflow_model::{Effect, Parameter, Target, Transition};

pub(super) fn line(event: &str, source: &str, target: Option<&str>) -> Transition {
    Transition {
        event: name(event),
        parameters: Vec::new(),
        sources: vec![source.to_owned()],
        target: target.map(|state| Target { state: state.to_owned(), literals: Vec::new() }),
        triggers: Vec::new(),
        effect: None,
        tasks: Vec::new(),
        retries: Vec::new(),
        later: Vec::new(),
        guard: None,
        retime: false,
        docs: String::new(),
    }
}

pub(super) fn transition_added(at: &mut At<'_>) -> Option<()> {
    let (from, to, event) = (at.any_state()?, at.any_state()?, at.fresh("step"));
    let to = Some(to.name.rust.as_str()).filter(|_| at.chance.percent(80));
    at.model.transitions.push(line(&event, &from.name.rust, to));
    Some(())
}

pub(super) fn transition_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    at.model.transitions.remove(n);
    Some(())
}

pub(super) fn transition_retargeted(at: &mut At<'_>) -> Option<()> {
    let (n, to) = (at.any_line()?, at.any_state()?);
    at.model.transitions[n].target.as_mut()?.state = to.name.rust;
    Some(())
}

pub(super) fn source_added(at: &mut At<'_>) -> Option<()> {
    let (n, from) = (at.any_line()?, at.any_state()?);
    let event = at.model.transitions[n].event.rust.clone();
    let taken = at.model.transitions.iter().any(|l| l.event.rust == event && l.sources.contains(&from.name.rust));
    (!taken).then(|| at.model.transitions[n].sources.push(from.name.rust))
}

pub(super) fn source_removed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let sources = &mut at.model.transitions[n].sources;
    (sources.len() > 1).then(|| drop(sources.remove(at.chance.below(sources.len()))))
}

pub(super) fn event_renamed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let (event, new) = (at.model.transitions[n].event.clone(), at.fresh("event"));
    let label = event.renamed_from.as_ref().unwrap_or(&event.label);
    let was_there = at.before.transitions.iter().any(|l| l.event.label == *label);
    for line in at.model.transitions.iter_mut().filter(|l| l.event == event) {
        line.event = renamed(&event, &new, was_there);
    }
    Some(())
}

pub(super) fn effect_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let (method, line) = (at.fresh("effect"), &mut at.model.transitions[n]);
    line.effect = match at.chance.below(3) {
        0 => None,
        1 => Some(Effect::App(method)),
        _ => Some(Effect::Sql { text: format!("PERFORM {}", at.chance.below(9)), maybe: true }),
    };
    Some(())
}

pub(super) fn guard_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_line()?;
    let line = &mut at.model.transitions[n];
    line.guard = if line.guard.is_some() { None } else { Some(format!("version > {} AND 'it''s' <> '$$'", at.chance.below(3))) };
    Some(())
}

pub(super) fn payload_changed(at: &mut At<'_>) -> Option<()> {
    let (n, f) = (at.any_line()?, at.any_common()?);
    let (field, event) = (at.model.fields[f].clone(), at.model.transitions[n].event.rust.clone());
    for line in at.model.transitions.iter_mut().filter(|l| l.event.rust == event) {
        match line.parameters.iter().position(|p| p.name == field.name.rust) {
            Some(known) => drop(line.parameters.remove(known)),
            None if line.triggers.is_empty() => {
                line.parameters.push(Parameter { name: field.name.rust.clone(), ty: field.ty.clone() })
            }
            None => return None,
        }
    }
    Some(())
}
