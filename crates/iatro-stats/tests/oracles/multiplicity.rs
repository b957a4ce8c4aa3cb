//! Many tests.
//!
//! p-values: R 4.2 (`p.adjust`) and its package qvalue 2.30. Controls: the published example of the R
//! package EmpiricalCalibration, and the maximum of the same likelihood found in 40 digits.

mod controls;

use iatro_stats::multiplicity::{
    Deviation, EmpiricalNull, LogEstimate, Null, Side, SystematicErrorModel, benjamini_hochberg,
    benjamini_yekutieli, bonferroni, holm, leave_one_out, local_fdr, pi0_at, pi0_bootstrap,
    pi0_smoother, q_values,
};
use iatro_stats::special::normal_quantile;

use crate::row::Family;
use controls::{POSITIVE_AND_NEGATIVE, SCCS, SERTRALINE};

const ADJUST: &str = "R 4.2 p.adjust";
const QVALUE: &str = "R qvalue 2.30";
/// The closed-form likelihood was checked against quadrature over the unknown error, scipy 1.17.
const EXACT: &str = "root of the likelihood equations, mpmath, 40 digits";
const PUBLISHED: &str = "R EmpiricalCalibration 3.0, vignette";
const PORT: &str = "Python port of R EmpiricalCalibration 3.1.4";

/// Ten p-values with ties, 0 and 1.
const SMALL: [f64; 10] = [0.010, 0.020, 0.030, 0.040, 0.050, 0.5, 0.5, 0.0002, 1.0, 0.0];

/// 300 p-values of tests without, and 100 of tests with an effect, by formula.
fn mixed() -> Vec<f64> {
    let none = (1..=300).map(|i| (f64::from(i) - 0.5) / 300.0);
    none.chain((1..=100).map(|i| ((f64::from(i) - 0.5) / 100.0).powi(4) * 0.2)).collect()
}

/// 200 p-values with a gentle excess of small ones.
fn gentle() -> Vec<f64> {
    (1..=200).map(|k| (f64::from(k) * 0.618_033_988_749_894_9).fract().powf(1.5)).collect()
}

fn adjusted(family: &mut Family) {
    let methods = [
        (
            "Benjamini-Hochberg",
            benjamini_hochberg(&SMALL),
            ["0.0333333333", "0.0666666667", "0.0714285714", "0.5555555556", "0.001"],
        ),
        (
            "Benjamini-Yekutieli",
            benjamini_yekutieli(&SMALL),
            ["0.0976322751", "0.1952645503", "0.2092120181", "1", "0.0029289683"],
        ),
        ("Holm", holm(&SMALL), ["0.08", "0.2", "0.2", "1", "0.0018"]),
        ("Bonferroni", bonferroni(&SMALL), ["0.1", "0.4", "0.5", "1", "0.002"]),
    ];
    for (name, got, expected) in methods {
        let got = got.unwrap();
        for (index, expected) in [0, 3, 4, 5, 7].into_iter().zip(expected) {
            let number = format!("{name}, p = {} of 10 p-values", SMALL[index]);
            family.within(number, ADJUST, expected, got[index], 1e-10);
        }
    }
    let (p, got) = (mixed(), benjamini_hochberg(&mixed()).unwrap());
    for (index, expected) in [
        (0, "0.021505376344086"),
        (9, "0.17351598173516"),
        (300, "5e-8"),
        (329, "0.0201956016666667"),
    ] {
        let number = format!("Benjamini-Hochberg, p = {:.3e} of 400 p-values", p[index]);
        family.within(number, ADJUST, expected, got[index], 1e-14);
    }
}

