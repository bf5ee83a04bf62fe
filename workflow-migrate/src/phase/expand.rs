//! The expand phase: what the newer binaries need, with everything that the older ones need still there.

use super::work::{self, Moves};
use super::{Draft, Phase};
use crate::diff::Versions;
use crate::sql::children::Index;
use crate::sql::difference::{Part, Structure, behaviour, structure};
use crate::sql::phrase::in_states;
use crate::sql::steps::refuse_lost;
use crate::sql::subject::{Revisions, Subject};
use crate::sql::tables::{Unique, columns};
use crate::sql::{former, settle, steps::Step};
use crate::stage::{Settling, Stage, Value};
use workflow_model::names::{constant, quoted};
use workflow_model::{Column, State};

/// From the older model alone to both.
pub(crate) fn expand(v: &Versions<'_>, revisions: &Revisions) -> Phase {
    let (before, after) = (Stage::of(v.before), Stage::between(v.before, v.after));
    let mut drafts = Vec::new();
    let mut here = before;
    if here.model.table != after.model.table {
        let (draft, moved) = former::moved(&here, &after, revisions);
        drafts.push(draft);
        here = moved;
    }
    let (old, new) = (Subject::new(&here), Subject::new(&after));
    let change = structure(&old, &new, revisions);
    drafts.extend(main(&old, &new, &change));
    drafts.extend(validations(&new, &change));
    drafts.extend(requirements(&new, &change));
    drafts.extend(rows(v, &new));
    drafts.extend(change.uniques.iter().flat_map(|unique| index(&new, unique)));
    drafts.extend(change.indexes.iter().flat_map(|index| children(&new, index)));
    Phase { drafts, revisions: change.revisions }
}

fn main(old: &Subject<'_>, new: &Subject<'_>, change: &Structure) -> Option<Draft> {
    let part = change.part.clone().then(behaviour(old, new));
    if part.is_empty() {
        return None;
    }
    // The way back counts first what it would lose.
    let refusals = Part { up: Vec::new(), down: lost(old, new) };
    let part = Part { up: part.up, down: refusals.down.into_iter().chain(part.down).collect() };
    let why = "What the next version needs; what the version before needs stays.";
    Some(Draft::transaction(new, "expand", why, &part))
}

/// Rows in states, and values of columns, that were not there before.
fn lost(old: &Subject<'_>, new: &Subject<'_>) -> Vec<String> {
    let mut refusals = Vec::new();
    let states: Vec<String> = new
        .model
        .states
        .iter()
        .filter(|state| old.model.state(&state.name.label).is_none())
        .map(|state| constant(&state.name.label))
        .collect();
    if !states.is_empty() {
        let condition = format!("o.state IN ({})", states.join(", "));
        let what = format!("are in a state that was not there before ({})", states.join(", "));
        refusals.push(refuse_lost(new, condition, &what, "Move them on first, with the version that knows the state."));
    }
    let known = columns(old);
    for column in new.columns.iter().filter(|c| !known.iter().any(|k| k.name == quoted(&c.field.name.label))) {
        let name = quoted(&column.field.name.label);
        let (told, what, hint) = match new.stage.settling(&column.field.name.label).and_then(|c| Some((c, c.follows.as_ref()?))) {
            Some((settling, value @ Value::Column { column: source, .. })) => (
                unheld(new, column, settling, value, source),
                format!("have a value for {name} that {} does not hold", quoted(source)),
                "It would be lost. Give them one that it holds, if it may go.",
            ),
            Some((_, Value::Literal(_))) | None => {
                (Some(told(new, column)), format!("have a value for {name}"), "It would be lost. Clear it first, if it may go.")
            }
        };
        refusals.extend(told.map(|condition| refuse_lost(new, condition, &what, hint)));
    }
    refusals.extend(old.columns.iter().filter_map(|column| missed(new, column)));
    refusals
}

/// Rows without something that the version before requires.
fn missed(new: &Subject<'_>, column: &Column<'_>) -> Option<String> {
    let label = &column.field.name.label;
    let now = new.columns.iter().find(|c| c.field.name.label == *label)?;
    let (settling, loose) = (new.stage.settling(label), new.stage.loose.get(label));
    let may_lack = now.field.ty.optional || settling.is_some() || loose.is_some_and(|loose| loose.nullable);
    let fills = settling.map(|c| c.fills.as_slice()).unwrap_or_default();
    let is_filled = |state: &&State| fills.iter().any(|fill| fill.states.contains(&state.name.label));
    let (filled, within): (Vec<&State>, Vec<&State>) = column.states.iter().partition(|state| is_filled(state));
    let always = if column.states.is_empty() { !fills.is_empty() } else { filled.len() == column.states.len() };
    if column.field.ty.optional || !may_lack || always {
        return None;
    }
    let condition = if within.is_empty() { String::new() } else { format!("o.state {} AND ", in_states(&within)) };
    let what = format!("have no {}, which the version before requires", quoted(label));
    let hint = match within.as_slice() {
        [] => format!("Give them one first: UPDATE {} …", new.model.table()),
        _ => format!("Give them one first, with the function {}.", new.model.function("force")),
    };
    Some(refuse_lost(new, format!("{condition}o.{} IS NULL", quoted(label)), &what, &hint))
}

