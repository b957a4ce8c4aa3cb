//! Log-rank test of the equality of survival in groups, weighted and stratified if asked.

use super::cohort::Moment;
use super::{ChiSquaredTest, Cohort, SurvivalError};
use crate::special::non_negative;

/// The comparison of groups.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRank {
    /// The groups, by rising label.
    pub groups: Vec<LogRankGroup>,
    /// The test; `None` if there is nothing to compare: one group, no event, or never two groups at
    /// risk together at an event.
    pub test: Option<ChiSquaredTest>,
}

/// One group of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRankGroup {
    /// Its label.
    pub label: usize,
    /// Subjects (their weight) in the group.
    pub subjects: f64,
    /// Events, each with the weight of its time.
    pub observed: f64,
    /// Events expected if survival were the same in all groups, weighted the same.
    pub expected: f64,
}

/// Returns the log-rank test of `groups` (a label for each subject of the input), within `strata`
/// (labels likewise) if given, with the weights of Fleming and Harrington.
///
/// ```text
/// observed_g = sum over event times w_j d_gj,   expected_g = sum of w_j d_j n_gj / n_j
/// V_gh = sum of w_j^2 d_j (n_j - d_j) / (n_j - 1) (n_gj / n_j) ([g = h] - n_hj / n_j)
/// w_j = S(t_j -)^rho, S the Kaplan-Meier curve of the stratum
/// chi-squared = (observed - expected)' V^- (observed - expected), df = rank of V
/// ```
///
/// `rho` is finite, 0 or above: 0 is the log-rank test, 1 the Peto and Peto modification of the
/// Wilcoxon test. As R's `survdiff`, which knows no late entries and no weights; here a subject
/// counts while it is at risk, and a weight as so many subjects (for d_j below 1, the fraction before
/// the bracket is 1). Where groups never meet (V is of
/// lower rank) the degrees of freedom fall accordingly. A group that is nowhere at risk at an event
/// has 0 expected and takes no part. Sources: Mantel 1966, Cancer Chemother Rep 50:163-170; Harrington
/// and Fleming 1982, Biometrika 69:553-566.
///
/// # Errors
/// [`SurvivalError`] if a list of labels does not match the subjects, there are more than 1,000
/// groups, or `rho` is out of range.
pub fn log_rank(
    cohort: &Cohort,
    groups: &[usize],
    strata: Option<&[usize]>,
    rho: f64,
) -> Result<LogRank, SurvivalError> {
    let rho = non_negative("log_rank", "rho", rho)?;
    let (labels, of) = cohort.labelled("groups", groups)?;
    if labels.len() > MOST_GROUPS {
        return Err(SurvivalError::TooManyGroups { groups: labels.len(), most: MOST_GROUPS });
    }
    let mut sums = Sums::new(labels.len());
    match strata {
        None => sums.add(cohort, &of, rho),
        Some(strata) => {
            for (_, stratum) in cohort.split("strata", strata)? {
                sums.add(&stratum, &of, rho);
            }
        }
    }
    let mut subjects = vec![0.0; labels.len()];
    for row in &cohort.rows {
        add_to(&mut subjects, &of, row.index, row.weight);
    }
    let groups = labels.iter().enumerate().map(|(g, &label)| LogRankGroup {
        label,
        subjects: subjects[g],
        observed: sums.observed[g],
        expected: sums.expected[g],
    });
    Ok(LogRank { groups: groups.collect(), test: sums.test() })
}

/// The test keeps a matrix of groups by groups.
const MOST_GROUPS: usize = 1_000;

/// Adds to the entry of `sums` that belongs to the subject at `index` of the input.
fn add_to(sums: &mut [f64], of: &[usize], index: u32, weight: f64) {
    if let Some(sum) = of.get(index as usize).and_then(|&group| sums.get_mut(group)) {
        *sum += weight;
    }
}

/// Observed, expected and covariance, of all strata so far.
struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    /// Row by row.
    variance: Vec<f64>,
}

impl Sums {
    fn new(groups: usize) -> Self {
        let zeros = || vec![0.0; groups];
        Self { observed: zeros(), expected: zeros(), variance: vec![0.0; groups * groups] }
    }

    /// Adds a stratum, walking its times backwards.
    fn add(&mut self, stratum: &Cohort, of: &[usize], rho: f64) {
        let moments = stratum.moments();
        let weights = time_weights(&moments, rho);
        let mut at_risk = vec![0.0; self.observed.len()];
        let mut count = 0_usize;
        for (moment, weight) in moments.iter().zip(weights).rev() {
            let entries = stratum.entries.get(moment.entries.clone()).unwrap_or_default();
            let rows = stratum.rows.get(moment.rows.clone()).unwrap_or_default();
            entries.iter().for_each(|e| add_to(&mut at_risk, of, e.index, -e.weight));
            count -= entries.len().min(count);
            if count == 0 {
                at_risk.fill(0.0);
            }
            rows.iter().for_each(|r| add_to(&mut at_risk, of, r.index, r.weight));
            count += rows.len();
            if moment.events > 0.0 {
                for row in rows.iter().filter(|row| row.is_event()) {
                    add_to(&mut self.observed, of, row.index, weight * row.weight);
                }
                self.add_time(moment, &at_risk, weight);
            }
        }
    }