fn shares(family: &mut Family) {
    let (mixed, gentle) = (mixed(), gentle());
    let share = |pi0: Result<Option<f64>, _>| pi0.unwrap().unwrap();
    for (name, p, smoother, exact, bootstrap, half) in [
        ("300 without effect of 400", &mixed, "0.74930408", "0.749302679330", "0.75", "0.75"),
        (
            "200 with a gentle excess",
            &gentle,
            "0.68686393",
            "0.686859542833",
            "0.722222222222222",
            "0.74",
        ),
    ] {
        let number = |what: &str| format!("pi0, {what}: {name}");
        let got = share(pi0_smoother(p));
        // smooth.spline meets its degrees of freedom to about 1e-4 only; the exact spline is the row
        // below.
        family.within(number("smoother"), QVALUE, smoother, got, 1e-5);
        family.printed(number("smoother"), "Reinsch's equations, numpy", exact, got);
        family.within(number("bootstrap"), QVALUE, bootstrap, share(pi0_bootstrap(p)), 1e-14);
        family.within(number("lambda 0.5"), QVALUE, half, share(pi0_at(p, 0.5)), 1e-14);
    }
    let q = q_values(&mixed, share(pi0_bootstrap(&mixed))).unwrap();
    for (index, expected) in [
        (0, "0.0161290322580645"),
        (9, "0.13013698630137"),
        (99, "0.4975"),
        (300, "3.75e-8"),
        (329, "0.01514670125"),
        (399, "0.369867736084906"),
    ] {
        let number = format!("q-value (bootstrap), p = {:.3e} of 400", mixed[index]);
        family.within(number, QVALUE, expected, q[index], 1e-14);
    }
    let q = q_values(&gentle, share(pi0_smoother(&gentle))).unwrap();
    for (index, expected) in [(0, "0.538266756"), (1, "0.335242032"), (4, "0.206643095")] {
        let number = format!("q-value (smoother), p = {:.6} of 200", gentle[index]);
        // The share differs by 4e-6, and with it every q-value.
        family.within(number, QVALUE, expected, q[index], 1e-5);
    }
}

fn estimate((value, error): (f64, f64)) -> LogEstimate {
    LogEstimate::new(value, error).unwrap()
}

fn empirical_null(family: &mut Family) {
    let controls: Vec<LogEstimate> = SCCS.into_iter().map(estimate).collect();
    let null = EmpiricalNull::fit(&controls).unwrap();
    let target = estimate(SERTRALINE);
    let p = null.calibrated_p(&target, Side::Two);
    let name = |what: &str| format!("empirical null, 45 negative controls: {what}");
    for (what, got, exact) in [
        ("mean", null.mean(), "0.792116502763"),
        ("sd", null.sd(), "0.283422877583"),
        ("standard error of the mean", null.mean_standard_error().unwrap(), "0.0570426635985"),
        ("standard error of the sd", null.sd_standard_error().unwrap(), "0.047661893541"),
        ("calibrated p of sertraline", p, "0.839017982726"),
        ("calibrated p, upper", null.calibrated_p(&target, Side::Upper), "0.580491008637"),
        ("expected absolute error", null.expected_absolute_error(), "0.792555481531"),
    ] {
        family.printed(name(what), EXACT, exact, got);
    }
    let limits = null.calibrated_p_limits(&target, Side::Upper).unwrap();
    family.printed(name("calibrated p, upper, lower limit"), EXACT, "0.424714833106", limits.lower);
    family.printed(name("calibrated p, upper, upper limit"), EXACT, "0.724461049549", limits.upper);
    let interval = null.calibrated_interval(&target).unwrap();
    let parts = [interval.point, interval.lower, interval.upper];
    let expected = ["0.942242161523", "0.530744883544", "1.67278162914"];
    for ((what, got), expected) in ["point", "lower", "upper"].into_iter().zip(parts).zip(expected)
    {
        family.printed(name(&format!("calibrated ratio, {what}")), EXACT, expected, got);
    }
    // The published numbers come from a simplex search that stops early: the fourth digit varies.
    family.within(name("mean"), PUBLISHED, "0.7920", null.mean(), 2e-4);
    family.within(name("sd"), PUBLISHED, "0.2835", null.sd(), 2e-4);
    family.within(name("calibrated p of sertraline"), PUBLISHED, "0.839405", p, 5e-4);
    let checked = leave_one_out(&controls).unwrap();
    let (before, after) = checked.below(0.05);
    let name = |what| format!("45 negative controls with p < 0.05, {what} calibration");
    let scipy = "scipy 1.17, simplex search for each";
    family.printed(name("before"), scipy, "33", before as f64);
    family.printed(name("after"), scipy, "2", after as f64);
    let number = "calibrated p of the first control, left out";
    family.printed(number, scipy, "0.65799720", checked.after[0]);
}

