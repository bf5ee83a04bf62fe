//! A model as SQL. Rendering is pure; the text that is mostly fixed stands in the `.sql` templates of `sql/`.

mod adopt;
pub(crate) mod checks;
pub(crate) mod children;
mod creation;
pub(crate) mod difference;
mod effects;
mod event;
pub(crate) mod former;
pub(crate) mod functions;
mod jobs;
pub(crate) mod phrase;
pub(crate) mod records;
mod rights;
pub(crate) mod routine;
pub(crate) mod settle;
mod shared;
mod statements;
pub(crate) mod steps;
pub(crate) mod subject;
pub(crate) mod tables;
mod template;
mod transition;
pub(crate) mod views;

use crate::stage::Stage;
use routine::Routine;
pub(crate) use statements::split;
use subject::{Revisions, Subject};
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
    migration(model, &Revisions::new())
}

/// The same with constraints that are called as later migrations have left them.
pub(crate) fn migration(model: &Model, revisions: &Revisions) -> Migration {
    let stage = Stage::of(model);
    let subject = Subject::new(&stage);
    Migration { shared: shared::up(), shared_down: shared::down(), up: up(&subject, revisions), down: down(&subject, revisions) }
}

/// The statements of what all workflows share.
pub(crate) fn shared_part() -> String {
    shared::up()
}

fn up(s: &Subject<'_>, revisions: &Revisions) -> String {
    let mut parts = vec![s.fill(include_str!("sql/head.sql"), &[])];
    match &s.model.adopt {
        Some(adopt) => parts.extend([adopt::columns(s, adopt), tables::beside(s), adopt::rows(s, adopt, revisions)]),
        None => parts.extend([tables::own(s, revisions), tables::beside(s)]),
    }
    parts.push(tables::indexes(s) + &children::create(s));
    parts.extend(functions::routines(s).iter().map(Routine::create));
    parts.push(functions::triggers(s).iter().map(|trigger| trigger.create() + "\n").collect());
    parts.extend(views::views(s).into_iter().map(|view| view.text));
    parts.push(rights::grants(s));
    parts.push(records::up(s));
    joined(&parts)
}

fn down(s: &Subject<'_>, revisions: &Revisions) -> String {
    let adopted = s.model.adopt.is_some();
    let refuse = if adopted { adopt::refuse_moved(s) } else { tables::refuse_rows(s) };
    let table = if adopted { adopt::down(s, revisions) } else { tables::drop_own(s) };
    let lines = |mut lines: Vec<String>| {
        lines.reverse();
        lines.join("\n")
    };
    joined(&[
        s.fill(include_str!("sql/head.sql"), &[]),
        // Whoever waits for a lock on a live table makes all behind it wait too.
        "SET LOCAL lock_timeout = '5s';".to_owned(),
        refuse,
        lines(views::views(s).iter().map(views::View::drop).collect()),
        lines(functions::triggers(s).iter().map(functions::Trigger::drop).collect()),
        lines(functions::routines(s).iter().map(Routine::drop).collect()),
        tables::drop_beside(s),
        table,
        records::down(s),
    ])
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()).collect();
    parts.join("\n\n") + "\n"
}
