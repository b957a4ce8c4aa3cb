//! Kaplan-Meier, Nelson-Aalen, Aalen-Johansen.

use iatro_stats::survival::{
    Cohort, ConfidenceLimits, IncidenceVariance, KaplanMeier, LimitScale, aalen_johansen,
    kaplan_meier, nelson_aalen,
};

use super::data::{Drawn, aml, freireich};
use super::{CMPRSK, ETM, R, numbers};
use crate::row::Family;

fn limits(scale: LimitScale) -> ConfidenceLimits {
    ConfidenceLimits::new(scale, 0.95).unwrap()
}

/// Lower limits at some times, then upper ones.
fn limits_at(curve: &KaplanMeier, times: &[f64], limits: &ConfidenceLimits) -> Vec<f64> {
    let at = |&time: &f64| curve.at(time).unwrap().limits(limits).unwrap();
    let both: Vec<_> = times.iter().map(at).collect();
    both.iter().map(|l| l.lower).chain(both.iter().map(|l| l.upper)).collect()
}

/// Quantiles that exist are rows; that the others do not is an assertion.
fn quantiles(
    family: &mut Family,
    name: &str,
    curve: &KaplanMeier,
    limits: &ConfidenceLimits,
    expected: [[&str; 3]; 3],
) {
    for (p, expected) in [0.25, 0.5, 0.75].into_iter().zip(expected) {
        let got = curve.quantile(p, limits).unwrap();
        for (part, (got, expected)) in ["point", "lower", "upper"]
            .iter()
            .zip([got.point, got.lower, got.upper].iter().zip(expected))
        {
            let name = format!("{name}: quantile {p}, {:?}, {part}", limits.scale());
            match got {
                Some(got) => family.within(name, R, expected, *got, 1e-12),
                None => assert_eq!(expected, "NA", "{name}"),
            }
        }
    }
}

