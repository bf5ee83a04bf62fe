//! A model as SQL. Rendering is pure; the text that is mostly fixed stands in the `.sql` templates of `sql/`.

mod adopt;
mod effects;
mod event;
mod functions;
mod jobs;
mod phrase;
mod records;
mod rights;
mod shared;
mod statements;
mod subject;
mod tables;
mod template;
mod transition;
mod views;

use subject::Subject;
use workflow_model::Model;

/// What brings a workflow into a database for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// What all workflows of a database share. It changes nothing where it has run before.
    pub shared: String,
    /// Takes the shared part away again, when no workflow is left.
    pub shared_down: String,
    /// The workflow's own tables, functions, triggers and views.
    pub up: String,
    /// Takes away what `up` made; refuses where rows would be lost.
    pub down: String,
}

/// The first migration of a model that has no faults.
pub fn first_migration(model: &Model) -> Migration {
    let subject = Subject::new(model);
    Migration { shared: shared::up(), shared_down: shared::down(), up: up(&subject), down: down(&subject) }
}

fn up(s: &Subject<'_>) -> String {
    let mut parts = vec![s.fill(include_str!("sql/head.sql"), &[])];
    match &s.model.adopt {
        Some(adopt) => parts.extend([adopt::columns(s, adopt), tables::beside(s), adopt::rows(s, adopt)]),
        None => parts.extend([tables::own(s), tables::beside(s)]),
    }
    parts.push(tables::indexes(s));
    parts.push(effects::guards(s));
    parts.push(effects::effects(s));
    parts.push(transition::function(s));
    parts.push(functions::all(s));
    parts.push(functions::triggers(s));
    parts.extend(event::functions(s));
    parts.push(views::up(s));
    parts.push(rights::grants(s));
    parts.push(records::up(s));
    joined(&parts)
}

fn down(s: &Subject<'_>) -> String {
    let refuse = if s.model.adopt.is_some() { String::new() } else { tables::refuse_rows(s) };
    let table = if s.model.adopt.is_some() { adopt::down(s) } else { tables::drop_own(s) };
    joined(&[
        // Whoever waits for a lock on a live table makes all behind it wait too.
        "SET LOCAL lock_timeout = '5s';".to_owned(),
        refuse,
        views::down(s),
        functions::drop_triggers(s),
        functions::down(s),
        tables::drop_beside(s),
        table,
        records::down(s),
    ])
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()).collect();
    parts.join("\n\n") + "\n"
}
