//! Pooling.

use iatro_stats::Table2x2;
use iatro_stats::meta::{
    Effect, IntervalMethod, PooledProportion, PredictionDf, ProportionScale, RandomEffects,
    RandomOptions, Tau2Method, fixed_effect, freeman_tukey_inverse, inverse_logit, leave_one_out,
    pool_proportions, random_effects,
};

use crate::row::Family;

const METAFOR: &str = "R package metafor 3.8-1, rma";
const ESCALC: &str = "R package metafor 3.8-1, escalc";
const CONFINT: &str = "R package metafor 3.8-1, confint";
const PREDICT: &str = "R package metafor 3.8-1, predict";
const LEAVE: &str = "R package metafor 3.8-1, leave1out";
const BACK: &str = "R package metafor 3.8-1, transf.ipft.hm and transf.ilogit";
const PRINTED: &str = "metafor, its documented example dat.bcg";
const FORMULA: &str = "mean, tau^2 and se of metafor 3.8-1, quantile qt of R 4.2.2";

/// The 13 trials of BCG vaccine against tuberculosis (Colditz 1994): cases and others among
/// vaccinated, cases and others among controls.
const BCG: [[u64; 4]; 13] = [
    [4, 119, 11, 128],
    [6, 300, 29, 274],
    [3, 228, 11, 209],
    [62, 13_536, 248, 12_619],
    [33, 5_036, 47, 5_761],
    [180, 1_361, 372, 1_079],
    [8, 2_537, 10, 619],
    [505, 87_886, 499, 87_892],
    [29, 7_470, 45, 7_232],
    [17, 1_699, 65, 1_600],
    [186, 50_448, 141, 27_197],
    [5, 2_493, 3, 2_338],
    [27, 16_886, 29, 17_825],
];

fn trials() -> Vec<Effect> {
    let effect = |[a, b, c, d]: [u64; 4]| {
        Effect::log_proportion_ratio(&Table2x2::new(a, b, c, d).unwrap()).unwrap()
    };
    BCG.into_iter().map(effect).collect()
}

fn pooled(tau2: Tau2Method, interval: IntervalMethod, prediction: PredictionDf) -> RandomEffects {
    let options = RandomOptions { tau2, interval, prediction, level: 0.95 };
    random_effects(&trials(), &options).unwrap().unwrap()
}

