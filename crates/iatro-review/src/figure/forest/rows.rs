//! The rows of a forest plot: bands, group headers, names, numbers, marks.

use super::columns::Columns;
use super::{Forest, ForestGroup, ForestRow, MARGIN, TEXT, mark};
use crate::figure::axis::Axis;
use crate::figure::canvas::{Anchor, Canvas};
use crate::figure::measure::Font;
use crate::figure::palette::Ink;

const GROUP: Font = Font::bold(13.0);
/// Height of a group's header, of white above and below a name, and of the word for no rows.
const GROUP_HEIGHT: f64 = 28.0;
const PADDING: f64 = 4.0;
const NOTHING_HEIGHT: f64 = 40.0;
/// A name with more lines than this ends in an ellipsis; the data table has it whole.
const NAME_LINES: usize = 5;
/// Size of the empty space above a baseline, as a share of the font size.
const ASCENT: f64 = 0.82;

/// What all rows share.
pub(super) struct Frame<'a> {
    pub(super) columns: &'a Columns,
    pub(super) axis: &'a Axis,
    pub(super) most_cases: u64,
}

impl Frame<'_> {
    pub(super) fn group_height(&self, group: &ForestGroup) -> f64 {
        let header = self.header_height(group);
        header + group.rows.iter().map(|row| self.row_height(row)).sum::<f64>()
    }

    pub(super) fn draw_nothing_height(&self) -> f64 {
        NOTHING_HEIGHT
    }

    /// Bands under every other row; drawn first, so that nothing is hidden by them.
    pub(super) fn draw_ground(&self, canvas: &mut Canvas, forest: &Forest, top: f64) {
        let mut y = top;
        for group in &forest.groups {
            y += self.header_height(group);
            for (place, row) in group.rows.iter().enumerate() {
                let height = self.row_height(row);
                if place % 2 == 0 {
                    let width = self.columns.right - MARGIN;
                    canvas.rect((MARGIN, y), (width, height), Ink::Band);
                }
                y += height;
            }
        }
    }

    pub(super) fn draw_rows(&self, canvas: &mut Canvas, forest: &Forest, top: f64) {
        let mut y = top;
        for group in &forest.groups {
            let header = self.header_height(group);
            if header > 0.0 {
                let baseline = (MARGIN + 2.0, y + header - 9.0);
                canvas.text(baseline, Anchor::Start, GROUP, Ink::Text, &group.title);
            }
            y += header;
            for row in &group.rows {
                self.draw_row(canvas, group, row, y);
                y += self.row_height(row);
            }
        }
        if forest.groups.iter().all(|group| group.rows.is_empty()) {
            let place = (MARGIN, top + 25.0);
            canvas.text(place, Anchor::Start, TEXT, Ink::Muted, "No substance to show.");
        }
    }

    fn draw_row(&self, canvas: &mut Canvas, group: &ForestGroup, row: &ForestRow, top: f64) {
        let lines = self.name_lines(row);
        let baseline = top + PADDING + TEXT.size * ASCENT + (TEXT.line() - TEXT.size) / 2.0;
        canvas.lines((MARGIN + 2.0, baseline), Anchor::Start, row.name_font(), Ink::Text, &lines);
        let middle = top + self.row_height(row) / 2.0;
        let numbers = middle + TEXT.size * 0.34;
        self.columns.draw_numbers(canvas, row, numbers);
        mark::draw(canvas, self.axis, row, group.mark, (middle, self.most_cases));
    }

    fn header_height(&self, group: &ForestGroup) -> f64 {
        if group.title.is_empty() || group.rows.is_empty() { 0.0 } else { GROUP_HEIGHT }
    }

    fn row_height(&self, row: &ForestRow) -> f64 {
        // Lines are a handful.
        let lines = self.name_lines(row).len().max(1) as f64;
        lines * TEXT.line() + 2.0 * PADDING
    }

    fn name_lines(&self, row: &ForestRow) -> Vec<String> {
        row.name_font().wrap(&row.full_name(), self.columns.name_width, NAME_LINES)
    }
}
