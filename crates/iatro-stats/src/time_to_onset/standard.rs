//! Two distributions of ln t in standard form, z = (ln t - mu) / sigma: the smallest extreme value
//! (t is Weibull) and the normal (t is log-normal).

use std::f64::consts::TAU;

use crate::special::normal;

/// A standard distribution on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standard {
    /// Smallest extreme value: F(z) = 1 - exp(-e^z).
    SmallestExtreme,
    /// Normal.
    Normal,
}

/// The log of a probability, its gradient by mu and tau = ln sigma, and the lower triangle of its
/// Hessian (mu mu, mu tau, tau tau).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LogMass {
    pub(super) value: f64,
    pub(super) gradient: [f64; 2],
    pub(super) hessian: [f64; 3],
}

/// Gauss-Legendre rule of 8 points on [-1, 1]: node, weight.
const EIGHT: [(f64, f64); 8] = [
    (-0.9602898564975363, 0.1012285362903763),
    (-0.7966664774136267, 0.2223810344533745),
    (-0.525532409916329, 0.3137066458778873),
    (-0.1834346424956498, 0.362683783378362),
    (0.1834346424956498, 0.362683783378362),
    (0.525532409916329, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745),
    (0.9602898564975363, 0.1012285362903763),
];

/// The same of 4 points.
const FOUR: [(f64, f64); 4] = [
    (-0.8611363115940526, 0.3478548451374538),
    (-0.3399810435848563, 0.6521451548625461),
    (0.3399810435848563, 0.6521451548625461),
    (0.8611363115940526, 0.3478548451374538),
];

impl Standard {
    /// ln f(z).
    pub(super) fn log_density(self, z: f64) -> f64 {
        match self {
            Self::SmallestExtreme => z - z.exp(),
            Self::Normal => -0.5 * z * z - 0.5 * TAU.ln(),
        }
    }

    /// ln f(z), (ln f)'(z) and (ln f)''(z).
    fn log_density_slopes(self, z: f64) -> [f64; 3] {
        match self {
            Self::SmallestExtreme => {
                let hazard = z.exp();
                [z - hazard, 1.0 - hazard, -hazard]
            }
            Self::Normal => [self.log_density(z), -z, -1.0],
        }
    }

    /// F(z).
    pub(super) fn below(self, z: f64) -> f64 {
        match self {
            Self::SmallestExtreme => -(-z.exp()).exp_m1(),
            Self::Normal => normal::cdf(z),
        }
    }

    /// z with F(z) = p, 0 < p < 1.
    pub(super) fn quantile(self, p: f64) -> f64 {
        match self {
            Self::SmallestExtreme => (-(-p).ln_1p()).ln(),
            Self::Normal => normal::quantile(p),
        }
    }

    /// Mean and standard deviation.
    pub(super) fn moments(self) -> (f64, f64) {
        match self {
            // Minus Euler's constant; pi / sqrt 6.
            Self::SmallestExtreme => (-0.5772156649015329, 1.282_549_830_161_864),
            Self::Normal => (0.0, 1.0),
        }
    }

    /// ln(F(zu) - F(zl)), zl < zu, `width` = zu - zl to full precision; ends may be infinite.
    fn log_mass(self, zl: f64, zu: f64, width: f64) -> f64 {
        match self {
            Self::SmallestExtreme => {
                let gap = if zl == f64::NEG_INFINITY {
                    zu
                } else if width < 1.0 {
                    zl + width.exp_m1().ln()
                } else {
                    zu + (-(-width).exp_m1()).ln()
                };
                log_one_minus_exp_minus_exp(gap) - zl.exp()
            }
            Self::Normal if zl >= 0.0 => log_difference(log_tail(zl), log_tail(zu)),
            Self::Normal if zu <= 0.0 => log_difference(log_tail(-zu), log_tail(-zl)),
            Self::Normal => (-(normal::cdf(zl) + normal::cdf(-zu))).ln_1p(),
        }
    }

    /// A bound of how much ln f changes over the interval.
    fn change(self, zl: f64, zu: f64, width: f64) -> f64 {
        let slope = match self {
            Self::SmallestExtreme => 1.0 + zu.exp(),
            Self::Normal => 1.0 + zl.abs().max(zu.abs()),
        };
        width * slope
    }

    /// The log of the probability of an interval and its derivatives.
    ///
    /// Where the density changes little, a Gauss-Legendre rule integrates it to the last digit, and
    /// differences of F would lose theirs.
    pub(super) fn interval(self, zl: f64, zu: f64, width: f64, sigma: f64) -> LogMass {
        let change = self.change(zl, zu, width);
        if change < 0.1 {
            self.narrow(&FOUR, zl, width, sigma)
        } else if change < 1.0 {
            self.narrow(&EIGHT, zl, width, sigma)
        } else {
            self.wide(zl, zu, width, sigma)
        }
    }