/// Rows that tell more in a column than its filling.
fn told(s: &Subject<'_>, column: &Column<'_>) -> String {
    let label = &column.field.name.label;
    let name = quoted(label);
    let text = if column.field.ty.sql.is_some() { "::text" } else { "" };
    let default = s.stage.loose.get(label).and_then(|loose| loose.default.clone());
    let fill = s.stage.settling(label).and_then(|c| c.fills.first());
    let default = default.or_else(|| fill.map(|fill| fill.value.sql("o", &s.model.table.name)));
    match default {
        Some(value) => {
            let ty = column.field.ty.sql().unwrap_or_default();
            format!("o.{name} IS NOT NULL AND o.{name}{text} <> ({value})::{ty}{text}")
        }
        None => format!("o.{name} IS NOT NULL"),
    }
}

/// Rows that tell more in a column than the one that it succeeds; none where the two are always the same.
fn unheld(s: &Subject<'_>, column: &Column<'_>, settling: &Settling, value: &Value, source: &str) -> Option<String> {
    let before = s.columns.iter().find(|c| c.field.name.label == source);
    let knows = |state: &&State| before.is_some_and(|c| c.states.iter().any(|s| s.name.label == state.name.label));
    if value.is_plain() && column.states.iter().all(knows) {
        return None;
    }
    let (name, text) = (quoted(&settling.column), if settling.by_text { "::text" } else { "" });
    let held = value.sql("o", &s.model.table.name);
    Some(format!("o.{name} IS NOT NULL AND o.{name}{text} IS DISTINCT FROM ({held}){text}"))
}

/// A scan that blocks nobody who reads or writes, in a file of its own.
pub(super) fn validations(s: &Subject<'_>, change: &Structure) -> Vec<Draft> {
    let draft = |name: &String| {
        let up = format!("ALTER TABLE {} VALIDATE CONSTRAINT {name};", s.model.table());
        let slug = format!("validate_{}", name.trim_matches('"').trim_start_matches(&format!("{}_", s.model.table.name)));
        let why = "Proves it for the rows that were there before: a scan, which blocks neither readers nor writers.";
        Draft::transaction(s, &slug, why, &Part { up: vec![up], down: Vec::new() })
    };
    change.unproven.iter().map(draft).collect()
}

/// What a valid CHECK has proven needs no scan to be required. It goes in a statement of its own: PostgreSQL drops first, whatever
/// the order within one ALTER TABLE, and would read all rows.
pub(super) fn requirements(s: &Subject<'_>, change: &Structure) -> Vec<Draft> {
    let table = s.model.table();
    let draft = |(column, proof): &(String, String)| {
        let up = [
            format!("ALTER TABLE {table} ALTER {column} SET NOT NULL;"),
            format!("ALTER TABLE {table} DROP CONSTRAINT {proof};"),
        ];
        let down = format!(
            "ALTER TABLE {table}\n    ALTER {column} DROP NOT NULL,\n    ADD CONSTRAINT {proof} CHECK ({column} IS NOT NULL) NOT VALID;"
        );
        let slug = format!("require_{}", column.trim_matches('"'));
        Draft::transaction(
            s,
            &slug,
            "The constraint has proven it: no row is read again.",
            &Part { up: up.to_vec(), down: vec![down] },
        )
    };
    change.required.iter().map(draft).collect()
}

fn rows(v: &Versions<'_>, s: &Subject<'_>) -> Vec<Draft> {
    let settle = settle::is_needed(s).then_some(Step::Settle);
    let Moves { steps, .. } = work::moves(v);
    settle.into_iter().chain(steps).map(|step| step_draft(s, &step)).collect()
}

pub(super) fn step_draft(s: &Subject<'_>, step: &Step) -> Draft {
    Draft::alone(s, &step.name(), &step.comment(), &step.up(s), &step.down(s))
}

/// What building an index costs.
const SCANS: &str = "Takes two scans, and blocks neither readers nor writers.";

/// An index is built while others write; then it is made sure that it is one.
fn index(s: &Subject<'_>, unique: &Unique) -> [Draft; 2] {
    let slug = |what: &str| format!("{what}_{}", unique.column);
    let build = unique.index(s, "CONCURRENTLY IF NOT EXISTS ");
    let build = Draft::alone(s, &slug("index"), SCANS, &build, &unique.back(s));
    let assert = Part { up: vec![unique.assert(s)], down: Vec::new() };
    [build, Draft::transaction(s, &slug("unique"), "Only a whole index proves anything.", &assert)]
}

/// The same for how a parent finds its children.
fn children(s: &Subject<'_>, index: &Index) -> [Draft; 2] {
    let slug = |what: &str| format!("{what}_{}", index.column);
    let build = index.create(s, "CONCURRENTLY IF NOT EXISTS ");
    let build = Draft::alone(s, &slug("index"), SCANS, &build, &index.back(s));
    let assert = Part { up: vec![index.assert(s)], down: Vec::new() };
    [build, Draft::transaction(s, &slug("indexed"), "One that is not whole serves no query.", &assert)]
}
