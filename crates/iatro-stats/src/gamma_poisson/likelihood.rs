//! The log likelihood of a prior, with its gradient and Hessian.
//!
//! The unknowns are ln alpha1, ln beta1, ln alpha2, ln beta2 and logit p.

use rayon::prelude::*;

use super::negative_binomial::{AtExpected, CountTerm, LogTerm};
use super::pair::WeightedPair;
use super::tail::Tail;

/// Which likelihood a fit maximises. f1 and f2 are the negative binomial probabilities of the two
/// components, m the truncation point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likelihood {
    /// Each component is truncated by itself, and the mixture taken of the truncated ones:
    ///
    /// ```text
    /// L = product over pairs with N >= m of  p f1(N) / P1(N >= m) + (1 - p) f2(N) / P2(N >= m)
    /// ```
    ///
    /// This is the likelihood of MGPS as published (DuMouchel and Pregibon 2001, KDD '01:67-76,
    /// section 3) and as packages compute it. p is then the share of the first component among the
    /// pairs with N >= m, and the posterior uses it as if it were the share among all pairs.
    ComponentsTruncated {
        /// Truncation point m, the N* of the source: 1 to 100. 1 is usual.
        minimum: u64,
    },
    /// The mixture is truncated: the conditional distribution of N, given that it reached m, if
    /// lambda is drawn from the prior:
    ///
    /// ```text
    /// L = product over pairs with N >= m of
    ///     (p f1(N) + (1 - p) f2(N)) / (p P1(N >= m) + (1 - p) P2(N >= m))
    /// ```
    ///
    /// It recovers the prior of all pairs, those not reported included, if that prior is right.
    MixtureTruncated {
        /// Truncation point m: 1 to 100.
        minimum: u64,
    },
    /// Nothing is truncated; the pairs with N = 0 are among the rows (DuMouchel 1999, equation 12):
    ///
    /// ```text
    /// L = product over all pairs of  p f1(N) + (1 - p) f2(N)
    /// ```
    Complete,
}

impl Likelihood {
    /// Pairs below this count take no part.
    pub(super) fn minimum(self) -> u64 {
        match self {
            Self::ComponentsTruncated { minimum } | Self::MixtureTruncated { minimum } => minimum,
            Self::Complete => 0,
        }
    }
}

/// Points that are summed together.
const BLOCK: usize = 1 << 12;

/// The unknowns.
pub(super) const UNKNOWNS: usize = 5;

/// The log likelihood at a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Local {
    pub(super) value: f64,
    pub(super) gradient: [f64; UNKNOWNS],
    pub(super) hessian: [[f64; UNKNOWNS]; UNKNOWNS],
}

/// An observed and an expected count, and how much they weigh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) observed: u64,
    pub(super) expected: f64,
    pub(super) weight: f64,
}

impl From<WeightedPair> for Point {
    fn from(pair: WeightedPair) -> Self {
        let WeightedPair { observed, expected, weight } = pair;
        Self { observed, expected, weight: weight as f64 }
    }
}

/// The pairs of a fit, ordered by count.
#[derive(Debug, Clone)]
pub(super) struct Data {
    likelihood: Likelihood,
    points: Vec<Point>,
}

impl Data {
    /// Pairs in the order of [`super::pair::aggregated`], none below the truncation point.
    pub(super) fn new(likelihood: Likelihood, pairs: Vec<WeightedPair>) -> Self {
        Self::of(likelihood, pairs.into_iter().map(Point::from).collect())
    }

    /// The same of points.
    pub(super) fn of(likelihood: Likelihood, points: Vec<Point>) -> Self {
        Self { likelihood, points }
    }

    /// How many points there are.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// How many pairs stand behind them.
    #[allow(clippy::cast_sign_loss)] // The weights of a panel of nodes add up to its pairs too.
    pub(super) fn pairs(&self) -> u64 {
        self.points.iter().map(|point| point.weight).sum::<f64>().round() as u64
    }