fn systematic_error(family: &mut Family) {
    let ratios: [f64; 4] = [1.0, 1.5, 2.0, 4.0];
    let truth: Vec<f64> = POSITIVE_AND_NEGATIVE.iter().map(|row| ratios[row.0].ln()).collect();
    let controls: Vec<LogEstimate> =
        POSITIVE_AND_NEGATIVE.iter().map(|row| estimate((row.1, row.2))).collect();
    for (deviation, name, exact, errors, ported, intervals) in [
        (
            Deviation::Linear,
            "linear",
            ["0.1706814770375", "0.8408100338984", "0.1672927792149", "0.07620736965325"],
            ["0.06986921773", "0.1058581278", "0.05464247426", "0.08198801288"],
            ["0.17068", "0.84081", "0.167293", "0.0762048"],
            [
                ["1.8767358592", "1.0196939732", "4.152275484"],
                ["0.86629479769", "0.49174716711", "1.4448559827"],
            ],
        ),
        (
            Deviation::LogLinear,
            "log-linear",
            ["0.1760204416867", "0.8296921886573", "-1.846131393535", "0.4621979119127"],
            ["0.06897175791", "0.1113922738", "0.3474591982", "0.4155581162"],
            ["0.176035", "0.829673", "-1.84618", "0.462308"],
            [
                ["1.8804947024", "1.0271352399", "4.5742048552"],
                ["0.85908433281", "0.59000679962", "1.4122857278"],
            ],
        ),
    ] {
        let model = SystematicErrorModel::fit(&controls, &truth, deviation).unwrap();
        let got = model.parameters();
        let got_errors = model.standard_errors().unwrap();
        for (i, parameter) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let number = format!("systematic error, {name}: {parameter}");
            // The search stops where a step gains less than 1e-18: 1e-9 standard errors.
            family.within(&number, EXACT, exact[i], got[i], 1e-8);
            // A search by differences: the fourth digit varies.
            family.within(&number, PORT, ported[i], got[i], 2e-4);
            let number = format!("{number}, standard error");
            family.within(number, EXACT, errors[i], got_errors[i], 1e-8);
        }
        for (target, expected) in [(0.7, 0.2), (0.05, 0.1)].into_iter().zip(intervals) {
            let got = model.calibrated_interval(&estimate(target)).unwrap();
            let parts = [("point", got.point), ("lower", got.lower), ("upper", got.upper)];
            for ((part, got), expected) in parts.into_iter().zip(expected) {
                let number =
                    format!("systematic error, {name}: calibrated ratio of {target:?}, {part}");
                family.within(number, EXACT, expected, got, 1e-7);
            }
        }
    }
}

fn local_rates(family: &mut Family) {
    const SOURCE: &str = "Poisson regression, statsmodels 0.14";
    let scores = |n: i32, mean: f64, sd: f64| {
        (1..=n)
            .map(move |i| mean + sd * normal_quantile((f64::from(i) - 0.5) / f64::from(n)).unwrap())
    };
    let z: Vec<f64> = scores(900, 0.1, 1.1).chain(scores(100, 3.0, 0.8)).collect();
    let empirical = local_fdr(&z, Null::Empirical).unwrap();
    let theoretical = local_fdr(&z, Null::Theoretical).unwrap();
    // The curvature at the mode is a difference of slopes here, exact there.
    let number = |what: &str| format!("local FDR, 900 of 1,000 z-values without effect: {what}");
    family.within(number("mean"), SOURCE, "0.01907435897", empirical.mean, 1e-9);
    family.within(number("sd"), SOURCE, "1.03233890655", empirical.sd, 1e-7);
    family.within(number("pi0, empirical"), SOURCE, "0.85422969546", empirical.pi0, 1e-7);
    family.within(number("pi0, theoretical"), SOURCE, "0.83786261044", theoretical.pi0, 1e-11);
    for (index, by_empirical, by_theoretical) in [
        (450, "0.99996880937", "1"),
        (880, "0.32633901817", "0.26845679853"),
        (899, "0.01731092299", "0.01079264307"),
        (905, "0.64845149333", "0.58117514402"),
        (950, "0.09015925006", "0.06542998733"),
    ] {
        let number = |null| number(&format!("z = {:.4}, {null} null", z[index]));
        family.within(number("empirical"), SOURCE, by_empirical, empirical.local[index], 3e-7);
        let got = theoretical.local[index];
        family.within(number("theoretical"), SOURCE, by_theoretical, got, 1e-9);
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    adjusted(family);
    shares(family);
    empirical_null(family);
    systematic_error(family);
    local_rates(family);
}
