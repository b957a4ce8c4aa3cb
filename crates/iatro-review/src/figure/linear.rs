//! The linear axis of dot plots and line plots: a fixed range with even ticks.

use super::axis::Place;
use super::canvas::{Anchor, Canvas, Dash};
use super::measure::Font;
use super::palette::Ink;
use crate::number::decimals;

const SMALL: Font = Font::plain(12.0);

/// What a linear axis shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How many steps there are between ticks, at least 1.
    pub steps: u8,
    /// Decimals of the labels.
    pub decimals: usize,
    /// A value with a line of its own.
    pub reference: Option<f64>,
}

impl Span {
    /// Shares, from 0 to 1.
    pub const UNIT: Self = Self { low: 0.0, high: 1.0, steps: 5, decimals: 1, reference: None };

    /// The same with a line at a value.
    #[must_use]
    pub fn with_reference(self, value: f64) -> Self {
        Self { reference: Some(value), ..self }
    }

    /// The ends in words: `0.0 to 1.0`.
    pub(super) fn range(&self) -> String {
        format!("{} to {}", decimals(self.low, self.decimals), decimals(self.high, self.decimals))
    }

    /// The ticks with their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let steps = u32::from(self.steps.max(1));
        let tick = |step: u32| {
            let value = self.low + (self.high - self.low) * f64::from(step) / f64::from(steps);
            (value, decimals(value, self.decimals))
        };
        (0..=steps).map(tick).collect()
    }

    /// The place of a value on a drawing from `from` to `to`, or the side on which it leaves.
    pub(super) fn place(&self, value: f64, (from, to): (f64, f64)) -> Place {
        let share = (value - self.low) / (self.high - self.low);
        if !share.is_finite() || share < -1e-9 {
            Place::Below
        } else if share > 1.0 + 1e-9 {
            Place::Above
        } else {
            Place::At(from + share * (to - from))
        }
    }

    /// The same, held at the ends.
    pub(super) fn held(&self, value: f64, (from, to): (f64, f64)) -> f64 {
        match self.place(value, (from, to)) {
            Place::Below => from,
            Place::At(at) => at,
            Place::Above => to,
        }
    }

    /// Draws thin lines at the ticks of an axis that lies, and the reference.
    pub(super) fn draw_grid(
        &self,
        canvas: &mut Canvas,
        ends: (f64, f64),
        (top, bottom): (f64, f64),
    ) {
        for (value, _) in self.ticks() {
            let x = self.held(value, ends);
            canvas.line((x, top), (x, bottom), (0.6, Dash::Solid), Ink::Rule);
        }
        if let Some(Place::At(x)) = self.reference.map(|value| self.place(value, ends)) {
            canvas.line((x, top), (x, bottom), (1.2, Dash::Dashed), Ink::Text);
        }
    }

    /// Draws labels and the name of an axis that lies; returns where the next thing may begin.
    pub(super) fn draw_below(
        &self,
        canvas: &mut Canvas,
        (left, right): (f64, f64),
        top: f64,
        name: &str,
    ) -> f64 {
        canvas.line((left, top), (right, top), (1.0, Dash::Solid), Ink::Text);
        for (value, label) in self.ticks() {
            let x = self.held(value, (left, right));
            canvas.line((x, top), (x, top + 5.0), (1.0, Dash::Solid), Ink::Text);
            canvas.text((x, top + 19.0), Anchor::Middle, SMALL, Ink::Text, &label);
        }
        let lines = SMALL.wrap(name, right - left + 40.0, 3);
        let middle = f64::midpoint(left, right);
        canvas.lines((middle, top + 37.0), Anchor::Middle, SMALL, Ink::Text, &lines);
        top + 37.0 + SMALL.line() * lines.len().saturating_sub(1) as f64 + 11.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_even_and_values_have_a_place_or_a_side() {
        let labels: Vec<String> = Span::UNIT.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let ends = (100.0, 200.0);
        assert_eq!(Span::UNIT.place(0.25, ends), Place::At(125.0));
        assert_eq!(Span::UNIT.place(-0.1, ends), Place::Below);
        assert_eq!(Span::UNIT.place(1.1, ends), Place::Above);
        assert_eq!(Span::UNIT.place(f64::NAN, ends), Place::Below);
        let empty = Span { low: 1.0, high: 1.0, ..Span::UNIT };
        assert_eq!(empty.place(1.0, ends), Place::Below);
        assert_eq!(Span::UNIT.with_reference(0.5).reference, Some(0.5));
    }
}
