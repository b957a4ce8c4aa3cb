//! One substance under its checks: the primary row with ROR (Wald 95 %), and a row beneath it for every check.
//! How a check came out shows in the shape and the fill of its mark, and in words.

use super::axis::{Axis, Place, Scale};
use super::canvas::{Anchor, Canvas, Dash};
use super::forest::{Mark, arrow};
use super::measure::Font;
use super::palette::Ink;
use super::{Svg, legend};
use crate::interval::Interval;
use crate::number::{NOT_DEFINED, decimals, thousands};

const TEXT: Font = Font::plain(12.0);
const BOLD: Font = Font::bold(13.0);
const HEAD: Font = Font::bold(12.0);
const MARGIN: f64 = 6.0;
const GAP: f64 = 14.0;
/// Where a check is set in beneath the primary row.
const INDENT: f64 = 14.0;
const LABEL: f64 = 285.0;
const PLOT: f64 = 230.0;
const OUTCOME: f64 = 215.0;
const PADDING: f64 = 3.0;

/// How a row came out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CheckState {
    /// The primary count.
    Primary,
    /// The signal is there under the check too.
    Holds,
    /// The check ends the signal.
    Ends,
    /// There is a signal only under the check.
    Appears,
    /// There is none in either.
    Absent,
    /// The check cannot say.
    NotAssessable,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckFigureRow {
    /// What was counted.
    pub label: String,
    /// How it came out.
    pub state: CheckState,
    /// The same in words, with what is to be said of it.
    pub words: String,
    /// Cases; `None` if nothing could be counted.
    pub cases: Option<u64>,
    /// ROR (Wald 95 %).
    pub ror: Interval,
    /// Lower 95 % limit of the IC.
    pub ic025: Option<f64>,
}

/// A substance under its checks, to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckFigure {
    /// The id of the element; unique in a page.
    pub id: String,
    /// The title.
    pub title: String,
    /// The primary row first, then the checks.
    pub rows: Vec<CheckFigureRow>,
}

/// Where the columns stand: right edges of numbers, left ones of the rest.
struct Layout {
    cases: f64,
    plot: f64,
    ror: f64,
    ic: f64,
    outcome: f64,
    right: f64,
}

impl CheckFigure {
    /// Draws the figure.
    pub fn svg(&self) -> Svg {
        let layout = self.layout();
        let axis = Axis::fit(
            self.rows.iter().filter_map(|row| row.ror.value()),
            self.rows.iter().filter_map(|row| row.ror.limits()).flat_map(|(l, u)| [l, u]),
            Scale::Auto,
            (layout.plot, PLOT),
            TEXT,
        );
        let mut canvas = Canvas::default();
        let top = header(&mut canvas, &layout);
        let heights: Vec<f64> = self.rows.iter().map(height).collect();
        let bottom = top + heights.iter().sum::<f64>();
        let mut y = top;
        for (place, height) in heights.iter().enumerate() {
            if place % 2 == 0 {
                canvas.rect((MARGIN, y), (layout.right - MARGIN, *height), Ink::Band);
            }
            y += height;
        }
        for (log, _) in &axis.ticks {
            let x = axis.at_log(*log);
            canvas.line((x, top), (x, bottom), (0.6, Dash::Solid), Ink::Rule);
        }
        let one = axis.at_log(0.0);
        canvas.line((one, top), (one, bottom + 4.0), (1.2, Dash::Dashed), Ink::Text);
        let mut y = top;
        for (row, height) in self.rows.iter().zip(&heights) {
            draw_row(&mut canvas, &layout, &axis, row, (y, *height));
            y += height;
        }
        canvas.line((MARGIN, bottom), (layout.right, bottom), (1.0, Dash::Solid), Ink::Text);
        for (log, label) in &axis.ticks {
            let x = axis.at_log(*log);
            canvas.line((x, bottom), (x, bottom + 5.0), (1.0, Dash::Solid), Ink::Text);
            canvas.text((x, bottom + 19.0), Anchor::Middle, TEXT, Ink::Text, label);
        }
        let below =
            legend::draw(&mut canvas, &self.legend(), (MARGIN, bottom + 24.0), layout.right);
        let size = (layout.right + MARGIN, below + MARGIN);
        canvas.finish(&self.id, size, &self.title, &self.described())
    }

