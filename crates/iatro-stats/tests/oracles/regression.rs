//! Regression on sparse report data.
//!
//! The data set is made by the generator of Park and Miller 1988 (x <- 16807 x mod 2^31 - 1, exact in
//! doubles), written the same way in R and Python: 150 rows, six binary columns, one dense one.

use iatro_stats::Estimate;
use iatro_stats::regression::propensity::{
    PenaltyChoice, PropensityScores, Weighting, weighted_ror,
};
use iatro_stats::regression::{
    CriterionLikelihood, DesignMatrix, FitOptions, Lambdas, LogisticData, Nuisance, PenalisedFit,
    Penalty, cross_validate_folds, e_value, e_value_of_estimate, information_criterion,
    lambda_of_laplace_variance, maximum_likelihood, penalised_logistic, profile_interval,
    regularisation_path, smallest_criterion,
};

use crate::row::Family;

const GLMNET: &str = "glmnet 4.1.6, thresh 1e-20";
const GLM: &str = "R 4.2.2, glm";
/// The standard errors of glm itself are those of its last step but one, 1e-7 off.
const LOGIT: &str = "statsmodels 0.15.0, Logit";
const ROOT: &str = "R 4.2.2, glm with an offset and uniroot on the deviance";

/// Rows of the data set.
const ROWS: usize = 150;

/// What the generator makes.
pub(crate) struct Sample {
    pub(crate) design: DesignMatrix,
    pub(crate) outcome: Vec<bool>,
    pub(crate) weights: Vec<f64>,
    pub(crate) offset: Vec<f64>,
}

pub(crate) fn sample() -> Sample {
    let mut state = 20_240_229_u64;
    let mut uniform = || {
        state = 16_807 * state % 2_147_483_647;
        state as f64 / 2_147_483_647.0
    };
    let mut columns: [Vec<u32>; 6] = Default::default();
    let (mut dense, mut outcome) = (Vec::new(), Vec::new());
    let (mut weights, mut offset) = (Vec::new(), Vec::new());
    for row in 0..ROWS {
        let mut x = [0.0; 6];
        for (j, share) in [0.35, 0.25, 0.2, 0.15, 0.12, 0.08].into_iter().enumerate() {
            if uniform() < share {
                x[j] = 1.0;
                columns[j].push(row as u32);
            }
        }
        let value = (90.0 * uniform()).floor() / 10.0;
        let eta = -1.2 + 1.2 * x[0] + 0.8 * x[1] - 0.9 * x[2] + 0.5 * x[4] + 0.15 * (value - 4.0);
        dense.push(value);
        outcome.push(uniform() < 1.0 / (1.0 + (-eta).exp()));
        weights.push(1.0 + (3.0 * uniform()).floor());
        offset.push((10.0 * uniform()).floor() / 10.0 - 0.5);
    }
    let mut design = DesignMatrix::new(ROWS).unwrap();
    for rows in columns {
        design.push_binary(rows).unwrap();
    }
    design.push_dense(&dense).unwrap();
    Sample { design, outcome, weights, offset }
}

/// One fit: its name, penalty and lambda; intercept and seven coefficients as glmnet has them.
type Published = (&'static str, f64, f64, [&'static str; 8]);

#[rustfmt::skip]
const ELASTIC_NET: [Published; 8] = [
    ("lasso", 1.0, 0.05, ["-1.4472198500", "0.5489973572", "0", "0", "0", "0", "0", "0.1602567286"]),
    ("lasso", 1.0, 0.02, ["-1.5902858583", "1.1300845547", "0", "-0.7202675233", "0", "0", "0", "0.1690044726"]),
    ("lasso", 1.0, 0.005, ["-1.7786875532", "1.4692453035", "0.0793518523", "-1.4569348344", "0.1016971885", "0.2901199923", "0.3312628879", "0.1815069085"]),
    ("lasso", 1.0, 0.001, ["-1.9308534531", "1.5838896001", "0.1852815553", "-1.7022295275", "0.2437948558", "0.5607340125", "0.6612354028", "0.1878236917"]),
    ("elastic net, alpha 0.5", 0.5, 0.02, ["-1.6067705761", "1.1026340563", "0", "-0.8071173805", "0", "0", "0.0044642759", "0.1768167500"]),
    ("elastic net, alpha 0.5", 0.5, 0.001, ["-1.9389570176", "1.5758606550", "0.1933374610", "-1.6761593680", "0.2615688217", "0.5739064644", "0.6782652935", "0.1880542708"]),
    ("ridge", 0.0, 0.05, ["-1.6266112932", "0.7486248714", "0.0814988253", "-0.5069335055", "0.1368011202", "0.1383497630", "0.1743320306", "0.1847288589"]),
    ("ridge", 0.0, 0.001, ["-1.9468349579", "1.5681303578", "0.2014252985", "-1.6523492793", "0.2783439684", "0.5862630807", "0.6936772167", "0.1883226453"]),
];

