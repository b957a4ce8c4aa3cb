//! Time to onset.
//!
//! Two samples of 20 cases: interval-censored (days, months, one right-censored), fitted by
//! `survreg` too; and the same with right truncation, which `survreg` cannot fit, maximised
//! independently with 30 digits.

use iatro_stats::time_to_onset::{
    FitSummary, InterpolatedP, Onset, Parameter, ProbabilityPlot, anderson_darling,
    kolmogorov_smirnov, log_normal, probability_plot, sample_summary, turnbull, weibull,
    weibull_weighted,
};

use crate::row::Family;

const SURVREG: &str = "R survival 3.5.3, survreg(Surv(l, u, type = 'interval2'))";
const SURVFIT: &str = "R survival 3.5.3, survfit(Surv(l, u, type = 'interval2'))";
const MPMATH: &str = "likelihood in mpmath 1.3 with 30 digits, findroot on its derivatives";
const SCIPY: &str = "scipy 1.17.1, anderson_ksamp(variant = 'midrank')";
const KS_TEST: &str = "R 4.2.2, ks.test";

/// Lower and upper end of an interval, days; without an upper end, right-censored.
type Interval = (f64, Option<f64>);

const CENSORED: [Interval; 20] = [
    (0.0, Some(0.5)),
    (0.0, Some(0.5)),
    (0.5, Some(1.5)),
    (2.5, Some(3.5)),
    (2.5, Some(3.5)),
    (6.5, Some(7.5)),
    (7.5, Some(8.5)),
    (10.5, Some(11.5)),
    (13.5, Some(14.5)),
    (13.5, Some(14.5)),
    (20.5, Some(21.5)),
    (27.5, Some(28.5)),
    (0.0, Some(30.5)),
    (14.5, Some(45.5)),
    (30.5, Some(61.5)),
    (45.5, Some(46.5)),
    (60.5, Some(91.5)),
    (88.5, Some(89.5)),
    (120.5, Some(121.5)),
    (200.0, None),
];

/// Interval and truncation, days.
const TRUNCATED: [(Interval, f64); 20] = [
    ((0.0, Some(0.5)), 90.5),
    ((1.5, Some(2.5)), 20.5),
    ((3.5, Some(4.5)), 365.5),
    ((4.5, Some(5.5)), 60.5),
    ((6.5, Some(7.5)), 30.5),
    ((8.5, Some(9.5)), 200.5),
    ((9.5, Some(10.5)), 45.5),
    ((13.5, Some(14.5)), 120.5),
    ((13.5, Some(14.5)), 365.5),
    ((17.5, Some(18.5)), 40.5),
    ((20.5, Some(21.5)), 90.5),
    ((24.5, Some(25.5)), 60.5),
    ((29.5, Some(30.5)), 150.5),
    ((0.0, Some(31.5)), 100.5),
    ((34.5, Some(35.5)), 200.5),
    ((41.5, Some(42.5)), 80.5),
    ((50.5, Some(81.5)), 120.5),
    ((55.5, Some(56.5)), 365.5),
    ((69.5, Some(70.5)), 90.5),
    ((10.5, None), 60.5),
];

fn censored() -> Vec<Onset> {
    CENSORED.iter().map(|&(l, u)| Onset::new(l, u, None).unwrap()).collect()
}

fn truncated() -> Vec<Onset> {
    TRUNCATED.iter().map(|&((l, u), t)| Onset::new(l, u, Some(t)).unwrap()).collect()
}

/// A number with many digits: ten of them count, for the limits come from a root finder with a
/// tolerance of 1e-10 in the logarithm.
fn close(
    family: &mut Family,
    number: impl Into<String>,
    source: &'static str,
    expected: &str,
    got: f64,
) {
    let size = expected.parse::<f64>().unwrap().abs();
    let tolerance = 1e-9 * 10_f64.powi(size.log10().ceil() as i32);
    family.within(number, source, expected, got, tolerance);
}

