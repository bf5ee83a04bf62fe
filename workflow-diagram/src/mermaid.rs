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

/// Text of a state diagram. Mermaid 11 does not decode its own escapes there (`#62;` comes out as `ﬂ°°62¶ß`), so what could be
/// syntax, HTML or Markdown is written in full width: `＞`.
fn escaped(text: &str) -> String {
    replaced(text, |c| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(char::REPLACEMENT_CHARACTER).to_string(),
        c => c.to_string(),
    })
}

/// Text of a flowchart, between quotes: `#62;`.
pub(crate) fn escaped_in_flowchart(text: &str) -> String {
    replaced(text, |c| format!("#{};", u32::from(c)))
}

/// One line, in which everything but letters, digits and harmless signs is replaced.
fn replaced(text: &str, replacement: impl Fn(char) -> String) -> String {
    let mut safe = String::new();
    for c in flat(text).chars() {
        match c.is_alphanumeric() || " _.,()[]=/…→".contains(c) {
            true => safe.push(c),
            false if c.is_control() => safe.push(char::REPLACEMENT_CHARACTER),
            false => safe.push_str(&replacement(c)),
        }
    }
    safe
}
