//! Functions, views, arrows and records: what is replaced without a lock on the table.

use super::Part;
use crate::sql::functions::routines;
use crate::sql::records::{arrows, change_arrows, insert_record, update_record};
use crate::sql::routine::Routine;
use crate::sql::subject::Subject;
use crate::sql::{rights, views};
use crate::stage::Record;
use workflow_model::names::constant;

/// What the database does, as the other stage does it.
pub(crate) fn behaviour(before: &Subject<'_>, after: &Subject<'_>) -> Part {
    functions(before, after).then(watched(before, after)).then(declared(before, after))
}

/// The function of the settling trigger comes and goes with its trigger.
fn lasting(s: &Subject<'_>) -> Vec<Routine> {
    let settle = format!("{}()", s.model.function("migrate"));
    routines(s).into_iter().filter(|routine| routine.signature != settle).collect()
}

fn functions(before: &Subject<'_>, after: &Subject<'_>) -> Part {
    let (old, new) = (lasting(before), lasting(after));
    let mut part = Part { up: change_functions(&old, &new), down: change_functions(&new, &old) };
    part.up.extend(rights::of_routines(after, &made(&old, &new)));
    part.down.extend(rights::of_routines(before, &made(&new, &old)));
    part
}

fn change_functions(old: &[Routine], new: &[Routine]) -> Vec<String> {
    let twin = |routine: &Routine, others: &[Routine]| others.iter().find(|o| o.signature == routine.signature).cloned();
    let gone = old.iter().rev().filter(|routine| twin(routine, new).is_none()).map(Routine::drop);
    let changed = new.iter().filter_map(|routine| match twin(routine, old) {
        None => Some(routine.create()),
        Some(same) if same == *routine => None,
        Some(other) => Some(routine.replace(&other)),
    });
    // One that is new may have the name of one that goes, and only other arguments.
    gone.chain(changed).collect()
}

/// The functions that get rights of their own: new ones, and those that had to be dropped to be changed.
fn made(old: &[Routine], new: &[Routine]) -> Vec<Routine> {
    let is_made = |routine: &&Routine| {
        old.iter().find(|o| o.signature == routine.signature).is_none_or(|o| o != *routine && routine.is_remade(o))
    };
    new.iter().filter(is_made).cloned().collect()
}

fn watched(before: &Subject<'_>, after: &Subject<'_>) -> Part {
    let mut part = Part::default();
    for (old, new) in views::views(before).iter().zip(&views::views(after)) {
        if old != new {
            part.push(new.replace(), old.replace());
        }
    }
    part
}

fn declared(before: &Subject<'_>, after: &Subject<'_>) -> Part {
    let mut part = Part::default();
    if before.label() != after.label() {
        let rename = |from: &str, to: &str| {
            format!("UPDATE workflow.edges SET workflow = {} WHERE workflow = {};", constant(to), constant(from))
        };
        part.push(rename(before.label(), after.label()), rename(after.label(), before.label()));
    }
    let (old, new) = (arrows(before), arrows(after));
    // Under the label that they have by then, and before the label goes back.
    part = part.then(Part { up: change_arrows(after, &old, &new), down: change_arrows(after, &new, &old) });
    part.then(Part {
        up: change_records(after, &before.stage.records, &after.stage.records),
        down: change_records(before, &after.stage.records, &before.stage.records),
    })
}

fn change_records(s: &Subject<'_>, old: &[Record], new: &[Record]) -> Vec<String> {
    let labelled = |records: &[Record], label: &str| records.iter().find(|r| r.label == label).cloned();
    let gone = old.iter().filter(|record| labelled(new, &record.label).is_none());
    let gone = gone.map(|record| format!("DELETE FROM workflow.models WHERE workflow = {};", constant(&record.label)));
    let changed = new.iter().filter_map(|record| match labelled(old, &record.label) {
        None => Some(insert_record(s, record)),
        Some(same) if same == *record => None,
        Some(_) => Some(update_record(s, record)),
    });
    gone.chain(changed).map(|statement| statement.trim_end().to_owned()).collect()
}
