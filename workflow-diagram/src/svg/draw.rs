//! The elements. Lines first, so that boxes and labels lie over them.

use super::boxes::{Card, FIELD_ROW, GAP, LABEL_ROW, Label, NAME_ROW, PADDING, RULE, Row};
use super::curve::{Curve, HEAD, curves, number};
use super::layout::{Area, LOOP, Layout, Point};
use crate::graph::{Graph, flat};
use std::fmt::Write;
use workflow_model::StateKind;

const STYLE: &str = include_str!("style.css");

/// Between the drawing and the paper's edge.
const MARGIN: f64 = 16.0;

/// The whole document.
pub(super) fn draw(title: &str, graph: &Graph<'_>, cards: &[Card], labels: &[Label], layout: &Layout) -> String {
    let mut sheet = Sheet::default();
    for curve in curves(layout) {
        curve.points.iter().for_each(|point| sheet.reach(*point, 4.0, 4.0));
        sheet.line(&curve.path(), &curve.head());
    }
    cards.iter().zip(&layout.states).filter(|(card, _)| card.kind == StateKind::Initial).for_each(|(_, area)| sheet.start(*area));
    let loops = graph.arrows.iter().zip(labels).filter(|(arrow, _)| arrow.from == arrow.to);
    let loops: Vec<_> = loops.map(|(arrow, label)| (sheet.itself(layout.states[arrow.from], label), label)).collect();
    cards.iter().zip(&layout.states).for_each(|(card, area)| sheet.state(card, *area));
    let straight = graph.arrows.iter().zip(labels).filter(|(arrow, _)| arrow.from != arrow.to).map(|(_, label)| label);
    let straight = layout.routes.iter().map(|route| route.label).zip(straight);
    straight.chain(loops).for_each(|(area, label)| sheet.label(label, area));
    sheet.finish(title)
}

/// Elements, and how far they reach.
#[derive(Default)]
struct Sheet {
    body: String,
    low: Option<Point>,
    high: Option<Point>,
}