    /// Value, gradient and Hessian at `at`.
    pub(super) fn evaluate(&self, at: &[f64; UNKNOWNS]) -> Local {
        let alphas @ [alpha1, alpha2] = [at[0], at[2]].map(f64::exp);
        let betas = [at[1], at[3]].map(f64::exp).map(|beta| [beta, beta.ln()]);
        let mixture = Mixture::new(at[4]);
        let minimum = self.likelihood.minimum().max(1);
        let tails = [Tail::new(alpha1, minimum), Tail::new(alpha2, minimum)];
        let of_block = |block: &&[Point]| {
            let mut sum = Sum::default();
            let count = block[0].observed;
            let terms = [CountTerm::new(alpha1, count), CountTerm::new(alpha2, count)];
            for point in *block {
                let expected = [point.expected, point.expected.ln()];
                let here = [0, 1].map(|i| AtExpected::of_logarithms(alphas[i], betas[i], expected));
                let [f1, f2] = [0, 1].map(|i| here[i].ln_probability(count as f64, &terms[i]));
                let tail = |i: usize| tails[i].ln_probability(&here[i]);
                let weight = point.weight;
                match self.likelihood {
                    Likelihood::Complete => sum.add(weight, &mixture, f1, f2),
                    Likelihood::ComponentsTruncated { .. } => {
                        sum.add(weight, &mixture, f1.minus(tail(0)), f2.minus(tail(1)));
                    }
                    Likelihood::MixtureTruncated { .. } => {
                        sum.add(weight, &mixture, f1, f2);
                        sum.add(-weight, &mixture, tail(0), tail(1));
                    }
                }
            }
            sum
        };
        // Joined in the order of the points: the same total whatever the number of threads.
        let sums: Vec<Sum> = self.blocks().par_iter().map(of_block).collect();
        let mut total = Sum::default();
        sums.iter().for_each(|sum| total.join(sum));
        total.local()
    }

    /// The points in blocks of one count each. Blocks are summed apart, so that many small terms do not meet one
    /// large total, and several at once.
    fn blocks(&self) -> Vec<&[Point]> {
        let same_count = self.points.chunk_by(|x, y| x.observed == y.observed);
        same_count.flat_map(|points| points.chunks(BLOCK)).collect()
    }
}

/// The weights of the two components.
struct Mixture {
    logit: f64,
    ln_weights: [f64; 2],
    weight: f64,
}

impl Mixture {
    fn new(logit: f64) -> Self {
        let ln = |x: f64| if x < 0.0 { x - x.exp().ln_1p() } else { -(-x).exp().ln_1p() };
        Self { logit, ln_weights: [ln(logit), ln(-logit)], weight: ln(logit).exp() }
    }
}

/// Value, gradient and the upper triangle of the Hessian, row by row.
#[derive(Default)]
struct Sum {
    value: f64,
    gradient: [f64; UNKNOWNS],
    upper: [f64; 15],
}

impl Sum {
    /// Adds `weight` times ln(p e^f1 + (1 - p) e^f2).
    ///
    /// With q the posterior share of the first component and s1, s2 the derivatives of f1 and f2,
    /// the gradient is (q s1, (1 - q) s2, q - p).
    fn add(&mut self, weight: f64, mixture: &Mixture, f1: LogTerm, f2: LogTerm) {
        let d = mixture.logit + f1.value - f2.value;
        let small = (-d.abs()).exp();
        let large = 1.0 / (1.0 + small);
        let (q, r) = if d >= 0.0 { (large, small * large) } else { (small * large, large) };
        let highest = if d >= 0.0 {
            mixture.ln_weights[0] + f1.value
        } else {
            mixture.ln_weights[1] + f2.value
        };
        self.value += weight * (highest + small.ln_1p());
        let ([a, b], [c, e]) = (f1.first, f2.first);
        let p = mixture.weight;
        let gradient = [q * a, q * b, r * c, r * e, q - p];
        for (sum, term) in self.gradient.iter_mut().zip(gradient) {
            *sum += weight * term;
        }
        let v = q * r;
        let upper = [
            q * f1.second[0] + v * a * a,
            q * f1.second[1] + v * a * b,
            -v * a * c,
            -v * a * e,
            v * a,
            q * f1.second[2] + v * b * b,
            -v * b * c,
            -v * b * e,
            v * b,
            r * f2.second[0] + v * c * c,
            r * f2.second[1] + v * c * e,
            -v * c,
            r * f2.second[2] + v * e * e,
            -v * e,
            v - p * (1.0 - p),
        ];
        for (sum, term) in self.upper.iter_mut().zip(upper) {
            *sum += weight * term;
        }
    }

