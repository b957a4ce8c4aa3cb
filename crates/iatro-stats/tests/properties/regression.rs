//! Regression on sparse report data, propensity scores, the E-value.

mod propensity;

use iatro_stats::regression::propensity::{standardised_mean_differences, weighted_ror};
use iatro_stats::regression::{
    CriterionLikelihood, DesignMatrix, FitOptions, Lambdas, LogisticData, Nuisance, PenalisedFit,
    Penalty, ProfileInterval, RegressionError, cross_validate, information_criterion,
    maximum_likelihood, penalised_logistic, profile_interval, regularisation_path,
};
use proptest::prelude::*;

/// Reports over 5 substances and a dense covariate: lists, values, outcomes.
#[derive(Debug, Clone)]
struct Reports {
    lists: Vec<Vec<u32>>,
    values: Vec<f64>,
    outcome: Vec<bool>,
}

const SUBSTANCES: usize = 5;

fn reports(rows: std::ops::Range<usize>) -> impl Strategy<Value = Reports> {
    let list = proptest::collection::vec(0..SUBSTANCES as u32, 0..4);
    let row = (list, (-20..20_i32).prop_map(|v| f64::from(v) / 10.0), any::<bool>());
    proptest::collection::vec(row, rows).prop_map(|rows| {
        let mut all = Reports { lists: Vec::new(), values: Vec::new(), outcome: Vec::new() };
        for (list, value, outcome) in rows {
            all.lists.push(list);
            all.values.push(value);
            all.outcome.push(outcome);
        }
        all
    })
}

impl Reports {
    fn design(&self) -> DesignMatrix {
        let lists = self.lists.iter().map(Vec::as_slice);
        let mut design = DesignMatrix::from_reports(SUBSTANCES, lists).unwrap();
        design.push_dense(&self.values).unwrap();
        design
    }

    fn reversed(&self) -> Self {
        let mut other = self.clone();
        other.lists.reverse();
        other.values.reverse();
        other.outcome.reverse();
        other
    }

    fn is_constant(&self) -> bool {
        self.outcome.iter().all(|&y| y) || !self.outcome.iter().any(|&y| y)
    }

    fn path(&self, penalty: &Penalty, lambdas: &Lambdas) -> Vec<PenalisedFit> {
        let design = self.design();
        let data = LogisticData::new(&design, &self.outcome).unwrap();
        regularisation_path(&data, penalty, lambdas, &FitOptions::default()).unwrap().fits
    }

    /// The gradient of l / n, and whether the optimality conditions hold, from the rows alone.
    fn violation(&self, fit: &PenalisedFit, alpha: f64) -> f64 {
        let design = self.design();
        let n = self.outcome.len() as f64;
        let residual: Vec<f64> = fit
            .linear_predictor(&design)
            .into_iter()
            .zip(&self.outcome)
            .map(|(eta, &y)| (f64::from(u8::from(y)) - 1.0 / (1.0 + (-eta).exp())) / n)
            .collect();
        let mut worst = residual.iter().sum::<f64>().abs();
        for j in 0..design.columns() {
            let (rows, values) = design.column(j).unwrap();
            let entry = |k: usize| values.map_or(1.0, |values| values[k]);
            let at = |k: usize| entry(k) * residual[rows[k] as usize];
            let slope: f64 = (0..rows.len()).map(at).sum();
            let constant = rows.len() == design.rows()
                && (0..rows.len()).all(|k| (entry(k) - entry(0)).abs() < 1e-12);
            let b = fit.coefficient(j);
            let (l1, l2) = (fit.lambda * alpha, fit.lambda * (1.0 - alpha));
            let off = if b == 0.0 {
                (slope.abs() - l1).max(0.0)
            } else {
                (slope - l1 * b.signum() - l2 * b).abs()
            };
            if !constant {
                worst = worst.max(off);
            }
        }
        worst
    }
}

fn l1_norm(fit: &PenalisedFit) -> f64 {
    fit.coefficients.iter().map(|(_, b)| b.abs()).sum()
}

