//! Reporting odds ratio by conditional maximum likelihood, with exact limits.

use super::hypergeometric::{Above, Sums, columns_exchanged, has_choice, log_odds_ratio};
use super::limits_of_count::poisson_means;
use crate::Table2x2;
use crate::special::Z_95;

/// A conditional reporting odds ratio with its two-sided 95 % limits.
///
/// Where the observed count is the largest that the margins allow, no odds ratio is too large for
/// it: there is no point and no upper limit. Where it is the smallest, the point is 0 and there is no
/// lower limit (none above 0). A limit that is missing is `None`, never infinity or 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionalRor {
    /// Conditional maximum likelihood estimate; 0 where a or d is 0; `None` where b or c is.
    pub point: Option<f64>,
    /// Lower limit, above 0; `None` where a or d is 0.
    pub lower: Option<f64>,
    /// Upper limit; `None` where b or c is 0.
    pub upper: Option<f64>,
}

impl ConditionalRor {
    /// Returns true if `odds_ratio` (above 0) lies within the limits that exist.
    #[must_use]
    pub fn contains(&self, odds_ratio: f64) -> bool {
        self.lower.is_none_or(|lower| lower <= odds_ratio)
            && self.upper.is_none_or(|upper| odds_ratio <= upper)
    }
}

/// Returns the conditional maximum likelihood reporting odds ratio with its exact 95 % limits; `None`
/// unless all four margins are above 0.
///
/// Given the margins, `a` has Fisher's noncentral hypergeometric distribution,
///
/// ```text
/// P(x; psi) proportional to C(a+b, x) C(c+d, a+c-x) psi^x
/// point: the psi at which the mean of x is a
/// lower: the psi at which P(x >= a) = 0.025
/// upper: the psi at which P(x <= a) = 0.025
/// ```
///
/// The limits are those of `fisher.test` in R (there to the digits its root finder gives). They
/// cover the odds ratio in at least 95 % of samples, in sparse tables in many more. Relative error
/// below 1e-11, cells above 2^53 being rounded first. Sources: Fisher 1935, J R Stat Soc 98:39-54;
/// Cornfield 1956, Proc Third Berkeley Symp 4:135-148.
///
/// ```
/// use iatro_stats::{Table2x2, disproportionality::ror_conditional};
///
/// let ror = ror_conditional(&Table2x2::new(5, 0, 3, 9)?).ok_or("no reports")?;
/// assert_eq!((ror.point, ror.upper), (None, None));
/// assert!(ror.lower.is_some_and(|lower| lower > 1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn ror_conditional(table: &Table2x2) -> Option<ConditionalRor> {
    estimate(table, 1.0)
}

/// Returns the conditional maximum likelihood reporting odds ratio with its mid-P 95 % limits; `None`
/// unless all four margins are above 0.
///
/// As [`ror_conditional`], with half the probability of the observed table on each side:
///
/// ```text
/// lower: the psi at which P(x > a) + P(x = a) / 2 = 0.025
/// upper: the psi at which P(x < a) + P(x = a) / 2 = 0.025
/// ```
///
/// Shorter than the exact limits; coverage is near 95 %, and may be a little below. Sources:
/// Lancaster 1961, J Am Stat Assoc 56:223-234; Berry and Armitage 1995, The Statistician 44:417-423.
#[must_use]
pub fn ror_conditional_mid_p(table: &Table2x2) -> Option<ConditionalRor> {
    estimate(table, 0.5)
}

/// `own` is the share of the observed table that counts to the tail in question.
fn estimate(table: &Table2x2, own: f64) -> Option<ConditionalRor> {
    has_choice(table).then(|| {
        let can_fall = table.ad() > 0;
        let can_rise = table.bc() > 0;
        let mut sides = Sides::new(table);
        let point = if can_fall {
            point_start(table).and_then(|start| sides.point(start))
        } else {
            Some(0.0)
        };
        let [lower, upper] = starts(table);
        ConditionalRor {
            point,
            lower: can_fall.then(|| sides.limit(lower, own)).flatten().map(f64::exp),
            // Exchanging the columns inverts the odds ratio.
            upper: can_rise
                .then(|| sides.exchanged().limit(-upper, own))
                .flatten()
                .map(|log_odds| (-log_odds).exp()),
        }
    })
}

