//! What a change does to the graph, for a pull request.
//!
//! A flowchart, since Mermaid's state diagrams cannot colour an arrow.

mod changes;

use crate::graph::{fields, line};
use crate::mermaid::escaped_in_flowchart as escaped;
use changes::{Arrow, Change, Changes, Pair};
use std::fmt::Write;
use workflow_model::{Model, State, StateKind, Transition};

/// What was added, removed and changed, as Markdown: a fenced Mermaid block and a legend. None when both graphs show the same.
///
/// A state or an event that is only renamed (its label stayed, or `#[renamed_from]` names the old one) is changed, not exchanged.
pub fn difference(before: &Model, after: &Model) -> Option<String> {
    let changes = Changes::between(before, after);
    if changes.is_none() {
        return None;
    }
    let mut text = String::from("```mermaid\nflowchart TB\n");
    for (i, state) in changes.states.iter().enumerate() {
        node(&mut text, i, state);
    }
    changes.arrows.iter().for_each(|arrow| link(&mut text, arrow));
    colours(&mut text, &changes);
    text.push_str("```\n\nGreen and bold: added. Red and dashed: removed. Amber: changed.\n");
    Some(text)
}

const ADDED: &str = "#1a7f37";
const REMOVED: &str = "#cf222e";
const CHANGED: &str = "#bf8700";

fn node(text: &mut String, i: usize, pair: &Pair<'_, State>) {
    let label = state_lines(pair).iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>");
    let kind = pair.shown().kind;
    let (open, close) = match kind {
        StateKind::Initial => ("([", "])"),
        StateKind::Normal => ("(", ")"),
        StateKind::Final => ("[[", "]]"),
    };
    let _ = writeln!(text, "    s{i}{open}\"{label}\"{close}");
}

/// Its name and its fields, each with a sign where it was added or removed.
fn state_lines(pair: &Pair<'_, State>) -> Vec<String> {
    let Pair::Both(before, after) = pair else {
        let state = pair.shown();
        return [state.name.rust.clone()].into_iter().chain(fields(state)).collect();
    };
    let (old, new): (Vec<_>, Vec<_>) = (fields(before).collect(), fields(after).collect());
    let mut lines = vec![moved(&before.name.rust, &after.name.rust)];
    if before.kind != after.kind {
        lines.push(moved(kind(before.kind), kind(after.kind)));
    }
    lines.extend(new.iter().map(|field| if old.contains(field) { field.clone() } else { format!("+ {field}") }));
    lines.extend(old.iter().filter(|field| !new.contains(field)).map(|field| format!("− {field}")));
    lines
}

fn kind(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Initial => "initial",
        StateKind::Normal => "on the way",
        StateKind::Final => "final",
    }
}

/// `30 minutes → 1 hour`, or only what it still is.
fn moved(before: &str, after: &str) -> String {
    if before == after { after.to_owned() } else { format!("{before} → {after}") }
}

fn link(text: &mut String, arrow: &Arrow<'_>) {
    let form = match arrow.line.change() {
        Change::None | Change::Changed => "-->",
        Change::Added => "==>",
        Change::Removed => "-.->",
    };
    let _ = writeln!(text, "    s{} {form}|\"{}\"| s{}", arrow.from, escaped(&transition_line(&arrow.line)), arrow.to);
}

fn transition_line(pair: &Pair<'_, Transition>) -> String {
    let internal = if pair.shown().is_internal() { " (internal)" } else { "" };
    let text = match pair {
        Pair::Added(line_) | Pair::Removed(line_) => line(line_),
        // A long condition is cut, and may have changed behind the cut.
        Pair::Both(before, after) if line(before) == line(after) && before.guard != after.guard => {
            format!("{} (another condition)", line(after))
        }
        Pair::Both(before, after) => moved(&line(before), &line(after)),
    };
    text + internal
}

fn colours(text: &mut String, changes: &Changes<'_>) {
    for (change, name, colour) in
        [(Change::Added, "added", ADDED), (Change::Removed, "removed", REMOVED), (Change::Changed, "changed", CHANGED)]
    {
        let dash = if change == Change::Removed { ",stroke-dasharray:5 4" } else { "" };
        let states = changes.states.iter().map(|pair| pair.change()).enumerate().filter(|(_, c)| *c == change);
        let states: Vec<_> = states.map(|(i, _)| format!("s{i}")).collect();
        if !states.is_empty() {
            let _ = writeln!(text, "    classDef {name} stroke:{colour},stroke-width:3px{dash}");
            let _ = writeln!(text, "    class {} {name}", states.join(","));
        }
        let arrows = changes.arrows.iter().map(|arrow| arrow.line.change()).enumerate().filter(|(_, c)| *c == change);
        let arrows: Vec<_> = arrows.map(|(i, _)| i.to_string()).collect();
        if !arrows.is_empty() {
            let _ = writeln!(text, "    linkStyle {} stroke:{colour},stroke-width:2px,color:{colour}{dash}", arrows.join(","));
        }
    }
}
