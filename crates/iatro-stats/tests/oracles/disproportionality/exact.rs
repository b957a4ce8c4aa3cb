//! Exact and likelihood methods of one 2 x 2 table.

use iatro_stats::disproportionality::{
    fisher_greater, fisher_less, fisher_mid_p, fisher_mid_p_two_sided, fisher_two_sided, g_squared,
    ic_bcpnn, log_likelihood_ratio, names, ror_conditional, ror_conditional_mid_p,
};

use super::table;
use crate::row::Family;

const SUMS: &str = "sums over the support at 40 digits, mpmath 1.3";
const SCIPY: &str = "scipy 1.17 contingency.odds_ratio(kind='conditional')";
const FISHER: &str = "R 4.2 fisher.test";
const EPITOOLS: &str = "R epitools 0.5 ormidp.test";
const FORMULA: &str = "published formula at 40 digits, mpmath 1.3";
const NOREN: &str = "Noren et al. 2006, table III, as quoted by the tests of pharmsignal";
const PHARMSIGNAL: &str = "README of pharmsignal, 100,000 draws";
const NUMPY: &str = "numpy 2.4, standard_gamma, 20,000,000 draws";

/// Cells, then point, exact limits, mid-P limits; a dash where there is none.
const CONDITIONAL: [([u64; 4], [&str; 5]); 9] = [
    (
        [3, 97, 47, 19_853],
        ["13.0567989865", "2.55635709020", "41.6784758293", "3.16995149157", "38.2885700737"],
    ),
    (
        [25, 1_101, 62, 571_385],
        ["209.208257256", "125.475878859", "339.266528486", "129.044048186", "331.496684636"],
    ),
    (
        [122, 1_320, 381, 31_341],
        ["7.60167292699", "6.10217038686", "9.41848211276", "6.13749772521", "9.36909464986"],
    ),
    (
        [1, 9, 11, 3],
        [
            "0.0372090848324",
            "0.000636002948875",
            "0.425866475696",
            "0.00127426294253",
            "0.335127024282",
        ],
    ),
    ([0, 120, 40, 9_000], ["0", "-", "7.35264680812", "-", "5.90323313848"]),
    ([5, 0, 3, 9], ["-", "1.51311566389", "-", "2.10193837743", "-"]),
    (
        [3_000, 4_000, 5_000, 9_000],
        ["1.34998043492", "1.27254243192", "1.43209798864", "1.27310377047", "1.43146751538"],
    ),
    (
        [2_000_000, 3_000_000, 4_000_000, 5_000_000],
        ["0.833333344156", "0.831484551269", "0.835186175979", "0.831485084550", "0.835185640407"],
    ),
    (
        [40, 1_000_000_000, 300_000_000, 10_000_000_000],
        [
            "1.33333333347e-6",
            "9.52552855256e-7",
            "1.81562162388e-6",
            "9.65463689553e-7",
            "1.79776373507e-6",
        ],
    ),
];

fn conditional(family: &mut Family) {
    for (cells, expected) in CONDITIONAL {
        let [a, b, c, d] = cells;
        let exact = ror_conditional(&table(cells)).unwrap();
        let mid = ror_conditional_mid_p(&table(cells)).unwrap();
        assert_eq!(exact.point, mid.point);
        let got = [exact.point, exact.lower, exact.upper, mid.lower, mid.upper];
        let names =
            [names::ROR_CONDITIONAL; 3].into_iter().chain([names::ROR_CONDITIONAL_MID_P; 2]);
        let parts = ["point", "lower", "upper", "lower", "upper"];
        for (((got, expected), name), part) in got.into_iter().zip(expected).zip(names).zip(parts) {
            assert_eq!(got.is_none(), expected == "-", "{cells:?} {name}, {part}");
            if let Some(got) = got {
                let number = format!("({a}, {b}, {c}, {d}) {name}, {part}");
                family.printed(number, SUMS, expected, got);
            }
        }
    }
    // scipy stops its root finder at 1e-11 of the limits here.
    let small = ror_conditional(&table([3, 97, 47, 19_853])).unwrap();
    let name = |part: &str| format!("(3, 97, 47, 19853) {}, {part}", names::ROR_CONDITIONAL);
    let numbers = [
        ("point", "13.056798986486752", small.point),
        ("lower", "2.5563570901809607", small.lower),
        ("upper", "41.67847582916707", small.upper),
    ];
    for (part, expected, got) in numbers {
        family.within(name(part), SCIPY, expected, got.unwrap(), 1e-9);
    }
}

