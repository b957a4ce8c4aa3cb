//! The logarithmic axis: which part of it is shown, and where the ticks stand.

use super::measure::Font;
use crate::number::{power, thousands};

/// The base of the ticks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Scale {
    /// Powers of 2 for a narrow range, of 10 for a wide one.
    #[default]
    Auto,
    /// Powers of 2.
    Log2,
    /// Powers of 10.
    Log10,
}

/// The most decades that intervals may ask for; what reaches further ends in an arrow.
const MOST_DECADES: f64 = 4.0;
/// Decades that intervals get beyond the outermost points, when they ask for too much.
const MARGIN: f64 = 0.5;

/// A logarithmic axis on which every point is inside, and 1 is a tick.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// The ends, as log10.
    low: f64,
    high: f64,
    /// The ends on the drawing.
    left: f64,
    width: f64,
    /// The ticks with their labels.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Fits the axis to points and limits, on a drawing from `left` for `width` pixels. Values that
    /// are not positive and finite have no place on it and are passed over.
    pub(super) fn fit(
        points: impl Iterator<Item = f64>,
        limits: impl Iterator<Item = f64>,
        scale: Scale,
        (left, width): (f64, f64),
        font: Font,
    ) -> Self {
        let (mut low, mut high) = span(points.chain([1.0]));
        let (wide_low, wide_high) = span(limits.chain([1.0]));
        let (all_low, all_high) = (low.min(wide_low), high.max(wide_high));
        if all_high - all_low <= MOST_DECADES {
            (low, high) = (all_low, all_high);
        } else {
            (low, high) = ((low - MARGIN).max(all_low), (high + MARGIN).min(all_high));
        }
        let ladder = Ladder::choose(scale, high - low);
        let (low_rung, high_rung, step) = ladder.rungs(low, high, width, font);
        let rungs = (low_rung..=high_rung).step_by(step);
        let ticks = rungs.map(|rung| (ladder.log10(rung), ladder.label(rung))).collect();
        Self { low: ladder.log10(low_rung), high: ladder.log10(high_rung), left, width, ticks }
    }

    /// The place of a value, or the side on which it leaves the axis.
    pub(super) fn place(&self, value: f64) -> Place {
        if value.is_nan() || value <= 0.0 {
            return Place::Below;
        }
        let log = value.log10();
        if log < self.low - 1e-9 {
            Place::Below
        } else if log > self.high + 1e-9 {
            Place::Above
        } else {
            Place::At(self.at_log(log))
        }
    }

    /// The place of a log10 within the axis.
    pub(super) fn at_log(&self, log: f64) -> f64 {
        self.left + (log - self.low) / (self.high - self.low) * self.width
    }

    pub(super) fn left(&self) -> f64 {
        self.left
    }

    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    /// The ends in words: `0.5 to 128`.
    pub(super) fn range(&self) -> String {
        let label = |tick: Option<&(f64, String)>| tick.map(|(_, l)| l.clone()).unwrap_or_default();
        format!("{} to {}", label(self.ticks.first()), label(self.ticks.last()))
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    Below,
    At(f64),
    Above,
}

fn span(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let logs = values.filter(|value| value.is_finite() && *value > 0.0).map(f64::log10);
    logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), log| (low.min(log), high.max(log)))
}

/// A sequence of ticks; rung 0 is 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ladder {
    Twos,
    /// 1, 3, 10, 30: between powers of ten that are far apart.
    Threes,
    Tens,
}

impl Ladder {
    fn choose(scale: Scale, decades: f64) -> Self {
        match scale {
            Scale::Log2 => Self::Twos,
            Scale::Auto if decades <= 1.9 => Self::Twos,
            _ if decades <= 3.6 => Self::Threes,
            _ => Self::Tens,
        }
    }

    fn log10(self, rung: i32) -> f64 {
        match self {
            Self::Twos => f64::from(rung) * 2.0_f64.log10(),
            Self::Tens => f64::from(rung),
            Self::Threes => {
                let three = if rung.rem_euclid(2) == 1 { 3.0_f64.log10() } else { 0.0 };
                f64::from(rung.div_euclid(2)) + three
            }
        }
    }