    /// By the conditional moments of the score: the gradient of ln P is E(s), its Hessian E(s') +
    /// Var(s), over the density within the interval. Nothing is subtracted from its like.
    fn narrow<const N: usize>(
        self,
        rule: &[(f64, f64); N],
        zl: f64,
        width: f64,
        sigma: f64,
    ) -> LogMass {
        let at = rule.map(|(node, weight)| {
            let z = zl + 0.5 * width * (1.0 + node);
            (z, weight, self.log_density_slopes(z))
        });
        let top = at.iter().map(|node| node.2[0]).fold(f64::NEG_INFINITY, f64::max);
        let masses = at.map(|(_, weight, [log, ..])| weight * (log - top).exp());
        let total: f64 = masses.iter().sum();
        let scores = at.map(|(z, _, [_, slope, _])| [-slope / sigma, -1.0 - z * slope]);
        let mut mean = [0.0; 2];
        for (mass, score) in masses.iter().zip(&scores) {
            let p = mass / total;
            mean = [mean[0] + p * score[0], mean[1] + p * score[1]];
        }
        let mut hessian = [0.0; 3];
        for ((mass, score), (z, _, [_, slope, curve])) in masses.iter().zip(&scores).zip(at) {
            let p = mass / total;
            let off = [score[0] - mean[0], score[1] - mean[1]];
            let mixed = slope + z * curve;
            hessian[0] += p * (curve / (sigma * sigma) + off[0] * off[0]);
            hessian[1] += p * (mixed / sigma + off[0] * off[1]);
            hessian[2] += p * (z * mixed + off[1] * off[1]);
        }
        LogMass { value: top + (0.5 * total * width).ln(), gradient: mean, hessian }
    }

    /// By the densities at the ends over the probability between them.
    fn wide(self, zl: f64, zu: f64, width: f64, sigma: f64) -> LogMass {
        let value = self.log_mass(zl, zu, width);
        let mut gradient = [0.0; 2];
        let mut hessian = [0.0; 3];
        for (z, sign) in [(zu, 1.0), (zl, -1.0)] {
            let [log, slope, _] = self.log_density_slopes(z);
            let ratio = sign * (log - value).exp();
            if z.is_infinite() || ratio == 0.0 {
                continue;
            }
            gradient[0] -= ratio / sigma;
            gradient[1] -= z * ratio;
            hessian[0] += slope * ratio / (sigma * sigma);
            hessian[1] += (1.0 + z * slope) * ratio / sigma;
            hessian[2] += z * (1.0 + z * slope) * ratio;
        }
        hessian[0] -= gradient[0] * gradient[0];
        hessian[1] -= gradient[0] * gradient[1];
        hessian[2] -= gradient[1] * gradient[1];
        LogMass { value, gradient, hessian }
    }

    /// ln F(z) and its derivatives.
    pub(super) fn up_to(self, z: f64, sigma: f64) -> LogMass {
        self.wide(f64::NEG_INFINITY, z, f64::INFINITY, sigma)
    }
}

/// ln(1 - exp(-e^x)).
fn log_one_minus_exp_minus_exp(x: f64) -> f64 {
    // Below, the result is x to the last digit.
    if x < -37.0 { x } else { (-(-x.exp()).exp_m1()).ln() }
}

/// ln(e^a - e^b), a > b.
fn log_difference(a: f64, b: f64) -> f64 {
    a + (-(b - a).exp_m1()).ln()
}

