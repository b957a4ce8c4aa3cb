//! The columns of a forest plot, as wide as their content.

use super::{ForestRow, MARGIN, PLOT_WIDTH, SMALL_BOLD, TEXT};
use crate::figure::canvas::{Anchor, Canvas, Dash};
use crate::figure::measure::Font;
use crate::figure::palette::Ink;
use crate::number::{NOT_DEFINED, significant, thousands};

/// White between columns.
const GAP: f64 = 14.0;
/// Between the parts of one label.
const SPACE: f64 = 5.0;
const NAME_LEAST: f64 = 110.0;
const NAME_MOST: f64 = 235.0;

/// What stands in the header over a column, in lines.
const NAME: [&str; 1] = ["Substance"];
const CASES: [&str; 1] = ["Cases"];
const EXPECTED: [&str; 1] = ["Expected"];
const ROR: [&str; 2] = ["ROR", "(Wald 95 %) [cases]"];
const IC: [&str; 2] = ["IC", "(exact gamma 95 %)"];

/// Where the columns stand: left edges, or right ones of what is aligned at the right.
#[derive(Debug)]
pub(super) struct Columns {
    /// The width of a name.
    pub(super) name_width: f64,
    /// The right edge of the case counts.
    pub(super) cases: f64,
    /// The right edge of the expected counts.
    pub(super) expected: f64,
    /// The left edge of the plot.
    pub(super) plot: f64,
    /// The left edge of the ROR column.
    pub(super) ror: f64,
    /// The right edge of its points.
    pub(super) ror_point: f64,
    /// The right edge of the bracketed counts.
    pub(super) label: f64,
    /// The left edge of the IC column.
    pub(super) ic: f64,
    /// The right edge of its points.
    pub(super) ic_point: f64,
    /// The right edge of the figure's content.
    pub(super) right: f64,
}

impl Columns {
    pub(super) fn fit(rows: &[&ForestRow]) -> Self {
        let widest = |text: &dyn Fn(&ForestRow) -> String| {
            rows.iter().map(|row| TEXT.width(&text(row))).fold(0.0, f64::max)
        };
        let names = rows.iter().map(|row| row.name_font().width(&row.full_name()));
        let name_width = names.fold(0.0, f64::max).clamp(NAME_LEAST, NAME_MOST);
        let cases_width = widest(&|row| thousands(row.cases)).max(header_width(&CASES));
        let cases = MARGIN + name_width + GAP + cases_width;
        let expected_width = widest(&ForestRow::expected_text).max(header_width(&EXPECTED));
        let expected = cases + GAP + expected_width;
        let plot = expected + GAP * 1.25;
        let ror = plot + PLOT_WIDTH + GAP * 1.25;
        let ror_point = ror + widest(&|row| row.ror.ratio_point().unwrap_or_default());
        let ror_limits = widest(&|row| row.ror.ratio_limits().unwrap_or_default());
        let bare = widest(&|row| row.ror_without_limits().unwrap_or_default());
        let count = widest(&|row| bracketed(row.cases));
        let label = (ror_point + SPACE + ror_limits.max(bare) + SPACE + count)
            .max(ror + TEXT.width(NOT_DEFINED) + SPACE + count)
            .max(ror + header_width(&ROR));
        let ic = label + GAP;
        let ic_point = ic + widest(&|row| row.ic.log_point().unwrap_or_default());
        let ic_limits = widest(&|row| row.ic.log_limits().unwrap_or_default());
        let right = (ic_point + SPACE + ic_limits)
            .max(ic + TEXT.width(NOT_DEFINED))
            .max(ic + header_width(&IC));
        Self { name_width, cases, expected, plot, ror, ror_point, label, ic, ic_point, right }
    }

    /// Draws the header; returns the height at which the rows begin.
    pub(super) fn draw_header(&self, canvas: &mut Canvas) -> f64 {
        let first = MARGIN + SMALL_BOLD.size;
        let last = first + SMALL_BOLD.line();
        let mut put = |x: f64, anchor: Anchor, lines: &[&str]| {
            let offset = SMALL_BOLD.line() * (2 - lines.len().min(2)) as f64;
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            canvas.lines((x, first + offset), anchor, SMALL_BOLD, Ink::Text, &lines);
        };
        put(MARGIN, Anchor::Start, &NAME);
        put(self.cases, Anchor::End, &CASES);
        put(self.expected, Anchor::End, &EXPECTED);
        put(self.ror, Anchor::Start, &ROR);
        put(self.ic, Anchor::Start, &IC);
        let rule = last + 7.0;
        canvas.line((MARGIN, rule), (self.right, rule), (1.5, Dash::Solid), Ink::Text);
        rule
    }

    /// The numbers of a row, with their baseline at `y`.
    pub(super) fn draw_numbers(&self, canvas: &mut Canvas, row: &ForestRow, y: f64) {
        let mut put = |x: f64, anchor: Anchor, ink: Ink, text: &str| {
            canvas.text((x, y), anchor, TEXT, ink, text);
        };
        put(self.cases, Anchor::End, Ink::Text, &thousands(row.cases));
        put(self.expected, Anchor::End, Ink::Text, &row.expected_text());
        match (row.ror.ratio_point(), row.ror.ratio_limits()) {
            (Some(point), limits) => {
                put(self.ror_point, Anchor::End, Ink::Text, &point);
                let limits = limits.or_else(|| row.ror_without_limits()).unwrap_or_default();
                put(self.ror_point + SPACE, Anchor::Start, Ink::Text, &limits);
            }
            (None, _) => put(self.ror, Anchor::Start, Ink::Muted, NOT_DEFINED),
        }
        put(self.label, Anchor::End, Ink::Muted, &bracketed(row.cases));
        match (row.ic.log_point(), row.ic.log_limits()) {
            (Some(point), Some(limits)) => {
                put(self.ic_point, Anchor::End, Ink::Text, &point);
                put(self.ic_point + SPACE, Anchor::Start, Ink::Text, &limits);
            }
            _ => put(self.ic, Anchor::Start, Ink::Muted, NOT_DEFINED),
        }
    }
}

impl ForestRow {
    /// The name with the note behind it.
    pub(super) fn full_name(&self) -> String {
        if self.note.is_empty() {
            self.name.clone()
        } else {
            format!("{} ({})", self.name, self.note)
        }
    }

    fn expected_text(&self) -> String {
        self.expected.map_or_else(|| NOT_DEFINED.to_owned(), significant)
    }

    /// What stands in the place of the limits of a point that has none.
    fn ror_without_limits(&self) -> Option<String> {
        (self.ror.value().is_some() && self.ror.limits().is_none())
            .then(|| format!("({NOT_DEFINED})"))
    }
}

fn bracketed(cases: u64) -> String {
    format!("[{}]", thousands(cases))
}

fn header_width(lines: &[&str]) -> f64 {
    let font: Font = SMALL_BOLD;
    lines.iter().map(|line| font.width(line)).fold(0.0, f64::max)
}
