//! The marginal distribution of a count under one gamma component: negative binomial.
//!
//! ```text
//! f(n) = gamma(alpha + n) / (gamma(alpha) n!) pi^alpha (1 - pi)^n,   pi = beta / (beta + E)
//! ```
//!
//! Source: DuMouchel 1999, section 2. Derivatives are taken in a = ln alpha and b = ln beta.

use std::f64::consts::TAU;

use crate::special::{
    digamma_unchecked, ln_gamma_unchecked, stirling_correction, trigamma_unchecked,
};

/// The logarithm of a function of (a, b) with its derivatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LogTerm {
    pub(super) value: f64,
    /// By a, by b.
    pub(super) first: [f64; 2],
    /// By a a, a b, b b.
    pub(super) second: [f64; 3],
}

impl LogTerm {
    pub(super) const ZERO: Self = Self { value: 0.0, first: [0.0; 2], second: [0.0; 3] };

    /// The logarithm of a quotient.
    pub(super) fn minus(self, other: Self) -> Self {
        let [a, b] = self.first;
        let [aa, ab, bb] = self.second;
        Self {
            value: self.value - other.value,
            first: [a - other.first[0], b - other.first[1]],
            second: [aa - other.second[0], ab - other.second[1], bb - other.second[2]],
        }
    }
}

/// What depends on the count and the shape alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct CountTerm {
    /// ln of gamma(alpha + n) / (gamma(alpha) n!).
    pub(super) ln_coefficient: f64,
    /// alpha (digamma(alpha + n) - digamma(alpha)).
    digamma: f64,
    /// alpha^2 (trigamma(alpha + n) - trigamma(alpha)).
    trigamma: f64,
}

impl CountTerm {
    pub(super) fn new(alpha: f64, count: u64) -> Self {
        let (first, second) = polygamma_differences(alpha, count);
        Self {
            ln_coefficient: ln_coefficient(alpha, count),
            digamma: alpha * first,
            trigamma: alpha * alpha * second,
        }
    }
}

/// Up to here the differences are sums, which lose nothing to cancellation.
const SUMMED: u64 = 32;

/// digamma(alpha + n) - digamma(alpha), and the same for trigamma.
fn polygamma_differences(alpha: f64, count: u64) -> (f64, f64) {
    if count <= SUMMED {
        return (0..count).fold((0.0, 0.0), |(first, second), j| {
            let inverse = 1.0 / (alpha + j as f64);
            (first + inverse, second - inverse * inverse)
        });
    }
    let above = alpha + count as f64;
    let first = digamma_unchecked(above) - digamma_unchecked(alpha);
    (first, trigamma_unchecked(above) - trigamma_unchecked(alpha))
}

/// Returns ln of gamma(alpha + n) / (gamma(alpha) n!), 0 for n = 0.
///
/// By Stirling's formula for all three, so that nothing large cancels (Loader 2000, *Fast and
/// accurate computation of binomial probabilities*).
pub(super) fn ln_coefficient(alpha: f64, count: u64) -> f64 {
    if count == 0 {
        return 0.0;
    }
    let n = count as f64;
    let sum = alpha + n;
    let corrections = stirling_rest(sum) - stirling_rest(alpha) - stirling_rest(n);
    let root = 0.5 * (alpha / sum / (TAU * n)).ln();
    root + corrections + alpha * (n / alpha).ln_1p() + n * (alpha / n).ln_1p()
}

/// What Stirling's formula leaves of ln gamma(x + 1).
fn stirling_rest(x: f64) -> f64 {
    if x >= 10.0 {
        return stirling_correction(x);
    }
    ln_gamma_unchecked(x + 1.0) - ((x + 0.5) * x.ln() - x + 0.5 * TAU.ln())
}

/// A component at an expected count: what every count there shares.
#[derive(Debug, Clone, Copy)]
pub(super) struct AtExpected {
    alpha: f64,
    /// -ln pi = ln(1 + E / beta).
    pub(super) minus_ln_pi: f64,
    /// ln(1 - pi) = ln(E / (beta + E)).
    pub(super) ln_rest: f64,
    /// 1 - pi.
    rest: f64,
    pi: f64,
    /// ln(E / beta).
    ln_ratio: f64,
}

impl AtExpected {
    #[cfg(test)]
    pub(super) fn new(alpha: f64, beta: f64, expected: f64) -> Self {
        Self::of_logarithms(alpha, [beta, beta.ln()], [expected, expected.ln()])
    }

    /// From beta with its logarithm, the same for every pair, and the expected count with its logarithm, the same for
    /// both components.
    pub(super) fn of_logarithms(
        alpha: f64,
        [beta, ln_beta]: [f64; 2],
        [expected, ln_expected]: [f64; 2],
    ) -> Self {
        let sum = beta + expected;
        let (pi, rest) = (beta / sum, expected / sum);
        let ratio = ln_expected - ln_beta;
        let (minus_ln_pi, ln_rest) = if expected > beta {
            let ln_rest = -(beta / expected).ln_1p();
            (ratio - ln_rest, ln_rest)
        } else {
            let minus_ln_pi = (expected / beta).ln_1p();
            (minus_ln_pi, ratio - minus_ln_pi)
        };
        Self { alpha, minus_ln_pi, ln_rest, rest, pi, ln_ratio: ratio }
    }

    /// beta / (beta + E).
    pub(super) fn pi(&self) -> f64 {
        self.pi
    }