impl Sheet {
    fn finish(&self, title: &str) -> String {
        let (low, high) = (self.low.unwrap_or(Point { x: 0.0, y: 0.0 }), self.high.unwrap_or(Point { x: 0.0, y: 0.0 }));
        let (x, y) = ((low.x - MARGIN).floor(), (low.y - MARGIN).floor());
        let (width, height) = ((high.x + MARGIN).ceil() - x, (high.y + MARGIN).ceil() - y);
        let title = escaped(title);
        let view = format!("viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" height=\"{height}\"");
        let paper = format!(
            "<rect class=\"wf-paper\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\"/>",
            x + 0.5,
            y + 0.5,
            width - 1.0,
            height - 1.0
        );
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"wf-svg\" {view} role=\"img\" aria-label=\"{title}\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n{paper}\n{}</svg>\n",
            self.body
        )
    }

    fn reach(&mut self, at: Point, width: f64, height: f64) {
        let (x, y) = (width / 2.0, height / 2.0);
        let low = self.low.unwrap_or(at);
        let high = self.high.unwrap_or(at);
        self.low = Some(Point { x: low.x.min(at.x - x), y: low.y.min(at.y - y) });
        self.high = Some(Point { x: high.x.max(at.x + x), y: high.y.max(at.y + y) });
    }

    fn line(&mut self, path: &str, head: &str) {
        let _ = writeln!(self.body, "<path class=\"wf-edge\" d=\"{path}\"/><path class=\"wf-head\" d=\"{head}\"/>");
    }

    /// The dot from which an initial state is reached.
    fn start(&mut self, state: Area) {
        let (x, tip) = (state.middle.x, state.middle.y - state.height / 2.0);
        let dot = Point { x, y: tip - 34.0 };
        self.reach(dot, 12.0, 12.0);
        let curve = Curve { points: vec![dot, Point { x, y: tip }] };
        self.line(&curve.path(), &curve.head());
        let _ = writeln!(self.body, "<circle class=\"wf-start\" cx=\"{}\" cy=\"{}\" r=\"6\"/>", number(x), number(dot.y));
    }

    /// A loop on the right side of a box; gives the place of its label.
    fn itself(&mut self, state: Area, label: &Label) -> Area {
        let (x, y) = (state.middle.x + state.width / 2.0, state.middle.y);
        let (out, up) = (LOOP - 4.0, 11.0);
        let path = format!(
            "M{} {}c{out} -4 {out} {} {} {}",
            number(x),
            number(y - up),
            number(2.0 * up + 4.0),
            number(HEAD - 1.0),
            number(2.0 * up)
        );
        let head = format!("M{} {}l{HEAD} -3.8v7.6z", number(x), number(y + up));
        self.line(&path, &head);
        Area { middle: Point { x: x + LOOP - 6.0 + label.width / 2.0, y }, width: label.width, height: label.height }
    }

    fn state(&mut self, card: &Card, area: Area) {
        self.reach(area.middle, area.width, area.height);
        let class = match card.kind {
            StateKind::Initial => "wf-initial",
            StateKind::Normal => "wf-state",
            StateKind::Final => "wf-final",
        };
        let _ = write!(self.body, "<g>{}", tooltip(&card.docs));
        self.rect(class, area, 8.0);
        if card.kind == StateKind::Final {
            self.rect("wf-ring", Area { width: area.width - 6.0, height: area.height - 6.0, ..area }, 5.5);
        }
        self.rows(card, area);
        self.body.push_str("</g>\n");
    }

    fn rows(&mut self, card: &Card, area: Area) {
        let mut y = area.middle.y - area.height / 2.0 + PADDING + 13.5;
        self.text("wf-name", area.middle.x, y, &card.name);
        y += NAME_ROW - 2.0;
        for field in &card.fields {
            self.text("wf-field", area.middle.x, y, field);
            y += FIELD_ROW;
        }
        if !card.internal.is_empty() {
            let (left, width, at) = (area.middle.x - area.width / 2.0 + 10.0, area.width - 20.0, y - FIELD_ROW + RULE);
            let _ = write!(self.body, "<path class=\"wf-rule\" d=\"M{} {}h{}\"/>", number(left), number(at), number(width));
            y += RULE;
        }
        for row in &card.internal {
            self.row(area.middle.x, y, row);
            y += FIELD_ROW;
        }
    }

    fn label(&mut self, label: &Label, area: Area) {
        self.reach(area.middle, area.width, area.height);
        let mut middle = area.middle.y - (area.height - 4.0 - LABEL_ROW) / 2.0;
        for row in &label.rows {
            // Each row has its own ground: one for all would hide the line beside the shorter ones.
            let ground =
                Area { middle: Point { x: area.middle.x, y: middle }, width: row.width() + 8.0, height: LABEL_ROW + 2.0 };
            self.rect("wf-label", ground, 3.0);
            middle += LABEL_ROW;
        }
        let mut y = area.middle.y - area.height / 2.0 + 2.0 + 10.5;
        for row in &label.rows {
            self.row(area.middle.x, y, row);
            y += LABEL_ROW;
        }
        self.body.push('\n');
    }

    /// Its parts side by side, centred together.
    fn row(&mut self, x: f64, y: f64, row: &Row) {
        let _ = write!(self.body, "<text x=\"{}\" y=\"{}\">{}", number(x), number(y), tooltip(&row.docs));
        for (i, (class, text)) in row.parts.iter().enumerate() {
            let gap = if i == 0 { String::new() } else { format!(" dx=\"{GAP}\"") };
            let _ = write!(self.body, "<tspan class=\"{class}\"{gap}>{}</tspan>", escaped(text));
        }
        self.body.push_str("</text>");
    }

    fn rect(&mut self, class: &str, area: Area, radius: f64) {
        let (x, y) = (number(area.middle.x - area.width / 2.0), number(area.middle.y - area.height / 2.0));
        let (width, height) = (number(area.width), number(area.height));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        );
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ = write!(self.body, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", number(x), number(y), escaped(text));
    }
}

/// What browsers show when the pointer rests.
fn tooltip(docs: &str) -> String {
    let docs = flat(docs);
    if docs.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(&docs)) }
}

/// Text in XML and in HTML; XML has no place at all for control characters.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in flat(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