/// The tables with the margins of the observed one.
struct Sides {
    below: Above,
    above: Above,
}

impl Sides {
    fn new(table: &Table2x2) -> Self {
        // One step down is one step up of the table with its columns exchanged.
        Self { below: Above::new(&columns_exchanged(table)), above: Above::new(table) }
    }

    fn exchanged(self) -> Self {
        Self { below: self.above, above: self.below }
    }

    /// Sums over the tables below and above the observed one.
    fn sums(&mut self, log_odds: f64) -> (Sums, Sums) {
        (self.below.sums(-log_odds), self.above.sums(log_odds))
    }

    /// The odds ratio at which the mean is the observed count. It lies between the sample odds ratio
    /// and 1.
    fn point(&mut self, start: f64) -> Option<f64> {
        let log_odds = increasing_root(start, |log_odds| {
            let (below, above) = self.sums(log_odds);
            let total = 1.0 + below.mass + above.mass;
            let excess = (above.first - below.first) / total;
            let variance = (above.second + below.second) / total - excess * excess;
            let deviation = variance.sqrt();
            At { value: excess / deviation, slope: deviation, bend: 0.0 }
        });
        log_odds.map(f64::exp)
    }

    /// Logarithm of the odds ratio at which the upper tail, `own` of the observed table included, is
    /// 0.025. The logit of the tail is nearly linear in it, and its derivatives are differences of the
    /// moments of both sides.
    fn limit(&mut self, start: f64, own: f64) -> Option<f64> {
        let target = (0.025_f64 / 0.975).ln();
        increasing_root(start, |log_odds| {
            let (below, above) = self.sums(log_odds);
            let (tail, rest) = (own + above.mass, 1.0 - own + below.mass);
            let [up, down] = [above.first / tail, below.first / rest];
            let bend = (above.second / tail - up * up) - (below.second / rest - down * down);
            At { value: (tail / rest).ln() - target, slope: up + down, bend }
        })
    }
}

/// Where the search for the point starts: as E[ad] = psi E[bc], and both exceed ad and bc of the mean by
/// the variance, psi is (ad + v) / (bc + v), and v is known nearly.
fn point_start(table: &Table2x2) -> Option<f64> {
    let [a, b, c, d] = [table.a(), table.b(), table.c(), table.d()].map(|cell| cell as f64);
    let variance = 1.0 / [a, b, c, d].iter().map(|cell| 1.0 / cell).sum::<f64>();
    let sample = log_odds_ratio(table)?;
    Some(sample + (variance / (a * d)).ln_1p() - (variance / (b * c)).ln_1p())
}

/// Where the searches for the limits start, as logarithms: what would be the limits if a were Poisson,
/// where it is rare among the exposed and among the events; else those of Wald with 1/2 added to each
/// cell.
fn starts(table: &Table2x2) -> [f64; 2] {
    let [a, b, c, d] = [table.a(), table.b(), table.c(), table.d()].map(|cell| cell as f64);
    let [with, event] = [a + b, a + c];
    let wald = [a, b, c, d].map(|cell| cell + 0.5);
    let deviation = wald.iter().map(|cell| 1.0 / cell).sum::<f64>().sqrt();
    let odds = (wald[0] * wald[3] / (wald[1] * wald[2])).ln();
    let poisson = poisson_means(table.a());
    let of_mean = |mean: f64| {
        let rare = RARE * mean < with.min(event);
        rare.then(|| (mean * (d - a + mean) / ((with - mean) * (event - mean))).ln())
    };
    let start = |at: usize, sign: f64| {
        let rare = poisson[at].and_then(of_mean).filter(|start| start.is_finite());
        rare.unwrap_or(odds + sign * Z_95 * deviation)
    };
    [start(0, -1.0), start(1, 1.0)]
}