/// Cells, then one-sided greater, less, two-sided, mid-P one-sided (more often) and two-sided.
const FISHER_TESTS: [([u64; 4], [&str; 5]); 6] = [
    (
        [3, 97, 47, 19_853],
        [
            "0.0020047162747",
            "0.999886428112",
            "0.0020047162747",
            "0.00105914408157",
            "0.00211828816313",
        ],
    ),
    (
        [1, 9, 11, 3],
        ["0.999966348095", "0.00137972809261", "0.00275945618522", "-", "0.0014133799973"],
    ),
    ([0, 120, 40, 9_000], ["1", "0.58942145938", "1", "-", "0.58942145938"]),
    (
        [2, 300, 300, 20_000],
        ["0.937786786326", "0.177785317182", "0.334562335994", "-", "0.239998530857"],
    ),
    (
        [30, 70, 40, 60],
        ["0.948691886115", "0.0909662074507", "0.181932414901", "-", "0.142274321336"],
    ),
    (
        [3, 1, 1, 3],
        ["0.242857142857", "0.985714285714", "0.485714285714", "0.128571428571", "0.257142857143"],
    ),
];

fn fisher(family: &mut Family) {
    let tests = [
        (names::FISHER_GREATER, FISHER, fisher_greater as fn(&_) -> _),
        (names::FISHER_LESS, FISHER, fisher_less),
        (names::FISHER_TWO_SIDED, FISHER, fisher_two_sided),
        (names::FISHER_MID_P, EPITOOLS, fisher_mid_p),
        (names::FISHER_MID_P_TWO_SIDED, EPITOOLS, fisher_mid_p_two_sided),
    ];
    for (cells, expected) in FISHER_TESTS {
        let [a, b, c, d] = cells;
        for ((name, source, test), expected) in tests.into_iter().zip(expected) {
            if expected != "-" {
                let got = test(&table(cells)).unwrap();
                family.printed(format!("({a}, {b}, {c}, {d}) {name}"), source, expected, got);
            }
        }
    }
    // Strong signals: the same number of digits, as a share.
    for (cells, expected) in [
        ([25, 1_101, 62, 571_385], "6.48343366475e-47"),
        ([122, 1_320, 381, 31_341], "3.92558394549e-56"),
    ] {
        let [a, b, c, d] = cells;
        for (name, test) in [
            (names::FISHER_GREATER, fisher_greater as fn(&_) -> _),
            (names::FISHER_TWO_SIDED, fisher_two_sided),
        ] {
            let number = format!("({a}, {b}, {c}, {d}) {name}");
            family.printed(number, FISHER, expected, test(&table(cells)).unwrap());
        }
    }
}

/// Cells, then one-sided greater and mid-P. The last three are millions of tables wide.
const TAILS: [([u64; 4], [&str; 2]); 6] = [
    ([3, 2_000, 4_000, 20_000_000], ["0.0079553239182", "0.00436718348846"]),
    ([40, 100_000, 7_000, 20_000_000], ["0.220628287962", "0.198143469121"]),
    ([1, 2_000, 40_000, 20_000_000], ["0.981645921838", "0.944918493274"]),
    ([2_002_000, 3_000_000, 4_000_000, 6_000_000], ["0.18576729519", "0.185617796115"]),
    ([2_000_300, 3_000_000, 4_000_000, 6_000_000], ["0.446854999619", "0.446633988696"]),
    (
        [1_000_100_000, 2_000_000_000, 1_000_000_000, 2_000_000_000],
        ["0.0339512269661", "0.0339491632138"],
    ),
];