    fn join(&mut self, other: &Self) {
        self.value += other.value;
        for (sum, term) in self.gradient.iter_mut().zip(other.gradient) {
            *sum += term;
        }
        for (sum, term) in self.upper.iter_mut().zip(other.upper) {
            *sum += term;
        }
    }

    fn local(&self) -> Local {
        // Where row i of the upper triangle starts, less i.
        const START: [usize; UNKNOWNS] = [0, 4, 7, 9, 10];
        let entry = |i: usize, j: usize| self.upper[START[i.min(j)] + i.max(j)];
        let hessian = std::array::from_fn(|i| std::array::from_fn(|j| entry(i, j)));
        Local { value: self.value, gradient: self.gradient, hessian }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const KINDS: [Likelihood; 5] = [
        Likelihood::ComponentsTruncated { minimum: 1 },
        Likelihood::ComponentsTruncated { minimum: 3 },
        Likelihood::MixtureTruncated { minimum: 1 },
        Likelihood::MixtureTruncated { minimum: 3 },
        Likelihood::Complete,
    ];

    fn data(kind: Likelihood) -> Data {
        let rows = [
            (0, 2.0, 3),
            (1, 0.01, 9),
            (1, 0.7, 2),
            (2, 0.001, 1),
            (3, 4.0, 5),
            (5, 0.02, 1),
            (40, 3.5, 1),
            (2_000, 1e3, 1),
        ];
        let pairs =
            rows.map(|(observed, expected, weight)| WeightedPair { observed, expected, weight });
        let mut pairs = pairs.to_vec();
        pairs.retain(|pair| pair.observed >= kind.minimum());
        Data::new(kind, pairs)
    }

    #[test]
    fn gradient_and_hessian_are_those_of_the_value() {
        let at = [0.4, -0.6, 0.2, 0.9, -1.3];
        let h = 1e-5;
        for kind in KINDS {
            let data = data(kind);
            let middle = data.evaluate(&at);
            for i in 0..UNKNOWNS {
                let moved = |h: f64| {
                    let mut at = at;
                    at[i] += h;
                    data.evaluate(&at)
                };
                let (up, down) = (moved(h), moved(-h));
                let close = |x: f64, y: f64| {
                    assert!((x - y).abs() < 3e-6 * (1.0 + y.abs()), "{kind:?} {i}: {x} {y}");
                };
                close((up.value - down.value) / (2.0 * h), middle.gradient[i]);
                for j in 0..UNKNOWNS {
                    let slope = (up.gradient[j] - down.gradient[j]) / (2.0 * h);
                    close(slope, middle.hessian[i][j]);
                }
            }
        }
    }

    /// Exchanging the components changes the value by no more than rounding.
    #[test]
    fn labels_do_not_matter() {
        for kind in KINDS {
            let data = data(kind);
            let one = data.evaluate(&[0.4, -0.6, 0.2, 0.9, -1.3]).value;
            let other = data.evaluate(&[0.2, 0.9, 0.4, -0.6, 1.3]).value;
            assert!((one - other).abs() < 1e-12 * one.abs());
        }
    }

    #[test]
    fn extremes_are_finite() {
        let rows =
            [(0, 1e-300), (0, 1e12), (1, 1e-300), (1, 1e300), (u64::MAX, 1e-300), (u64::MAX, 1e12)];
        let points = rows
            .map(|(observed, expected)| WeightedPair { observed, expected, weight: 1 })
            .to_vec();
        for kind in KINDS {
            let mut points = points.clone();
            points.retain(|point| point.observed >= kind.minimum());
            let data = Data::new(kind, points);
            for at in
                [[0.0; 5], [13.0, -13.0, -13.0, 13.0, 13.0], [-11.0, 11.0, 11.0, -11.0, -13.0]]
            {
                let local = data.evaluate(&at);
                let all = local.gradient.iter().chain(local.hessian.iter().flatten());
                assert!(
                    local.value.is_finite() && all.clone().all(|v| v.is_finite()),
                    "{kind:?} {local:?}"
                );
            }
        }
    }
}