    fn layout(&self) -> Layout {
        let widest = |text: &dyn Fn(&CheckFigureRow) -> String, least: &str| {
            let widths = self.rows.iter().map(|row| BOLD.width(&text(row)));
            widths.fold(HEAD.width(least), f64::max)
        };
        let cases = MARGIN + INDENT + LABEL + GAP + widest(&cases_text, "Cases");
        let plot = cases + GAP * 1.25;
        let ror = plot + PLOT + GAP * 1.25;
        let ic = ror
            + widest(&|row| row.ror.as_ratio(), "ROR (Wald 95 %)")
            + GAP
            + widest(&ic_text, "IC025");
        let outcome = ic + GAP * 1.25;
        Layout { cases, plot, ror, ic, outcome, right: outcome + OUTCOME }
    }

    fn legend(&self) -> Vec<legend::Entry> {
        let has = |state| self.rows.iter().any(|row| row.state == state);
        let mut entries = vec![legend::Entry::mark(Mark::Square, "primary count")];
        for (state, words) in [
            (CheckState::Holds, "holds (filled)"),
            (CheckState::Ends, "ends (hollow, struck)"),
            (CheckState::Appears, "appears (triangle)"),
            (CheckState::Absent, "absent (small, hollow)"),
            (CheckState::NotAssessable, "not assessable (dash)"),
        ] {
            if has(state) {
                entries.push(legend::Entry::state(state, words));
            }
        }
        entries.push(legend::Entry::words("logarithmic axis; dashed line: ROR 1"));
        entries
    }

    /// In words, for those who do not see it.
    fn described(&self) -> String {
        let mut text = self.title.clone();
        text.push('.');
        for row in &self.rows {
            let what =
                if row.words.is_empty() { String::new() } else { format!(", {}", row.words) };
            let ror = if row.cases.is_some() {
                format!(": ROR {}", row.ror.as_ratio())
            } else {
                String::new()
            };
            text.push_str(&format!(" {}{ror}{what}.", row.label));
        }
        text
    }
}

fn cases_text(row: &CheckFigureRow) -> String {
    row.cases.map_or_else(|| "–".to_owned(), thousands)
}

fn ic_text(row: &CheckFigureRow) -> String {
    row.ic025.filter(|x| x.is_finite()).map_or_else(|| "–".to_owned(), |x| decimals(x, 2))
}

fn header(canvas: &mut Canvas, layout: &Layout) -> f64 {
    let y = MARGIN + HEAD.size;
    let mut put = |x: f64, anchor, text: &str| canvas.text((x, y), anchor, HEAD, Ink::Text, text);
    put(MARGIN, Anchor::Start, "What was counted");
    put(layout.cases, Anchor::End, "Cases");
    put(layout.ror, Anchor::Start, "ROR (Wald 95 %)");
    put(layout.ic, Anchor::End, "IC025");
    put(layout.outcome, Anchor::Start, "Outcome");
    let rule = y + 7.0;
    canvas.line((MARGIN, rule), (layout.right, rule), (1.5, Dash::Solid), Ink::Text);
    rule
}

fn label_lines(row: &CheckFigureRow) -> Vec<String> {
    match row.state {
        CheckState::Primary => BOLD.wrap(&row.label, LABEL + INDENT, 4),
        _ => TEXT.wrap(&row.label, LABEL, 4),
    }
}

fn word_lines(row: &CheckFigureRow) -> Vec<String> {
    TEXT.wrap(&row.words, OUTCOME, 6)
}

fn height(row: &CheckFigureRow) -> f64 {
    // Lines are a handful.
    let lines = label_lines(row).len().max(word_lines(row).len()).max(1) as f64;
    let extra = if row.state == CheckState::Primary { 4.0 } else { 0.0 };
    lines * TEXT.line() + 2.0 * PADDING + extra
}

