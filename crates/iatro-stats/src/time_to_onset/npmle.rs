//! The distribution of interval-censored times without a family: Turnbull's estimate.

use super::onset::Onset;

/// Turnbull's estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Turnbull {
    /// Where the estimate puts probability, in order of time; sums to 1.
    pub steps: Vec<TurnbullStep>,
    /// Largest gain in log-likelihood that any other distribution could bring, as bounded by the
    /// gradient. The search ends at 1e-9 a case, or after 100,000 steps (fewer with thousands of
    /// different intervals).
    pub gap: f64,
}

/// An interval with its probability; where within it the probability lies, the data do not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnbullStep {
    /// Lower end, days.
    pub lower_days: f64,
    /// Upper end, days; `None` if unbounded.
    pub upper_days: Option<f64>,
    /// Probability, 0 to 1.
    pub probability: f64,
}

/// Returns the nonparametric maximum likelihood estimate of the distribution of interval-censored
/// times; `None` without cases, or if a case is right truncated (the estimate would be of the
/// truncated times).
///
/// An interval holds its upper end but not its lower. Probability can only lie in the innermost
/// intervals: from a lower end to the next upper end with no other end between. Their probabilities p
/// solve
///
/// ```text
/// p_j = (1/n) sum over cases i that hold j of p_j / (sum of p over the intervals that i holds)
/// ```
///
/// by iteration from equal p. Days known exactly give their relative frequencies. Source: Turnbull
/// 1976, J R Stat Soc B 38:290-295; bound of the gap: Lindsay 1983, Ann Stat 11:86-94.
#[must_use]
pub fn turnbull(onsets: &[Onset]) -> Option<Turnbull> {
    if onsets.is_empty() || onsets.iter().any(|onset| onset.truncation_days().is_some()) {
        return None;
    }
    let mut cases: Vec<(f64, f64)> =
        onsets.iter().map(|onset| (onset.lower_days(), onset.upper_seen())).collect();
    cases.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let inner = innermost(&cases);
    let spans = cases
        .iter()
        .map(|&(lower, upper)| {
            let first = inner.partition_point(|step| step.0 < lower);
            let end = inner.partition_point(|step| step.1 <= upper);
            (first, end)
        })
        .collect();
    let (p, gap) = self_consistent(&counted(spans), inner.len());
    let steps = inner.iter().zip(p).map(|(&(lower_days, upper), probability)| TurnbullStep {
        lower_days,
        upper_days: upper.is_finite().then_some(upper),
        probability,
    });
    Some(Turnbull { steps: steps.collect(), gap })
}

/// Intervals from a lower end to the upper end that follows it at once. At one point an upper end
/// comes first: it belongs to its interval, the lower end does not.
fn innermost(cases: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let lower = cases.iter().map(|case| (case.0, true));
    let upper = cases.iter().map(|case| (case.1, false));
    let mut ends: Vec<(f64, bool)> = lower.chain(upper).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let neighbours = ends.iter().zip(ends.iter().skip(1));
    neighbours.filter(|(a, b)| a.1 && !b.1).map(|(a, b)| (a.0, b.0)).collect()
}

/// Cases that hold the same run of innermost intervals, first and past the last, and their number.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: usize,
    end: usize,
    cases: f64,
}

fn counted(mut runs: Vec<(usize, usize)>) -> Vec<Span> {
    runs.sort_unstable();
    let mut spans: Vec<Span> = Vec::new();
    for (first, end) in runs {
        match spans.last_mut().filter(|last| (last.first, last.end) == (first, end)) {
            Some(last) => last.cases += 1.0,
            None => spans.push(Span { first, end, cases: 1.0 }),
        }
    }
    spans
}

/// Iterations, and what all of them together may cost (some 0.3 s).
const MAX_STEPS: usize = 100_000;
const MAX_WORK: usize = 200_000_000;

/// Iterates until the gap is small; every span holds at least one interval.
fn self_consistent(spans: &[Span], size: usize) -> (Vec<f64>, f64) {
    let n: f64 = spans.iter().map(|span| span.cases).sum();
    let mut p = vec![1.0 / size as f64; size];
    let mut gap = f64::INFINITY;
    let mut cumulative = vec![0.0; size + 1];
    let mut change = vec![0.0; size + 1];
    for _ in 0..MAX_STEPS.min(MAX_WORK / (spans.len() + size)).max(10) {
        for j in 0..size {
            cumulative[j + 1] = cumulative[j] + p[j];
        }
        change.fill(0.0);
        for &Span { first, end, cases } in spans {
            let one = end == first + 1;
            let held = if one { p[first] } else { cumulative[end] - cumulative[first] };
            let share = cases / (n * held.max(f64::MIN_POSITIVE));
            change[first] += share;
            change[end] -= share;
        }
        let (mut factor, mut largest) = (0.0, 0.0_f64);
        for j in 0..size {
            factor += change[j];
            // Rounding may leave a negative rest where the factor is 0.
            p[j] *= factor.max(0.0);
            largest = largest.max(factor);
        }
        gap = n * (largest - 1.0).max(0.0);
        if gap <= 1e-9 * n {
            break;
        }
    }
    let total: f64 = p.iter().sum();
    (p.into_iter().map(|q| q / total).collect(), gap)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn exact_days_give_relative_frequencies() {
        let days = [3, 0, 3, 7].map(Onset::on_day);
        let got = turnbull(&days).unwrap();
        let steps: Vec<_> = got.steps.iter().map(|s| (s.lower_days, s.probability)).collect();
        assert_eq!(steps, [(0.0, 0.25), (2.5, 0.5), (6.5, 0.25)]);
    }

    /// Worked by hand: (0, 2], (1, 3], (2, oo) give 1/2 to (1, 2] and 1/2 to (2, 3].
    #[test]
    fn a_case_worked_by_hand() {
        let cases = [(0.0, Some(2.0)), (1.0, Some(3.0)), (2.0, None)];
        let cases = cases.map(|(l, u)| Onset::new(l, u, None).unwrap());
        let got = turnbull(&cases).unwrap();
        assert_eq!(got.steps.len(), 2);
        for (step, lower) in got.steps.iter().zip([1.0, 2.0]) {
            assert_eq!(step.lower_days, lower);
            assert!((step.probability - 0.5).abs() < 1e-8);
        }
    }

    #[test]
    fn truncated_cases_have_no_estimate() {
        let truncated = Onset::on_day(3).reported_on_day(10).unwrap();
        assert_eq!(turnbull(&[truncated]), None);
        assert_eq!(turnbull(&[]), None);
    }
}