/// ln of the normal upper tail at z >= 0, also where the tail is below the smallest f64.
fn log_tail(z: f64) -> f64 {
    if z < 30.0 {
        return normal::cdf(-z).ln();
    }
    if z == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    // Continued fraction of the ratio of tail and density, Abramowitz and Stegun 1964, 26.2.14.
    let fraction = (1..=6).rev().fold(z, |rest, k| z + f64::from(k) / rest);
    Standard::Normal.log_density(z) - fraction.ln()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn at(standard: Standard, l: f64, u: f64, mu: f64, sigma: f64) -> LogMass {
        standard.interval((l - mu) / sigma, (u - mu) / sigma, (u - l) / sigma, sigma)
    }

    const BOTH: [Standard; 2] = [Standard::SmallestExtreme, Standard::Normal];

    /// ln(F(zu) - F(zl)) in 50 digits, mpmath 1.3.
    #[test]
    fn log_probabilities_agree_with_fifty_digits() {
        for (standard, zl, zu, expected) in CASES {
            let got = standard.interval(zl, zu, zu - zl, 1.0).value;
            let tolerance = 4e-15 * f64::abs(expected).max(1.0);
            assert!((got - expected).abs() <= tolerance, "{standard:?} {zl} {zu}: {got}");
        }
    }

    /// Distribution, zl, zu, ln(F(zu) - F(zl)).
    const CASES: [(Standard, f64, f64, f64); 14] = [
        (Standard::SmallestExtreme, -60.0, -50.0, -50.00004540096037),
        (Standard::SmallestExtreme, -0.5, 0.25, -1.3155791632628235),
        (Standard::SmallestExtreme, 1.0, 1.0000152587890625, -12.808649826944995),
        (Standard::SmallestExtreme, -800.0, -799.0, -799.4586751453871),
        (Standard::SmallestExtreme, 2.5, 3.0, -12.182863646125217),
        (Standard::SmallestExtreme, -3.0, 4.0, -0.049787068367863944),
        (Standard::Normal, -1.0, 2.0, -0.2001662943244626),
        (Standard::Normal, 0.5, 0.5000076293945312, -12.82744251008147),
        (Standard::Normal, 6.0, 7.0, -20.73806700328247),
        (Standard::Normal, -45.0, -40.0, -804.6084420137538),
        (Standard::Normal, 40.0, 40.5, -804.6084420155503),
        (Standard::Normal, 31.0, 31.0078125, -486.38962935334746),
        (Standard::Normal, -0.125, 0.125, -2.3078343496642404),
        (Standard::Normal, 35.0, 200.0, -616.9751012619225),
    ];

    fn agree(a: &LogMass, b: &LogMass, tolerances: [f64; 3]) {
        assert!((a.value - b.value).abs() < tolerances[0], "{a:?} {b:?}");
        for k in 0..2 {
            assert!((a.gradient[k] - b.gradient[k]).abs() < tolerances[1], "{a:?} {b:?}");
        }
        for k in 0..3 {
            assert!((a.hessian[k] - b.hessian[k]).abs() < tolerances[2], "{a:?} {b:?}");
        }
    }

    /// The ways of computing agree where they are good, derivatives included.
    #[test]
    fn narrow_and_wide_agree_on_the_border() {
        for standard in BOTH {
            for zl in [-3.0, -1.0, -0.2, 0.4, 1.1] {
                let width = 0.24 / (1.0 + f64::exp(f64::abs(zl)));
                let eight = standard.narrow(&EIGHT, zl, width, 0.7);
                let wide = standard.wide(zl, zl + width, width, 0.7);
                agree(&eight, &wide, [1e-12, 1e-10, 1e-9]);
                let width = 0.1 / (1.0 + f64::exp(f64::abs(zl)));
                let four = standard.narrow(&FOUR, zl, width, 0.7);
                let eight = standard.narrow(&EIGHT, zl, width, 0.7);
                agree(&four, &eight, [1e-14; 3]);
            }
        }
    }

    /// Gradient and Hessian against central differences of the level below.
    #[test]
    fn derivatives_are_those_of_the_value() {
        let ends = [
            (1.0, 1.05),
            (-2.0, 3.0),
            (2.0, f64::INFINITY),
            (f64::NEG_INFINITY, 0.3),
            (4.0, 9.0),
            (-9.0, -4.0),
            (0.0, 1e-7),
        ];
        let h = 1e-5;
        for (standard, (l, u)) in BOTH.into_iter().flat_map(|s| ends.map(|e| (s, e))) {
            let f = |mu: f64, tau: f64| at(standard, l, u, mu, tau.exp());
            let (mu, tau) = (0.4, -0.2);
            let here = f(mu, tau);
            let by_mu = [f(mu + h, tau), f(mu - h, tau)];
            let by_tau = [f(mu, tau + h), f(mu, tau - h)];
            let slope = |pair: &[LogMass; 2], get: fn(&LogMass) -> f64| {
                (get(&pair[0]) - get(&pair[1])) / (2.0 * h)
            };
            let checks = [
                (here.gradient[0], slope(&by_mu, |m| m.value)),
                (here.gradient[1], slope(&by_tau, |m| m.value)),
                (here.hessian[0], slope(&by_mu, |m| m.gradient[0])),
                (here.hessian[1], slope(&by_mu, |m| m.gradient[1])),
                (here.hessian[1], slope(&by_tau, |m| m.gradient[0])),
                (here.hessian[2], slope(&by_tau, |m| m.gradient[1])),
            ];
            for (i, (analytic, numeric)) in checks.into_iter().enumerate() {
                let tolerance = 1e-7 * (1.0 + analytic.abs());
                assert!(
                    (analytic - numeric).abs() < tolerance,
                    "{standard:?} ({l}, {u}) {i}: {analytic} {numeric}"
                );
            }
        }
    }

    #[test]
    fn quantiles_invert() {
        for standard in BOTH {
            for p in [1e-9, 0.01, 0.5, 0.99] {
                let back = standard.below(standard.quantile(p));
                assert!((back / p - 1.0).abs() < 1e-13);
            }
        }
    }
}
