//! Cox regression.

use iatro_stats::survival::{Cohort, Cox, CoxOptions, Ties, TimeTransform, cox};

use super::data::{Drawn, freireich, ovarian};
use super::{R, numbers};
use crate::row::Family;

/// What R prints of one fit.
struct Printed<'a> {
    name: &'a str,
    coefficients: &'a [&'a str],
    errors: &'a [&'a str],
    /// At 0 and at the maximum.
    log_likelihood: [&'a str; 2],
    /// Likelihood ratio, Wald, score.
    tests: [&'a str; 3],
    /// Index and standard error.
    concordance: [&'a str; 2],
    /// `cox.zph`, each covariate and all, along time and along Kaplan-Meier.
    zph: [&'a [&'a str]; 2],
}

fn fit_rows(family: &mut Family, printed: &Printed<'_>, fit: &Cox) {
    let name = |what: &str| format!("{}: {what}", printed.name);
    let coefficients: Vec<_> = fit.coefficients().iter().map(|c| c.unwrap()).collect();
    let values: Vec<f64> = coefficients.iter().map(|c| c.log_hazard_ratio).collect();
    numbers(family, &name("log hazard ratio"), R, printed.coefficients, &values);
    let errors: Vec<f64> = coefficients.iter().map(|c| c.standard_error).collect();
    numbers(family, &name("standard error"), R, printed.errors, &errors);
    numbers(family, &name("ln L"), R, &printed.log_likelihood, &fit.log_likelihood());
    let tests = [fit.likelihood_ratio(), fit.wald_test(), fit.score_test()];
    let tests = tests.map(|test| test.unwrap().chi_squared);
    numbers(family, &name("likelihood ratio, Wald, score"), R, &printed.tests, &tests);
    let concordance = fit.concordance().unwrap();
    let got = [concordance.index, concordance.standard_error.unwrap()];
    numbers(family, &name("concordance, error"), R, &printed.concordance, &got);
    for (transform, expected) in
        [TimeTransform::Identity, TimeTransform::KaplanMeier].into_iter().zip(printed.zph)
    {
        let zph = fit.proportional_hazards(transform).unwrap();
        let all = zph.covariates.iter().chain([&zph.global]);
        let got: Vec<f64> = all.map(|test| test.unwrap().chi_squared).collect();
        numbers(family, &name(&format!("cox.zph {transform:?}")), R, expected, &got);
    }
}

fn classics(family: &mut Family) {
    let (cohort, placebo) = freireich();
    let placebo: Vec<f64> = placebo.iter().map(|&p| p as f64).collect();
    for (ties, expected) in [
        (Ties::Efron, ["1.572125149", "0.4123967177", "-93.18427", "-85.00842458"]),
        (Ties::Breslow, ["1.509191413", "0.4095644064", "-93.98505048", "-86.37962207"]),
    ] {
        let options = CoxOptions { ties, ..CoxOptions::default() };
        let fit = cox(&cohort, &[&placebo], &options).unwrap();
        let coefficient = fit.coefficients()[0].unwrap();
        let [null, top] = fit.log_likelihood();
        let got = [coefficient.log_hazard_ratio, coefficient.standard_error, null, top];
        let name = format!("Freireich, placebo, {ties:?}: coefficient, error, ln L");
        numbers(family, &name, R, &expected, &got);
    }
    let (cohort, [age, arm]) = ovarian();
    let fit = cox(&cohort, &[&age, &arm], &CoxOptions::default()).unwrap();
    let printed = Printed {
        name: "ovarian, age and arm",
        coefficients: &["0.1473265955", "-0.8039730127"],
        errors: &["0.04614704774", "0.6320493719"],
        log_likelihood: ["-34.98494037", "-27.04189886"],
        tests: ["15.88608302", "13.4675069", "18.55712338"],
        concordance: ["0.7981651376", "0.07632619914"],
        zph: [
            &["0.4654935742", "0.4610453365", "0.7972365607"],
            &["0.2242656422", "0.7796068799", "0.9186699285"],
        ],
    };
    fit_rows(family, &printed, &fit);
    let [a, b] = [fit.coefficients()[0].unwrap(), fit.coefficients()[1].unwrap()];
    let got = [a.p, b.p, a.limits.lower, b.limits.lower, a.limits.upper, b.limits.upper];
    let expected = [
        "0.001410242394",
        "0.2033696275",
        "0.0568800439",
        "-2.042767018",
        "0.237773147",
        "0.4348209927",
    ];
    numbers(family, "ovarian: p, lower, upper", R, &expected, &got);
    let covariance = [fit.covariance(0, 0).unwrap(), fit.covariance(0, 1).unwrap()];
    numbers(family, "ovarian: covariance", R, &["0.002129550015", "0.004696921947"], &covariance);
    let expected = ["2.125575868e-05", "0.0006267092083"];
    let got = [115.0, 638.0].map(|time| hazard(&fit, 2, time));
    numbers(family, "ovarian: baseline hazard at 115, 638", R, &expected, &got);
}

/// Baseline hazard, all covariates 0, of a fit without strata.
fn hazard(fit: &Cox, covariates: usize, time: f64) -> f64 {
    let steps = fit.cumulative_hazard(&vec![0.0; covariates]).unwrap().unwrap();
    steps.iter().rfind(|step| step.time <= time).unwrap().hazard
}

fn drawn(family: &mut Family) {
    let d = Drawn::new();
    let three: [&[f64]; 3] = [&d.treat, &d.age, &d.lab];
    let fit = |cohort: &Cohort, ties| {
        let options = CoxOptions { ties, ..CoxOptions::default() };
        cox(cohort, &three, &options).unwrap()
    };
    let times = [10.0, 50.0, 108.0];
    let efron = fit(&d.cohort(false, false), Ties::Efron);
    fit_rows(family, &EFRON, &efron);
    let expected = ["0.04909306728", "0.2545501276", "0.6361799501"];
    let got = times.map(|time| hazard(&efron, 3, time));
    numbers(family, "drawn, Efron: baseline hazard at 10, 50, 108", R, &expected, &got);
    let breslow = fit(&d.cohort(false, false), Ties::Breslow);
    fit_rows(family, &BRESLOW, &breslow);
    let expected = ["0.04940249019", "0.2552027384", "0.6386914017"];
    let got = times.map(|time| hazard(&breslow, 3, time));
    numbers(family, "drawn, Breslow: baseline hazard at 10, 50, 108", R, &expected, &got);
    let first = d.cohort(false, false).cause_specific(1);
    fit_rows(family, &CAUSE_1, &fit(&first, Ties::Efron));
    for (weights, printed) in [(true, &WEIGHTED), (false, &LATE)] {
        let options = CoxOptions { strata: Some(&d.site), ..CoxOptions::default() };
        let fit = cox(&d.cohort(true, weights), &[&d.treat, &d.age], &options).unwrap();
        fit_rows(family, printed, &fit);
    }
    profiles(family, &efron);
}

/// Profile limits in R: `uniroot` on `coxph` with an offset.
fn profiles(family: &mut Family, fit: &Cox) {
    for (covariate, expected) in
        [["0.3046379619", "1.163479081"], ["0.001910994742", "0.030206071"]].iter().enumerate()
    {
        let got = fit.profile_interval(covariate, 0.95).unwrap().unwrap();
        let got = [got.lower.unwrap(), got.upper.unwrap()];
        numbers(family, &format!("drawn: profile limits {covariate}"), R, expected, &got);
    }
    // All events but the last in one group, before anyone of the other: no maximum.
    let times = [1., 2., 3., 4., 5., 6., 7., 8.];
    let events = [true, true, true, false, false, false, false, true];
    let cohort = Cohort::right_censored(&times, &events).unwrap();
    let first = [1., 1., 1., 1., 0., 0., 0., 0.];
    let fit = cox(&cohort, &[&first], &CoxOptions::default()).unwrap();
    let profile = fit.profile_interval(0, 0.95).unwrap().unwrap();
    assert_eq!(profile.upper, None);
    let [null, top] = fit.log_likelihood();
    let got = [null, top, fit.score_test().unwrap().chi_squared, profile.lower.unwrap()];
    let expected = ["-5.81711116", "-3.17805383", "4.212648221", "0.4570303848"];
    numbers(family, "separated: ln L, score test, lower profile limit", R, &expected, &got);
}

const EFRON: Printed<'_> = Printed {
    name: "drawn, Efron",
    coefficients: &["0.7272259449", "0.01601126132", "0.02500765346"],
    errors: &["0.2184182726", "0.00720521307", "0.03624507812"],
    log_likelihood: ["-407.231118", "-397.4066152"],
    tests: ["19.64900559", "19.32772782", "19.97355078"],
    concordance: ["0.6140858334", "0.0355550093"],
    zph: [
        &["1.613494279", "0.1777404934", "0.262047043", "1.790198426"],
        &["1.944122318", "0.08398821494", "0.007788233423", "2.057195097"],
    ],
};

