//! A drawing of our own.

mod boxes;
mod curve;
mod draw;
mod layout;
mod measure;

use crate::graph::{Graph, flat};
use boxes::{Card, Label};
use workflow_model::{Model, State, StateKind};

/// The workflow as an SVG, complete in itself: no script, no font, nothing from elsewhere.
///
/// It can stand alone or inline in HTML: classes begin with `wf-`, there are no ids and no blank lines (Markdown would end the
/// HTML there). It has paper of its own, dark where the reader's pages are: by the system's setting, or rustdoc's theme.
pub fn svg(model: &Model) -> String {
    let graph = Graph::of(model);
    let cards: Vec<_> = graph.states.iter().enumerate().map(|(i, node)| Card::of(node, graph.arrows_at(i))).collect();
    let labels: Vec<_> = graph.arrows.iter().map(Label::of).collect();
    let layout = layout::layout(&graph, &cards, &labels).unwrap_or_else(|| layout::column(&graph, &cards, &labels));
    draw::draw(&title(model), &graph, &cards, &labels, &layout)
}

/// What a reader hears who cannot see it: `Order: from Placed to Delivered or Cancelled, in 5 states`.
fn title(model: &Model) -> String {
    let name = |state: &State| flat(&state.name.rust);
    let all = |kind| model.states.iter().filter(move |state| state.kind == kind).map(name).collect::<Vec<_>>().join(" or ");
    let (from, to) = (all(StateKind::Initial), all(StateKind::Final));
    let end = if to.is_empty() { String::new() } else { format!(" to {to}") };
    let count = model.states.len();
    format!("{}: from {from}{end}, in {count} state{}", flat(&model.name.rust), if count == 1 { "" } else { "s" })
}
