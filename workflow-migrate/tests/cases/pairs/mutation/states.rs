//! States that come, go, or are called otherwise.

use super::lines::line;
use super::{At, any_type, field, name, renamed};
use workflow_model::{Field, Removed, State, StateKind, Target, Type};

pub(super) fn state_added(at: &mut At<'_>) -> Option<()> {
    let (from, to) = (at.any_state()?, at.any_state()?);
    let rust = at.fresh("Extra");
    let fields = if at.chance.percent(50) { vec![field(&at.fresh("extra"), any_type(at.chance))] } else { Vec::new() };
    at.model.states.push(State { name: name(&rust), kind: StateKind::Normal, fields, docs: String::new() });
    let (come, go) = (at.fresh("come"), at.fresh("go"));
    at.model.transitions.push(line(&come, &from.name.rust, Some(&rust)));
    at.model.transitions.push(line(&go, &rust, Some(&to.name.rust)));
    Some(())
}

pub(super) fn state_removed(at: &mut At<'_>) -> Option<()> {
    let (gone, to) = (at.any_state()?, at.any_state()?);
    if gone.kind == StateKind::Initial || to == gone {
        return None;
    }
    let rust = &gone.name.rust;
    at.model.states.retain(|s| s.name.rust != *rust);
    for line in &mut at.model.transitions {
        line.sources.retain(|s| s != rust);
    }
    at.model.transitions.retain(|l| !l.sources.is_empty() && l.target.as_ref().is_none_or(|t| t.state != *rust));
    at.model.removed.iter_mut().filter(|r| r.target.state == *rust).for_each(|r| r.target.state.clone_from(&to.name.rust));
    if let Some(old) = at.old_state(&gone) {
        at.model.removed.push(Removed { state: old.name.rust, target: Target { state: to.name.rust, literals: Vec::new() } });
    }
    for field in &gone.fields {
        if !at.has_owned(&field.name.rust) {
            at.forget_timer(&field.name.rust);
            if let Some(old) = at.old_field(field) {
                at.say_dropped(None, &Field { ty: Type { optional: true, ..old.ty.clone() }, ..old });
            }
        }
    }
    Some(())
}

pub(super) fn state_renamed(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let (old, new) = (state.name.rust.clone(), at.fresh("Renamed"));
    let was_there = at.old_state(&state).is_some();
    for state in at.model.states.iter_mut().filter(|s| s.name.rust == old) {
        state.name = renamed(&state.name, &new, was_there);
    }
    for line in &mut at.model.transitions {
        line.sources.iter_mut().filter(|s| **s == old).for_each(|s| s.clone_from(&new));
        line.target.iter_mut().filter(|t| t.state == old).for_each(|t| t.state.clone_from(&new));
    }
    at.model.removed.iter_mut().filter(|r| r.target.state == old).for_each(|r| r.target.state.clone_from(&new));
    Some(())
}

pub(super) fn state_final(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let leaves = at.model.transitions.iter().any(|l| l.target.is_some() && l.sources.contains(&state.name.rust));
    let kind = match state.kind {
        StateKind::Initial => return None,
        StateKind::Final => StateKind::Normal,
        StateKind::Normal if leaves => return None,
        StateKind::Normal => StateKind::Final,
    };
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.kind = kind);
    if kind == StateKind::Normal {
        let (event, to) = (at.fresh("reopen"), at.any_state()?);
        at.model.transitions.push(line(&event, &state.name.rust, Some(&to.name.rust)));
    }
    Some(())
}

pub(super) fn initial_changed(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state().filter(|s| s.kind == StateKind::Normal)?;
    let was = at.model.initial()?.name.rust.clone();
    for s in &mut at.model.states {
        s.kind = match s.kind {
            StateKind::Initial => StateKind::Normal,
            _ if s.name == state.name => StateKind::Initial,
            kind => kind,
        };
    }
    let event = at.fresh("back");
    at.model.transitions.push(line(&event, &state.name.rust, Some(&was)));
    Some(())
}
