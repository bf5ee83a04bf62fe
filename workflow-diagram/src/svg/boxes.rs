//! What is written on the paper, and how much room it takes.

use super::measure::{bold, width};
use crate::graph::{Arrow, Node, cause, condition, fields};
use workflow_model::{StateKind, Transition};

/// The box of a state.
#[derive(Debug, Clone)]
pub(super) struct Card {
    /// Its kind.
    pub(super) kind: StateKind,
    /// Its name.
    pub(super) name: String,
    /// Its own fields.
    pub(super) fields: Vec<String>,
    /// Its internal transitions.
    pub(super) internal: Vec<Row>,
    /// What a pointer that rests on it shows.
    pub(super) docs: String,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Font sizes, as in the style.
const NAME: f64 = 13.0;
const FIELD: f64 = 10.5;
const EVENT: f64 = 11.0;

/// Heights of rows, and the space around all of them.
pub(super) const NAME_ROW: f64 = 18.0;
pub(super) const FIELD_ROW: f64 = 14.0;
pub(super) const LABEL_ROW: f64 = 14.0;
pub(super) const RULE: f64 = 7.0;
pub(super) const PADDING: f64 = 9.0;

impl Card {
    /// With room for a number of arrows at each of two sides.
    pub(super) fn of(node: &Node<'_>, arrows: usize) -> Card {
        let fields: Vec<_> = fields(node.state).collect();
        let internal: Vec<_> = node.internal.iter().flat_map(|transition| rows(transition, BREAK_IN_BOX)).collect();
        let name = node.state.name.rust.clone();
        let widths = fields.iter().map(|text| width(text, FIELD)).chain(internal.iter().map(Row::width));
        let widest = widths.fold(bold(&name, NAME), f64::max);
        let rule = if internal.is_empty() { 0.0 } else { RULE };
        let rows = (fields.len() + internal.len()) as f64 * FIELD_ROW;
        Card {
            kind: node.state.kind,
            name,
            fields,
            internal,
            docs: node.state.docs.clone(),
            width: (widest + 28.0).max(76.0).max(arrows as f64 * APART + 12.0).round(),
            height: NAME_ROW + rows + rule + 2.0 * PADDING,
        }
    }
}

/// The distance of two arrows at the same side of a box.
pub(super) const APART: f64 = 16.0;

/// The label of an arrow.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// What stands side by side, row by row.
    pub(super) rows: Vec<Row>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A row of a label.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its parts, with the class of each.
    pub(super) parts: Vec<(&'static str, String)>,
    /// What a pointer that rests on it shows.
    pub(super) docs: String,
}

/// Between the parts of a row.
pub(super) const GAP: f64 = 4.0;

/// A row that would be wider is broken between its parts. In a box it would then look like two events.
const BREAK: f64 = 150.0;
const BREAK_IN_BOX: f64 = 230.0;

impl Label {
    pub(super) fn of(arrow: &Arrow<'_>) -> Label {
        let rows: Vec<_> = arrow.transitions.iter().flat_map(|transition| rows(transition, BREAK)).collect();
        let widest = rows.iter().map(Row::width).fold(0.0, f64::max);
        Label { width: (widest + 10.0).round(), height: rows.len() as f64 * LABEL_ROW + 4.0, rows }
    }
}

impl Row {
    pub(super) fn width(&self) -> f64 {
        let gaps = self.parts.len().saturating_sub(1) as f64 * GAP;
        self.parts.iter().map(|(_, text)| width(text, EVENT)).sum::<f64>() + gaps
    }
}

fn rows(transition: &Transition, limit: f64) -> Vec<Row> {
    let parts = [
        Some(("wf-event", transition.event.rust.clone())),
        cause(transition).map(|text| ("wf-cause", text)),
        condition(transition).map(|text| ("wf-guard", text)),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for part in parts.into_iter().flatten() {
        match rows.last_mut() {
            Some(row) if row.width() + GAP + width(&part.1, EVENT) <= limit => row.parts.push(part),
            Some(_) | None => rows.push(Row { parts: vec![part], docs: transition.docs.clone() }),
        }
    }
    rows
}
