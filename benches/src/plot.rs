//! Lines over an axis, as SVG.

use crate::Failure;
use crate::chapter::Plot;
use crate::figure::number;
use plotters::coord::Shift;
use plotters::coord::combinators::BindKeyPoints;
use plotters::coord::ranged1d::{AsRangedCoord, Ranged, ValueFormatter};
use plotters::prelude::*;

const SIZE: (u32, u32) = (720, 400);
const COLOURS: [RGBColor; 3] = [RGBColor(0x1f, 0x6f, 0xb4), RGBColor(0xc8, 0x55, 0x1b), RGBColor(0x4a, 0x8c, 0x3f)];

/// Over a logarithmic axis, but for one that begins at nothing.
pub(crate) fn draw(plot: &Plot) -> Result<String, Failure> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let ticks = ticks(plot);
        let (left, right) = (*ticks.first().unwrap_or(&0.0), *ticks.last().unwrap_or(&1.0));
        if left > 0.0 {
            draw_on(&area, plot, (left..right).log_scale().with_key_points(ticks))?
        } else {
            draw_on(&area, plot, left..right)?
        }
        area.present()?;
    }
    Ok(svg)
}

/// Where something was measured.
fn ticks(plot: &Plot) -> Vec<f64> {
    let mut all: Vec<f64> = plot.lines.iter().flat_map(|(_, points)| points).map(|(x, _)| *x).collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

fn draw_on<X>(area: &DrawingArea<SVGBackend<'_>, Shift>, plot: &Plot, x: X) -> Result<(), Failure>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: Ranged<ValueType = f64> + ValueFormatter<f64>,
{
    let top = 1.1 * plot.lines.iter().flat_map(|(_, points)| points).map(|(_, y)| *y).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .caption(&plot.title, ("sans-serif", 18))
        .margin(12)
        .margin_right(40)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(x, 0.0..top)?;
    let label = |value: &f64| number(*value);
    let mut mesh = chart.configure_mesh();
    mesh.x_desc(&plot.x).y_desc(&plot.y).x_label_formatter(&label).y_label_formatter(&label);
    mesh.light_line_style(TRANSPARENT).bold_line_style(BLACK.mix(0.12)).axis_style(BLACK.mix(0.5)).draw()?;
    for ((name, points), colour) in plot.lines.iter().zip(COLOURS) {
        let line = chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    let mut labels = chart.configure_series_labels();
    labels.position(beside(plot)).background_style(WHITE).border_style(BLACK.mix(0.3)).draw()?;
    Ok(())
}

/// Where no line is: above those that fall, below the others.
fn beside(plot: &Plot) -> SeriesLabelPosition {
    let falls = |points: &[(f64, f64)]| points.first().zip(points.last()).is_some_and(|(first, last)| last.1 < first.1 / 2.0);
    match plot.lines.iter().all(|(_, points)| falls(points)) {
        true => SeriesLabelPosition::UpperRight,
        false => SeriesLabelPosition::LowerRight,
    }
}
