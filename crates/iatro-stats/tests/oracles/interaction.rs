//! Interactions of two drugs.

use iatro_stats::Estimate;
use iatro_stats::interaction::{
    FourGroups, Group, Scale, additive, interaction_contrast, multiplicative, names, omega,
};

use crate::row::Family;

const FORMULA: &str = "published formula in R 4.2 (qgamma)";
const LOGIT: &str = "R 4.2 glm(binomial, logit), saturated; numerical delta method";
const LOG: &str = "R 4.2 glm(binomial, log), saturated; numerical delta method";
const IDENTITY: &str = "R 4.2 glm(binomial, identity), interaction term";

/// Reports and events with neither, the first, the second and both drugs.
type Counts = [(u64, u64); 4];

/// The groups of the example of Omega, and a strong interaction.
const EXAMPLE: Counts = [(98_000, 500), (1_000, 30), (900, 25), (200, 20)];
const STRONG: Counts = [(5_000, 100), (800, 40), (600, 36), (150, 33)];
/// Both drugs reported less often than the second alone.
const WEAK: Counts = [(5_000, 250), (800, 16), (600, 36), (150, 3)];

fn groups(counts: Counts) -> FourGroups {
    let [neither, first, second, both] = counts.map(|(n, events)| Group::new(n, events).unwrap());
    FourGroups::new(neither, first, second, both).unwrap()
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

fn omegas(family: &mut Family) {
    for (set, counts, expected, gamma, normal) in [
        (
            "example",
            EXAMPLE,
            "10.3134581",
            ["0.9227960", "0.2214267", "1.4855509"],
            ["0.9227959", "0.2905186", "1.5550733"],
        ),
        (
            "strong",
            STRONG,
            "13.1453294",
            ["1.2957539", "0.7613903", "1.7456697"],
            ["1.2957539", "0.8035266", "1.7879811"],
        ),
        (
            "weak",
            WEAK,
            "9",
            ["-1.4405726", "-3.4910159", "-0.2467770"],
            ["-1.4405726", "-3.0731057", "0.1919605"],
        ),
    ] {
        let got = omega(&groups(counts)).unwrap();
        let tolerance = 5e-8;
        family.within(format!("{set}: E of Omega"), FORMULA, expected, got.expected, tolerance);
        for (name, estimate, expected) in
            [(names::OMEGA, got.gamma, gamma), (names::OMEGA_NORMAL, got.normal.unwrap(), normal)]
        {
            let parts = [estimate.point, estimate.lower, estimate.upper];
            for ((part, got), expected) in
                ["point", "lower", "upper"].into_iter().zip(parts).zip(expected)
            {
                // The source of the example rounds its seventh decimal both ways.
                family.within(format!("{set}: {name}, {part}"), FORMULA, expected, got, 6e-8);
            }
        }
    }
}

/// RERI, attributable proportion, synergy index, multiplicative contrast.
struct Saturated {
    set: &'static str,
    counts: Counts,
    scale: Scale,
    reri: [&'static str; 3],
    proportion: [&'static str; 3],
    synergy: Option<[&'static str; 3]>,
    multiplicative: [&'static str; 3],
}

/// Digits as far as the numerical derivative of the source is good.
const SATURATED: [Saturated; 6] = [
    Saturated {
        set: "example, ROR",
        counts: EXAMPLE,
        scale: Scale::Ror,
        reri: ["11.0643103", "0.5440542", "21.5845663"],
        proportion: ["0.5106605", "0.2427096", "0.7786114"],
        synergy: Some(["2.1522495", "1.2012708", "3.8560647"]),
        multiplicative: ["0.6448243", "0.3154498", "1.3181129"],
    },
    Saturated {
        set: "example, PRR",
        counts: EXAMPLE,
        scale: Scale::Prr,
        reri: ["9.2755556", "0.5776161", "17.9734950"],
        proportion: ["0.4732426", "0.2073645", "0.7391207"],
        synergy: Some(["1.9947569", "1.1615021", "3.4257839"]),
        multiplicative: ["0.6122449", "0.3120795", "1.2011163"],
    },
    Saturated {
        set: "strong, ROR",
        counts: STRONG,
        scale: Scale::Ror,
        reri: ["9.1139059", "3.3807172", "14.8470945"],
        proportion: ["0.6594477", "0.4955961", "0.8232994"],
        synergy: Some(["3.4588272", "1.9793466", "6.0441589"]),
        multiplicative: ["1.7134136", "0.9081247", "3.2328005"],
    },
    Saturated {
        set: "strong, PRR",
        counts: STRONG,
        scale: Scale::Prr,
        reri: ["6.5000000", "2.8124084", "10.1875916"],
        proportion: ["0.5909091", "0.4245363", "0.7572819"],
        synergy: Some(["2.8571429", "1.7532726", "4.6560159"]),
        multiplicative: ["1.4666667", "0.8330356", "2.5822558"],
    },
    // Both parts of the synergy index are below 0; the source goes on, we do not.
    Saturated {
        set: "weak, ROR",
        counts: WEAK,
        scale: Scale::Ror,
        reri: ["-0.2127660", "-0.8639519", "0.4384200"],
        proportion: ["-0.5487122", "-2.6927667", "1.5953423"],
        synergy: None,
        multiplicative: ["0.8245614", "0.2254732", "3.0154432"],
    },
    Saturated {
        set: "weak, PRR",
        counts: WEAK,
        scale: Scale::Prr,
        reri: ["-0.2000000", "-0.8355201", "0.4355201"],
        proportion: ["-0.5000000", "-2.5131416", "1.5131416"],
        synergy: None,
        multiplicative: ["0.8333333", "0.2347499", "2.9582306"],
    },
];

fn saturated(family: &mut Family, expected: &Saturated) {
    let groups = groups(expected.counts);
    let got = additive(&groups, expected.scale).unwrap();
    let (source, product) = match expected.scale {
        Scale::Prr => (LOG, names::MULTIPLICATIVE_PRR),
        Scale::Ror => (LOGIT, names::MULTIPLICATIVE_ROR),
    };
    let name = |what: &str| format!("{}: {what}", expected.set);
    interval(family, &name(names::RERI), source, expected.reri, got.reri);
    let proportion = got.attributable_proportion;
    let label = name(names::ATTRIBUTABLE_PROPORTION);
    interval(family, &label, source, expected.proportion, proportion);
    assert_eq!(got.synergy_index.is_some(), expected.synergy.is_some());
    if let Some((numbers, got)) = expected.synergy.zip(got.synergy_index) {
        interval(family, &name(names::SYNERGY_INDEX), source, numbers, got);
    }
    let contrast = multiplicative(&groups, expected.scale).unwrap();
    interval(family, &name(product), source, expected.multiplicative, contrast);
}

/// The family.
pub(crate) fn rows(family: &mut Family) {
    omegas(family);
    for expected in &SATURATED {
        saturated(family, expected);
    }
    for (set, counts, expected) in [
        ("example", EXAMPLE, ["0.0473242630", "0.0030985691", "0.0915499570"]),
        ("strong", STRONG, ["0.13", "0.0592973045", "0.2007026955"]),
        ("weak", WEAK, ["-0.01", "-0.0415223309", "0.0215223309"]),
    ] {
        let got = interaction_contrast(&groups(counts)).unwrap();
        let name = format!("{set}: {}", names::INTERACTION_CONTRAST);
        interval(family, &name, IDENTITY, expected, got);
    }
}
