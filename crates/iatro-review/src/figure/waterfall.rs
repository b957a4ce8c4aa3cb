//! The waterfall: from the rows of the files to the cases, with what went and why between the steps.

use iatro_signals::waterfall::{Step, Waterfall};

use super::canvas::{Anchor, Canvas};
use super::measure::Font;
use super::palette::Ink;
use super::{Svg, legend};
use crate::number::{counted, thousands};

const TEXT: Font = Font::plain(13.0);
const COUNT: Font = Font::bold(13.0);
const SMALL: Font = Font::plain(12.0);
const MARGIN: f64 = 10.0;
const GAP: f64 = 14.0;
const LABEL_LEAST: f64 = 120.0;
const LABEL_MOST: f64 = 250.0;
const BAR_WIDTH: f64 = 360.0;
const BAR_HEIGHT: f64 = 18.0;
/// Under this share of the longest bar, the shortest one could not be told from nothing.
const VISIBLE: f64 = 0.01;

/// How long a bar is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Lengths {
    /// Linear, unless the shortest bar would be under 1 % of the longest.
    #[default]
    Auto,
    /// In proportion to the count.
    Linear,
    /// In proportion to the square root of the count.
    SquareRoot,
}

/// A waterfall to be drawn.
#[derive(Clone, Copy, Debug)]
pub struct WaterfallFigure<'a> {
    /// The id of the element; unique in a page.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The steps.
    pub waterfall: &'a Waterfall,
    /// The lengths of the bars.
    pub lengths: Lengths,
}

impl WaterfallFigure<'_> {
    /// Draws the waterfall.
    pub fn svg(&self) -> Svg {
        let steps = &self.waterfall.steps;
        let mut canvas = Canvas::default();
        let layout = Layout::fit(steps, self.lengths);
        let mut y = MARGIN;
        for (place, step) in steps.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| &steps[before]);
            y = layout.draw_step(&mut canvas, before, step, y);
        }
        if steps.is_empty() {
            let place = (MARGIN, y + 18.0);
            canvas.text(place, Anchor::Start, TEXT, Ink::Muted, "No steps to show.");
            y += 30.0;
        }
        let words = legend::Entry::words(layout.lengths_in_words());
        let entries = if steps.is_empty() { Vec::new() } else { vec![words] };
        let bottom = legend::draw(&mut canvas, &entries, (layout.bar, y), layout.right());
        let size = (layout.right() + MARGIN, bottom + MARGIN);
        canvas.finish(self.id, size, self.title, &describe(steps))
    }
}

/// Where things stand.
struct Layout {
    label_width: f64,
    /// The right edge of the counts.
    count: f64,
    /// The left edge of the bars.
    bar: f64,
    longest: f64,
    square_root: bool,
}

impl Layout {
    fn fit(steps: &[Step], lengths: Lengths) -> Self {
        let widest = |width: &dyn Fn(&Step) -> f64| steps.iter().map(width).fold(0.0, f64::max);
        let label_width = widest(&|step| TEXT.width(&step.label)).clamp(LABEL_LEAST, LABEL_MOST);
        let count_width = widest(&|step| {
            COUNT.width(&thousands(step.left)).max(SMALL.width(&removed_text(step)))
        });
        let count = MARGIN + label_width + GAP + count_width;
        let counts = steps.iter().map(|step| as_length(step.left));
        let longest = counts.clone().fold(0.0, f64::max);
        let shortest = counts.filter(|count| *count > 0.0).fold(f64::INFINITY, f64::min);
        let square_root = match lengths {
            Lengths::Auto => longest > 0.0 && shortest / longest < VISIBLE,
            Lengths::Linear => false,
            Lengths::SquareRoot => true,
        };
        Self { label_width, count, bar: count + GAP, longest, square_root }
    }

    fn right(&self) -> f64 {
        self.bar + BAR_WIDTH
    }

    fn length(&self, count: u64) -> f64 {
        if self.longest <= 0.0 || count == 0 {
            return 0.0;
        }
        let share = as_length(count) / self.longest;
        let share = if self.square_root { share.sqrt() } else { share };
        (BAR_WIDTH * share).max(1.0)
    }

    /// Draws what went since the step before, then the step; returns where the next one begins.
    fn draw_step(&self, canvas: &mut Canvas, before: Option<&Step>, step: &Step, y: f64) -> f64 {
        let top = match before {
            Some(_) => self.draw_removed(canvas, step, y),
            None => y,
        };
        let lines = TEXT.wrap(&step.label, self.label_width, 4);
        let baseline = top + BAR_HEIGHT / 2.0 + TEXT.size * 0.34;
        canvas.lines((MARGIN, baseline), Anchor::Start, TEXT, Ink::Text, &lines);
        canvas.text((self.count, baseline), Anchor::End, COUNT, Ink::Text, &thousands(step.left));
        let left = self.length(step.left);
        if let Some(before) = before {
            let gone = self.length(before.left) - left;
            if gone > 0.0 {
                canvas.frame((self.bar + left, top + 0.5), (gone, BAR_HEIGHT - 1.0), Ink::Muted);
            }
        }
        canvas.rect((self.bar, top), (left, BAR_HEIGHT), Ink::Blue);
        // Lines are a handful.
        let more = lines.len().saturating_sub(1) as f64 * TEXT.line();
        top + BAR_HEIGHT.max(BAR_HEIGHT / 2.0 + TEXT.size * 0.5 + more)
    }

    fn draw_removed(&self, canvas: &mut Canvas, step: &Step, y: f64) -> f64 {
        let baseline = y + 6.0 + SMALL.size;
        let removed = removed_text(step);
        canvas.text((self.count, baseline), Anchor::End, SMALL, Ink::Muted, &removed);
        let lines = SMALL.wrap(&step.why, BAR_WIDTH, 4);
        canvas.lines((self.bar, baseline), Anchor::Start, SMALL, Ink::Muted, &lines);
        // Lines are a handful.
        let more = lines.len().saturating_sub(1) as f64 * SMALL.line();
        baseline + more + 9.0
    }

    fn lengths_in_words(&self) -> &'static str {
        if self.square_root {
            "Length of a bar: square root of the count. Dashed: what this step takes away."
        } else {
            "Length of a bar: the count. Dashed: what this step takes away."
        }
    }
}

fn removed_text(step: &Step) -> String {
    format!("− {}", thousands(step.removed))
}

/// Only the length of a bar: a rounding of counts above 2^53 cannot be seen.
fn as_length(count: u64) -> f64 {
    count as f64
}

fn describe(steps: &[Step]) -> String {
    let Some(first) = steps.first() else {
        return "Waterfall without steps.".to_owned();
    };
    let mut text = format!("{}: {}.", first.label, thousands(first.left));
    for step in &steps[1..] {
        text.push_str(&format!(
            " {} ({}), leaving {} ({}).",
            counted(step.removed, "taken away", "taken away"),
            step.why,
            thousands(step.left),
            step.label,
        ));
    }
    text
}