fn coefficients(family: &mut Family, name: &str, expected: [&str; 8], fit: &PenalisedFit) {
    assert!(fit.converged && fit.violation < 1e-9, "{name}: {fit:?}");
    // glmnet leaves 1e-8 where columns are correlated, even at this threshold.
    family.within(format!("{name}: intercept"), GLMNET, expected[0], fit.intercept, 1e-7);
    for (j, expected) in expected[1..].iter().enumerate() {
        let got = fit.coefficient(j);
        if *expected == "0" {
            assert_eq!(got, 0.0, "{name}: b{j}");
        } else {
            family.within(format!("{name}: b{j}"), GLMNET, expected, got, 1e-7);
        }
    }
}

fn penalised(family: &mut Family, sample: &Sample) {
    let data = LogisticData::new(&sample.design, &sample.outcome).unwrap();
    let options = FitOptions::default();
    for (name, alpha, lambda, expected) in ELASTIC_NET {
        let penalty = Penalty::elastic_net(alpha).unwrap();
        let fit = penalised_logistic(&data, &penalty, lambda, &options).unwrap();
        coefficients(family, &format!("{name}, lambda {lambda}"), expected, &fit);
    }
    let weighted = data.clone().with_weights(&sample.weights).unwrap();
    let weighted = weighted.with_offset(&sample.offset).unwrap();
    let fit = penalised_logistic(&weighted, &Penalty::lasso(), 0.005, &options).unwrap();
    let expected = [
        "-1.9839107582",
        "1.5013421827",
        "0",
        "-2.0347977712",
        "0",
        "0.5590162507",
        "0.3123082117",
        "0.2189699510",
    ];
    coefficients(family, "lasso with weights and offset, lambda 0.005", expected, &fit);
    let factors = Penalty::lasso().with_factors(&[0.0, 1.0, 2.0, 1.0, 1.0, 0.5, 1.0]).unwrap();
    let fit = penalised_logistic(&data, &factors, 0.005, &options).unwrap();
    let expected = [
        "-1.8310134724",
        "1.5846366626",
        "0.0313207826",
        "-1.1469822961",
        "0.1368862585",
        "0.3273165070",
        "0.5858511827",
        "0.1739767033",
    ];
    coefficients(family, "lasso with penalty factors, lambda 0.005", expected, &fit);
    let fit = penalised_logistic(&data, &Penalty::lasso().standardised(), 0.05, &options).unwrap();
    let expected =
        ["-1.1972579067", "1.1242966475", "0", "-0.7482994513", "0", "0", "0", "0.0873873093"];
    coefficients(family, "lasso on standardised columns, lambda 0.05", expected, &fit);
    // The same fit stated as the variance of a Laplace prior: 2 / (150 * 0.02)^2.
    let lambda = lambda_of_laplace_variance(2.0 / 9.0, 150.0).unwrap();
    let formula = "published formula, computed independently";
    family.within(
        "lambda of a Laplace prior of variance 2/9, 150 reports",
        formula,
        "0.02",
        lambda,
        1e-16,
    );
}

#[rustfmt::skip]
const CURVE: [(f64, &str, &str); 6] = [
    (0.2, "1.31646003792", "0.0324288860737"), (0.1, "1.29613665925", "0.0522220442212"),
    (0.05, "1.23971064693", "0.0562257076986"), (0.02, "1.16960385337", "0.0462724068145"),
    (0.005, "1.17166643149", "0.0631343991888"), (0.001, "1.18412666518", "0.0755638281875"),
];

/// Lambda, refitted BIC, penalised BIC, refitted extended BIC with gamma 1.
#[rustfmt::skip]
const CRITERIA: [(f64, [&str; 3]); 5] = [
    (0.1, ["193.04852149", "194.10703136", "196.94034178"]),
    (0.05, ["180.50893955", "188.21952377", "186.59798442"]),
    (0.02, ["176.25316127", "180.68581877", "183.36385739"]),
    (0.005, ["193.91845118", "195.04810090", "193.91845118"]),
    (0.001, ["193.91845118", "193.96698172", "193.91845118"]),
];

