//! Log likelihood ratios of an excess in one branch.

use crate::numeric::deviance::deviance;

/// What counts are held to be without an excess, Poisson model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoissonNull {
    /// Unconditional: the cases of a node are Poisson with its expected count. A scan then also finds
    /// that there are more cases than expected overall.
    Expected,
    /// Conditional on the total of cases: expected counts are scaled to add up to it, so only their
    /// proportions count.
    Total,
}

/// What counts are held to be without an excess, Bernoulli model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BernoulliNull {
    /// Unconditional: every report is a case with this probability, strictly between 0 and 1 (1/11
    /// where each exposed subject has ten comparators).
    Probability(f64),
    /// Conditional on the total of cases: they are a random sample of all reports.
    Total,
}

/// A model with the totals it needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Likelihood {
    pub(super) model: Model,
    /// All cases, C.
    pub(super) cases: f64,
    /// All expected counts (Poisson) or all reports (Bernoulli), N.
    pub(super) base: f64,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Model {
    Poisson(PoissonNull),
    Bernoulli(BernoulliNull),
}

/// An excess below this share of the expected count is rounding (of sums of expected counts).
const ROUNDING: f64 = 1e-10;

impl Likelihood {
    /// Cases expected in a node without an excess; `base` is its expected count as given (Poisson)
    /// or its reports (Bernoulli).
    pub(super) fn expected(&self, base: f64) -> f64 {
        match self.model {
            Model::Poisson(PoissonNull::Expected) => base,
            Model::Bernoulli(BernoulliNull::Probability(p)) => base * p,
            Model::Poisson(PoissonNull::Total) | Model::Bernoulli(BernoulliNull::Total) => {
                if self.base > 0.0 { self.cases * (base / self.base) } else { 0.0 }
            }
        }
    }

    /// The log likelihood ratio of `cases` in a node against no excess; 0 unless there are more than
    /// expected.
    ///
    /// With D(x, m) = x ln(x / m) - (x - m), c cases of which E are expected, C in all:
    /// ```text
    /// Poisson, expected counts     D(c, E)
    /// Poisson, given the total     D(c, E) + D(C - c, C - E),            E = C n / N
    /// Bernoulli, probability       D(c, E) + D(n - c, n - E),            E = n p
    /// Bernoulli, given the total   D(c, E) + D(n - c, n - E) + D(C - c, C - E)
    ///                              + D(N - n - C + c, N - n - C + E),    E = C n / N
    /// ```
    /// The linear parts of D add up to 0 but in the first, so these are the usual formulas; each D
    /// keeps its digits, however small the excess.
    pub(super) fn ratio(&self, cases: f64, base: f64) -> f64 {
        let expected = self.expected(base);
        if cases <= expected * (1.0 + ROUNDING) {
            return 0.0;
        }
        let own = deviance(cases, expected);
        let (all, rest) = (self.cases, self.base - base);
        let ratio = match self.model {
            Model::Poisson(PoissonNull::Expected) => own,
            Model::Poisson(PoissonNull::Total) => {
                own + deviance(all - cases, all * (rest / self.base))
            }
            Model::Bernoulli(BernoulliNull::Probability(p)) => {
                own + deviance(base - cases, base * (1.0 - p))
            }
            Model::Bernoulli(BernoulliNull::Total) => {
                let others = self.base - all;
                own + deviance(base - cases, others * (base / self.base))
                    + deviance(all - cases, all * (rest / self.base))
                    + deviance(rest - (all - cases), others * (rest / self.base))
            }
        };
        ratio.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_deficit_and_the_whole_hierarchy_have_no_ratio() {
        for model in [
            Model::Poisson(PoissonNull::Expected),
            Model::Poisson(PoissonNull::Total),
            Model::Bernoulli(BernoulliNull::Probability(0.1)),
            Model::Bernoulli(BernoulliNull::Total),
        ] {
            let likelihood = Likelihood { model, cases: 10.0, base: 100.0 };
            assert_eq!(likelihood.ratio(0.0, 50.0), 0.0);
            assert!(likelihood.ratio(10.0, 99.0) >= 0.0);
            assert!(likelihood.ratio(10.0, 10.0).is_finite());
        }
        let total = Likelihood { model: Model::Poisson(PoissonNull::Total), cases: 7.0, base: 0.7 };
        assert_eq!(total.ratio(7.0, 0.7), 0.0);
    }
}
