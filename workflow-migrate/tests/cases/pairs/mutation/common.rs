//! Fields of every state.

use super::super::chance::Chance;
use super::super::complete::example;
use super::{At, any_type, field, renamed, ty};
use workflow_model::{Field, Kind, Parent, Type, Was};

pub(super) fn field_added(at: &mut At<'_>) -> Option<()> {
    let mut new = field(&at.fresh("field"), any_type(at.chance));
    if new.ty.optional {
        new.unique = at.chance.percent(30) && matches!(new.ty.kind, Kind::Text | Kind::I64);
    } else {
        new.default = Some(example(&new.ty, at.chance)?);
    }
    at.model.fields.push(new);
    Some(())
}

pub(super) fn wider(field: &mut Field) {
    let (rust, kind) = match field.ty.kind {
        Kind::I16 => ("i32", Kind::I32),
        Kind::I32 => ("i64", Kind::I64),
        _ => return,
    };
    if field.was.is_none() {
        field.was = Some(Was { ty: field.ty.clone(), forward: None, back: None });
    }
    field.default = None;
    field.ty = ty(rust, kind, None, field.ty.optional);
}

pub(super) fn field_renamed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let (old, new) = (at.model.fields[n].name.rust.clone(), at.fresh("named"));
    let was_there = at.old_field(&at.model.fields[n]).is_some();
    let field = &mut at.model.fields[n];
    field.name = renamed(&field.name, &new, was_there);
    if was_there && at.chance.percent(40) {
        wider(field);
    }
    at.respell_field(&old, &new);
    Some(())
}

pub(super) fn field_dropped(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let gone = at.model.fields.remove(n);
    at.forget_timer(&gone.name.rust);
    if at.model.parent.as_ref().is_some_and(|parent| parent.field == gone.name.rust) {
        at.model.parent = None;
    }
    if let Some(old) = at.old_field(&gone) {
        at.say_dropped(None, &old);
    }
    Some(())
}

pub(super) fn require(field: &mut Field, chance: &mut Chance) -> Option<()> {
    let inner = field.ty.rust.strip_prefix("Option<")?.strip_suffix('>')?.to_owned();
    field.ty = Type { rust: inner, optional: false, ..field.ty.clone() };
    field.default = Some(example(&field.ty, chance)?);
    Some(())
}

pub(super) fn loosen(field: &mut Field) {
    if !field.ty.optional {
        field.ty = Type { rust: format!("Option<{}>", field.ty.rust), optional: true, ..field.ty.clone() };
        field.default = None;
    }
}

pub(super) fn field_required(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    at.model.fields[n].unique &= at.model.fields[n].ty.optional;
    if at.model.fields[n].unique {
        return None;
    }
    require(&mut at.model.fields[n], at.chance)
}

pub(super) fn field_optional(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    loosen(&mut at.model.fields[n]);
    Some(())
}

pub(super) fn unique_changed(at: &mut At<'_>) -> Option<()> {
    let n = at.any_common()?;
    let field = &at.model.fields[n];
    let may_be = matches!(field.ty.kind, Kind::Text | Kind::I64 | Kind::I32) && field.default.is_none();
    if !field.unique && !may_be {
        return None;
    }
    at.model.fields[n].unique ^= true;
    Some(())
}

/// Comes or goes.
pub(super) fn parent_changed(at: &mut At<'_>) -> Option<()> {
    let fields: Vec<String> = at.model.fields.iter().filter(|f| !f.ty.optional).map(|f| f.name.rust.clone()).collect();
    at.model.parent = match at.model.parent {
        Some(_) => None,
        None => Some(Parent { path: "crate::Batch".to_owned(), field: at.chance.pick(&fields)? }),
    };
    Some(())
}
