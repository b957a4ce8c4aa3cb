//! Quantiles of a mixture of two gamma distributions.

use crate::special::{GammaShape, quantile};

/// The two weighted gammas of a posterior.
#[derive(Debug, Clone, Copy)]
pub(super) struct Components {
    /// Each with its own digits.
    pub(super) weights: [f64; 2],
    pub(super) shapes: [f64; 2],
    pub(super) rates: [f64; 2],
    pub(super) ln_rates: [f64; 2],
    pub(super) tables: [GammaShape; 2],
}

/// The probability whose quantile is wanted, as the smaller of its two tails.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    p: f64,
    is_lower: bool,
    tail: f64,
}

impl Target {
    /// 0 < `p` < 1.
    pub(super) fn new(p: f64) -> Self {
        let is_lower = p <= 0.5;
        Self { p, is_lower, tail: if is_lower { p } else { 1.0 - p } }
    }

    /// Logarithms of the quantiles of gammas of these shapes and unit rate.
    pub(super) fn unit_quantiles(&self, shapes: [f64; 2]) -> [f64; 2] {
        shapes.map(|shape| quantile(self.p, shape).ln().max(LOWEST))
    }
}

/// ln of the smallest f64.
const LOWEST: f64 = -745.0;

/// e^y; 0 below the range in which a quantile has its digits.
pub(super) fn from_log(y: f64) -> f64 {
    if y < LOWEST_WITH_DIGITS { 0.0 } else { y.exp() }
}

/// ln of 1e-307.
const LOWEST_WITH_DIGITS: f64 = -706.893;

/// A component that holds less than this share of the tail does not move the quantile.
const NO_SHARE: f64 = 1e-18;

/// A step this short, in units of the scale on which the tail bends, leaves an error of its cube.
const LAST_STEP: f64 = 1e-5;

/// Some 3 are needed; bisection of the widest bracket takes 70.
const MAX_STEPS: u32 = 200;

impl Components {
    /// P(lambda <= x) and P(lambda > x).
    pub(super) fn tails(&self, x: f64) -> (f64, f64) {
        let Self { weights, rates, tables, .. } = self;
        let of = |i: usize| tables[i].tails_and_log_density((rates[i] * x).min(f64::MAX)).0;
        let (one, two) = (of(0), of(1));
        let sum = |x: f64, y: f64| weights[0] * x + weights[1] * y;
        (sum(one.lower, two.lower), sum(one.upper, two.upper))
    }

    /// ln of the quantile; `unit` from [`Target::unit_quantiles`].
    ///
    /// The quantile of a mixture lies between those of its components. Between them, Halley steps in
    /// ln x on the log of the smaller tail; a step out of the bracket is replaced by its middle.
    pub(super) fn ln_quantile(&self, target: &Target, unit: [f64; 2], guess: Option<f64>) -> f64 {
        let of = [unit[0] - self.ln_rates[0], unit[1] - self.ln_rates[1]];
        let [first, second] = self.weights;
        if second <= NO_SHARE * target.tail {
            return of[0];
        }
        if first <= NO_SHARE * target.tail {
            return of[1];
        }
        let (mut low, mut high) = (of[0].min(of[1]), of[0].max(of[1]));
        let weighted = self.weights[0] * of[0] + self.weights[1] * of[1];
        let mut y = guess.unwrap_or(weighted).clamp(low, high);
        // The ends are as good as the component quantiles, 1e-12.
        (low, high) = (low - 1e-11, high + 1e-11);
        for _ in 0..MAX_STEPS {
            let here = self.step(target, y);
            if here.is_below {
                low = y;
            } else {
                high = y;
            }
            let next = y + here.step;
            let inside = next >= low && next <= high;
            if inside && here.relative < LAST_STEP {
                return next;
            }
            y = if inside { next } else { f64::midpoint(low, high) };
            if high - low < 4.0 * f64::EPSILON * (1.0 + y.abs()) {
                break;
            }
        }
        y
    }

    fn step(&self, target: &Target, y: f64) -> Step {
        let x = y.exp();
        let (mut tail, mut density, mut slope) = (0.0, 0.0, 0.0);
        let mut bend = 0.0_f64;
        for i in 0..2 {
            let scaled = self.rates[i] * x;
            let (tails, own) = self.tables[i].tails_and_log_density(scaled);
            let own = self.weights[i] * own;
            tail += self.weights[i] * if target.is_lower { tails.lower } else { tails.upper };
            let growth = self.shapes[i] - scaled;
            slope += own * growth;
            if own > 1e-6 * density {
                bend = bend.max(growth.abs() + self.shapes[i].sqrt());
            }
            density += own;
        }
        let distance = (tail / target.tail).ln();
        let is_below = (distance < 0.0) == target.is_lower;
        // The derivative of the log of the tail is sign density / tail.
        let sign = if target.is_lower { 1.0 } else { -1.0 };
        let newton = -sign * distance * tail / density;
        let halley = 1.0 - 0.5 * distance * (sign * slope * tail / (density * density) - 1.0);
        let step = newton / if halley > 0.5 { halley.min(2.0) } else { 1.0 };
        Step { step, relative: step.abs() * (1.0 + bend), is_below }
    }
}

struct Step {
    /// May be NaN where both tail and density underflow.
    step: f64,
    /// Its length in units of the scale on which the tail bends.
    relative: f64,
    /// Whether the quantile is above.
    is_below: bool,
}