    /// The first and last rung around a range, and the step between ticks: a tick at 1, labels apart.
    fn rungs(self, low: f64, high: f64, width: f64, font: Font) -> (i32, i32, usize) {
        let mut step = 1_i32;
        loop {
            let (first, last) = self.around(low, high, step);
            let labels = (first..=last).step_by(usize::try_from(step).unwrap_or(1));
            let widest = labels.map(|rung| font.width(&self.label(rung))).fold(0.0, f64::max);
            let gaps = f64::from((last - first) / step);
            if width / gaps.max(1.0) >= widest + 6.0 || step > 512 {
                return (first, last, usize::try_from(step).unwrap_or(1));
            }
            step *= 2;
        }
    }

    /// Multiples of `step` at or outside the range, at least one step apart.
    fn around(self, low: f64, high: f64, step: i32) -> (i32, i32) {
        let (mut first, mut last) = (0, 0);
        while self.log10(first) > low + 1e-9 && first > -4000 {
            first -= step;
        }
        while self.log10(last) < high - 1e-9 && last < 4000 {
            last += step;
        }
        if first == last { (first - step, last + step) } else { (first, last) }
    }

    fn label(self, rung: i32) -> String {
        let plain = || number_label(10.0_f64.powf(self.log10(rung)));
        match self {
            Self::Twos if rung.abs() > 13 => power(2, rung),
            Self::Tens if rung.abs() > 4 => power(10, rung),
            Self::Threes if rung.abs() > 9 && rung.rem_euclid(2) == 0 => {
                power(10, rung.div_euclid(2))
            }
            Self::Threes if rung.abs() > 9 => format!("3 × {}", power(10, rung.div_euclid(2))),
            _ => plain(),
        }
    }
}

/// A tick between 0.0001 and 100,000 without superfluous zeros.
fn number_label(value: f64) -> String {
    if value >= 0.999 {
        // Small and rounded: exact as an integer.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        return thousands(value.round() as u64);
    }
    format!("{value:.6}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn labels(points: &[f64], limits: &[f64], scale: Scale) -> Vec<String> {
        let (points, limits) = (points.iter().copied(), limits.iter().copied());
        let axis = Axis::fit(points, limits, scale, (0.0, 300.0), Font::plain(12.0));
        axis.ticks.into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_suit_the_range() {
        assert_eq!(labels(&[3.0], &[1.7, 5.7], Scale::Auto), ["1", "2", "4", "8"]);
        assert_eq!(
            labels(&[0.4], &[0.1, 0.9], Scale::Auto),
            ["0.0625", "0.125", "0.25", "0.5", "1"]
        );
        assert_eq!(
            labels(&[3.0, 60.0], &[0.5, 200.0], Scale::Auto),
            ["0.3", "1", "3", "10", "30", "100", "300"]
        );
        assert_eq!(labels(&[3.0], &[0.5, 4.0], Scale::Log10), ["0.3", "1", "3", "10"]);
        assert_eq!(labels(&[], &[], Scale::Auto), ["0.5", "1", "2"]);
        assert_eq!(
            labels(&[1e-3, 1e6], &[1e-9, 1e12], Scale::Auto),
            ["0.0001", "0.01", "1", "100", "10,000", "10⁶", "10⁸"]
        );
    }

    #[test]
    fn points_are_inside_and_long_intervals_are_not() {
        let axis = Axis::fit(
            [2.0, 50.0].into_iter(),
            [1e-8, 1e9].into_iter(),
            Scale::Auto,
            (100.0, 200.0),
            Font::plain(12.0),
        );
        for point in [1.0, 2.0, 50.0] {
            assert!(matches!(axis.place(point), Place::At(x) if (100.0..=300.0).contains(&x)));
        }
        assert_eq!(axis.place(1e-8), Place::Below);
        assert_eq!(axis.place(0.0), Place::Below);
        assert_eq!(axis.place(f64::NAN), Place::Below);
        assert_eq!(axis.place(f64::INFINITY), Place::Above);
    }
}
