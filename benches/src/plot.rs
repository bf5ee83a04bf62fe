//! Lines over an axis, as SVG.

use crate::Failure;
use crate::chapter::Plot;
use plotters::coord::Shift;
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
        let points = || plot.lines.iter().flat_map(|(_, points)| points);
        let (left, right) = points().fold((f64::MAX, 0.0f64), |(left, right), (x, _)| (left.min(*x), right.max(*x)));
        if left > 0.0 {
            draw_on(&area, plot, (left..right).log_scale())?
        } else {
            draw_on(&area, plot, left..right)?
        }
        area.present()?;
    }
    Ok(svg)
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
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(x, 0.0..top)?;
    chart.configure_mesh().x_desc(&plot.x).y_desc(&plot.y).draw()?;
    for ((name, points), colour) in plot.lines.iter().zip(COLOURS) {
        let line = chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3))?;
        line.label(name).legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart.configure_series_labels().background_style(WHITE).border_style(BLACK.mix(0.3)).draw()?;
    Ok(())
}
