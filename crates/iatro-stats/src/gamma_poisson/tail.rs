//! The probability that a negative binomial count reaches the truncation point, ln P(N >= m), with
//! its derivatives.
//!
//! From above, P(N >= m) = sum of f(n) over n >= m; from below, (1 - f(0)) - f(1) - ... - f(m - 1).
//! The second is finite and loses what it subtracts; the first is taken where that would be more
//! than two digits, and there it converges fast.

use super::negative_binomial::{AtExpected, CountTerm, LogTerm};

/// What the counts below the truncation point share: their [`CountTerm`] for one shape.
#[derive(Debug, Clone)]
pub(super) struct Tail {
    alpha: f64,
    /// Of 0, 1, ..., m.
    terms: Vec<CountTerm>,
}

impl Tail {
    /// For P(N >= `minimum`), `minimum` 1 or more.
    pub(super) fn new(alpha: f64, minimum: u64) -> Self {
        let terms = (0..=minimum).map(|count| CountTerm::new(alpha, count)).collect();
        Self { alpha, terms }
    }

    /// ln P(N >= m) at one expected count.
    pub(super) fn ln_probability(&self, here: &AtExpected) -> LogTerm {
        let some = here.ln_some();
        let minimum = self.terms.len() - 1;
        if minimum <= 1 {
            return some;
        }
        self.by_complement(here, some, minimum).unwrap_or_else(|| self.by_series(here, minimum))
    }

    /// Subtracts f(1) to f(m - 1) from 1 - f(0), all over 1 - f(0); `None` if little is left.
    fn by_complement(&self, here: &AtExpected, some: LogTerm, minimum: usize) -> Option<LogTerm> {
        let mut sum = Moments::default();
        for (count, term) in self.terms.iter().enumerate().take(minimum).skip(1) {
            sum.add(here.ln_probability(count as f64, term).minus(some), -1.0);
        }
        sum.add(LogTerm::ZERO, 1.0);
        (sum.total > 1e-2).then(|| plus(sum.logarithm(), some))
    }

    /// Adds f(m), f(m + 1), ..., all over f(m).
    fn by_series(&self, here: &AtExpected, minimum: usize) -> LogTerm {
        let first = here.ln_probability(minimum as f64, &self.terms[minimum]);
        let mut sum = Moments::default();
        let mut term = LogTerm::ZERO;
        // Derivatives of ln f(n + 1) - ln f(n) = ln((alpha + n) / (n + 1)) + ln(1 - pi).
        for n in (minimum..).take(MAX_TERMS) {
            sum.add(term, 1.0);
            if term.value < sum.total.ln() - 40.0 {
                break;
            }
            term = plus(term, self.ratio(here, n as f64));
        }
        plus(sum.logarithm(), first)
    }

    fn ratio(&self, here: &AtExpected, n: f64) -> LogTerm {
        let share = self.alpha / (self.alpha + n);
        let pi = here.pi();
        LogTerm {
            value: ((self.alpha + n) / (n + 1.0)).ln() + here.ln_rest,
            first: [share, -pi],
            second: [share * (1.0 - share), 0.0, -pi * (1.0 - pi)],
        }
    }
}

/// Where the sum from above is taken its terms fall by some 3 % or more each (the least for m = 100 and
/// a shape near 0), so 1,500 serve; the bound keeps the loop finite by construction.
const MAX_TERMS: usize = 20_000;

fn plus(x: LogTerm, y: LogTerm) -> LogTerm {
    x.minus(LogTerm::ZERO.minus(y))
}

/// A sum of terms given by their logarithms, with its derivatives.
#[derive(Debug, Default)]
struct Moments {
    total: f64,
    first: [f64; 2],
    second: [f64; 3],
}

impl Moments {
    fn add(&mut self, term: LogTerm, sign: f64) {
        let value = sign * term.value.exp();
        let [a, b] = term.first;
        let products = [a * a, a * b, b * b];
        self.total += value;
        for (sum, first) in self.first.iter_mut().zip(term.first) {
            *sum += value * first;
        }
        for (sum, (second, product)) in
            self.second.iter_mut().zip(term.second.into_iter().zip(products))
        {
            *sum += value * (second + product);
        }
    }

    fn logarithm(&self) -> LogTerm {
        let [a, b] = self.first.map(|v| v / self.total);
        let [aa, ab, bb] = self.second.map(|v| v / self.total);
        LogTerm {
            value: self.total.ln(),
            first: [a, b],
            second: [aa - a * a, ab - a * b, bb - b * b],
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    // Reference values stand as printed by their source.
    #![allow(clippy::excessive_precision)]
    use super::*;

    /// (alpha, beta, E, m, ln P(N >= m)): `log(betainc(m, alpha, 0, E/(beta+E), regularized=True))`
    /// in mpmath 1.3, 60 digits.
    const VALUES: [(f64, f64, f64, u64, f64); 9] = [
        (0.2, 0.06, 3.0, 1, -0.607882681863982339),
        (0.2, 0.06, 3.0, 2, -0.787041889442282145),
        (2.0, 4.0, 0.5, 3, -5.2923907478783973),
        (2.0, 4.0, 1e-08, 3, -58.0346309634718776),
        (30.0, 3.0, 1.0, 3, -0.00673058944767343788),
        (30.0, 3.0, 0.001, 5, -27.5052604890981945),
        (1e-05, 1.0, 1000000.0, 20, -9.1839641288654544),
        (1e-05, 1.0, 0.3, 20, -43.5870101466153949),
        (0.5, 1.0, 2.0, 100, -42.883074341097826),
    ];

    #[test]
    fn published_values() {
        for (alpha, beta, expected, minimum, log) in VALUES {
            let here = AtExpected::new(alpha, beta, expected);
            let got = Tail::new(alpha, minimum).ln_probability(&here).value;
            assert!((got - log).abs() < 1e-12 * (1.0 + f64::abs(log)), "{alpha} {got} {log}");
        }
    }

    #[test]
    fn derivatives_are_those_of_the_value() {
        let at = |a: f64, b: f64, expected: f64, minimum: u64| {
            let alpha = a.exp();
            let here = AtExpected::new(alpha, b.exp(), expected);
            Tail::new(alpha, minimum).ln_probability(&here)
        };
        let h = 1e-5;
        for (a, b, expected) in [(0.3, -0.8, 0.02), (1.5, 0.4, 7.0), (-2.0, -3.0, 1e4)] {
            for minimum in [1, 2, 3, 10] {
                let middle = at(a, b, expected, minimum);
                let [up, down] = [h, -h].map(|h| at(a + h, b, expected, minimum));
                let [right, left] = [h, -h].map(|h| at(a, b + h, expected, minimum));
                for (x, y, slope) in [
                    (up.value, down.value, middle.first[0]),
                    (right.value, left.value, middle.first[1]),
                    (up.first[0], down.first[0], middle.second[0]),
                    (up.first[1], down.first[1], middle.second[1]),
                    (right.first[0], left.first[0], middle.second[1]),
                    (right.first[1], left.first[1], middle.second[2]),
                ] {
                    let got = (x - y) / (2.0 * h);
                    let tolerance = 3e-7 * (1.0 + slope.abs());
                    assert!((got - slope).abs() < tolerance, "{a} {minimum}: {got} {slope}");
                }
            }
        }
    }
}