const LAMBDAS: Lambdas = Lambdas::Geometric { count: 8, ratio: 0.02 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_optimality_conditions_hold(reports in reports(2..60), alpha in 0.0..=1.0_f64) {
        prop_assume!(!reports.is_constant());
        let penalty = Penalty::elastic_net(alpha).unwrap();
        for fit in reports.path(&penalty, &LAMBDAS) {
            prop_assert!(fit.converged, "{fit:?}");
            // The tolerance, 1e-8 log odds, times a curvature: of the log-likelihood at most 1/4 times
            // 2^2, of the penalty lambda; ten times that, for columns of small range.
            let allowed = 1e-7 * (1.0 + fit.lambda);
            prop_assert!(reports.violation(&fit, alpha) < allowed, "{fit:?}");
            prop_assert!(fit.violation < allowed, "{fit:?}");
        }
    }

    /// The fit is the minimum: it is no worse than the null model, nor than a small change of it.
    #[test]
    fn no_neighbour_is_better(reports in reports(5..60), j in 0..6_usize, change in -0.1..0.1_f64) {
        prop_assume!(!reports.is_constant());
        let design = reports.design();
        let objective = |fit: &PenalisedFit, moved: f64| {
            let mut b: Vec<f64> = (0..6).map(|j| fit.coefficient(j)).collect();
            let moved_fit = {
                b[j] += moved;
                let coefficients = b.iter().copied().enumerate().collect();
                PenalisedFit { coefficients, ..fit.clone() }
            };
            let rows = moved_fit.linear_predictor(&design).into_iter().zip(&reports.outcome);
            let minus_l: f64 =
                rows.map(|(eta, &y)| if y { (-eta).exp().ln_1p() } else { eta.exp().ln_1p() }).sum();
            let size: f64 = b.iter().map(|b| b.abs()).sum();
            minus_l / reports.outcome.len() as f64 + fit.lambda * size
        };
        for fit in reports.path(&Penalty::lasso(), &LAMBDAS) {
            prop_assert!(objective(&fit, 0.0) <= objective(&fit, change) + 1e-13);
        }
    }

    /// At the first lambda all coefficients are 0; from there the L1 norm never falls.
    #[test]
    fn the_path_starts_at_zero_and_grows(reports in reports(2..60)) {
        prop_assume!(!reports.is_constant());
        let fits = reports.path(&Penalty::lasso(), &LAMBDAS);
        prop_assert!(fits[0].coefficients.is_empty());
        for pair in fits.windows(2) {
            // 1e-6: six coefficients, each within the tolerance over its curvature.
            prop_assert!(l1_norm(&pair[1]) >= l1_norm(&pair[0]) - 1e-6);
            prop_assert!(pair[1].log_likelihood >= pair[0].log_likelihood - 1e-7);
        }
    }

    /// Row order matters only through rounding: 1e-6 allows for nearly flat directions.
    #[test]
    fn row_order_does_not_matter(reports in reports(5..60)) {
        prop_assume!(!reports.is_constant());
        let there = reports.path(&Penalty::elastic_net(0.5).unwrap(), &LAMBDAS);
        let back = reports.reversed().path(&Penalty::elastic_net(0.5).unwrap(), &LAMBDAS);
        for (a, b) in there.iter().zip(&back) {
            prop_assert!((a.log_likelihood - b.log_likelihood).abs() < 1e-7);
            for j in 0..6 {
                prop_assert!((a.coefficient(j) - b.coefficient(j)).abs() < 1e-6);
            }
        }
    }

    /// Exchanging outcome and no outcome changes the sign of every coefficient.
    #[test]
    fn relabelling_the_outcome_changes_the_signs(reports in reports(5..60)) {
        prop_assume!(!reports.is_constant());
        let mut other = reports.clone();
        other.outcome.iter_mut().for_each(|y| *y = !*y);
        let penalty = Penalty::elastic_net(0.5).unwrap();
        for (a, b) in reports.path(&penalty, &LAMBDAS).iter().zip(&other.path(&penalty, &LAMBDAS)) {
            prop_assert!((a.intercept + b.intercept).abs() < 1e-6);
            for j in 0..6 {
                prop_assert!((a.coefficient(j) + b.coefficient(j)).abs() < 1e-6);
            }
        }
    }

    /// A row of weight 2 is two rows, and a row of weight 0 is none.
    #[test]
    fn weights_are_repeats(reports in reports(4..30), weights in proptest::collection::vec(0..3_u8, 30)) {
        let weights = &weights[..reports.outcome.len()];
        let mut repeated = Reports { lists: vec![], values: vec![], outcome: vec![] };
        for (row, &weight) in weights.iter().enumerate() {
            for _ in 0..weight {
                repeated.lists.push(reports.lists[row].clone());
                repeated.values.push(reports.values[row]);
                repeated.outcome.push(reports.outcome[row]);
            }
        }
        prop_assume!(!repeated.outcome.is_empty() && !repeated.is_constant());
        let design = reports.design();
        let weights: Vec<f64> = weights.iter().map(|&w| f64::from(w)).collect();
        let data = LogisticData::new(&design, &reports.outcome).unwrap();
        let data = data.with_weights(&weights).unwrap();
        let options = FitOptions::default();
        let penalty = Penalty::elastic_net(0.7).unwrap();
        let path = regularisation_path(&data, &penalty, &LAMBDAS, &options).unwrap();
        for (a, b) in path.fits.iter().zip(&repeated.path(&penalty, &LAMBDAS)) {
            prop_assert!((a.lambda - b.lambda).abs() < 1e-12);
            prop_assert!((a.log_likelihood - b.log_likelihood).abs() < 1e-6);
        }
    }

    /// A profile interval holds its estimate, agrees with the unpenalised fit about it, and about
    /// separation.
    #[test]
    fn profile_intervals_hold_their_estimate(reports in reports(5..50), j in 0..6_usize) {
        let design = reports.design();
        let data = LogisticData::new(&design, &reports.outcome).unwrap();
        let support = [0, 1, 5, j];
        let support = if [0, 1, 5].contains(&j) { &support[..3] } else { &support };
        let options = FitOptions::default();
        let nuisance = Nuisance::Refitted { support };
        let fit = maximum_likelihood(&data, support);
        let interval = profile_interval(&data, j, &nuisance, &options);
        // Where rows that differ by little in a dense column are separated, the likelihood may rise
        // beyond where one of the two searches ends; it says so, and the other that it is separated.
        let given_up = matches!(interval, Err(RegressionError::NotConverged { .. }))
            && fit.as_ref().is_ok_and(|fit| !fit.separated().is_empty())
            || matches!(fit, Err(RegressionError::NotConverged { .. }))
                && interval.as_ref().is_ok_and(|interval| interval.separation.is_some());
        prop_assert!(given_up || fit.is_ok() == interval.is_ok(), "{:?} {:?}", fit, interval);
        let (Ok(fit), Ok(interval)) = (fit, interval) else { return Ok(()) };
        if fit.separated().is_empty() {
            let point = fit.coefficient(j).unwrap();
            let got = interval.log_odds_ratio().unwrap();
            prop_assert!((got.point - point).abs() < 1e-5 * (1.0 + point.abs()), "{got:?} {fit:?}");
            prop_assert!(got.lower < point && point < got.upper);
        }
        // Under complete separation there are many ways to infinity, and the search takes one.
        if interval.separation.is_some() {
            prop_assert!(interval.point.is_none());
            prop_assert!(fit.separation(j).is_some(), "{interval:?} {fit:?}");
        }
        if fit.separation(j).is_none() {
            let point = fit.coefficient(j).unwrap();
            prop_assert!((interval.point.unwrap() - point).abs() < 1e-4 * (1.0 + point.abs()));
        }
    }

    /// Nothing here panics, whatever the data: empty and repeated columns, constant outcomes, weights
    /// of 0, separation.
    #[test]
    fn nothing_panics(
        reports in reports(0..12),
        weights in proptest::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1e9_f64], 12),
        lambda in prop_oneof![Just(1e-12), Just(1e12), 1e-6..1.0_f64],
        support in proptest::collection::vec(0..9_usize, 0..5),
    ) {
        let mut design = reports.design();
        design.push_binary(vec![]).unwrap();
        let (rows, _) = design.column(0).unwrap();
        let again = rows.to_vec();
        design.push_binary(again).unwrap();
        let Ok(data) = LogisticData::new(&design, &reports.outcome)
            .unwrap().with_weights(&weights[..reports.outcome.len()]) else { return Ok(()) };
        let options = FitOptions { max_iterations: 30, ..FitOptions::default() };
        for penalty in [Penalty::lasso(), Penalty::ridge(), Penalty::lasso().standardised(),
                        Penalty::lasso().with_factors(&[0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0]).unwrap()] {
            check_fit(penalised_logistic(&data, &penalty, lambda, &options));
            let path = regularisation_path(&data, &penalty, &LAMBDAS, &options);
            if let Ok(path) = path {
                let kind = CriterionLikelihood::Refitted;
                for c in information_criterion(&data, &path, kind, 0.5).into_iter().flatten() {
                    prop_assert!(c.value.is_finite());
                }
            }
            let nuisance = Nuisance::Penalised { penalty: &penalty, lambda };
            check_interval(&profile_interval(&data, 0, &nuisance, &options));
            let _ = cross_validate(&data, &penalty, &LAMBDAS, &options, 3, 1);
        }
        let _ = maximum_likelihood(&data, &support);
        let nuisance = Nuisance::Refitted { support: &support };
        check_interval(&profile_interval(&data, 7, &nuisance, &options));
        if let Some(exposed) = design.indicator(0) {
            let _ = standardised_mean_differences(&design, &exposed, None);
            let _ = weighted_ror(&exposed, &reports.outcome, &weights[..exposed.len()]);
        }
    }
}

