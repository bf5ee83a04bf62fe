//! The user's own SQL: `if sql` and `with sql`, each kind in a function of its own.
//!
//! They are apart from the trigger function because unqualified names in them must mean what the user expects: their search path
//! has the table's schema in it. In the trigger function nothing but `pg_catalog` is searched, so that no operator or function
//! that somebody puts into that schema is ever taken for one of PostgreSQL's. Whoever may create objects in the schema is trusted
//! with the effects, which run with the owner's rights; since PostgreSQL 15 that is not everybody, also for `public`.

use super::phrase::{dollars, in_states};
use super::routine::Routine;
use super::statements::{changes_rows, split};
use super::subject::Subject;
use super::transition::taken;
use workflow_model::names::{constant, quoted};
use workflow_model::{Effect, Transition};

/// Whether a line has a guard.
pub(crate) fn has_guards(s: &Subject<'_>) -> bool {
    s.model.transitions.iter().any(|t| t.guard.is_some())
}

/// The function that says which guard is in the way.
pub(crate) fn guards(s: &Subject<'_>) -> Option<Routine> {
    let guards: String = s.model.transitions.iter().filter_map(|t| Some(guard(s, t, t.guard.as_ref()?))).collect();
    if guards.is_empty() {
        return None;
    }
    let body = s.fill(include_str!("guards_body.sql"), &[("guards", guards)]);
    Some(of_rows(s, "guards", s.fill(include_str!("guards.sql"), &[("body", dollars(&body)), ("path", path(s))])))
}

/// A `--` at the end of the user's text must not swallow our parenthesis: hence the line of its own.
fn guard(s: &Subject<'_>, transition: &Transition, text: &str) -> String {
    let values = [
        (
            "taken",
            format!("{} AND old.state {}", taken(s, transition, "new", "old.state"), in_states(&s.model.sources(transition))),
        ),
        ("expression", text.to_owned()),
        ("row", quoted(&s.model.table.name)),
        ("text", constant(text)),
    ];
    s.fill(include_str!("guard.sql"), &values)
}

/// The function that does what `with sql` says.
pub(crate) fn effects(s: &Subject<'_>) -> Option<Routine> {
    let created = s.model.create.as_ref().and_then(|c| Some(("new.event = 'create'".to_owned(), c.effect.as_ref()?)));
    let moved = s.model.transitions.iter().filter_map(|t| Some((taken(s, t, "new", "old.state"), t.effect.as_ref()?)));
    let effects: String = created.into_iter().chain(moved).filter_map(|(condition, e)| effect(s, condition, e)).collect();
    if effects.is_empty() {
        return None;
    }
    let counts = effects.contains("workflow_touched");
    let declared = if counts { "DECLARE\n    workflow_touched bigint;".to_owned() } else { String::new() };
    let body = s.fill(include_str!("effects_body.sql"), &[("declared", declared), ("effects", effects)]);
    Some(of_rows(s, "effects", s.fill(include_str!("effects.sql"), &[("body", dollars(&body)), ("path", path(s))])))
}

/// A function of the row before and the row after, which only our trigger calls.
fn of_rows(s: &Subject<'_>, name: &str, text: String) -> Routine {
    let table = s.model.table();
    Routine::of(s.model.function(name), &[table.clone(), table], text).private()
}

fn effect(s: &Subject<'_>, condition: String, effect: &Effect) -> Option<String> {
    let Effect::Sql { text, maybe } = effect else { return None };
    let mut statements = String::new();
    for statement in split(text) {
        statements += &s.fill("        {statement};", &[("statement", ended(statement))]);
        if !maybe && changes_rows(statement) {
            statements += &s.fill(include_str!("touched.sql"), &[("text", constant(statement))]);
        }
    }
    Some(s.fill(include_str!("effect.sql"), &[("condition", condition), ("statements", statements)]))
}

/// Our semicolon must not stand in a comment of the user's.
fn ended(statement: &str) -> String {
    let last = statement.lines().last().unwrap_or_default();
    if last.contains("--") { format!("{statement}\n        ") } else { statement.to_owned() }
}

/// The table's schema is searched behind PostgreSQL's own and before temporary tables, which any client could make.
fn path(s: &Subject<'_>) -> String {
    format!("pg_catalog, {}, pg_temp", quoted(s.model.table.schema()))
}