fn tails(family: &mut Family) {
    for (cells, [greater, mid]) in TAILS {
        let [a, b, c, d] = cells;
        let t = table(cells);
        let name = |test: &str| format!("({a}, {b}, {c}, {d}) {test}");
        family.printed(name(names::FISHER_GREATER), SUMS, greater, fisher_greater(&t).unwrap());
        family.printed(name(names::FISHER_MID_P), SUMS, mid, fisher_mid_p(&t).unwrap());
    }
}

fn likelihood(family: &mut Family) {
    for (cells, g, llr) in [
        ([3, 97, 47, 19_853], "9.6412328509", "4.7429804545"),
        ([25, 1_101, 62, 571_385], "208.01069487", "100.057823438"),
        ([122, 1_320, 381, 31_341], "249.153172025", "113.188307893"),
        ([0, 120, 40, 9_000], "1.0572858213", "0"),
    ] {
        let [a, b, c, d] = cells;
        let t = table(cells);
        let name = |test: &str| format!("({a}, {b}, {c}, {d}) {test}");
        let source = "scipy 1.17 chi2_contingency(lambda_='log-likelihood'), R vcd 1.4";
        family.printed(name(names::G_SQUARED), source, g, g_squared(&t).unwrap());
        let got = log_likelihood_ratio(&t).unwrap();
        family.printed(name(names::LOG_LIKELIHOOD_RATIO), FORMULA, llr, got);
    }
}

/// Cells, the point of Noren's table, the exact mean, and the limits of 20 million draws.
const DIRICHLET: [([u64; 4], &str, &str, [&str; 2]); 5] = [
    ([25, 1_101, 62, 571_385], "5.25", "5.22165232", ["4.64964", "5.73522"]),
    ([203, 29_865, 305, 124_836], "1.04", "1.03868534", ["0.88038", "1.18764"]),
    ([0, 5_232, 3, 74_905], "-0.48", "-2.24082642", ["-10.3682", "1.7773"]),
    ([0, 10, 0, 453_471], "0.00", "-1.83270959", ["-9.9853", "2.3285"]),
    ([3, 97, 47, 19_853], "-", "2.01381163", ["0.19768", "3.39148"]),
];

fn dirichlet(family: &mut Family) {
    for (cells, published, mean, limits) in DIRICHLET {
        let [a, b, c, d] = cells;
        let got = ic_bcpnn(&table(cells), 1_000_000, 2006).unwrap().unwrap();
        let name = |part: &str| format!("({a}, {b}, {c}, {d}) {}, {part}", names::IC_BCPNN);
        if published != "-" {
            family.printed(name("point"), NOREN, published, got.estimate.point);
        }
        family.printed(name("posterior mean"), FORMULA, mean, got.posterior_mean);
        // Four of our Monte Carlo standard errors, and half of one for the other simulation.
        let estimate = got.estimate;
        let lower = 4.5 * got.lower_error;
        family.within(name("lower"), NUMPY, limits[0], estimate.lower, lower);
        let upper = 4.5 * got.upper_error;
        family.within(name("upper"), NUMPY, limits[1], estimate.upper, upper);
    }
    let got = ic_bcpnn(&table([25, 1_101, 62, 571_385]), 1_000_000, 2006).unwrap().unwrap();
    let name = |part: &str| format!("(25, 1101, 62, 571385) {}, {part}", names::IC_BCPNN);
    // Noren's limit was sampled too, by an unknown number of draws.
    family.within(name("lower"), NOREN, "4.64", got.estimate.lower, 0.015);
    // 100,000 draws there: errors of 0.0025 and 0.0019, four of which and some of ours are allowed.
    family.within(name("lower"), PHARMSIGNAL, "4.64927", got.estimate.lower, 0.011);
    family.within(name("upper"), PHARMSIGNAL, "5.73115", got.estimate.upper, 0.009);
}

/// The rows of these methods.
pub(super) fn rows(family: &mut Family) {
    conditional(family);
    fisher(family);
    tails(family);
    likelihood(family);
    dirichlet(family);
}
