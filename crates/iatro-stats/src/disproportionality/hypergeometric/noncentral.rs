//! Sums over the tables above the given one, at any odds ratio.

use super::{cells, smooth};
use crate::Table2x2;

/// Sums over the tables k = 1, 2, ... steps above the given one, whose own weight is 1.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::disproportionality) struct Sums {
    /// Sum of the weights.
    pub(in crate::disproportionality) mass: f64,
    /// Sum of k times the weight.
    pub(in crate::disproportionality) first: f64,
    /// Sum of k squared times the weight.
    pub(in crate::disproportionality) second: f64,
}

/// Returns ln(a d / (b c)); `None` if a cell is 0. No digits are lost near 0.
pub(in crate::disproportionality) fn log_odds_ratio(table: &Table2x2) -> Option<f64> {
    let (ad, bc) = (table.ad(), table.bc());
    if ad == 0 || bc == 0 {
        return None;
    }
    let difference = ad.abs_diff(bc) as f64;
    if difference < 0.5 * ad.min(bc) as f64 {
        let signed = if ad >= bc { difference } else { -difference };
        Some((signed / bc as f64).ln_1p())
    } else {
        Some((ad as f64 / bc as f64).ln())
    }
}

/// The tables above one, to be summed at one odds ratio after another.
pub(in crate::disproportionality) struct Above {
    cells: [f64; 4],
    /// Of the table itself.
    log_odds: Option<f64>,
    /// How many tables there are.
    steps: f64,
    /// Weight of each of the first against the one below, at odds ratio 1.
    ratios: [f64; KEPT],
    /// How many of these are known.
    known: usize,
}

/// Steps whose ratios are kept: few sums go further.
const KEPT: usize = 64;

/// Steps that are taken before the next look at whether the rest is negligible.
const STRIDE: usize = 8;

impl Above {
    pub(in crate::disproportionality) fn new(table: &Table2x2) -> Self {
        let cells = cells(table);
        Self {
            cells,
            log_odds: log_odds_ratio(table),
            steps: cells[1].min(cells[2]),
            ratios: [0.0; KEPT],
            known: 0,
        }
    }

    /// Returns the sums at an odds ratio of exp(`log_odds`).
    ///
    /// The sum passes over the peak if there is one above; the weights then exceed 1 by no more than
    /// exp(z^2 / 2), z being the distance to the peak in standard deviations. Relative error below
    /// 1e-12.
    pub(in crate::disproportionality) fn sums(&mut self, log_odds: f64) -> Sums {
        if let Some(observed) = self.log_odds
            && smooth::fits(self.cells, log_odds - observed)
        {
            return smooth::sums_above(self.cells, log_odds - observed);
        }
        self.term_by_term(log_odds.exp())
    }

    fn term_by_term(&mut self, odds: f64) -> Sums {
        let mut sums = Sums::default();
        let (mut weight, mut k) = (1.0, 0.0);
        for stride in 0.. {
            let mut last = 0.0;
            for ratio in self.stride(stride) {
                last = odds * ratio;
                weight *= last;
                k += 1.0;
                sums.mass += weight;
                sums.first += k * weight;
                sums.second += k * k * weight;
                if weight > LARGEST {
                    return sums;
                }
            }
            if k >= self.steps || negligible(weight, last, sums.mass) {
                break;
            }
        }
        sums
    }

    /// The ratios of some steps; 0 beyond the last table.
    fn stride(&mut self, stride: usize) -> [f64; STRIDE] {
        let from = stride * STRIDE;
        if let Some(kept) = self.ratios[..self.known].get(from..from + STRIDE) {
            return std::array::from_fn(|step| kept[step]);
        }
        let [a, b, c, d] = self.cells;
        let ratios = std::array::from_fn(|step| {
            let k = (from + step) as f64;
            // Beyond the last table one of the factors is 0, or both would be below it.
            let above = (b - k).max(0.0) * (c - k).max(0.0);
            above / ((a + k + 1.0) * (d + k + 1.0))
        });
        if let Some(kept) = self.ratios.get_mut(from..from + STRIDE) {
            kept.copy_from_slice(&ratios);
            self.known = from + STRIDE;
        }
        ratios
    }
}

/// Weights beyond this mean that the odds ratio tried is hopelessly far from the table; the sum so
/// far says so clearly enough.
const LARGEST: f64 = 1e290;

/// True if all terms after one of this weight add less than 1e-20 of the sum. The ratio of weights
/// falls from step to step, so a geometric series is above the rest.
pub(super) fn negligible(weight: f64, ratio: f64, mass: f64) -> bool {
    ratio < 1.0 && weight * ratio <= 1e-20 * (1.0 - ratio) * mass
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// As many tables as fill strides and what is kept of them, one fewer and one more; asked for twice.
    #[test]
    fn sums_are_those_of_the_weights_one_by_one() {
        for steps in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
            for odds in [0.3_f64, 1.0, 5.0] {
                let table = Table2x2::new(3, steps, 2 * steps + 1, 40).unwrap();
                let mut expected = Sums::default();
                let mut weight = 1.0;
                for k in 0..steps {
                    let [a, b, c, d] = [3 + k, steps - k, 2 * steps + 1 - k, 40 + k];
                    weight *= odds * (b * c) as f64 / ((a + 1) * (d + 1)) as f64;
                    let step = (k + 1) as f64;
                    expected.mass += weight;
                    expected.first += step * weight;
                    expected.second += step * step * weight;
                }
                let mut above = Above::new(&table);
                for _ in 0..2 {
                    let sums = above.sums(odds.ln());
                    for (got, expected) in [
                        (sums.mass, expected.mass),
                        (sums.first, expected.first),
                        (sums.second, expected.second),
                    ] {
                        let close = (got - expected).abs() <= 1e-12 * expected;
                        assert!(close, "{steps} {odds}: {got} {expected}");
                    }
                }
            }
        }
    }
}