fn draw_row(
    canvas: &mut Canvas,
    layout: &Layout,
    axis: &Axis,
    row: &CheckFigureRow,
    (top, height): (f64, f64),
) {
    let is_primary = row.state == CheckState::Primary;
    let font = if is_primary { BOLD } else { TEXT };
    let first = |lines: usize| {
        let block = lines.max(1) as f64 * TEXT.line();
        top + (height - block) / 2.0 + TEXT.size * 0.98
    };
    let indent = if is_primary { 2.0 } else { INDENT };
    let labels = label_lines(row);
    let place = (MARGIN + indent, first(labels.len()));
    canvas.lines(place, Anchor::Start, font, Ink::Text, &labels);
    let middle = top + height / 2.0;
    let y = middle + TEXT.size * 0.34;
    canvas.text((layout.cases, y), Anchor::End, font, Ink::Text, &cases_text(row));
    canvas.text((layout.ic, y), Anchor::End, font, Ink::Text, &ic_text(row));
    match row.cases {
        Some(_) => {
            let ror = row.ror.as_ratio();
            let ink = if ror == NOT_DEFINED { Ink::Muted } else { Ink::Text };
            canvas.text((layout.ror, y), Anchor::Start, font, ink, &ror);
        }
        None => canvas.text((layout.ror, y), Anchor::Start, TEXT, Ink::Muted, "–"),
    }
    let words = word_lines(row);
    let ink = match row.state {
        CheckState::NotAssessable | CheckState::Absent => Ink::Muted,
        _ => Ink::Text,
    };
    canvas.lines((layout.outcome, first(words.len())), Anchor::Start, TEXT, ink, &words);
    draw_mark(canvas, axis, row, middle);
}

fn draw_mark(canvas: &mut Canvas, axis: &Axis, row: &CheckFigureRow, y: f64) {
    let ink = row.state.ink();
    let Some(point) = row.ror.value().filter(|_| row.cases.is_some()) else {
        if row.state == CheckState::NotAssessable {
            let middle = f64::midpoint(axis.left(), axis.right());
            canvas.line((middle - 7.0, y), (middle + 7.0, y), (2.0, Dash::Solid), Ink::Muted);
        }
        return;
    };
    if let Some((lower, upper)) = row.ror.limits() {
        let mut end = |value: f64| match axis.place(value) {
            Place::At(x) => x,
            Place::Below => {
                arrow(canvas, (axis.left(), y), -1.0, ink);
                axis.left()
            }
            Place::Above => {
                arrow(canvas, (axis.right(), y), 1.0, ink);
                axis.right()
            }
        };
        let (from, to) = (end(lower), end(upper));
        let dash = if row.state == CheckState::NotAssessable { Dash::Dashed } else { Dash::Solid };
        let width = if row.state == CheckState::Primary { 2.0 } else { 1.2 };
        canvas.line((from, y), (to, y), (width, dash), ink);
    }
    match axis.place(point) {
        Place::At(x) => row.state.draw(canvas, (x, y)),
        Place::Below => arrow(canvas, (axis.left(), y), -1.0, ink),
        Place::Above => arrow(canvas, (axis.right(), y), 1.0, ink),
    }
}

impl CheckState {
    fn ink(self) -> Ink {
        match self {
            Self::Primary => Ink::Grey,
            Self::Holds => Ink::Blue,
            Self::Ends | Self::Appears => Ink::Vermilion,
            Self::Absent | Self::NotAssessable => Ink::Muted,
        }
    }

    /// The mark around a place.
    pub(super) fn draw(self, canvas: &mut Canvas, (x, y): (f64, f64)) {
        let ink = self.ink();
        match self {
            Self::Primary => canvas.shape(&Mark::Square.path((x, y), 11.0), ink, false),
            Self::Holds => canvas.shape(&Mark::Circle.path((x, y), 7.5), ink, false),
            Self::Ends => {
                canvas.shape(&Mark::Circle.path((x, y), 8.5), ink, true);
                canvas.line((x - 6.0, y + 6.0), (x + 6.0, y - 6.0), (1.6, Dash::Solid), ink);
            }
            Self::Appears => canvas.shape(&Mark::Triangle.path((x, y), 7.0), ink, false),
            Self::Absent => canvas.shape(&Mark::Circle.path((x, y), 5.5), ink, true),
            Self::NotAssessable => {
                canvas.line((x - 6.0, y), (x + 6.0, y), (2.6, Dash::Solid), ink);
            }
        }
    }
}
