//! Mermaid's `stateDiagram-v2`, which GitHub draws.

use crate::graph::{Graph, Node, flat, line};
use std::fmt::Write;
use workflow_model::{Model, StateKind, Transition};

/// The workflow as a Mermaid state diagram; without a fence.
///
/// Events stand on the arrows, with what fires them by itself and their condition. Internal transitions are notes.
pub fn mermaid(model: &Model) -> String {
    let graph = Graph::of(model);
    let mut text = String::from("stateDiagram-v2\n");
    for (i, node) in graph.states.iter().enumerate() {
        declare(&mut text, i, node);
    }
    for (i, _) in graph.states.iter().enumerate().filter(|(_, node)| node.state.kind == StateKind::Initial) {
        let _ = writeln!(text, "    [*] --> {}", id(i, &graph));
    }
    for arrow in &graph.arrows {
        let label = lines(&arrow.transitions).join("<br>");
        let _ = writeln!(text, "    {} --> {} : {label}", id(arrow.from, &graph), id(arrow.to, &graph));
    }
    for (i, _) in graph.states.iter().enumerate().filter(|(_, node)| node.state.kind == StateKind::Final) {
        let _ = writeln!(text, "    {} --> [*]", id(i, &graph));
    }
    for (i, node) in graph.states.iter().enumerate().filter(|(_, node)| !node.internal.is_empty()) {
        let _ = writeln!(text, "    note right of {} : internal<br>{}", id(i, &graph), lines(&node.internal).join("<br>"));
    }
    text
}

/// A state whose name could mean something else to Mermaid gets an id of ours.
fn declare(text: &mut String, i: usize, node: &Node<'_>) {
    let name = &node.state.name.rust;
    if !is_plain(name) {
        let _ = writeln!(text, "    state \"{}\" as s{i}", escaped(name));
    }
}

fn id(i: usize, graph: &Graph<'_>) -> String {
    let name = &graph.states[i].state.name.rust;
    // Ids of ours are in lower case, plain names are not.
    if is_plain(name) { name.clone() } else { format!("s{i}") }
}

/// Words of Mermaid's, in any case; some have a meaning only before other words, but versions differ in that.
const RESERVED: [&str; 18] = [
    "accdescr",
    "acctitle",
    "as",
    "choice",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "fork",
    "hide",
    "join",
    "note",
    "scale",
    "state",
    "style",
    "statediagram",
];

fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
        && !RESERVED.contains(&name.to_ascii_lowercase().as_str())
}

fn lines(transitions: &[&Transition]) -> Vec<String> {
    transitions.iter().map(|transition| escaped(&line(transition))).collect()
}

/// Text that means itself, in any kind of Mermaid diagram: what could be syntax, HTML or Markdown is written as `#58;`.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in flat(text).chars() {
        // An underscore between letters is no emphasis, and brackets are what makes conditions readable.
        match c.is_alphanumeric() || matches!(c, ' ' | '_' | '.' | ',' | '[' | ']' | '…' | '→') {
            true => safe.push(c),
            false if c.is_control() => safe.push('\u{fffd}'),
            false => safe.push_str(&format!("#{};", u32::from(c))),
        }
    }
    safe
}
