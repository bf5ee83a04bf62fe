//! Creation at a time: the functions that ask for one and take it back, beside the table.

use super::phrase::{array, dollars};
use super::routine::Routine;
use super::subject::Subject;
use workflow_model::names::constant;
use workflow_model::{Column, State};

/// `orders_create_at`, `orders_cancel_creation`, and `orders_asked`, by which a worker reads what was asked for.
pub(super) fn functions(s: &Subject<'_>) -> [Routine; 3] {
    let id = s.key_type();
    let asked = [id.clone(), "timestamptz".to_owned(), "jsonb".to_owned()];
    let body = s.fill(include_str!("create_at_body.sql"), &fields(s));
    let create = s.fill(include_str!("create_at.sql"), &[("body", dollars(&body))]);
    let cancel = s.fill(include_str!("cancel_creation.sql"), &[]);
    let body = s.fill(include_str!("asked_body.sql"), &former(s));
    let read = s.fill(include_str!("asked.sql"), &[("body", dollars(&body))]);
    [
        Routine::of(s.model.function("asked"), &["jsonb".to_owned()], read).granted("workflow_app"),
        Routine::of(s.model.function("create_at"), &asked, create).private().granted("workflow_app"),
        Routine::of(s.model.function("cancel_creation"), &[id], cancel).private().granted("workflow_app"),
    ]
}

/// What a creation may have, and what it must have. Binaries of two versions may ask: what one of them does not know is not required.
fn fields(s: &Subject<'_>) -> [(&'static str, String); 3] {
    let (initials, columns) = (initials(s), columns(s));
    let everywhere = |c: &Column<'_>| c.states.is_empty() || initials.iter().all(|i| c.states.iter().any(|s| s.name == i.name));
    let is_required = |c: &&&Column<'_>| {
        let label = &c.field.name.label;
        !c.field.ty.optional && c.field.default.is_none() && everywhere(c) && !s.stage.supplies(label)
    };
    let labels = |columns: Vec<&Column<'_>>| array(&columns.iter().map(|c| constant(&c.field.name.label)).collect::<Vec<_>>(), 8);
    let required = columns.iter().filter(is_required).copied().collect();
    [("known", labels(columns)), ("required", labels(required)), ("function", s.name("create_at"))]
}

/// Where instances start, for either version.
fn initials<'m>(s: &Subject<'m>) -> Vec<&'m State> {
    s.model.states.iter().filter(|state| s.stage.initials.contains(&state.name.label)).collect()
}

/// Of the common fields but the key, and of those states.
fn columns<'s, 'm>(s: &'s Subject<'m>) -> Vec<&'s Column<'m>> {
    let initials = initials(s);
    let starts = |state: &&State| initials.iter().any(|initial| initial.name == state.name);
    s.columns.iter().skip(1).filter(|c| c.states.is_empty() || c.states.iter().any(starts)).collect()
}

/// What a request from before a change lacks. A value that was of another type is not taken.
fn former(s: &Subject<'_>) -> [(&'static str, String); 3] {
    let function = s.name("asked");
    let (mut defaults, mut renamed) = (Vec::new(), String::new());
    for field in columns(s).into_iter().map(|c| c.field) {
        let label = constant(&field.name.label);
        if let Some(value) = &field.default {
            defaults.push(format!("{label}, {}::{}", value.sql(), field.ty.sql().unwrap_or_default()));
        }
        if let Some(from) = field.name.renamed_from.as_ref().filter(|_| field.was.is_none()).map(|from| constant(from)) {
            renamed += &format!(
                "CASE WHEN {function}.fields ? {from} THEN jsonb_build_object({label}, {function}.fields -> {from}) ELSE '{{}}' END || "
            );
        }
    }
    let defaults = defaults.chunks(50).map(|c| format!("jsonb_build_object({}) || ", c.join(", "))).collect();
    [("defaults", defaults), ("renamed", renamed), ("function", function)]
}