    /// ln f(n) with its derivatives.
    pub(super) fn ln_probability(&self, count: f64, term: &CountTerm) -> LogTerm {
        let Self { alpha, minus_ln_pi, ln_rest, rest, pi, .. } = *self;
        let by_a = term.digamma - alpha * minus_ln_pi;
        LogTerm {
            value: term.ln_coefficient - alpha * minus_ln_pi + count * ln_rest,
            first: [by_a, alpha * rest - count * pi],
            second: [by_a + term.trigamma, alpha * rest, -(alpha + count) * rest * pi],
        }
    }

    /// ln P(N >= 1) = ln(1 - pi^alpha) with its derivatives.
    ///
    /// With A = -alpha ln pi and phi = A / (e^A - 1), the derivative by ln A is phi and the second
    /// one phi (1 - phi - A); with psi = (1 - pi) / (-ln pi), ln A falls by psi in b.
    pub(super) fn ln_some(&self) -> LogTerm {
        let Self { alpha, minus_ln_pi, rest, pi, ln_ratio, .. } = *self;
        let exponent = alpha * minus_ln_pi;
        let (value, phi, psi) = if ln_ratio < -300.0 || exponent < 1e-290 {
            // -ln pi may be too small for an f64, and is then E / beta.
            let ln_minus_ln_pi = if ln_ratio < -300.0 { ln_ratio } else { minus_ln_pi.ln() };
            (alpha.ln() + ln_minus_ln_pi, 1.0, 1.0)
        } else {
            let some = -(-exponent).exp_m1();
            (some.ln(), exponent * (1.0 - some) / some, rest / minus_ln_pi)
        };
        let curvature = phi * (1.0 - phi - exponent);
        LogTerm {
            value,
            first: [phi, -phi * psi],
            second: [curvature, -curvature * psi, curvature * psi * psi + phi * psi * (pi - psi)],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::excessive_precision)]
    use super::*;

    /// `loggamma(a + n) - loggamma(a) - loggamma(n + 1)` in mpmath 1.3, 60 digits.
    #[test]
    fn coefficients() {
        for (alpha, count, expected) in COEFFICIENTS {
            let got = ln_coefficient(alpha, count);
            let tolerance = 1e-14 * (1.0 + f64::abs(expected)) + 1e-14 * f64::abs(alpha.ln());
            assert!((got - expected).abs() < tolerance, "{alpha} {count}: {got} != {expected}");
        }
    }

    const COEFFICIENTS: [(f64, u64, f64); 12] = [
        (0.2, 1, -1.6094379124341003191),
        (0.2, 7, -3.0923771036078587721),
        (2.02376139, 16, 2.8910154538423779302),
        (1e-06, 5, -15.424946387065752996),
        (1e-06, 1000000, -27.631006723203647854),
        (3.5, 12345, 22.35189676788868056),
        (1000000.0, 3, 39.654775204662267315),
        (100000000.0, 1000000, 5610145.7704890067807),
        (0.5, 1000000000000000, -17.841753140380042842),
        (7.0, 9223372036854775808, 255.43038303964922597),
        (1000000000.0, 1, 20.723265836946411156),
        (30.0, 100, 66.268876368847793626),
    ];

    /// The derivatives against differences of the values.
    #[test]
    fn derivatives_are_those_of_the_value() {
        let at = |a: f64, b: f64, expected: f64, count: u64| {
            let (alpha, beta) = (a.exp(), b.exp());
            let here = AtExpected::new(alpha, beta, expected);
            let term = CountTerm::new(alpha, count);
            [here.ln_probability(count as f64, &term), here.ln_some()]
        };
        let h = 1e-5;
        for (a, b, expected) in
            [(0.3, -0.8, 0.02), (1.5, 0.4, 7.0), (-2.0, -3.0, 1e4), (0.0, 1.0, 1e-9)]
        {
            for count in [1, 3, 60] {
                let middle = at(a, b, expected, count);
                let [up, down] = [h, -h].map(|h| at(a + h, b, expected, count));
                let [right, left] = [h, -h].map(|h| at(a, b + h, expected, count));
                for i in 0..2 {
                    let close = |x: f64, y: f64| {
                        assert!((x - y).abs() < 1e-7 * (1.0 + y.abs()), "{x} {y} {i} {count}");
                    };
                    let slope = |x: f64, y: f64| (x - y) / (2.0 * h);
                    close(slope(up[i].value, down[i].value), middle[i].first[0]);
                    close(slope(right[i].value, left[i].value), middle[i].first[1]);
                    close(slope(up[i].first[0], down[i].first[0]), middle[i].second[0]);
                    close(slope(up[i].first[1], down[i].first[1]), middle[i].second[1]);
                    close(slope(right[i].first[0], left[i].first[0]), middle[i].second[1]);
                    close(slope(right[i].first[1], left[i].first[1]), middle[i].second[2]);
                }
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one() {
        for (alpha, beta, expected) in [(0.2, 0.06, 3.0), (2.0, 4.0, 0.5), (30.0, 3.0, 1.0)] {
            let here = AtExpected::new(alpha, beta, expected);
            let probability =
                |n: u64| here.ln_probability(n as f64, &CountTerm::new(alpha, n)).value.exp();
            let total: f64 = (0..4_000).map(probability).sum();
            assert!((total - 1.0).abs() < 1e-12, "{alpha}: {total}");
            let some = here.ln_some().value.exp();
            assert!((some + probability(0) - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn the_smallest_expected_counts_lose_nothing() {
        // P(N >= 1) is alpha E / beta there.
        for expected in [1e-300, 1e-200, 1e-100] {
            let got = AtExpected::new(2.0, 1e6, expected).ln_some();
            assert!((got.value - (2e-6_f64.ln() + expected.ln())).abs() < 1e-12, "{got:?}");
            assert!((got.first[0] - 1.0).abs() < 1e-12 && (got.first[1] + 1.0).abs() < 1e-12);
        }
    }
}