fn check_fit(fit: Result<PenalisedFit, RegressionError>) {
    if let Ok(fit) = fit {
        assert!(fit.intercept.is_finite() && fit.log_likelihood.is_finite(), "{fit:?}");
        assert!(fit.coefficients.iter().all(|(_, b)| b.is_finite() && *b != 0.0), "{fit:?}");
    }
}

fn check_interval(interval: &Result<ProfileInterval, RegressionError>) {
    if let Ok(interval) = interval {
        let numbers = [interval.lower, interval.point, interval.upper];
        let finite: Vec<f64> = numbers.into_iter().flatten().collect();
        assert!(finite.iter().all(|v| v.is_finite()), "{interval:?}");
        assert!(finite.windows(2).all(|pair| pair[0] <= pair[1]), "{interval:?}");
        assert_eq!(interval.point.is_none(), interval.separation.is_some());
    }
}

/// Values 1.5 and 1.6 of a dense column part the outcome: no search reaches the end of the likelihood,
/// and none gives a number.
#[test]
fn near_equal_values_that_part_the_outcome_give_no_number() {
    let reports = Reports {
        lists: vec![vec![1], vec![0], vec![], vec![], vec![]],
        values: vec![0.0, -0.9, 1.5, 1.6, 0.0],
        outcome: vec![false, false, false, true, false],
    };
    let design = reports.design();
    let data = LogisticData::new(&design, &reports.outcome).unwrap();
    let support = [0, 1, 5];
    match maximum_likelihood(&data, &support) {
        Ok(fit) => assert!(fit.coefficient(5).is_none(), "{fit:?}"),
        Err(error) => assert!(matches!(error, RegressionError::NotConverged { .. }), "{error}"),
    }
    let nuisance = Nuisance::Refitted { support: &support };
    for j in support {
        if let Ok(interval) = profile_interval(&data, j, &nuisance, &FitOptions::default()) {
            assert!(interval.point.is_none() && interval.separation.is_some(), "{interval:?}");
        }
    }
}