/// How many times rarer than its margins a count is to count as rare.
const RARE: f64 = 4.0;

/// A function at a place.
struct At {
    value: f64,
    slope: f64,
    /// The second derivative, or 0: then the steps are Newton's.
    bend: f64,
}

impl At {
    /// Halley's step to the root.
    fn step(&self) -> f64 {
        let newton = -self.value / self.slope;
        let halley = 1.0 + 0.5 * newton * (self.bend / self.slope);
        if halley > 0.5 { newton / halley.min(2.0) } else { newton }
    }

    /// Whether nothing is left to gain after the step: Newton's squares the error, Halley's cubes it.
    fn is_last(&self) -> bool {
        self.value.abs() < if self.bend == 0.0 { 1e-8 } else { 1e-5 }
    }
}

/// The root of an increasing function, given with its derivatives, whose values are of the size of a
/// standard normal variable or a logit. Bounded steps inside the bracket that the values so far prove;
/// `None` if that does not end, which does not happen for a table.
fn increasing_root(start: f64, mut f: impl FnMut(f64) -> At) -> Option<f64> {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut at = start;
    for _ in 0..200 {
        let here = f(at);
        if here.value == 0.0 {
            return Some(at);
        }
        if here.value < 0.0 {
            low = at;
        } else {
            high = at;
        }
        let step = here.step();
        let step = if step.is_finite() { step.clamp(-LONGEST, LONGEST) } else { LONGEST };
        let next = at + step;
        let within = low < next && next < high;
        if here.is_last() {
            return Some(next);
        }
        let middle = 0.5 * (low + high);
        let next = if within || !middle.is_finite() { next } else { middle };
        if next == at {
            return Some(at);
        }
        at = next;
    }
    None
}

/// Longest step in the logarithm of the odds ratio.
const LONGEST: f64 = 2.0;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    /// Two tables have these margins: x = 0 with weight 1, x = 1 with weight psi.
    #[test]
    fn one_against_one() {
        let ror = ror_conditional(&table(1, 0, 0, 1)).unwrap();
        assert_eq!((ror.point, ror.upper), (None, None));
        assert!((ror.lower.unwrap() - 0.025 / 0.975).abs() < 1e-15);
        let ror = ror_conditional(&table(0, 1, 1, 0)).unwrap();
        assert_eq!((ror.point, ror.lower), (Some(0.0), None));
        assert!((ror.upper.unwrap() - 39.0).abs() < 1e-12);
        let mid = ror_conditional_mid_p(&table(1, 0, 0, 1)).unwrap();
        assert!((mid.lower.unwrap() - 0.05 / 0.95).abs() < 1e-15);
    }

    #[test]
    fn an_empty_margin_leaves_it_undefined() {
        for t in [table(0, 0, 1, 1), table(1, 1, 0, 0), table(0, 1, 0, 1), table(1, 0, 1, 0)] {
            assert_eq!(ror_conditional(&t), None);
            assert_eq!(ror_conditional_mid_p(&t), None);
        }
    }

    #[test]
    fn a_missing_limit_excludes_nothing() {
        let ror = ror_conditional(&table(5, 0, 3, 9)).unwrap();
        assert!(ror.contains(1e300) && !ror.contains(0.01));
    }

    /// In a balanced table everything is symmetric about 1.
    #[test]
    fn independence_gives_one() {
        for scale in [1, 1_000, 1_000_000, 1_000_000_000_000] {
            let ror = ror_conditional(&table(5 * scale, 5 * scale, 5 * scale, 5 * scale)).unwrap();
            assert!((ror.point.unwrap() - 1.0).abs() < 1e-14);
            assert!((ror.lower.unwrap() * ror.upper.unwrap() - 1.0).abs() < 1e-12);
        }
    }
}