fn choice(family: &mut Family, sample: &Sample) {
    let data = LogisticData::new(&sample.design, &sample.outcome).unwrap();
    let options = FitOptions::default();
    let folds: Vec<u32> = (0..ROWS as u32).map(|row| row % 5).collect();
    let lambdas = Lambdas::Given(CURVE.map(|(lambda, ..)| lambda).to_vec());
    let cv = cross_validate_folds(&data, &Penalty::lasso(), &lambdas, &options, &folds).unwrap();
    for (at, (lambda, mean, error)) in CURVE.into_iter().enumerate() {
        let name = format!("cross-validated deviance, lambda {lambda}");
        family.within(name.clone(), GLMNET, mean, cv.mean[at], 1e-7);
        let name = format!("{name}, standard error");
        family.within(name, GLMNET, error, cv.standard_error[at], 1e-7);
    }
    family.within("lambda.min", GLMNET, "0.02", cv.lambda_min(), 0.0);
    family.within("lambda.1se", GLMNET, "0.02", cv.lambda_one_standard_error(), 0.0);

    let lambdas = Lambdas::Given(CRITERIA.map(|(lambda, _)| lambda).to_vec());
    let path = regularisation_path(&data, &Penalty::lasso(), &lambdas, &options).unwrap();
    family.within(
        "smallest lambda with all at 0",
        GLMNET,
        "0.320071111111",
        path.lambda_max,
        1e-12,
    );
    let kinds = [
        ("BIC, refitted", CriterionLikelihood::Refitted, 0.0),
        ("BIC, penalised", CriterionLikelihood::Penalised, 0.0),
        ("EBIC, gamma 1, refitted", CriterionLikelihood::Refitted, 1.0),
    ];
    for (kind, (name, likelihood, gamma)) in kinds.into_iter().enumerate() {
        let criteria = information_criterion(&data, &path, likelihood, gamma).unwrap();
        for (at, (lambda, expected)) in CRITERIA.into_iter().enumerate() {
            let name = format!("{name}, lambda {lambda}");
            let source = "glmnet 4.1.6 and glm, R 4.2.2";
            family.within(name, source, expected[kind], criteria[at].value, 1e-6);
        }
        assert_eq!(criteria[smallest_criterion(&criteria).unwrap()].lambda, 0.02, "{name}");
    }
}

/// Estimate, standard error, exact profile limits, and the limits of MASS.
#[rustfmt::skip]
const UNPENALISED: [[&str; 6]; 7] = [
    ["1.616558206475", "0.41198634266", "0.82552883", "2.44870841", "0.8255", "2.4487"],
    ["0.212364647292", "0.43935554612", "-0.65881274", "1.07483029", "-0.6588", "1.0748"],
    ["-1.771523803045", "0.70993220991", "-3.36363127", "-0.51016136", "-3.3638", "-0.5103"],
    ["0.281393776862", "0.57138081064", "-0.85346152", "1.40772670", "-0.8535", "1.4078"],
    ["0.630919085584", "0.63423477508", "-0.63640894", "1.88073333", "-0.6365", "1.8808"],
    ["0.747541888750", "0.75575118197", "-0.72457597", "2.30204160", "-0.7247", "2.3021"],
    ["0.189907667162", "0.07911526978", "0.03753162", "0.34952354", "0.0375", "0.3495"],
];