/// What metafor says of one method for tau^2.
struct Expected {
    tau2: Tau2Method,
    name: &'static str,
    values: [&'static str; 7],
    hartung_knapp: [&'static str; 3],
    predictions: [[&'static str; 2]; 2],
    ad_hoc: &'static str,
}

const EXPECTED: [Expected; 3] = [
    Expected {
        tau2: Tau2Method::DerSimonianLaird,
        name: "DL",
        values: [
            "-0.7141172220732269",
            "0.1787420895354031",
            "-1.064445280084051",
            "-0.3637891640624032",
            "0.3087602628623762",
            "0.9211734685456206",
            "12.68608400686444",
        ],
        hartung_knapp: ["0.1806966283355474", "-1.107821354168328", "-0.3204130899781254"],
        predictions: [
            ["-1.987206963430739", "0.558972519284285"],
            ["-1.998838495752118", "0.5706040516056644"],
        ],
        ad_hoc: "0.1806966283355474",
    },
    Expected {
        tau2: Tau2Method::PauleMandel,
        name: "PM",
        values: [
            "-0.7149681534934441",
            "0.1808921915376235",
            "-1.069510333991707",
            "-0.3604259729951809",
            "0.3180684522050239",
            "0.9233033795415325",
            "13.03838414290386",
        ],
        hartung_knapp: ["0.1808921915376235", "-1.10909838120224", "-0.3208379257846483"],
        predictions: [
            ["-2.005425922928104", "0.5754896159412152"],
            ["-2.018558054184657", "0.5886217471977685"],
        ],
        ad_hoc: "0.1808921915376235",
    },
    Expected {
        tau2: Tau2Method::Reml,
        name: "REML",
        values: [
            "-0.7145323421581394",
            "0.1797815161052057",
            "-1.06689763881035",
            "-0.3621670455059285",
            "0.3132432581364809",
            "0.9222138452126896",
            "12.85575823530916",
        ],
        hartung_knapp: ["0.1807917440928479", "-1.108443713685551", "-0.320620970630728"],
        predictions: [
            ["-1.996016834196202", "0.5669521498799236"],
            ["-2.008375906922578", "0.5793112226062985"],
        ],
        ad_hoc: "0.1807917440928479",
    },
];

/// To 1e-11: metafor stops its iterations for tau^2 there; H^2 is 40 times as large.
fn method(family: &mut Family, expected: &Expected) {
    let Expected { tau2, name, values, hartung_knapp, predictions, ad_hoc } = expected;
    let wald = pooled(*tau2, IntervalMethod::Wald, PredictionDf::KMinusTwo);
    let parts = wald.heterogeneity;
    let got = [wald.point, wald.se, wald.lower, wald.upper, wald.tau2, parts.i2, parts.h2];
    let names = ["log ratio", "se", "95 % lower", "95 % upper", "tau^2", "I^2", "H^2"];
    for ((part, value), got) in names.iter().zip(values).zip(got) {
        let tolerance = if *part == "H^2" { 5e-10 } else { 1e-11 };
        family.within(format!("BCG {name}, {part}"), METAFOR, value, got, tolerance);
    }
    let knapp = pooled(*tau2, IntervalMethod::HartungKnapp, PredictionDf::KMinusOne);
    let [se, lower, upper] = hartung_knapp;
    family.within(format!("BCG {name}, Hartung-Knapp se"), METAFOR, se, knapp.se, 1e-11);
    family.within(format!("BCG {name}, HK 95 % lower"), METAFOR, lower, knapp.lower, 1e-11);
    family.within(format!("BCG {name}, HK 95 % upper"), METAFOR, upper, knapp.upper, 1e-11);
    let [[low, high], [two_low, two_high]] = predictions;
    let [got_low, got_high] = knapp.prediction.unwrap();
    family.within(format!("BCG {name}, prediction (k - 1) lower"), PREDICT, low, got_low, 1e-11);
    family.within(format!("BCG {name}, prediction (k - 1) upper"), PREDICT, high, got_high, 1e-11);
    let [got_low, got_high] = wald.prediction.unwrap();
    let label = format!("BCG {name}, prediction (k - 2, Wald se)");
    family.within(format!("{label} lower"), FORMULA, two_low, got_low, 1e-11);
    family.within(format!("{label} upper"), FORMULA, two_high, got_high, 1e-11);
    let got = pooled(*tau2, IntervalMethod::HartungKnappAdHoc, PredictionDf::KMinusTwo).se;
    family.within(format!("BCG {name}, ad hoc se"), METAFOR, ad_hoc, got, 1e-11);
}

fn effects_and_common(family: &mut Family) {
    let trials = trials();
    let effects = [
        (0, "-0.8893113339202054", "0.3255847650039613"),
        (7, "0.01195233352384051", "0.003961579297817729"),
    ];
    for (trial, effect, variance) in effects {
        let name = format!("BCG trial {}", trial + 1);
        family.within(format!("{name}, log ratio"), ESCALC, effect, trials[trial].effect, 1e-15);
        let got = trials[trial].variance;
        family.within(format!("{name}, variance"), ESCALC, variance, got, 1e-15);
    }
    let common = fixed_effect(&trials, 0.95).unwrap().unwrap();
    let parts = common.heterogeneity.unwrap();
    for (part, expected, got, tolerance) in [
        ("log ratio", "-0.4302851636540909", common.point, 1e-14),
        ("se", "0.04049875171086381", common.se, 1e-15),
        ("95 % lower", "-0.5096612584262139", common.lower, 1e-14),
        ("95 % upper", "-0.3509090688819679", common.upper, 1e-14),
        ("Q", "152.2330080823733", parts.q, 1e-12),
        // Relative 1e-11: a far tail.
        ("p of Q", "1.996764590845974e-26", parts.p, 2e-37),
        ("I^2", "0.9211734685456206", parts.i2, 1e-15),
        ("H^2", "12.68608400686444", parts.h2, 1e-13),
    ] {
        family.within(format!("BCG common effect, {part}"), METAFOR, expected, got, tolerance);
    }
}

/// To 5e-8: the search of confint for these limits stops there.
fn profile(family: &mut Family) {
    let got = pooled(Tau2Method::Reml, IntervalMethod::Wald, PredictionDf::KMinusTwo);
    for (name, [lower, upper], got) in [
        ("tau^2", ["0.11971836114115214", "1.1114790840609292"], got.tau2_interval),
        ("I^2", ["0.8192057455858311", "0.9767807495788742"], got.i2_interval),
        ("H^2", ["5.53114922396355624", "43.0677124309817074"], got.h2_interval),
    ] {
        let tolerance = if name == "H^2" { 5e-7 } else { 1e-8 };
        family.within(format!("BCG {name}, 95 % lower"), CONFINT, lower, got[0], tolerance);
        family.within(format!("BCG {name}, 95 % upper"), CONFINT, upper, got[1], tolerance);
    }
    let weights = [(0, "5.059482734366632"), (3, "9.698747018920706"), (11, "3.821629062989555")];
    for (trial, expected) in weights {
        let name = format!("BCG REML, weight of trial {} in per cent", trial + 1);
        family.within(name, METAFOR, expected, 100.0 * got.weights[trial], 1e-9);
    }
}

/// To 1e-5: here metafor ran with the threshold it has unless told otherwise.
fn without_each(family: &mut Family) {
    let options = RandomOptions { interval: IntervalMethod::Wald, ..RandomOptions::default() };
    let without = leave_one_out(&trials(), &options).unwrap();
    for (trial, point, tau2, lower) in [
        (0, "-0.7070837846992593", "0.336156701803629", "-1.079400531642531"),
        (3, "-0.6284093698076743", "0.2627581480910021", "-0.9745760366952116"),
        (7, "-0.7947676045155206", "0.2731829293866483", "-1.147321390659859"),
        (12, "-0.7775361848943675", "0.303733366367171", "-1.141180018371942"),
    ] {
        let got = without[trial].as_ref().unwrap();
        let name = format!("BCG REML without trial {}", trial + 1);
        family.within(format!("{name}, log ratio"), LEAVE, point, got.point, 1e-5);
        family.within(format!("{name}, tau^2"), LEAVE, tau2, got.tau2, 1e-5);
        family.within(format!("{name}, 95 % lower"), LEAVE, lower, got.lower, 1e-5);
    }
}

const STUDIES: [(u64, u64); 6] = [(3, 40), (0, 15), (12, 60), (7, 22), (25, 310), (1, 9)];

fn proportions(scale: ProportionScale, tau2: Tau2Method) -> PooledProportion {
    let interval = IntervalMethod::Wald;
    let options = RandomOptions { tau2, interval, ..RandomOptions::default() };
    pool_proportions(&STUDIES, scale, &options).unwrap().unwrap()
}

fn pooled_proportions(family: &mut Family) {
    let logit = Effect::logit(0, 15).unwrap();
    family.within("0 of 15, logit", ESCALC, "-3.433987204485146", logit.effect, 1e-14);
    family.within("0 of 15, its variance", ESCALC, "2.064516129032258", logit.variance, 1e-14);
    let arcsine = Effect::freeman_tukey(12, 60).unwrap();
    family.within("12 of 60, double arcsine", ESCALC, "0.4696918059172371", arcsine.effect, 1e-15);
    let name = "12 of 60, its variance";
    family.within(name, ESCALC, "0.004132231404958678", arcsine.variance, 1e-17);
    let (reml, laird) = (Tau2Method::Reml, Tau2Method::DerSimonianLaird);
    let (logit, arcsine) = (ProportionScale::Logit, ProportionScale::FreemanTukey);
    for (name, scale, tau2, expected, [point, lower, upper]) in [
        (
            "logit REML",
            logit,
            reml,
            "0.4370264968260834",
            ["0.1316113157139756", "0.06978852255893898", "0.2344000649252493"],
        ),
        (
            "double arcsine REML",
            arcsine,
            reml,
            "0.01472492422465651",
            ["0.1109412850640643", "0.03994955526878241", "0.2055238515100018"],
        ),
        (
            "double arcsine DL",
            arcsine,
            laird,
            "0.01219753279811494",
            ["0.1106496146733492", "0.04337945853569652", "0.1986631829103491"],
        ),
    ] {
        let got = proportions(scale, tau2);
        // To 1e-11, where metafor stops its iterations.
        let name = format!("six proportions, {name}");
        let variance = got.transformed.tau2;
        family.within(format!("{name}, tau^2"), METAFOR, expected, variance, 1e-11);
        family.within(format!("{name}, proportion"), BACK, point, got.point, 1e-11);
        family.within(format!("{name}, 95 % lower"), BACK, lower, got.lower, 1e-11);
        family.within(format!("{name}, 95 % upper"), BACK, upper, got.upper, 1e-11);
    }
    let back = freeman_tukey_inverse(0.3266304007229424, 22.37763937414553).unwrap();
    let name = "double arcsine 0.32663 of n 22.378, turned back";
    family.within(name, BACK, "0.08623222570961936", back, 1e-14);
    let name = "logit -1.88679, turned back";
    family.within(name, BACK, "0.1316113157139756", inverse_logit(-1.886786406524086), 1e-15);
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    effects_and_common(family);
    let reml = pooled(Tau2Method::Reml, IntervalMethod::Wald, PredictionDf::KMinusTwo);
    family.printed("BCG REML, log ratio", PRINTED, "-0.7145", reml.point);
    family.printed("BCG REML, se", PRINTED, "0.1798", reml.se);
    family.printed("BCG REML, tau^2", PRINTED, "0.3132", reml.tau2);
    family.printed("BCG REML, I^2 in per cent", PRINTED, "92.22", 100.0 * reml.heterogeneity.i2);
    family.printed("BCG, Q", PRINTED, "152.2330", reml.heterogeneity.q);
    for expected in &EXPECTED {
        method(family, expected);
    }
    profile(family);
    without_each(family);
    pooled_proportions(family);
}
