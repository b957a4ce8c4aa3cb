//! Stratified tables.

use iatro_stats::strata::{
    StratumTotals, chi2_mantel_haenszel, chi2_mantel_haenszel_corrected, expected, heterogeneity,
    names, prr_mantel_haenszel, ror_mantel_haenszel,
};
use iatro_stats::{Estimate, Table2x2};

use crate::row::Family;

const MANTELHAEN: &str = "R 4.2 mantelhaen.test; statsmodels 0.15 StratifiedTable";
const METAFOR: &str = "R metafor 3.8 rma.mh";
const STATSMODELS: &str = "statsmodels 0.15 StratifiedTable.test_equal_odds";
const OPEN_EBGM: &str = "R openEBGM, vignette 2";

/// One set of strata with what packages say about it.
struct Published {
    name: &'static str,
    strata: &'static [[u64; 4]],
    ror: [&'static str; 3],
    prr: [&'static str; 3],
    chi2: [&'static str; 2],
    /// Statistic and p with Tarone's correction, then without.
    tarone: [&'static str; 2],
    breslow_day: [&'static str; 2],
}

const PUBLISHED: [Published; 4] = [
    // Charig et al. 1986, Br Med J 292:879-882, by size of the stone.
    Published {
        name: "kidney stones",
        strata: &[[81, 6, 234, 36], [192, 71, 55, 25]],
        ror: ["1.446846625", "0.915793414", "2.285848670"],
        prr: ["1.069000154", "0.984975580", "1.160192549"],
        chi2: ["2.433855516", "2.091256850"],
        tarone: ["0.965629778", "0.325772523"],
        breslow_day: ["0.968446441", "0.325067938"],
    },
    Published {
        name: "four strata of reports",
        strata: &[
            [3, 97, 47, 19_853],
            [12, 188, 90, 9_710],
            [5, 20, 30, 945],
            [40, 960, 210, 48_790],
        ],
        ror: ["8.911385160", "6.723938671", "11.810456542"],
        prr: ["8.420901933", "6.454061221", "10.987126854"],
        chi2: ["338.958439933", "332.450797516"],
        tarone: ["1.349501874", "0.717413259"],
        breslow_day: ["1.350806641", "0.717105329"],
    },
    Published {
        name: "sparse, two of six say nothing",
        strata: &[
            [1, 4, 0, 20],
            [0, 3, 2, 15],
            [2, 0, 1, 9],
            [0, 0, 3, 7],
            [0, 5, 0, 6],
            [3, 9, 4, 30],
        ],
        ror: ["3.931726908", "1.148287540", "13.462199965"],
        prr: ["3.101727447", "1.168847682", "8.230938300"],
        chi2: ["5.268016533", "3.738967073"],
        tarone: ["5.500906998", "0.138584379"],
        // statsmodels refuses uninformative strata: given without them.
        breslow_day: ["5.514231619", "0.137789883"],
    },
    Published {
        name: "opposite directions",
        strata: &[[30, 10, 50, 6], [2, 40, 9, 31], [5, 5, 5, 90]],
        ror: ["0.703165818", "0.351263132", "1.407611910"],
        prr: ["0.887347926", "0.717862140", "1.096848961"],
        chi2: ["1.317501975", "0.904914897"],
        tarone: ["34.877961850", "2.66898919e-8"],
        // statsmodels takes 1 - cdf, so fewer digits are right.
        breslow_day: ["34.952586200", "2.571238e-8"],
    },
];

fn tables(cells: &[[u64; 4]]) -> Vec<Table2x2> {
    cells.iter().map(|&[a, b, c, d]| Table2x2::new(a, b, c, d).unwrap()).collect()
}

fn interval(
    family: &mut Family,
    number: &str,
    source: &'static str,
    expected: [&str; 3],
    got: Estimate,
) {
    let parts = [("point", got.point), ("lower", got.lower), ("upper", got.upper)];
    for ((part, got), expected) in parts.into_iter().zip(expected) {
        family.printed(format!("{number}, {part}"), source, expected, got);
    }
}

fn published(family: &mut Family, set: &Published) {
    let strata = tables(set.strata);
    let name = |what: &str| format!("{}: {what}", set.name);
    let ror = ror_mantel_haenszel(&strata).unwrap();
    interval(family, &name(names::ROR_MANTEL_HAENSZEL), MANTELHAEN, set.ror, ror);
    let prr = prr_mantel_haenszel(&strata).unwrap();
    interval(family, &name(names::PRR_MANTEL_HAENSZEL), METAFOR, set.prr, prr);
    let plain = chi2_mantel_haenszel(&strata).unwrap();
    family.printed(name(names::CHI2_MANTEL_HAENSZEL), MANTELHAEN, set.chi2[0], plain);
    let corrected = chi2_mantel_haenszel_corrected(&strata).unwrap();
    let label = name(names::CHI2_MANTEL_HAENSZEL_CORRECTED);
    family.printed(label, MANTELHAEN, set.chi2[1], corrected);
    let got = heterogeneity(&strata).unwrap();
    let numbers = [
        (names::BRESLOW_DAY_TARONE, "statistic", METAFOR, set.tarone[0], got.tarone),
        (names::BRESLOW_DAY_TARONE, "p", METAFOR, set.tarone[1], got.tarone_p),
        (names::BRESLOW_DAY, "statistic", STATSMODELS, set.breslow_day[0], got.breslow_day),
        (names::BRESLOW_DAY, "p", STATSMODELS, set.breslow_day[1], got.breslow_day_p),
    ];
    for (test, part, source, expected, got) in numbers {
        family.printed(format!("{}, {part}", name(test)), source, expected, got);
    }
}

/// The 17 reports of the vignette as product, event and one of its four strata, sex by age group.
/// The vignette draws them with R's generator and prints them; strata are F1, M1, F2, M2.
const TOY: [(char, u8, usize); 17] = [
    ('B', 1, 2),
    ('A', 1, 1),
    ('B', 2, 1),
    ('A', 1, 1),
    ('A', 1, 0),
    ('A', 1, 0),
    ('A', 2, 0),
    ('A', 2, 0),
    ('A', 1, 3),
    ('A', 2, 1),
    ('A', 2, 1),
    ('B', 2, 3),
    ('B', 1, 1),
    ('B', 2, 1),
    ('B', 1, 1),
    ('B', 2, 0),
    ('C', 1, 1),
];

fn toy(family: &mut Family) {
    let count = |keep: &dyn Fn(char, u8) -> bool| {
        let mut counts = vec![0; 4];
        for (product, event, stratum) in TOY {
            counts[stratum] += u64::from(keep(product, event));
        }
        counts
    };
    let reports = count(&|_, _| true);
    let totals = StratumTotals::new(&reports);
    let whole = StratumTotals::new(&[17]);
    for (product, event, crude, stratified) in [
        ('A', 1, "4.7647059", "4.3222222"),
        ('A', 2, "4.2352941", "4.6777778"),
        ('B', 1, "3.7058824", "4.1222222"),
        ('B', 2, "3.2941176", "2.8777778"),
        ('C', 1, "0.5294118", "0.5555556"),
    ] {
        let exposure = count(&|p, _| p == product);
        let with_event = count(&|_, e| e == event);
        let both = count(&|p, e| p == product && e == event);
        let name = |kind: &str| format!("toy set, product {product}, event {event}: {kind} E");
        let got = whole.expected(&[exposure.iter().sum()], &[with_event.iter().sum()]).unwrap();
        family.printed(name("crude"), OPEN_EBGM, crude, got);
        let got = totals.expected(&exposure, &with_event).unwrap();
        family.printed(name("stratified"), OPEN_EBGM, stratified, got);
        // The same from tables.
        let strata: Vec<Table2x2> = (0..4)
            .map(|s| Table2x2::from_margins(both[s], exposure[s], with_event[s], reports[s]))
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(expected(&strata), Some(got));
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    for set in &PUBLISHED {
        published(family, set);
    }
    toy(family);
}
