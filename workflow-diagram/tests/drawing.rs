//! What makes a drawing readable: no arrow runs through a state, no two boxes or labels lie on each other.

mod models;

use roxmltree::{Document, Node};
use workflow_diagram::svg;
use workflow_model::Model;

#[derive(Debug, Clone, Copy)]
struct Rect {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn of(node: Node<'_, '_>) -> Rect {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (left, top) = (number("x"), number("y"));
        Rect { left, top, right: left + number("width"), bottom: top + number("height") }
    }

    /// More than by its border.
    fn contains(&self, (x, y): (f64, f64)) -> bool {
        x > self.left + 1.0 && x < self.right - 1.0 && y > self.top + 1.0 && y < self.bottom - 1.0
    }

    fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// All elements of some classes.
fn of_class<'d>(document: &'d Document<'d>, classes: &'d [&str]) -> impl Iterator<Item = Node<'d, 'd>> {
    document.descendants().filter(|node| node.attribute("class").is_some_and(|class| classes.contains(&class)))
}

/// Points along an arrow: `M0 0C1 2 3 4 5 6C…`. A loop, which is relative, stays beside its own box.
fn points(path: &str) -> Vec<(f64, f64)> {
    let numbers = |part: &str| part.split(' ').map(|n| n.parse::<f64>().unwrap()).collect::<Vec<_>>();
    let mut parts = path.trim_start_matches('M').split('C');
    let start = numbers(parts.next().unwrap());
    let mut from = (start[0], start[1]);
    let mut points = Vec::new();
    for part in parts {
        let [ax, ay, bx, by, x, y] = numbers(part).try_into().unwrap();
        for step in 0..=20 {
            let t = f64::from(step) / 20.0;
            let u = 1.0 - t;
            let at = |p: f64, a: f64, b: f64, q: f64| u * u * u * p + 3.0 * u * u * t * a + 3.0 * u * t * t * b + t * t * t * q;
            points.push((at(from.0, ax, bx, x), at(from.1, ay, by, y)));
        }
        from = (x, y);
    }
    points
}

fn models() -> [Model; 5] {
    [models::small(), models::order(), models::parcel(), models::payment(), models::claim()]
}

const STATES: [&str; 3] = ["wf-initial", "wf-state", "wf-final"];

#[test]
fn no_arrow_runs_through_a_state() {
    for model in models() {
        let svg = svg(&model);
        let document = Document::parse(&svg).unwrap();
        let states: Vec<_> = of_class(&document, &STATES).map(Rect::of).collect();
        assert_eq!(states.len(), model.states.len());
        for path in of_class(&document, &["wf-edge"]).filter_map(|node| node.attribute("d")).filter(|d| !d.contains('c')) {
            for point in points(path) {
                assert!(!states.iter().any(|state| state.contains(point)), "{}: {path} at {point:?}", model.name.rust);
            }
        }
    }
}

#[test]
fn states_and_labels_lie_apart() {
    for model in models() {
        let svg = svg(&model);
        let document = Document::parse(&svg).unwrap();
        let states: Vec<_> = of_class(&document, &STATES).map(Rect::of).collect();
        // Rows of one label touch; what they must not do is to lie on a state.
        let labels: Vec<_> = of_class(&document, &["wf-label"]).map(Rect::of).collect();
        for (i, state) in states.iter().enumerate() {
            let others = states[i + 1..].iter().chain(&labels);
            let hit = others.clone().find(|other| state.overlaps(other));
            assert!(hit.is_none(), "{}: {state:?} and {hit:?}", model.name.rust);
        }
    }
}

#[test]
fn every_arrow_ends_at_a_state() {
    for model in models() {
        let svg = svg(&model);
        let document = Document::parse(&svg).unwrap();
        let states: Vec<_> = of_class(&document, &STATES).map(Rect::of).collect();
        for head in of_class(&document, &["wf-head"]).filter_map(|node| node.attribute("d")) {
            let tip = head.trim_start_matches('M').split('l').next().unwrap().split_once(' ').unwrap();
            let (x, y): (f64, f64) = (tip.0.parse().unwrap(), tip.1.parse().unwrap());
            let near =
                |state: &Rect| x > state.left - 1.0 && x < state.right + 1.0 && y > state.top - 1.0 && y < state.bottom + 1.0;
            assert!(states.iter().any(|state| near(state) && !state.contains((x, y))), "{}: {head}", model.name.rust);
        }
    }
}
