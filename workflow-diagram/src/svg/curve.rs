//! The arrows' lines: where they touch the boxes, and a curve through the points between.

use super::boxes::APART;
use super::layout::{Area, Layout, Point, Route};

/// A line, from box to box.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    /// Its points, with both ends.
    pub(super) points: Vec<Point>,
}

/// Ends keep this distance from a box's corner.
const CORNER: f64 = 14.0;

/// The length of an arrow's head.
pub(super) const HEAD: f64 = 7.0;

/// The curves of all routes, in their order.
pub(super) fn curves(layout: &Layout) -> Vec<Curve> {
    let mut curves: Vec<Curve> = layout.routes.iter().map(|route| Curve { points: ends(layout, route) }).collect();
    for (i, area) in layout.states.iter().enumerate() {
        for below in [false, true] {
            spread(layout, &mut curves, i, area, below);
        }
    }
    curves.iter_mut().for_each(|curve| curve.points = around_states(layout, &curve.points));
    curves
}

/// With ends in the middle of the sides that they face.
fn ends(layout: &Layout, route: &Route) -> Vec<Point> {
    let to = layout.states[route.to];
    let from = layout.states[route.from];
    let first = route.between.first().copied().unwrap_or(to.middle);
    let last = route.between.last().copied().unwrap_or(from.middle);
    [side(from, first)].into_iter().chain(route.between.iter().copied()).chain([side(to, last)]).collect()
}

fn side(area: Area, towards: Point) -> Point {
    let half = area.height / 2.0;
    Point { x: area.middle.x, y: area.middle.y + if towards.y > area.middle.y { half } else { -half } }
}

/// Moves the ends at one side of a box apart: each as straight above or below the next point of its line as the others let it.
fn spread(layout: &Layout, curves: &mut [Curve], state: usize, area: &Area, below: bool) {
    let mut ends: Vec<(usize, bool, f64)> = Vec::new();
    for (n, route) in layout.routes.iter().enumerate() {
        let points = &curves[n].points;
        for (first, own) in [(true, route.from), (false, route.to)] {
            let (end, next) = if first { (points[0], points[1]) } else { (points[points.len() - 1], points[points.len() - 2]) };
            if own == state && (end.y > area.middle.y) == below {
                ends.push((n, first, next.x));
            }
        }
    }
    ends.sort_by(|a, b| a.2.total_cmp(&b.2));
    let reach = (area.width / 2.0 - CORNER).max(0.0);
    let wanted: Vec<f64> = ends.iter().map(|(_, _, x)| x.clamp(area.middle.x - reach, area.middle.x + reach)).collect();
    for ((n, first, _), x) in ends.iter().zip(apart(&wanted, area.middle.x - reach, area.middle.x + reach)) {
        let points = &mut curves[*n].points;
        let end = if *first { 0 } else { points.len() - 1 };
        points[end].x = x;
    }
}

/// Rising numbers, moved as little as needed to be apart, between two bounds.
fn apart(wanted: &[f64], low: f64, high: f64) -> Vec<f64> {
    let gaps = wanted.len().saturating_sub(1) as f64;
    let gap = if gaps > 0.0 { APART.min((high - low) / gaps) } else { 0.0 };
    // Pushed to the right, and pushed to the left: the middle is fair to both, and as far apart.
    let (mut right, mut left) = (wanted.to_vec(), wanted.to_vec());
    for i in 1..wanted.len() {
        right[i] = right[i].max(right[i - 1] + gap);
        let i = wanted.len() - 1 - i;
        left[i] = left[i].min(left[i + 1] - gap);
    }
    let middles = right.iter().zip(&left).map(|(right, left)| (right + left) / 2.0).enumerate();
    middles.map(|(i, x)| x.max(low + i as f64 * gap).min(high - (gaps - i as f64) * gap)).collect()
}

/// States in a row differ in height. A line bends only between rows: else it would cut the corner of a taller neighbour.
fn around_states(layout: &Layout, points: &[Point]) -> Vec<Point> {
    let mut around: Vec<Point> = Vec::new();
    for (i, point) in points.iter().enumerate() {
        let (first, last) = (i == 0, i + 1 == points.len());
        let Some((top, bottom)) = layout.row(point.y) else {
            around.push(*point);
            continue;
        };
        let down = points[i.max(1)].y >= points[i.max(1) - 1].y;
        let (enter, leave) = if down { (top, bottom) } else { (bottom, top) };
        around.push(Point { y: if first { point.y } else { enter }, ..*point });
        around.push(Point { y: if last { point.y } else { leave }, ..*point });
    }
    around.dedup_by(|a, b| (a.y - b.y).abs() < 0.5);
    around
}

impl Curve {
    /// As the `d` of a path: leaves and reaches boxes at right angles, goes through every point, and never turns back on its way
    /// (Steffen's monotone interpolation).
    pub(super) fn path(&self) -> String {
        let mut points = self.points.clone();
        shorten(&mut points);
        let slopes: Vec<f64> = (0..points.len()).map(|i| slope(&points, i)).collect();
        let mut path = format!("M{} {}", number(points[0].x), number(points[0].y));
        for (i, pair) in points.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            let third = (b.y - a.y) / 3.0;
            let control = [(a.x + slopes[i] * third, a.y + third), (b.x - slopes[i + 1] * third, b.y - third), (b.x, b.y)];
            let numbers: Vec<_> = control.iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
            path.push_str(&format!("C{}", numbers.join(" ")));
        }
        path
    }

    /// The arrow's head, as the `d` of a path.
    pub(super) fn head(&self) -> String {
        let tip = self.points[self.points.len() - 1];
        let back = if self.falls_last() { -HEAD } else { HEAD };
        format!("M{} {}l-3.8 {}h7.6z", number(tip.x), number(tip.y), number(back))
    }

    fn falls_last(&self) -> bool {
        let n = self.points.len();
        self.points[n - 1].y >= self.points[n - 2].y
    }
}

/// The line ends within the head, not at its tip.
fn shorten(points: &mut [Point]) {
    let n = points.len();
    let down = points[n - 1].y >= points[n - 2].y;
    points[n - 1].y += if down { 1.0 - HEAD } else { HEAD - 1.0 };
}

/// dx/dy at a point; none at the ends.
fn slope(points: &[Point], i: usize) -> f64 {
    if i == 0 || i + 1 == points.len() {
        return 0.0;
    }
    let step = |a: Point, b: Point| (b.y - a.y, b.x - a.x);
    let ((h0, d0), (h1, d1)) = (step(points[i - 1], points[i]), step(points[i], points[i + 1]));
    if h0 == 0.0 || h1 == 0.0 || h0 + h1 == 0.0 {
        return 0.0;
    }
    let (s0, s1) = (d0 / h0, d1 / h1);
    if s0 * s1 <= 0.0 {
        return 0.0;
    }
    let p = (s0 * h1 + s1 * h0) / (h0 + h1);
    p.signum() * (2.0 * s0.abs()).min(2.0 * s1.abs()).min(p.abs())
}

/// With one decimal at most.
pub(super) fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
