//! Where everything stands. dugong places boxes and labels; which point of a box's edge an arrow touches is ours.

use super::boxes::{Card, Label};
use crate::graph::Graph;
use dugong::graphlib::{Graph as Laid, GraphOptions};
use dugong::{EdgeLabel, GraphLabel, LabelPos, NodeLabel, RankDir};
use workflow_model::StateKind;

/// A place on the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A box, by its middle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) middle: Point,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// An arrow between two states.
#[derive(Debug, Clone)]
pub(super) struct Route {
    /// From which state.
    pub(super) from: usize,
    /// To which.
    pub(super) to: usize,
    /// Between the two boxes, in its direction.
    pub(super) between: Vec<Point>,
    /// Where its label stands.
    pub(super) label: Area,
}

/// Everything but the self transitions, which are drawn beside their boxes.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The states' boxes.
    pub(super) states: Vec<Area>,
    /// The arrows, in the graph's order.
    pub(super) routes: Vec<Route>,
}

impl Layout {
    /// The top and the bottom of the row of states that has this height within it.
    pub(super) fn row(&self, y: f64) -> Option<(f64, f64)> {
        let within = |area: &&Area| (area.middle.y - y).abs() <= area.height / 2.0 + 0.1;
        let middle = self.states.iter().find(within)?.middle.y;
        let row = self.states.iter().filter(|area| (area.middle.y - middle).abs() < 1.0);
        let half = row.map(|area| area.height / 2.0).fold(0.0, f64::max);
        Some((middle - half, middle + half))
    }
}

/// Lays out the graph. `loops` are the labels of self transitions, for which a box needs room on its right side.
///
/// None when there is no layout, which no graph is known to cause.
pub(super) fn layout(graph: &Graph<'_>, cards: &[Card], labels: &[Label]) -> Option<Layout> {
    let mut laid = blank();
    let room = |i: usize| {
        let own = graph.arrows.iter().zip(labels).find(|(arrow, _)| (arrow.from, arrow.to) == (i, i));
        own.map_or(0.0, |(_, label)| LOOP + label.width)
    };
    // The initial state first: then every way back leads up to it, and nothing stands above it but its dot.
    let rank = |i: &usize| graph.states[*i].state.kind != StateKind::Initial;
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by_key(rank);
    for i in order {
        let card = &cards[i];
        let own = NodeLabel { width: card.width + room(i), height: card.height, ..Default::default() };
        laid.set_node(state(i), own);
    }
    for (n, (arrow, label)) in graph.arrows.iter().zip(labels).enumerate().filter(|(_, (arrow, _))| arrow.from != arrow.to) {
        let (width, height) = (label.width, label.height);
        let label = EdgeLabel { width, height, labelpos: LabelPos::C, minlen: 1, weight: 1.0, ..Default::default() };
        laid.set_edge_named(state(arrow.from), state(arrow.to), Some(n.to_string()), Some(label));
    }
    dugong::layout(&mut laid).ok()?;
    read(graph, cards, labels, &laid, &room)
}

/// The room between a box and the label of its loop.
pub(super) const LOOP: f64 = 26.0;

type Dagre = Laid<NodeLabel, EdgeLabel, GraphLabel>;

fn blank() -> Dagre {
    let mut laid = Laid::new(GraphOptions { directed: true, multigraph: true, compound: true });
    laid.set_graph(GraphLabel { rankdir: RankDir::TB, nodesep: 34.0, ranksep: 56.0, edgesep: 18.0, ..Default::default() });
    laid
}

fn state(i: usize) -> String {
    format!("s{i}")
}

fn read(graph: &Graph<'_>, cards: &[Card], labels: &[Label], laid: &Dagre, room: &dyn Fn(usize) -> f64) -> Option<Layout> {
    let middle = |id: String| laid.node(&id).and_then(|node| Some(Point { x: node.x?, y: node.y? }));
    let mut layout = Layout { states: Vec::new(), routes: Vec::new() };
    for (i, card) in cards.iter().enumerate() {
        let Point { x, y } = middle(state(i))?;
        let middle = Point { x: x - room(i) / 2.0, y };
        layout.states.push(Area { middle, width: card.width, height: card.height });
    }
    for (n, (arrow, label)) in graph.arrows.iter().zip(labels).enumerate().filter(|(_, (arrow, _))| arrow.from != arrow.to) {
        let edge = laid.edge(&state(arrow.from), &state(arrow.to), Some(&n.to_string()))?;
        let middle = Point { x: edge.x?, y: edge.y? };
        let label = Area { middle, width: label.width, height: label.height };
        layout.routes.push(Route { from: arrow.from, to: arrow.to, between: inner(edge), label });
    }
    Some(layout)
}

/// One below the other, should there be no layout.
pub(super) fn column(graph: &Graph<'_>, cards: &[Card], labels: &[Label]) -> Layout {
    let mut layout = Layout { states: Vec::new(), routes: Vec::new() };
    let mut y = 0.0;
    for card in cards {
        y += card.height + 60.0;
        layout.states.push(Area { middle: Point { x: 0.0, y }, width: card.width, height: card.height });
    }
    for (arrow, label) in graph.arrows.iter().zip(labels).filter(|(arrow, _)| arrow.from != arrow.to) {
        let (from, to) = (layout.states[arrow.from].middle, layout.states[arrow.to].middle);
        let middle = Point { x: (from.y - to.y).abs() / 2.0 + 80.0, y: (from.y + to.y) / 2.0 };
        let label = Area { middle, width: label.width, height: label.height };
        layout.routes.push(Route { from: arrow.from, to: arrow.to, between: vec![middle], label });
    }
    layout
}

/// Without the ends, which lie on straight lines to the boxes' middles.
fn inner(edge: &EdgeLabel) -> Vec<Point> {
    let points = edge.points.get(1..edge.points.len().saturating_sub(1)).unwrap_or_default();
    points.iter().map(|point| Point { x: point.x, y: point.y }).collect()
}
