//! The legend: samples with words, line by line as they fit.

use super::canvas::{Anchor, Canvas};
use super::checks::CheckState;
use super::forest::Mark;
use super::measure::Font;
use super::palette::Ink;

const FONT: Font = Font::plain(12.0);
const BOLD: Font = Font::bold(12.0);
const LINE: f64 = 20.0;
const SAMPLE: f64 = 20.0;
const GAP: f64 = 20.0;

/// One thing to explain.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    sample: Sample,
    font: Font,
    words: String,
}

#[derive(Clone, Copy, Debug)]
enum Sample {
    Mark(Mark),
    State(CheckState),
    Hollow,
    Arrow,
    None,
}

impl Entry {
    fn new(sample: Sample, words: &str) -> Self {
        Self { sample, font: FONT, words: words.to_owned() }
    }

    pub(super) fn mark(mark: Mark, words: &str) -> Self {
        Self::new(Sample::Mark(mark), words)
    }

    pub(super) fn state(state: CheckState, words: &str) -> Self {
        Self::new(Sample::State(state), words)
    }

    pub(super) fn hollow(words: &str) -> Self {
        Self::new(Sample::Hollow, words)
    }

    pub(super) fn arrow(words: &str) -> Self {
        Self::new(Sample::Arrow, words)
    }

    pub(super) fn words(words: &str) -> Self {
        Self::new(Sample::None, words)
    }

    /// Words that are themselves a sample of bold text.
    pub(super) fn bold(words: &str) -> Self {
        Self { font: BOLD, ..Self::words(words) }
    }

    fn sample_width(&self) -> f64 {
        if matches!(self.sample, Sample::None) { 0.0 } else { SAMPLE }
    }

    fn width(&self) -> f64 {
        self.sample_width() + self.font.width(&self.words)
    }
}

/// Draws the entries from `(x, y)` on, no further than `right`; returns where the next thing may begin.
pub(super) fn draw(canvas: &mut Canvas, entries: &[Entry], (x, y): (f64, f64), right: f64) -> f64 {
    if entries.is_empty() {
        return y;
    }
    let (mut at, mut baseline) = (x, y + LINE);
    for entry in entries {
        if at > x && at + entry.width() > right {
            (at, baseline) = (x, baseline + LINE);
        }
        draw_sample(canvas, entry.sample, (at + 7.0, baseline - 4.0));
        let words = at + entry.sample_width();
        let lines = entry.font.wrap(&entry.words, right - words, 3);
        canvas.lines((words, baseline), Anchor::Start, entry.font, Ink::Muted, &lines);
        baseline += FONT.line() * lines.len().saturating_sub(1) as f64;
        at += entry.width() + GAP;
    }
    baseline + 6.0
}

fn draw_sample(canvas: &mut Canvas, sample: Sample, (x, y): (f64, f64)) {
    match sample {
        Sample::Mark(mark) => canvas.shape(&mark.path((x, y), 9.0), mark.ink(), false),
        Sample::State(state) => state.draw(canvas, (x, y)),
        Sample::Hollow => {
            canvas.shape(&Mark::Square.path((x, y), 8.0), Ink::Grey, true);
        }
        Sample::Arrow => super::forest::arrow_sample(canvas, (x + 5.0, y)),
        Sample::None => {}
    }
}
