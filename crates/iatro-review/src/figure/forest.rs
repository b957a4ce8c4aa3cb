//! The forest plot: substances with ROR (Wald 95 %) on a logarithmic axis, and their numbers beside it.

mod columns;
mod describe;
mod mark;
mod rows;

use iatro_signals::run::Signal;

use self::columns::Columns;
use self::rows::Frame;
use super::axis::{Axis, Scale};
use super::canvas::{Anchor, Canvas, Dash};
use super::measure::Font;
use super::palette::Ink;
use super::{Svg, legend};
use crate::interval::Interval;

pub use mark::Mark;
pub(super) use mark::arrow;

/// Text of the rows.
const TEXT: Font = Font::plain(13.0);
const TEXT_BOLD: Font = Font::bold(13.0);
/// Text of headers, ticks and the legend.
const SMALL: Font = Font::plain(12.0);
const SMALL_BOLD: Font = Font::bold(12.0);
/// White around the figure.
const MARGIN: f64 = 6.0;
const PLOT_WIDTH: f64 = 290.0;

/// A forest plot to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    /// The id of the element; unique in a page.
    pub id: String,
    /// The title, read out and shown by programs that show titles.
    pub title: String,
    /// Groups of rows, in order; a group without a title has no header.
    pub groups: Vec<ForestGroup>,
    /// The ticks of the axis.
    pub scale: Scale,
}

/// Rows with one kind of mark.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForestGroup {
    /// What the substances have in common: the header of the group and the words of the legend.
    pub title: String,
    /// The shape of their marks.
    pub mark: Mark,
    /// The rows.
    pub rows: Vec<ForestRow>,
}

/// A substance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForestRow {
    /// Its name.
    pub name: String,
    /// A word or two behind the name.
    pub note: String,
    /// Whether it is a signal of disproportionate reporting (IC025 above 0): its name is bold.
    pub signal: bool,
    /// Cases: reports with substance and event.
    pub cases: u64,
    /// Expected cases.
    pub expected: Option<f64>,
    /// ROR (Wald 95 %).
    pub ror: Interval,
    /// IC (exact gamma 95 %).
    pub ic: Interval,
}

impl ForestRow {
    /// The row of a signal.
    pub fn of(signal: &Signal) -> Self {
        Self {
            name: signal.substance.clone(),
            note: String::new(),
            signal: signal.is_disproportionate(),
            cases: signal.estimates.a,
            expected: signal.estimates.expected,
            ror: Interval::ror(signal),
            ic: Interval::ic(signal),
        }
    }

    /// The label as papers print it: `3.08 (1.67–5.68) [12]`.
    pub fn label(&self) -> String {
        format!("{} [{}]", self.ror.as_ratio(), crate::number::thousands(self.cases))
    }

    fn name_font(&self) -> Font {
        if self.signal { TEXT_BOLD } else { TEXT }
    }

    /// Whether the mark is hollow: fewer than three cases, or no interval.
    pub fn is_hollow(&self) -> bool {
        self.cases < 3 || self.ror.limits().is_none()
    }
}

impl Forest {
    /// Draws the plot.
    pub fn svg(&self) -> Svg {
        let rows: Vec<&ForestRow> = self.rows().collect();
        let columns = Columns::fit(&rows);
        let axis = Axis::fit(
            rows.iter().filter_map(|row| row.ror.value()),
            rows.iter().filter_map(|row| row.ror.limits()).flat_map(|(l, u)| [l, u]),
            self.scale,
            (columns.plot, PLOT_WIDTH),
            SMALL,
        );
        let mut canvas = Canvas::default();
        let top = columns.draw_header(&mut canvas);
        let most_cases = rows.iter().map(|row| row.cases).max().unwrap_or(0);
        let frame = Frame { columns: &columns, axis: &axis, most_cases };
        let bottom = top + self.height(&frame);
        frame.draw_ground(&mut canvas, self, top);
        draw_grid(&mut canvas, &axis, (top, bottom));
        frame.draw_rows(&mut canvas, self, top);
        draw_rule(&mut canvas, &columns, bottom, 1.0);
        let foot = draw_axis(&mut canvas, &axis, bottom);
        let below = legend::draw(&mut canvas, &self.legend(&axis), (MARGIN, foot), columns.right);
        let size = (columns.right + MARGIN, below + MARGIN);
        canvas.finish(&self.id, size, &self.title, &describe::describe(self, &axis))
    }

    fn rows(&self) -> impl Iterator<Item = &ForestRow> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    fn height(&self, frame: &Frame<'_>) -> f64 {
        if self.rows().next().is_none() {
            return frame.draw_nothing_height();
        }
        self.groups.iter().map(|group| frame.group_height(group)).sum()
    }

    /// What stands in the figure and needs a word.
    fn legend(&self, axis: &Axis) -> Vec<legend::Entry> {
        let mut entries = Vec::new();
        for group in self.groups.iter().filter(|group| !group.rows.is_empty()) {
            if !group.title.is_empty() {
                entries.push(legend::Entry::mark(group.mark, &group.title));
            }
        }
        if self.rows().any(|row| row.signal) {
            entries.push(legend::Entry::bold("bold: IC025 > 0"));
        }
        if self.rows().any(ForestRow::is_hollow) {
            let hollow = "hollow: fewer than 3 cases, or interval not defined";
            entries.push(legend::Entry::hollow(hollow));
        }
        if self.rows().any(|row| mark::leaves(axis, row.ror)) {
            entries.push(legend::Entry::arrow("goes on beyond the axis"));
        }
        if self.rows().next().is_some() {
            entries.push(legend::Entry::words("area of a mark, and number in brackets: cases"));
        }
        entries
    }
}

/// Thin lines at the ticks, and the line at 1.
fn draw_grid(canvas: &mut Canvas, axis: &Axis, (top, bottom): (f64, f64)) {
    for (log, _) in &axis.ticks {
        let x = axis.at_log(*log);
        canvas.line((x, top), (x, bottom), (0.6, Dash::Solid), Ink::Rule);
    }
    let one = axis.at_log(0.0);
    canvas.line((one, top), (one, bottom + 4.0), (1.2, Dash::Dashed), Ink::Text);
}

fn draw_rule(canvas: &mut Canvas, columns: &Columns, y: f64, width: f64) {
    canvas.line((MARGIN, y), (columns.right, y), (width, Dash::Solid), Ink::Text);
}

/// Ticks, their labels and the name of the axis; returns where the next thing may begin.
fn draw_axis(canvas: &mut Canvas, axis: &Axis, top: f64) -> f64 {
    for (log, label) in &axis.ticks {
        let x = axis.at_log(*log);
        canvas.line((x, top), (x, top + 5.0), (1.0, Dash::Solid), Ink::Text);
        canvas.text((x, top + 19.0), Anchor::Middle, SMALL, Ink::Text, label);
    }
    let middle = f64::midpoint(axis.left(), axis.right());
    let name = "ROR (Wald 95 %), logarithmic axis";
    canvas.text((middle, top + 37.0), Anchor::Middle, SMALL, Ink::Text, name);
    top + 48.0
}

/// An arrow for the legend.
pub(super) fn arrow_sample(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.line((x - 13.0, y), (x - 4.0, y), (1.5, Dash::Solid), Ink::Grey);
    mark::arrow(canvas, (x, y), 1.0, Ink::Grey);
}
