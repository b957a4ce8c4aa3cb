//! Agreement between raters.

use iatro_stats::agreement::{FleissKappa, Weights, cohen_kappa, fleiss_kappa};

use crate::row::Family;

const VCD: &str = "R package vcd 1.4-11, Kappa";
const STATSMODELS: &str = "statsmodels 0.15.0, cohens_kappa";
const FLEISS_1971: &str = "Fleiss 1971, table 1";
const IRR_CAC: &str = "Python package irrCAC 0.4.4, fleiss";
const STATSMODELS_FLEISS: &str = "statsmodels 0.15.0, fleiss_kappa";
const FORMULA: &str = "published formula, computed independently";

/// Weights, kappa, standard error, standard error by chance, limits where they are printed.
type Line = (Weights, [&'static str; 5]);

/// R data set SexualFun (Agresti 1990): 91 couples.
const COUPLES: [u64; 16] = [7, 7, 2, 3, 2, 8, 3, 7, 1, 5, 4, 9, 2, 8, 9, 14];
const COUPLES_EXPECTED: [Line; 3] = [
    (
        Weights::Unweighted,
        [
            "0.12933025404157042",
            "0.06859853248070859",
            "0.0611834605597683",
            "-0.005120399012919469",
            "0.2637809070960603",
        ],
    ),
    (
        Weights::Linear,
        [
            "0.23738062755798089",
            "0.07831633477837285",
            "0.0769903120885505",
            "0.0838834319911884",
            "0.390877823124773",
        ],
    ),
    (
        Weights::Quadratic,
        [
            "0.33204558624686120",
            "0.09729752195860461",
            "0.104349375073476",
            "0.141345947423001161",
            "0.5227452250707212",
        ],
    ),
];

/// R data set MSPatients (Westlund and Kurland 1953), Winnipeg: 149 patients.
const PATIENTS: [u64; 16] = [38, 5, 0, 1, 33, 11, 3, 0, 10, 14, 5, 6, 3, 7, 3, 10];
const PATIENTS_EXPECTED: [Line; 3] = [
    (
        Weights::Unweighted,
        [
            "0.20794246404002498",
            "0.05045536524087697",
            "0.0456075837495436",
            "0.109051765341092",
            "0.306833162738958",
        ],
    ),
    (
        Weights::Linear,
        [
            "0.37973054798667893",
            "0.05166682621833395",
            "0.0530204607135819",
            "0.278465429403254",
            "0.480995666570103",
        ],
    ),
    (
        Weights::Quadratic,
        [
            "0.52457646433183969",
            "0.06005509883179559",
            "0.0729061155852432",
            "0.406870633533526",
            "0.642282295130152",
        ],
    ),
];

/// To 1e-14: all numbers are below 1 and printed with 15 or more digits.
fn cohen(family: &mut Family, name: &str, table: &[u64], lines: &[Line]) {
    for (weights, [kappa, se, se_null, lower, upper]) in lines {
        let got = cohen_kappa(table, 4, *weights, 0.95).unwrap().unwrap();
        let name = format!("{name}, Cohen's kappa {weights:?}");
        family.within(name.clone(), VCD, kappa, got.kappa, 1e-14);
        family.within(format!("{name}, se"), VCD, se, got.se, 1e-14);
        family.within(format!("{name}, se by chance"), STATSMODELS, se_null, got.se_null, 1e-14);
        let [got_lower, got_upper] = got.interval.unwrap();
        family.within(format!("{name}, 95 % lower"), STATSMODELS, lower, got_lower, 1e-14);
        family.within(format!("{name}, 95 % upper"), STATSMODELS, upper, got_upper, 1e-14);
    }
}

/// Fleiss 1971, table 1: 30 patients, 6 ratings of each, in depression, personality disorder,
/// schizophrenia, neurosis, other.
const DIAGNOSES: [[u64; 5]; 30] = [
    [0, 0, 0, 6, 0],
    [0, 3, 0, 0, 3],
    [0, 1, 4, 0, 1],
    [0, 0, 0, 0, 6],
    [0, 3, 0, 3, 0],
    [2, 0, 4, 0, 0],
    [0, 0, 4, 0, 2],
    [2, 0, 3, 1, 0],
    [2, 0, 0, 4, 0],
    [0, 0, 0, 0, 6],
    [1, 0, 0, 5, 0],
    [1, 1, 0, 4, 0],
    [0, 3, 3, 0, 0],
    [1, 0, 0, 5, 0],
    [0, 2, 0, 3, 1],
    [0, 0, 5, 0, 1],
    [3, 0, 0, 1, 2],
    [5, 1, 0, 0, 0],
    [0, 2, 0, 4, 0],
    [1, 0, 2, 0, 3],
    [0, 0, 0, 0, 6],
    [0, 1, 0, 5, 0],
    [0, 2, 0, 1, 3],
    [2, 0, 0, 4, 0],
    [1, 0, 0, 4, 1],
    [0, 5, 0, 1, 0],
    [4, 0, 0, 0, 2],
    [0, 2, 0, 4, 0],
    [1, 0, 5, 0, 0],
    [0, 0, 0, 0, 6],
];

/// Ten subjects rated by 14 raters in five categories, a widespread worked example (kappa 0.210).
const TEN: [[u64; 5]; 10] = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
];

fn fleiss(counts: &[[u64; 5]]) -> FleissKappa {
    fleiss_kappa(counts.as_flattened(), 5, 0.95).unwrap().unwrap()
}

/// irrCAC rounds to 12 decimals, and the quantile of its t is that of scipy.
fn irr_cac(family: &mut Family, name: &str, got: &FleissKappa, expected: [&str; 6]) {
    let [lower, upper] = got.interval.unwrap();
    let got = [got.kappa, got.se.unwrap(), lower, upper, got.observed, got.expected];
    let parts = ["kappa", "se", "95 % lower", "95 % upper", "observed", "expected"];
    for ((part, expected), got) in parts.into_iter().zip(expected).zip(got) {
        family.within(format!("{name}, Fleiss' {part}"), IRR_CAC, expected, got, 1e-11);
    }
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    cohen(family, "91 couples", &COUPLES, &COUPLES_EXPECTED);
    cohen(family, "149 patients", &PATIENTS, &PATIENTS_EXPECTED);
    let got = fleiss(&DIAGNOSES);
    family.printed("30 diagnoses, Fleiss' kappa", FLEISS_1971, "0.430", got.kappa);
    for (category, expected) in ["0.245", "0.245", "0.520", "0.471", "0.566"].iter().enumerate() {
        let name = format!("30 diagnoses, Fleiss' kappa of category {}", category + 1);
        family.printed(name, FLEISS_1971, expected, got.by_category[category].unwrap());
    }
    let name = "30 diagnoses, se by chance (1979)";
    family.within(name, FORMULA, "0.0243739320994112", got.se_null, 1e-15);
    let name = "30 diagnoses, se by chance of a category (1979)";
    family.within(name, FORMULA, "0.0471404520791032", got.category_se_null, 1e-15);
    irr_cac(
        family,
        "30 diagnoses",
        &got,
        [
            "0.43024452006",
            "0.054198935515",
            "0.319395250572",
            "0.541093789548",
            "0.555555555556",
            "0.219938271605",
        ],
    );
    let ten = fleiss(&TEN);
    let name = "10 subjects, Fleiss' kappa";
    family.within(name, STATSMODELS_FLEISS, "0.209930704421955", ten.kappa, 1e-14);
    irr_cac(
        family,
        "10 subjects",
        &ten,
        [
            "0.209930704422",
            "0.092371111606",
            "0.000972732672",
            "0.418888676172",
            "0.378021978022",
            "0.212755102041",
        ],
    );
}
