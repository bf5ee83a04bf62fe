//! Fields of states.

use super::super::complete::example;
use super::common::{loosen, require, wider};
use super::{At, any_type, field, renamed};
use workflow_model::{Kind, State};

pub(super) fn state_field_added(at: &mut At<'_>) -> Option<()> {
    let state = at.any_state()?;
    let mut new = field(&at.fresh("owned"), any_type(at.chance));
    if !new.ty.optional {
        new.default = example(&new.ty, at.chance);
    }
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.push(new.clone()));
    Some(())
}

pub(super) fn state_field_renamed(at: &mut At<'_>) -> Option<()> {
    let (old, new) = (at.any_owned()?, at.fresh("called"));
    let was_there = at.owned(&old).is_some_and(|f| at.old_field(&f).is_some());
    let widen = was_there && at.chance.percent(40);
    at.each_owned(&old, |field| {
        field.name = renamed(&field.name, &new, was_there);
        if widen {
            wider(field);
        }
    });
    at.respell_field(&old, &new);
    Some(())
}

pub(super) fn state_field_dropped(at: &mut At<'_>) -> Option<()> {
    let gone = at.any_owned()?;
    let field = at.owned(&gone)?;
    for state in at.model.states.clone().iter().filter(|s| s.field(&gone).is_some()) {
        at.say_lost(state, &field);
    }
    at.model.states.iter_mut().for_each(|s| s.fields.retain(|f| f.name.rust != gone));
    at.forget_timer(&gone);
    Some(())
}

pub(super) fn state_field_gained(at: &mut At<'_>) -> Option<()> {
    let (name, state) = (at.any_owned()?, at.any_state()?);
    let mut field = at.owned(&name)?;
    if state.field(&name).is_some() || field.unique {
        return None;
    }
    if !field.ty.optional {
        field.default = Some(example(&field.ty, at.chance)?);
    }
    at.each_owned(&name, |f| f.default.clone_from(&field.default));
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.push(field.clone()));
    Some(())
}

pub(super) fn state_field_lost(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let having: Vec<State> = at.model.states.iter().filter(|s| s.field(&name).is_some()).cloned().collect();
    if having.len() < 2 {
        return None;
    }
    let (state, field) = (at.chance.pick(&having)?, at.owned(&name)?);
    at.say_lost(&state, &field);
    at.model.states.iter_mut().filter(|s| s.name == state.name).for_each(|s| s.fields.retain(|f| f.name.rust != name));
    at.forget_timer(&name);
    Some(())
}

pub(super) fn state_field_required(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let mut field = at.owned(&name).filter(|f| !f.unique)?;
    if field.ty.optional {
        require(&mut field, at.chance)?
    } else {
        loosen(&mut field)
    }
    at.each_owned(&name, |f| (f.ty, f.default) = (field.ty.clone(), field.default.clone()));
    Some(())
}

pub(super) fn state_unique_changed(at: &mut At<'_>) -> Option<()> {
    let name = at.any_owned()?;
    let field = at.owned(&name)?;
    let may_be = field.ty.kind == Kind::Text && field.default.is_none();
    if !field.unique && !may_be {
        return None;
    }
    at.each_owned(&name, |f| f.unique ^= true);
    Some(())
}