/// What a source states about one parameter: point, standard error, profile limits; a dash where it
/// does not.
fn parameter(
    family: &mut Family,
    name: &str,
    source: &'static str,
    expected: [&'static str; 4],
    got: Parameter,
) {
    let parts = [
        ("point", got.point),
        ("standard error", got.se),
        ("profile lower", got.profile.lower.unwrap()),
        ("profile upper", got.profile.upper.unwrap()),
    ];
    for ((part, got), expected) in parts.into_iter().zip(expected) {
        if expected != "-" {
            close(family, format!("{name}, {part}"), source, expected, got);
        }
    }
}

fn summary(
    family: &mut Family,
    name: &str,
    source: &'static str,
    [log_likelihood, covariance]: [&'static str; 2],
    got: FitSummary,
) {
    let number = format!("{name}, log-likelihood");
    close(family, number, source, log_likelihood, got.log_likelihood);
    // survreg's is of the intercept and ln sigma; for the Weibull, ln sigma = -ln shape.
    let number = format!("{name}, covariance");
    close(family, number, source, covariance, got.covariance[1]);
}

fn interval_censored(family: &mut Family) {
    let name = |parameter: &str| format!("20 interval-censored times: {parameter}");
    let w = weibull(&censored()).unwrap();
    let log_scale = w.scale_days.point.ln();
    close(family, name("Weibull, ln scale"), SURVREG, "3.31534871930111", log_scale);
    let log_shape = -w.shape.point.ln();
    close(family, name("Weibull, -ln shape"), SURVREG, "0.523077560800783", log_shape);
    let expected = ["27.53199324819", "0.404720942326091", "11.482850144941", "63.131350410626"];
    parameter(family, &name("Weibull scale"), MPMATH, expected, w.scale_days);
    let expected = ["0.59269368741563", "0.20006836004671", "0.38359719608973", "0.847920427661"];
    parameter(family, &name("Weibull shape"), MPMATH, expected, w.shape);
    let expected = ["14.834620333154", "0.45487843812083", "5.1336377647824", "34.203443829453"];
    parameter(family, &name("Weibull median"), MPMATH, expected, w.median_days);
    let expected = ["-71.5150291047281", "0.0224850928722"];
    summary(family, &name("Weibull"), SURVREG, expected, w.summary);
    close(family, name("Weibull, AIC"), SURVREG, "147.030058209456", w.summary.aic);

    let l = log_normal(&censored()).unwrap();
    let expected = ["2.4539205413553", "0.460009987335115", "1.4661184978854", "3.3962509180505"];
    parameter(family, &name("log-normal mu"), SURVREG, [expected[0], expected[1], "-", "-"], l.mu);
    parameter(family, &name("log-normal mu"), MPMATH, ["-", "-", expected[2], expected[3]], l.mu);
    let expected = ["2.0016563385461", "0.185588742545534", "1.4447207266648", "3.018903427004"];
    parameter(family, &name("log-normal sigma"), MPMATH, expected, l.sigma);
    let expected = ["11.633868488457", "0.46000998733511", "4.3323862962331", "29.851972499795"];
    parameter(family, &name("log-normal median"), MPMATH, expected, l.median_days);
    let expected = ["-72.4884471313769", "-0.00519408396439776"];
    summary(family, &name("log-normal"), SURVREG, expected, l.summary);

    let weights: Vec<f64> = [1.0, 2.0, 3.0, 1.0].repeat(5);
    let w = weibull_weighted(&censored(), &weights).unwrap();
    let name = |parameter: &str| format!("the same, weights 1 2 3 1 repeated: {parameter}");
    let expected = ["27.9912936268843", "0.282233442861527", "-", "-"];
    parameter(family, &name("Weibull scale"), SURVREG, expected, w.scale_days);
    let expected = ["0.638239874116363", "0.146334247578195", "-", "-"];
    parameter(family, &name("Weibull shape"), SURVREG, expected, w.shape);
}

fn right_truncated(family: &mut Family) {
    let name = |parameter: &str| format!("20 truncated times: {parameter}");
    let w = weibull(&truncated()).unwrap();
    let expected = ["29.130193870062", "0.31429777923707", "16.417665564209", "95.532755706161"];
    parameter(family, &name("Weibull scale"), MPMATH, expected, w.scale_days);
    let expected = ["0.98219385090701", "0.2175386087374", "0.58799277693814", "1.4369729232964"];
    parameter(family, &name("Weibull shape"), MPMATH, expected, w.shape);
    let expected = ["20.057794054262", "0.31634973676359", "10.461720232506", "56.123735675755"];
    parameter(family, &name("Weibull median"), MPMATH, expected, w.median_days);
    let expected = ["-71.26096082479", "-0.0070955371875111"];
    summary(family, &name("Weibull"), MPMATH, expected, w.summary);

    let l = log_normal(&truncated()).unwrap();
    // Upper limit of mu 20.3: a median of 6e8 days. The data hardly bound it.
    let expected = ["3.2801126044717", "0.78355060681251", "2.2778496299186", "20.259605363083"];
    parameter(family, &name("log-normal mu"), MPMATH, expected, l.mu);
    let expected = ["1.6941591931999", "0.30260720794627", "1.0808626703517", "6.3230088445261"];
    parameter(family, &name("log-normal sigma"), MPMATH, expected, l.sigma);
    let expected = ["-72.720688542999", "0.17814016035559"];
    summary(family, &name("log-normal"), MPMATH, expected, l.summary);
}

/// Intervals of 2e-4 days are as good as exact times; their probabilities are densities times width.
fn nearly_exact(family: &mut Family) {
    const EXACT: &str =
        "R survival 3.5.3, survreg(Surv(x)); fitdistrplus 1.1.8 fitdist agrees to 6 digits";
    const FITDIST: &str = "fitdistrplus 1.1.8, fitdist";
    let half = 1e-4;
    let times = [2.0, 5.0, 8.0, 9.0, 11.0, 12.0, 14.0, 14.5, 17.0, 20.0, 24.0, 31.0];
    let onset = |t: f64| Onset::new(t - half, Some(t + half), None).unwrap();
    let onsets: Vec<Onset> = times.map(onset).to_vec();
    let w = weibull(&onsets).unwrap();
    // The curvature of the density over 2e-4 days is worth 1e-9.
    let name = "12 exact times: Weibull";
    family.within(format!("{name} scale"), EXACT, "15.69921646651296", w.scale_days.point, 2e-8);
    family.within(format!("{name} shape"), EXACT, "1.84149137902427", w.shape.point, 2e-8);
    let densities = w.summary.log_likelihood - 12.0 * f64::ln(2.0 * half);
    family.within(
        format!("{name} log-likelihood of the densities"),
        FITDIST,
        "-40.9368784481228",
        densities,
        1e-8,
    );
    // fitdist stops earlier: 7 digits.
    let l = log_normal(&onsets).unwrap();
    let name = "12 exact times: log-normal";
    family.within(format!("{name} mu"), FITDIST, "2.434687147173463", l.mu.point, 2e-7);
    family.within(format!("{name} sigma"), FITDIST, "0.708540735342481", l.sigma.point, 2e-7);
}

/// `survfit` stops when its own iteration slows down; ours goes on. Six digits agree except at 38 and
/// 61 days, where the estimate is flat.
fn distribution_free(family: &mut Family) {
    let steps = turnbull(&censored()).unwrap().steps;
    let expected = [
        ("0.107692307750564", 0.5),
        ("0.161538461625846", 1.5),
        ("0.26923076937641", 3.5),
        ("0.323076923251692", 7.5),
        ("0.376923077126974", 8.5),
        ("0.430769231002257", 11.5),
        ("0.538461538752821", 14.5),
        ("0.619230767435967", 21.5),
        ("0.699999996119114", 28.5),
        ("0.798871379507513", 46.5),
        ("0.801128620510733", 61.5),
        ("0.9", 89.5),
        ("0.95", 121.5),
    ];
    for (share, days) in expected {
        let upper = |s: &&iatro_stats::time_to_onset::TurnbullStep| {
            s.upper_days.is_some_and(|upper| upper <= days)
        };
        let got: f64 = steps.iter().take_while(upper).map(|s| s.probability).sum();
        let tolerance = if (46.0..70.0).contains(&days) { 2e-3 } else { 1e-6 };
        family.within(format!("Turnbull, F({days} days)"), SURVFIT, share, got, tolerance);
    }
}

fn reversed_time(family: &mut Family) {
    const REVERSED: &str =
        "R survival 3.5.3, survfit of left-truncated times counted back from day 100";
    let cases = [(1, 10), (3, 5), (3, 50), (8, 60), (12, 15), (20, 90), (33, 35), (40, 100)];
    let onsets = cases.map(|(d, r)| Onset::on_day(d).reported_on_day(r).unwrap());
    let any = iatro_stats::time_to_onset::Distribution::weibull(10.0, 1.0).unwrap();
    let ProbabilityPlot { points, .. } = probability_plot(&onsets, &any).unwrap();
    let expected =
        ["0.0555555555555556", "0.1666666666666667", "0.25", "0.375", "0.5625", "0.75", "1"];
    for (point, expected) in points.iter().zip(expected) {
        let number = format!("reversed product limit, F({} days)", point.days);
        family.within(number, REVERSED, expected, point.observed, 1e-12);
    }
}

const FIRST: [f64; 12] = [0.0, 0.0, 1.0, 2.0, 2.0, 3.0, 5.0, 7.0, 7.0, 8.0, 10.0, 14.0];
const SECOND: [f64; 15] =
    [2.0, 5.0, 7.0, 9.0, 12.0, 12.0, 14.0, 14.0, 20.0, 21.0, 28.0, 30.0, 45.0, 60.0, 90.0];
const THIRD: [f64; 10] = [1.0, 3.0, 4.0, 6.0, 6.0, 9.0, 11.0, 11.0, 13.0, 20.0];
const UNTIED: [f64; 5] = [3.0, 8.0, 15.0, 22.0, 41.0];
const UNTIED_TOO: [f64; 7] = [1.0, 9.0, 17.0, 30.0, 55.0, 70.0, 81.0];

fn comparisons(family: &mut Family) {
    let tied = kolmogorov_smirnov(&FIRST, &SECOND).unwrap();
    // R's own limiting distribution is good to 8 digits.
    const LIMITING: &str = "Kolmogorov's series in mpmath 1.3 with 30 digits";
    let name = "Kolmogorov-Smirnov, 12 and 15 tied times";
    close(family, format!("{name}: D"), KS_TEST, "0.65", tied.statistic);
    close(
        family,
        format!("{name}: exact p"),
        KS_TEST,
        "0.00287128405312698",
        tied.p_exact.unwrap(),
    );
    let asymptotic = tied.p_asymptotic;
    close(family, format!("{name}: asymptotic p"), LIMITING, "0.00715326632065483", asymptotic);
    let untied = kolmogorov_smirnov(&UNTIED, &UNTIED_TOO).unwrap();
    let name = "Kolmogorov-Smirnov, 5 and 7 times";
    close(family, format!("{name}: D"), KS_TEST, "0.428571428571429", untied.statistic);
    close(
        family,
        format!("{name}: exact p"),
        KS_TEST,
        "0.545454545454545",
        untied.p_exact.unwrap(),
    );
    let asymptotic = untied.p_asymptotic;
    close(family, format!("{name}: asymptotic p"), LIMITING, "0.6576398397424085", asymptotic);

    let pairs: [(&str, &[f64], &[f64]); 3] = [
        ("12 and 15 tied times", &FIRST, &SECOND),
        ("5 and 7 times", &UNTIED, &UNTIED_TOO),
        ("12 and 10 tied times", &FIRST, &THIRD),
    ];
    let expected = [
        ["6.10025781234885", "7.161655162440816", "-"],
        ["0.9172290374812342", "-0.12602329508711282", "-"],
        ["1.4894109123458528", "0.6974075450922167", "0.1699817920546607"],
    ];
    for ((name, first, second), [a_squared, standardised, p]) in pairs.into_iter().zip(expected) {
        let got = anderson_darling(first, second).unwrap().unwrap();
        let name = format!("Anderson-Darling, {name}");
        close(family, format!("{name}: A²"), SCIPY, a_squared, got.a_squared);
        close(family, format!("{name}: T"), SCIPY, standardised, got.standardised);
        if let InterpolatedP::Value(value) = got.p {
            close(family, format!("{name}: p"), SCIPY, p, value);
        }
    }
}

fn median(family: &mut Family) {
    const TABLE: &str = "printed table of confidence intervals for the median (% and ranks)";
    let published = [
        (6, 1, "96.9"),
        (9, 2, "96.1"),
        (10, 2, "97.9"),
        (12, 3, "96.1"),
        (15, 4, "96.5"),
        (17, 5, "95.1"),
        (20, 6, "95.9"),
    ];
    for (n, rank, percent) in published {
        let values: Vec<f64> = (1..=n).map(f64::from).collect();
        let got = sample_summary(&values).unwrap().unwrap().median_interval.unwrap();
        assert_eq!(got.rank, rank, "n = {n}");
        let number =
            format!("median of {n}: coverage of ranks {rank} and {}, %", values.len() + 1 - rank);
        family.printed(number, TABLE, percent, 100.0 * got.coverage);
    }
    let of_100: Vec<f64> = (1..=100).map(f64::from).collect();
    let got = sample_summary(&of_100).unwrap().unwrap().median_interval.unwrap();
    let (number, source) = ("median of 100: coverage of ranks 40 and 61", "R 4.2.2, pbinom");
    close(family, number, source, "0.964799799782295", got.coverage);
    let got = sample_summary(&SECOND).unwrap().unwrap();
    let quartiles = [("first quartile", "10.5", got.lower_quartile), ("median", "14", got.median)];
    for (name, expected, got) in
        quartiles.into_iter().chain([("third quartile", "29", got.upper_quartile)])
    {
        close(family, format!("15 times: {name}"), "R 4.2.2, quantile", expected, got);
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    interval_censored(family);
    right_truncated(family);
    nearly_exact(family);
    distribution_free(family);
    reversed_time(family);
    comparisons(family);
    median(family);
}

/// Beyond its table the p-value says only on which side it lies.
#[test]
fn p_values_beyond_the_table_are_not_numbers() {
    let far = anderson_darling(&FIRST, &SECOND).unwrap().unwrap();
    assert_eq!(far.p, InterpolatedP::Below(0.001));
    let near = anderson_darling(&UNTIED, &UNTIED_TOO).unwrap().unwrap();
    assert_eq!(near.p, InterpolatedP::Above(0.25));
}