struct Group<'a> {
    name: &'a str,
    survival: [&'a str; 3],
    errors: [&'a str; 3],
    plain: [&'a str; 6],
    log: [&'a str; 6],
    log_log: [&'a str; 6],
    ninety: [&'a str; 2],
    mean_40: [&'a str; 2],
    mean_30: [&'a str; 2],
    hazard: [&'a str; 2],
    quantiles: [[[&'a str; 3]; 3]; 2],
}

fn group_rows(family: &mut Family, cohort: &Cohort, printed: &Group<'_>) {
    let curve = kaplan_meier(cohort);
    let name = |what: &str| format!("aml, {}: {what}", printed.name);
    let times = [9.0, 18.0, 34.0];
    let at = times.map(|time| *curve.at(time).unwrap());
    let name_at = |what: &str| name(&format!("{what} at 9, 18, 34"));
    numbers(family, &name_at("survival"), R, &printed.survival, &at.map(|s| s.survival));
    let errors = at.map(|s| s.standard_error().unwrap());
    numbers(family, &name_at("standard error"), R, &printed.errors, &errors);
    for (scale, expected) in [
        (LimitScale::Plain, printed.plain),
        (LimitScale::Log, printed.log),
        (LimitScale::LogLog, printed.log_log),
    ] {
        let got = limits_at(&curve, &times, &limits(scale));
        numbers(family, &name_at(&format!("limits {scale:?}")), R, &expected, &got);
    }
    let ninety = ConfidenceLimits::new(LimitScale::LogLog, 0.9).unwrap();
    let got = limits_at(&curve, &[18.0], &ninety);
    numbers(family, &name("90 % limits at 18"), R, &printed.ninety, &got);
    for (horizon, expected) in [(40.0, printed.mean_40), (30.0, printed.mean_30)] {
        let mean = curve.restricted_mean(horizon, 0.95).unwrap().unwrap();
        let got = [mean.mean, mean.standard_error.unwrap()];
        let name = name(&format!("restricted mean to {horizon}, error"));
        numbers(family, &name, R, &expected, &got);
    }
    let steps = nelson_aalen(cohort);
    let step = steps.iter().rfind(|step| step.time <= 34.0).unwrap();
    let got = [step.hazard, step.standard_error().unwrap()];
    numbers(family, &name("Nelson-Aalen at 34, error"), R, &printed.hazard, &got);
    for (scale, expected) in
        [LimitScale::LogLog, LimitScale::Log].into_iter().zip(printed.quantiles)
    {
        quantiles(family, &name("time"), &curve, &limits(scale), expected);
    }
}

const MAINTAINED: Group<'_> = Group {
    name: "maintained",
    survival: ["0.9090909091", "0.7159090909", "0.3681818182"],
    errors: ["0.0866784172", "0.1396649706", "0.1626688858"],
    plain: ["0.7392043331", "0.4421707787", "0.04935666056", "1", "0.9896474031", "0.6870069758"],
    log: ["0.7541338451", "0.4884262874", "0.1548771179", "1", "1", "0.8752606781"],
    log_log: [
        "0.5080802058",
        "0.3501903859",
        "0.09282957494",
        "0.9866738227",
        "0.8990239742",
        "0.6570408324",
    ],
    ninety: ["0.4177040955", "0.87990444"],
    mean_40: ["28.89772727", "3.467577679"],
    mean_30: ["24.60227273", "2.313149377"],
    hazard: ["0.9087662338", "0.3959767999"],
    quantiles: [
        [["18", "9", "34"], ["31", "13", "NA"], ["48", "31", "NA"]],
        [["18", "13", "NA"], ["31", "18", "NA"], ["48", "34", "NA"]],
    ],
};

const NOT_MAINTAINED: Group<'_> = Group {
    name: "not maintained",
    survival: ["0.6666666667", "0.5833333333", "0.1944444444"],
    errors: ["0.1360827635", "0.1423187606", "0.1218745054"],
    plain: ["0.3999493513", "0.3043936882", "0", "0.933383982", "0.8622729785", "0.4333140856"],
    log: [
        "0.4468460812",
        "0.3616137052",
        "0.05692155257",
        "0.9946253603",
        "0.9409980122",
        "0.6642236599",
    ],
    log_log: [
        "0.3370189325",
        "0.2701389241",
        "0.03119864293",
        "0.8597117991",
        "0.8009401923",
        "0.4614294762",
    ],
    ninety: ["0.3214736302", "0.7741431631"],
    mean_40: ["21.93055556", "3.835641163"],
    mean_30: ["19.69444444", "3.054197931"],
    hazard: ["1.441666667", "0.5393540375"],
    quantiles: [
        [["8", "5", "23"], ["23", "5", "33"], ["33", "23", "NA"]],
        [["8", "5", "30"], ["23", "8", "NA"], ["33", "27", "NA"]],
    ],
};

fn classics(family: &mut Family) {
    let (cohort, groups) = aml();
    let parts = cohort.by_group(&groups).unwrap();
    for ((_, part), printed) in parts.iter().zip([&MAINTAINED, &NOT_MAINTAINED]) {
        group_rows(family, part, printed);
    }
    let expected = [["12", "5", "23"], ["27", "13", "34"], ["43", "30", "NA"]];
    let log_log = ConfidenceLimits::default();
    quantiles(family, "aml", &kaplan_meier(&cohort), &log_log, expected);
    let (cohort, groups) = freireich();
    for ((_, part), expected) in
        cohort.by_group(&groups).unwrap().iter().zip([["23", "13", "NA"], ["8", "4", "11"]])
    {
        let got = kaplan_meier(part).median(&log_log);
        let parts = [got.point, got.lower, got.upper];
        for (got, expected) in parts.into_iter().zip(expected) {
            match got {
                Some(got) => family.within("Freireich: median, limits", R, expected, got, 1e-12),
                None => assert_eq!(expected, "NA"),
            }
        }
    }
}

const TIMES: [f64; 5] = [10.0, 30.0, 60.0, 90.0, 120.0];

fn drawn_curves(family: &mut Family, d: &Drawn) {
    let curve = kaplan_meier(&d.cohort(true, false));
    let survival = TIMES.map(|time| curve.at(time).unwrap().survival);
    let expected =
        ["0.5587891242", "0.2969976029", "0.1846126033", "0.09419010375", "0.07064257781"];
    numbers(family, "drawn, late entries: survival", R, &expected, &survival);
    let errors = TIMES.map(|time| curve.at(time).unwrap().standard_error().unwrap());
    let expected =
        ["0.06442387114", "0.04455676318", "0.03579075257", "0.02749390083", "0.02543612281"];
    numbers(family, "drawn, late entries: standard error", R, &expected, &errors);
    let expected = [
        "0.4239693123",
        "0.2129411687",
        "0.1205616132",
        "0.0493029753",
        "0.03146954318",
        "0.6738707365",
        "0.3856251254",
        "0.2594433476",
        "0.1565570145",
        "0.1312628011",
    ];
    let got = limits_at(&curve, &TIMES, &ConfidenceLimits::default());
    numbers(family, "drawn, late entries: limits", R, &expected, &got);
    let curve = kaplan_meier(&d.cohort(false, true));
    let survival = TIMES.map(|time| curve.at(time).unwrap().survival);
    let expected = ["0.800466213", "0.4769548434", "0.2991894477", "0.1513736881", "0.119136699"];
    numbers(family, "drawn, weights: survival", R, &expected, &survival);
    let errors = TIMES.map(|time| curve.at(time).unwrap().standard_error().unwrap());
    let expected =
        ["0.02477691097", "0.03208442543", "0.03325391967", "0.03002532718", "0.02900637247"];
    numbers(family, "drawn, weights: standard error", R, &expected, &errors);
}

/// Incidence, delta error, log-log limits (`survfit`), error of Aalen (`cuminc`), of both causes.
type Incidence<'a> = [[&'a str; 5]; 5];

const CAUSES: [Incidence<'_>; 2] = [
    [
        ["0.09470965356", "0.2996265131", "0.3993244398", "0.4276466108", "0.449620709"],
        ["0.02500029112", "0.0403723587", "0.04629141372", "0.04796089586", "0.05036359192"],
        ["0.05310506956", "0.2230237705", "0.3085790867", "0.3327612912", "0.3492376398"],
        ["0.1507068336", "0.3798191643", "0.4883571327", "0.519034825", "0.5447781216"],
        ["0.02508688825", "0.04052211037", "0.04663925161", "0.0484691392", "0.05157206067"],
    ],
    [
        ["0.09406344217", "0.2384527381", "0.3135473439", "0.4258594013", "0.4405088001"],
        ["0.0248379714", "0.0376303372", "0.04326315649", "0.04968959396", "0.05006378792"],
        ["0.0527414841", "0.1688425439", "0.2312237259", "0.3276209851", "0.3410340213"],
        ["0.1497205486", "0.3149402031", "0.399083466", "0.5204678836", "0.5353835204"],
        ["0.02492449598", "0.03777297665", "0.04353400205", "0.05053254762", "0.05099170931"],
    ],
];

fn incidences(family: &mut Family, d: &Drawn) {
    let cohort = d.cohort(false, false);
    let delta = aalen_johansen(&cohort, IncidenceVariance::Delta).unwrap();
    let aalen = aalen_johansen(&cohort, IncidenceVariance::Aalen).unwrap();
    for (cause, [incidence, error, lower, upper, aalen_error]) in [1, 2].into_iter().zip(CAUSES) {
        let at = TIMES.map(|time| delta.at(cause, time).unwrap());
        let name = |what: &str| format!("drawn, cause {cause}: {what}");
        numbers(family, &name("incidence"), R, &incidence, &at.map(|step| step.incidence));
        let errors = at.map(|step| step.standard_error().unwrap());
        numbers(family, &name("error (delta)"), R, &error, &errors);
        let both = at.map(|step| step.limits(&ConfidenceLimits::default()).unwrap());
        numbers(family, &name("lower limit"), R, &lower, &both.map(|l| l.lower));
        numbers(family, &name("upper limit"), R, &upper, &both.map(|l| l.upper));
        let errors = TIMES.map(|time| aalen.at(cause, time).unwrap().standard_error().unwrap());
        numbers(family, &name("error (Aalen)"), CMPRSK, &aalen_error, &errors);
    }
    let log = ConfidenceLimits::new(LimitScale::Log, 0.95).unwrap();
    let both = TIMES.map(|time| delta.at(1, time).unwrap().limits(&log).unwrap());
    let expected =
        ["0.05645527395", "0.2300845228", "0.3181639222", "0.3432591539", "0.3609942106"];
    numbers(family, "drawn, cause 1: lower limit, log", R, &expected, &both.map(|l| l.lower));
    let late = aalen_johansen(&d.cohort(true, false), IncidenceVariance::Delta).unwrap();
    let at = TIMES.map(|time| late.at(1, time).unwrap());
    let expected = ["0.2040118813", "0.361050636", "0.425152639", "0.4433627258", "0.4574912413"];
    let name = "drawn, late entries, cause 1: incidence";
    numbers(family, name, R, &expected, &at.map(|step| step.incidence));
    // `survfit` states the infinitesimal jackknife there, another number (0.05159 at 10).
    let expected =
        ["0.05189812631", "0.05246443628", "0.0536395747", "0.05419708071", "0.05511102496"];
    let name = "drawn, late entries, cause 1: error (delta)";
    numbers(family, name, ETM, &expected, &at.map(|step| step.standard_error().unwrap()));
}

/// The family's part.
pub(super) fn rows(family: &mut Family) {
    classics(family);
    let drawn = Drawn::new();
    drawn_curves(family, &drawn);
    incidences(family, &drawn);
}
