//! The line plot: a share by a number on a logarithmic axis, a line with marks for every series.

use super::axis::{Axis, Place, Scale};
use super::canvas::{Anchor, Canvas, Dash};
use super::forest::Mark;
use super::linear::Span;
use super::measure::Font;
use super::palette::Ink;
use super::{Svg, legend};
use crate::interval::Interval;
use crate::number::{counted, decimals, significant};

const SMALL: Font = Font::plain(12.0);
const MARGIN: f64 = 10.0;
const PLOT: (f64, f64) = (460.0, 280.0);
const SIDE: f64 = 8.0;
/// How far apart marks of two series at the same place stand.
const STEP_ASIDE: f64 = 5.0;

/// A line plot to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LinePlot {
    /// The id of the element; unique in a page.
    pub id: String,
    /// The title, read out and shown by programs that show titles.
    pub title: String,
    /// The name of the logarithmic axis, from left to right.
    pub across: String,
    /// The name of the linear axis, with what the intervals are.
    pub upwards: String,
    /// What the linear axis shows.
    pub span: Span,
    /// The lines.
    pub series: Vec<LineSeries>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineSeries {
    /// Its name, for the legend.
    pub name: String,
    /// The shape of its marks.
    pub mark: Mark,
    /// Places on the logarithmic axis, above 0, with their values; passed over without a point.
    pub points: Vec<(f64, Interval)>,
}

impl LinePlot {
    /// Draws the plot.
    pub fn svg(&self) -> Svg {
        let labels = self.span.ticks().into_iter().map(|(_, label)| SMALL.width(&label));
        let left = MARGIN + labels.fold(0.0, f64::max) + 12.0;
        let lines = SMALL.wrap(&self.upwards, PLOT.0, 3);
        let top = MARGIN + SMALL.line() * lines.len() as f64 + 8.0;
        let (right, bottom) = (left + PLOT.0, top + PLOT.1);
        let mut canvas = Canvas::default();
        canvas.lines((MARGIN, MARGIN + SMALL.size), Anchor::Start, SMALL, Ink::Text, &lines);
        let places = self.series.iter().flat_map(|series| &series.points).map(|(x, _)| *x);
        let within = (left + 14.0, PLOT.0 - 28.0);
        let axis = Axis::fit(places, std::iter::empty(), Scale::Log10, within, SMALL);
        self.draw_grid(&mut canvas, &axis, (left, right), (top, bottom));
        for (number, series) in self.series.iter().enumerate() {
            let middle = self.series.len().saturating_sub(1) as f64 / 2.0;
            let aside = (number as f64 - middle) * STEP_ASIDE;
            self.draw_series(&mut canvas, &axis, series, aside, (bottom, top));
        }
        let middle = f64::midpoint(left, right);
        canvas.text((middle, bottom + 37.0), Anchor::Middle, SMALL, Ink::Text, &self.across);
        let mark = |series: &LineSeries| legend::Entry::mark(series.mark, &series.name);
        let entries: Vec<legend::Entry> = self.series.iter().map(mark).collect();
        let edge = right + MARGIN * 2.0;
        let below = legend::draw(&mut canvas, &entries, (MARGIN, bottom + 46.0), edge);
        canvas.finish(&self.id, (edge + MARGIN, below + MARGIN), &self.title, &self.describe())
    }

    fn draw_grid(
        &self,
        canvas: &mut Canvas,
        axis: &Axis,
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
    ) {
        for (value, label) in self.span.ticks() {
            let y = self.span.held(value, (bottom, top));
            canvas.line((left, y), (right, y), (0.6, Dash::Solid), Ink::Rule);
            canvas.text((left - 6.0, y + 4.0), Anchor::End, SMALL, Ink::Text, &label);
        }
        if let Some(Place::At(y)) = self.span.reference.map(|v| self.span.place(v, (bottom, top))) {
            canvas.line((left, y), (right, y), (1.2, Dash::Dashed), Ink::Text);
        }
        canvas.line((left, bottom), (right, bottom), (1.0, Dash::Solid), Ink::Text);
        for (log, label) in &axis.ticks {
            let x = axis.at_log(*log);
            canvas.line((x, bottom), (x, bottom + 5.0), (1.0, Dash::Solid), Ink::Text);
            canvas.text((x, bottom + 19.0), Anchor::Middle, SMALL, Ink::Text, label);
        }
    }

    fn draw_series(
        &self,
        canvas: &mut Canvas,
        axis: &Axis,
        series: &LineSeries,
        aside: f64,
        ends: (f64, f64),
    ) {
        let ink = series.mark.ink();
        let mut before: Option<(f64, f64)> = None;
        let mut marks = Vec::new();
        for (place, value) in &series.points {
            let (Place::At(x), Some(point)) = (axis.place(*place), value.value()) else { continue };
            let (x, y) = (x + aside, self.span.held(point, ends));
            if let Some((lower, upper)) = value.limits() {
                let (low, high) = (self.span.held(lower, ends), self.span.held(upper, ends));
                canvas.line((x, low), (x, high), (1.0, Dash::Solid), ink);
            }
            if let Some(from) = before {
                canvas.line(from, (x, y), (1.5, Dash::Solid), ink);
            }
            before = Some((x, y));
            marks.push(series.mark.path((x, y), SIDE));
        }
        marks.iter().for_each(|mark| canvas.shape(mark, ink, false));
    }

    fn describe(&self) -> String {
        let mut text = format!(
            "Line plot of {} by {} on a logarithmic axis; {} from {}.",
            counted(self.series.len() as u64, "series", "series"),
            self.across,
            self.upwards,
            self.span.range(),
        );
        for series in &self.series {
            let point = |(place, value): &(f64, Interval)| {
                let value = decimals(value.value()?, 2);
                Some(format!("{value} at {}", significant(*place)))
            };
            let points: Vec<String> = series.points.iter().filter_map(point).collect();
            let name = series.mark.name();
            text.push_str(&format!(" {} ({name}s): {}.", series.name, points.join(", ")));
        }
        text
    }
}