const BRESLOW: Printed<'_> = Printed {
    name: "drawn, Breslow",
    coefficients: &["0.7183880663", "0.01579679322", "0.02505174107"],
    errors: &["0.2184349526", "0.007194182215", "0.03623666795"],
    log_likelihood: ["-408.4337602", "-398.8524104"],
    tests: ["19.16269942", "18.84939578", "19.46205595"],
    concordance: ["0.6139512983", "0.03553507041"],
    zph: [
        &["1.613228846", "0.1585445618", "0.2739999567", "1.773199986"],
        &["1.92803175", "0.0721662361", "0.01063278112", "2.020591503"],
    ],
};

const CAUSE_1: Printed<'_> = Printed {
    name: "drawn, cause 1",
    coefficients: &["0.154850366", "0.01515337247", "0.04060205172"],
    errors: &["0.2904717128", "0.01001157613", "0.05000425748"],
    log_likelihood: ["-216.6551295", "-214.6590141"],
    tests: ["3.992230747", "3.995398863", "4.034900033"],
    concordance: ["0.5746378591", "0.04457191109"],
    zph: [
        &["0.3007434154", "0.8220128332", "0.1150520747", "1.721111251"],
        &["1.265716575", "0.7409400902", "0.5215647748", "3.10267977"],
    ],
};

const WEIGHTED: Printed<'_> = Printed {
    name: "drawn, late entries, sites as strata, weights",
    coefficients: &["0.7170411829", "0.01118943113"],
    errors: &["0.173473556", "0.005481007517"],
    log_likelihood: ["-615.6941895", "-604.4330963"],
    tests: ["22.52218626", "21.68407494", "22.08907271"],
    concordance: ["0.5785839161", "0.04658563538"],
    zph: [
        &["5.278699585", "5.488420381", "11.38163738"],
        &["2.556014166", "5.64930332", "7.720206964"],
    ],
};

const LATE: Printed<'_> = Printed {
    name: "drawn, late entries, sites as strata",
    coefficients: &["0.7490285139", "0.00986353066"],
    errors: &["0.2357400185", "0.007537133845"],
    log_likelihood: ["-270.6115942", "-264.3852194"],
    tests: ["12.45274951", "11.99002575", "12.24284463"],
    concordance: ["0.5848708487", "0.04119983346"],
    zph: [
        &["1.737294403", "2.172599072", "4.304981887"],
        &["1.012194556", "2.602078115", "3.427500896"],
    ],
};

/// The family's part.
pub(super) fn rows(family: &mut Family) {
    classics(family);
    drawn(family);
}