    fn add_time(&mut self, moment: &Moment, at_risk: &[f64], weight: f64) {
        let n = moment.at_risk;
        let events = weight * moment.events;
        for (expected, n_g) in self.expected.iter_mut().zip(at_risk) {
            *expected += events * n_g / n;
        }
        // Hypergeometric; a single event, or less, has nothing to be tied with.
        let tied = match moment.events {
            _ if moment.spared == 0.0 => return,
            events if events <= 1.0 => 1.0,
            _ => moment.spared / (n - 1.0),
        };
        let factor = weight * events * tied;
        let rows = self.variance.chunks_exact_mut(at_risk.len().max(1));
        for (g, (row, n_g)) in rows.zip(at_risk).enumerate().filter(|(_, (_, n_g))| **n_g > 0.0) {
            for (h, (v, n_h)) in row.iter_mut().zip(at_risk).enumerate() {
                let share = if g == h { 1.0 - n_h / n } else { -n_h / n };
                *v += factor * (n_g / n) * share;
            }
        }
    }

    fn test(&self) -> Option<ChiSquaredTest> {
        let z: Vec<f64> = self.observed.iter().zip(&self.expected).map(|(o, e)| o - e).collect();
        let (chi_squared, df) = quadratic_form(&self.variance, &z);
        ChiSquaredTest::new(chi_squared, df)
    }
}

/// w = S(t-)^rho for each moment.
fn time_weights(moments: &[Moment], rho: f64) -> Vec<f64> {
    let mut survival = 1.0_f64;
    let weight = |m: &Moment| {
        let before = survival;
        survival *= m.spared / m.at_risk;
        before.powf(rho)
    };
    moments.iter().map(weight).collect()
}

/// z' V^- z and the rank of V, positive semidefinite with z in its range, by elimination that takes
/// the largest pivot left and stops where none is.
fn quadratic_form(variance: &[f64], z: &[f64]) -> (f64, usize) {
    let size = z.len();
    let mut v = variance.to_vec();
    let mut z = z.to_vec();
    let full: Vec<f64> = (0..size).map(|i| v[i * size + i]).collect();
    let mut open: Vec<usize> = (0..size).collect();
    let (mut sum, mut rank) = (0.0, 0);
    let share = |v: &[f64], i: usize| if full[i] > 0.0 { v[i * size + i] / full[i] } else { 0.0 };
    while let Some(place) = (0..open.len())
        .max_by(|&a, &b| share(&v, open[a]).total_cmp(&share(&v, open[b])))
        .filter(|&place| share(&v, open[place]) > 1e-9)
    {
        let pivot = open.swap_remove(place);
        let diagonal = v[pivot * size + pivot];
        sum += z[pivot] * z[pivot] / diagonal;
        rank += 1;
        for &i in &open {
            let factor = v[i * size + pivot] / diagonal;
            z[i] -= factor * z[pivot];
            for &j in &open {
                v[i * size + j] -= factor * v[pivot * size + j];
            }
        }
    }
    (sum, rank)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::survival::Subject;

    fn events(times: &[f64]) -> Cohort {
        let subjects: Vec<Subject> = times.iter().map(|&t| Subject::event(t)).collect();
        Cohort::new(&subjects).unwrap()
    }

    #[test]
    fn nothing_to_compare_is_no_test() {
        let cohort = events(&[1.0, 2.0, 3.0]);
        assert_eq!(log_rank(&cohort, &[4, 4, 4], None, 0.0).unwrap().test, None);
        let apart = log_rank(&cohort, &[1, 2, 3], Some(&[1, 2, 3]), 0.0).unwrap();
        assert_eq!(apart.test, None);
        let censored = Cohort::right_censored(&[1.0, 2.0], &[false, false]).unwrap();
        assert_eq!(log_rank(&censored, &[0, 1], None, 0.0).unwrap().test, None);
    }

    /// Two pairs of groups that meet only within their pair: two degrees of freedom, not three.
    #[test]
    fn groups_that_never_meet_lose_a_degree_of_freedom() {
        let cohort = events(&[1., 2., 3., 4., 5., 6., 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]);
        let groups = [0, 1, 0, 1, 0, 1, 2, 3, 3, 3, 2, 3];
        let strata = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1];
        let both = log_rank(&cohort, &groups, Some(&strata), 0.0).unwrap().test.unwrap();
        let part = |of: usize| {
            let cohort = &cohort.by_group(&strata).unwrap()[of].1;
            log_rank(cohort, &groups, None, 0.0).unwrap().test.unwrap()
        };
        assert_eq!((both.df, part(0).df, part(1).df), (2, 1, 1));
        let sum = part(0).chi_squared + part(1).chi_squared;
        assert!((both.chi_squared - sum).abs() < 1e-12);
    }

    #[test]
    fn bad_arguments_are_named() {
        let cohort = events(&[1.0, 2.0]);
        let message = |groups: &[usize], strata: Option<&[usize]>, rho| {
            log_rank(&cohort, groups, strata, rho).unwrap_err().to_string()
        };
        assert!(message(&[1], None, 0.0).starts_with("groups: 1 values for 2 subjects"));
        assert!(message(&[1, 2], Some(&[1]), 0.0).starts_with("strata: 1 values"));
        let most = MOST_GROUPS + 1;
        let many = events(&(0..most).map(|i| i as f64).collect::<Vec<_>>());
        let groups: Vec<usize> = (0..most).collect();
        let error = log_rank(&many, &groups, None, 0.0).unwrap_err();
        assert_eq!(error, SurvivalError::TooManyGroups { groups: most, most: MOST_GROUPS });
        assert!(message(&[1, 2], None, -1.0).contains("rho is -1"));
    }
}
