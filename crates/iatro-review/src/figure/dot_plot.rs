//! The dot plot: rows by name, on each a dot with its interval for every series, on one linear axis.

use super::axis::Place;
use super::canvas::{Anchor, Canvas, Dash};
use super::forest::Mark;
use super::linear::Span;
use super::measure::Font;
use super::palette::Ink;
use super::{Svg, legend};
use crate::interval::Interval;
use crate::number::{counted, decimals};

const TEXT: Font = Font::plain(13.0);
const MARGIN: f64 = 10.0;
const GAP: f64 = 12.0;
const LABEL_LEAST: f64 = 100.0;
const LABEL_MOST: f64 = 260.0;
const PLOT_WIDTH: f64 = 430.0;
/// Height that one series takes in a row, and white around a row.
const LANE: f64 = 9.0;
const PADDING: f64 = 7.0;
const SIDE: f64 = 7.0;

/// A dot plot to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct DotPlot {
    /// The id of the element; unique in a page.
    pub id: String,
    /// The title, read out and shown by programs that show titles.
    pub title: String,
    /// The name of the axis, with what the intervals are.
    pub axis: String,
    /// What the axis shows. A value outside stands at its end, hollow.
    pub span: Span,
    /// What is compared, in the order of the dots of a row.
    pub series: Vec<DotSeries>,
    /// The rows.
    pub rows: Vec<DotRow>,
}

/// One thing that has a dot in every row.
#[derive(Clone, Debug, PartialEq)]
pub struct DotSeries {
    /// Its name, for the legend.
    pub name: String,
    /// The shape of its dots.
    pub mark: Mark,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct DotRow {
    /// Its name.
    pub name: String,
    /// By series, the dot; without a point there is none.
    pub dots: Vec<Interval>,
}

impl DotPlot {
    /// Draws the plot.
    pub fn svg(&self) -> Svg {
        let names = self.rows.iter().map(|row| TEXT.width(&row.name)).fold(0.0, f64::max);
        let name_width = names.clamp(LABEL_LEAST, LABEL_MOST);
        let left = MARGIN + name_width + GAP;
        let right = left + PLOT_WIDTH;
        let mut canvas = Canvas::default();
        let heights: Vec<f64> = self.rows.iter().map(|row| self.height(row, name_width)).collect();
        let bottom = MARGIN + heights.iter().sum::<f64>().max(TEXT.line() * 2.0);
        let mut y = MARGIN;
        for (place, height) in heights.iter().enumerate() {
            if place % 2 == 0 {
                canvas.rect((MARGIN, y), (right - MARGIN, *height), Ink::Band);
            }
            y += height;
        }
        self.span.draw_grid(&mut canvas, (left, right), (MARGIN, bottom));
        let mut y = MARGIN;
        for (row, height) in self.rows.iter().zip(&heights) {
            self.draw_row(&mut canvas, row, (y, *height), (left, right), name_width);
            y += height;
        }
        if self.rows.is_empty() {
            canvas.text((MARGIN, y + 18.0), Anchor::Start, TEXT, Ink::Muted, "Nothing to show.");
        }
        let foot = self.span.draw_below(&mut canvas, (left, right), bottom, &self.axis);
        let edge = right + MARGIN * 2.0;
        let below = legend::draw(&mut canvas, &self.legend(), (MARGIN, foot), edge);
        canvas.finish(&self.id, (edge + MARGIN, below + MARGIN), &self.title, &self.describe())
    }

    fn height(&self, row: &DotRow, name_width: f64) -> f64 {
        let lines = TEXT.wrap(&row.name, name_width, 4).len().max(1) as f64 * TEXT.line();
        lines.max(LANE * self.series.len().max(1) as f64) + PADDING
    }

    fn draw_row(
        &self,
        canvas: &mut Canvas,
        row: &DotRow,
        (top, height): (f64, f64),
        ends: (f64, f64),
        name_width: f64,
    ) {
        let lines = TEXT.wrap(&row.name, name_width, 4);
        let middle = top + height / 2.0;
        let above = TEXT.line() * lines.len().saturating_sub(1) as f64 / 2.0;
        let baseline = middle + TEXT.size * 0.34 - above;
        canvas.lines((MARGIN + 2.0, baseline), Anchor::Start, TEXT, Ink::Text, &lines);
        let first = middle - LANE * (self.series.len().saturating_sub(1)) as f64 / 2.0;
        for (lane, (series, dot)) in self.series.iter().zip(&row.dots).enumerate() {
            self.draw_dot(canvas, series.mark, *dot, first + LANE * lane as f64, ends);
        }
    }

    fn draw_dot(&self, canvas: &mut Canvas, mark: Mark, dot: Interval, y: f64, ends: (f64, f64)) {
        let Some(point) = dot.value() else { return };
        if let Some((lower, upper)) = dot.limits() {
            let (from, to) = (self.span.held(lower, ends), self.span.held(upper, ends));
            canvas.line((from, y), (to, y), (1.5, Dash::Solid), mark.ink());
        }
        let is_inside = matches!(self.span.place(point, ends), Place::At(_));
        let x = self.span.held(point, ends);
        canvas.shape(&mark.path((x, y), SIDE), mark.ink(), !is_inside);
    }

    fn legend(&self) -> Vec<legend::Entry> {
        let mark = |series: &DotSeries| legend::Entry::mark(series.mark, &series.name);
        let mut entries: Vec<legend::Entry> = self.series.iter().map(mark).collect();
        let dots = self.rows.iter().flat_map(|row| &row.dots).filter_map(|dot| dot.value());
        let is_outside = |value: f64| !matches!(self.span.place(value, (0.0, 1.0)), Place::At(_));
        if dots.into_iter().any(is_outside) {
            entries.push(legend::Entry::hollow("hollow: beyond the axis"));
        }
        entries
    }

    fn describe(&self) -> String {
        let mut text = format!(
            "Dot plot of {} with {} each on an axis from {}: {}.",
            counted(self.rows.len() as u64, "row", "rows"),
            counted(self.series.len() as u64, "dot", "dots"),
            self.span.range(),
            self.axis,
        );
        for (place, series) in self.series.iter().enumerate() {
            let of_series = self.rows.iter().filter_map(|row| row.dots.get(place)?.value());
            let (low, high) = of_series
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), value| {
                    (l.min(value), h.max(value))
                });
            let words = if low <= high {
                format!("{} to {}", decimals(low, 2), decimals(high, 2))
            } else {
                "no value".to_owned()
            };
            text.push_str(&format!(" {} ({}s): {words}.", series.name, series.mark.name()));
        }
        text
    }
}
