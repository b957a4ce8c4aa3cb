//! The log-likelihood of interval-censored, right-truncated times, with gradient and Hessian.

use super::onset::Onset;
use super::standard::{LogMass, Standard};
use crate::numeric::maximise::Local;

/// Cases as the likelihood sees them: sorted, equal ones merged, so that their order cannot matter.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) intervals: Vec<Interval>,
    /// The same with cases of one interval merged whatever their truncation.
    plain: Vec<Interval>,
    /// Truncation in days and total weight; those of untruncated cases left out.
    truncations: Vec<(f64, f64)>,
    /// Total weight of all cases, and of those with an upper end.
    pub(super) cases: f64,
    pub(super) onsets: f64,
}

/// Cases with the same interval and the same truncation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    /// Days.
    pub(super) lower: f64,
    /// Days; infinite if right-censored.
    pub(super) upper: f64,
    /// Days; infinite if not truncated.
    pub(super) truncation: f64,
    pub(super) weight: f64,
    /// The part of the weight that is of cases with an upper end of their own.
    dated: f64,
    ln_lower: f64,
    ln_upper: f64,
    /// `ln_upper - ln_lower` without cancellation.
    ln_ratio: f64,
}

impl Interval {
    fn new(onset: &Onset, weight: f64) -> Self {
        let (lower, upper) = (onset.lower_days(), onset.upper_seen());
        Self {
            lower,
            upper,
            truncation: onset.truncation_days().unwrap_or(f64::INFINITY),
            weight,
            dated: if onset.upper_days().is_some() { weight } else { 0.0 },
            ln_lower: lower.ln(),
            ln_upper: upper.ln(),
            ln_ratio: ((upper - lower) / lower).ln_1p(),
        }
    }

    fn key(&self) -> [f64; 3] {
        [self.lower, self.upper, self.truncation]
    }

    /// True if the case is truncated where its interval ends.
    pub(super) fn reaches_truncation(&self) -> bool {
        self.upper >= self.truncation
    }

    /// A stand-in for the unknown time, days, for starting values.
    fn typical(&self) -> f64 {
        if self.upper.is_finite() {
            0.5 * (self.lower + self.upper)
        } else if self.lower > 0.0 {
            2.0 * self.lower
        } else {
            1.0
        }
    }
}

impl Sample {
    /// `weights` has the length of `onsets` (the caller checks).
    pub(super) fn new(onsets: &[Onset], weights: impl Iterator<Item = f64>) -> Self {
        let mut rows: Vec<Interval> = onsets
            .iter()
            .zip(weights)
            .map(|(onset, weight)| Interval::new(onset, weight))
            .collect();
        rows.sort_by(|a, b| {
            let by_weight = a.weight.total_cmp(&b.weight).then(a.dated.total_cmp(&b.dated));
            compare(a.key(), b.key()).then(by_weight)
        });
        let cases: f64 = rows.iter().map(|row| row.weight).sum();
        let dated: f64 = rows.iter().map(|row| row.dated).sum();
        let intervals = merged(&rows, |a, b| a.key() == b.key());
        let plain = merged(&intervals, |a, b| (a.lower, a.upper) == (b.lower, b.upper));
        let truncations = truncations(&intervals);
        Self { intervals, plain, truncations, cases, onsets: dated }
    }

    /// True if a case is truncated.
    pub(super) fn is_truncated(&self) -> bool {
        !self.truncations.is_empty()
    }

    /// Weighted mean and standard deviation of the logs of typical times.
    pub(super) fn log_moments(&self) -> (f64, f64) {
        let over = |f: &dyn Fn(&Interval) -> f64| -> f64 {
            self.intervals.iter().map(|i| i.weight * f(i)).sum::<f64>() / self.cases
        };
        let mean = over(&|i| i.typical().ln());
        let variance = over(&|i| (i.typical().ln() - mean).powi(2));
        (mean, variance.sqrt())
    }

    /// The log-likelihood at mu and tau = ln sigma: the sum of ln(F(upper) - F(lower)) - ln
    /// F(truncation).
    pub(super) fn log_likelihood(&self, standard: Standard, mu: f64, tau: f64) -> Local {
        let sigma = tau.exp();
        let mut sum = LogMass::default();
        for i in &self.plain {
            if i.lower == 0.0 && i.upper == f64::INFINITY {
                continue; // Says nothing.
            }
            let (zl, zu) = ((i.ln_lower - mu) / sigma, (i.ln_upper - mu) / sigma);
            let mass = standard.interval(zl, zu, i.ln_ratio / sigma, sigma);
            add(&mut sum, &mass, i.weight);
        }
        for &(truncation, weight) in &self.truncations {
            add(&mut sum, &standard.up_to((truncation.ln() - mu) / sigma, sigma), -weight);
        }
        let [mm, mt, tt] = sum.hessian;
        Local { value: sum.value, gradient: sum.gradient.to_vec(), hessian: vec![mm, mt, mt, tt] }
    }
}

/// Sorted intervals with neighbours that are the same put together.
fn merged(rows: &[Interval], same: impl Fn(&Interval, &Interval) -> bool) -> Vec<Interval> {
    let mut kept: Vec<Interval> = Vec::new();
    for row in rows {
        match kept.last_mut().filter(|last| same(last, row)) {
            Some(last) => {
                last.weight += row.weight;
                last.dated += row.dated;
            }
            None => kept.push(*row),
        }
    }
    kept
}

fn truncations(intervals: &[Interval]) -> Vec<(f64, f64)> {
    let mut all: Vec<(f64, f64)> = intervals
        .iter()
        .filter(|i| i.truncation.is_finite())
        .map(|i| (i.truncation, i.weight))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    all.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    all
}

fn compare(a: [f64; 3], b: [f64; 3]) -> std::cmp::Ordering {
    let parts = a.iter().zip(&b).map(|(x, y)| x.total_cmp(y));
    parts.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

fn add(sum: &mut LogMass, part: &LogMass, weight: f64) {
    sum.value += weight * part.value;
    for k in 0..2 {
        sum.gradient[k] += weight * part.gradient[k];
    }
    for k in 0..3 {
        sum.hessian[k] += weight * part.hessian[k];
    }
}
