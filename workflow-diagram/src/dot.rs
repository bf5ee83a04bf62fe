//! Graphviz.

use crate::graph::{Arrow, Graph, Node, fields, flat, line};
use std::fmt::Write;
use workflow_model::{Model, StateKind};

/// The workflow in Graphviz's language.
pub fn dot(model: &Model) -> String {
    let graph = Graph::of(model);
    let mut text = format!("digraph {} {{\n", quoted([model.name.rust.clone()], "\\n"));
    text.push_str("    node [shape=box style=\"rounded,filled\" fillcolor=\"#f4f7fb\" fontname=\"Helvetica\" fontsize=12]\n");
    text.push_str("    edge [fontname=\"Helvetica\" fontsize=10]\n");
    for (i, node) in graph.states.iter().enumerate() {
        state(&mut text, i, node);
    }
    for arrow in &graph.arrows {
        transition(&mut text, arrow);
    }
    text.push_str("}\n");
    text
}

fn state(text: &mut String, i: usize, node: &Node<'_>) {
    let internal = node.internal.iter().map(|transition| format!("{} (internal)", line(transition)));
    let label = quoted([node.state.name.rust.clone()].into_iter().chain(fields(node.state)).chain(internal), "\\n");
    match node.state.kind {
        StateKind::Initial => {
            let _ = writeln!(text, "    start{i} [shape=point width=0.15]\n    s{i} [label={label}]\n    start{i} -> s{i}");
        }
        StateKind::Normal => {
            let _ = writeln!(text, "    s{i} [label={label}]");
        }
        StateKind::Final => {
            let _ = writeln!(text, "    s{i} [label={label} peripheries=2]");
        }
    }
}

fn transition(text: &mut String, arrow: &Arrow<'_>) {
    let label = quoted(arrow.transitions.iter().map(|transition| line(transition)), "\\l");
    let _ = writeln!(text, "    s{} -> s{} [label={label}]", arrow.from, arrow.to);
}

/// A quoted string of lines. A backslash would begin an escape, an ampersand an entity.
fn quoted(lines: impl IntoIterator<Item = String>, end: &str) -> String {
    let escape = |line: String| flat(&line).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;").replace('\0', "");
    let lines: Vec<_> = lines.into_iter().map(escape).collect();
    match lines.as_slice() {
        [line] => format!("\"{line}\""),
        // With `\n` the last line needs no end; with `\l` it would stand in the middle without one.
        lines if end == "\\n" => format!("\"{}\"", lines.join(end)),
        lines => format!("\"{}{end}\"", lines.join(end)),
    }
}