fn unpenalised(family: &mut Family, sample: &Sample) {
    let data = LogisticData::new(&sample.design, &sample.outcome).unwrap();
    let all: Vec<usize> = (0..7).collect();
    let fit = maximum_likelihood(&data, &all).unwrap();
    // R stops at its own last digits.
    family.within("log-likelihood", GLM, "-79.422002058", fit.log_likelihood(), 1e-8);
    family.within("intercept", GLM, "-1.973662074241", fit.intercept().unwrap(), 1e-9);
    let options = FitOptions::default();
    let profile = |data: &LogisticData<'_>, j| {
        let nuisance = Nuisance::Refitted { support: &all };
        profile_interval(data, j, &nuisance, &options).unwrap().log_odds_ratio().unwrap()
    };
    for (j, [point, error, lower, upper, mass_lower, mass_upper]) in
        UNPENALISED.into_iter().enumerate()
    {
        family.within(format!("b{j}"), GLM, point, fit.coefficient(j).unwrap(), 1e-9);
        let name = format!("b{j}, standard error");
        family.within(name, LOGIT, error, fit.standard_error(j).unwrap(), 1e-10);
        let interval = profile(&data, j);
        for (side, exact, mass, got) in [
            ("lower", lower, mass_lower, interval.lower),
            ("upper", upper, mass_upper, interval.upper),
        ] {
            family.within(format!("b{j}, {side} profile limit"), ROOT, exact, got, 1e-7);
            // MASS interpolates the profile with a spline.
            let source = "MASS 7.3, confint.glm";
            family.within(format!("b{j}, {side} profile limit"), source, mass, got, 3e-4);
        }
    }
    let data = data.with_weights(&sample.weights).unwrap().with_offset(&sample.offset).unwrap();
    for (j, lower, upper) in [(0, "1.08090899", "2.31711093"), (6, "0.10761677", "0.34866096")] {
        let got = profile(&data, j);
        let name = format!("with weights and offset: b{j}");
        family.within(format!("{name}, lower profile limit"), ROOT, lower, got.lower, 1e-7);
        family.within(format!("{name}, upper profile limit"), ROOT, upper, got.upper, 1e-7);
    }
}

const STATSMODELS: &str = "statsmodels 0.15.0, GLM, HC0";

fn propensity(family: &mut Family, sample: &Sample) {
    let exposed = sample.design.indicator(0).unwrap();
    // A factor of 0 everywhere: the unpenalised score, as the source has it.
    let penalty = Penalty::lasso().with_factors(&[0.0; 7]).unwrap().excluding(&[0]);
    let options = FitOptions { tolerance: 1e-11, ..FitOptions::default() };
    let choice = PenaltyChoice::Lambda(1.0);
    let (scores, _) =
        PropensityScores::fit(&sample.design, &exposed, &penalty, &choice, &options).unwrap();
    family.within("AUC of the score", "sklearn 1.9.1", "0.657781862745", scores.auc(), 1e-12);
    let mut ror = |name: &str, weights: &[f64], expected: [&str; 3]| {
        let got = weighted_ror(&exposed, &sample.outcome, weights).unwrap().unwrap();
        for (part, expected, got) in [
            ("point", expected[0], got.point),
            ("lower", expected[1], got.lower),
            ("upper", expected[2], got.upper),
        ] {
            family.within(format!("{name}, {part}"), STATSMODELS, expected, got, 1e-7);
        }
    };
    let expected = ["5.4443053817", "2.4472085896", "12.1119471447"];
    ror("weighted ROR, weights 1 to 3", &sample.weights, expected);
    let expected = ["4.1360507687", "1.9189766537", "8.9146034830"];
    ror("overlap-weighted ROR", &scores.weights(Weighting::Overlap), expected);
    let expected = ["3.9376660915", "1.7694909976", "8.7625279075"];
    ror(
        "inverse-probability-weighted ROR",
        &scores.weights(Weighting::InverseProbability),
        expected,
    );
}

fn e_values(family: &mut Family) {
    let source = "VanderWeele and Ding 2017, text and table 2";
    let estimate = Estimate { point: 3.9, lower: 1.8, upper: 8.7 };
    let got = e_value_of_estimate(&estimate).unwrap();
    family.printed("E-value of 3.9", source, "7.26", got.point);
    family.printed("E-value of its limit 1.8", source, "3.0", got.limit);
    let formula = "published formula, computed independently";
    family.within("E-value of 0.5", formula, "3.414213562373095", e_value(0.5).unwrap(), 1e-14);
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    let sample = sample();
    penalised(family, &sample);
    choice(family, &sample);
    unpenalised(family, &sample);
    propensity(family, &sample);
    e_values(family);
}

/// The generator makes what the sources were given.
#[test]
fn the_sample_is_that_of_the_sources() {
    let sample = sample();
    let count = |j| sample.design.column(j).unwrap().0.len();
    assert_eq!([0, 1, 2, 3, 4, 5].map(count), [48, 43, 25, 20, 16, 10]);
    let (_, values) = sample.design.column(6).unwrap();
    assert!((values.unwrap().iter().sum::<f64>() - 673.9).abs() < 1e-9);
    assert_eq!(sample.outcome.iter().filter(|&&y| y).count(), 56);
    assert_eq!(sample.weights.iter().sum::<f64>(), 289.0);
    assert!((sample.offset.iter().sum::<f64>() + 7.7).abs() < 1e-9);
}
