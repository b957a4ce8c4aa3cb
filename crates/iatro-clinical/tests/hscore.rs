//! HScore: every total that can be reached, its published probability, and the formulas that are known to be wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use iatro_clinical::assess::{Assessment, Question, assess_one};
use iatro_clinical::case::{Case, FORM};
use iatro_clinical::instrument;
use iatro_clinical::{Decimal, set};
use serde::Deserialize;

#[derive(Deserialize)]
struct Total {
    total: u32,
    percent_at_least: String,
    percent_at_most: String,
    shown: String,
}

fn published() -> Vec<Total> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/hscore_totals.csv");
    let bytes = std::fs::read(path).unwrap();
    csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect()
}

/// What gives each number of points, item by item.
const ITEMS: [&[(u32, &str)]; 9] = [
    &[(0, "immunosuppression=no"), (18, "immunosuppression=yes")],
    &[(0, "temperature=37 Cel"), (33, "temperature=39 Cel"), (49, "temperature=40 Cel")],
    &[
        (0, "hepatomegaly=no;splenomegaly=no"),
        (23, "hepatomegaly=no;splenomegaly=yes"),
        (38, "hepatomegaly=yes;splenomegaly=yes"),
    ],
    &[
        (0, "hemoglobin=12 g/dL;leukocytes=8 10*9/L;platelets=50 10*9/L"),
        (24, "hemoglobin=8 g/dL;leukocytes=8 10*9/L;platelets=50 10*9/L"),
        (34, "hemoglobin=8 g/dL;leukocytes=2 10*9/L;platelets=50 10*9/L"),
    ],
    &[(0, "ferritin=500 ng/mL"), (35, "ferritin=3000 ng/mL"), (50, "ferritin=9000 ng/mL")],
    &[
        (0, "triglycerides=1 mmol/L"),
        (44, "triglycerides=2 mmol/L"),
        (64, "triglycerides=5 mmol/L"),
    ],
    &[(0, "fibrinogen=3 g/L"), (30, "fibrinogen=2 g/L")],
    &[(0, "ast=20 U/L"), (19, "ast=80 U/L")],
    &[(0, "hemophagocytosis=no"), (35, "hemophagocytosis@marrow_aspirate=yes")],
];

/// One way to reach every total.
fn ways() -> BTreeMap<u32, Vec<&'static str>> {
    let start = BTreeMap::from([(0, Vec::new())]);
    ITEMS.iter().fold(start, |so_far, options| {
        let mut next = BTreeMap::new();
        for (total, tokens) in &so_far {
            for (points, token) in *options {
                let longer = [tokens.as_slice(), &[*token]].concat();
                next.entry(total + points).or_insert(longer);
            }
        }
        next
    })
}

fn score(tokens: &[&str]) -> Assessment {
    let tokens = tokens.iter().flat_map(|token| token.split(';'));
    let observations = tokens.map(|token| set::parse(token).unwrap()).collect();
    let case = Case { form: FORM.to_owned(), id: "x".to_owned(), observations, ..Case::default() };
    assess_one(&case, instrument::find("hscore").unwrap(), &Question::default()).unwrap()
}

#[test]
fn the_284_totals_have_the_published_probability() {
    let published = published();
    let listed: BTreeSet<u32> = published.iter().map(|row| row.total).collect();
    let ways = ways();
    assert_eq!(ways.keys().copied().collect::<BTreeSet<_>>(), listed);
    assert_eq!((listed.len(), published.len()), (284, 284));
    assert_eq!((listed.first(), listed.last()), (Some(&0), Some(&337)));
    for row in &published {
        let found = score(&ways[&row.total]);
        let total = Decimal::from(row.total);
        assert_eq!((found.score.min, found.score.max), (total, total), "{}", row.total);
        let probability = found.probability.unwrap();
        assert_eq!(probability.min, probability.max);
        assert_eq!(probability.min.text, row.shown, "{}", row.total);
        if let Some(percent) = probability.min.percent {
            let bound = |text: &str| text.parse::<f64>().unwrap();
            assert!(
                bound(&row.percent_at_least) <= percent && percent <= bound(&row.percent_at_most)
            );
        } else {
            assert!(row.shown.starts_with(['<', '>', '≤', '≥']), "{}", row.total);
        }
    }
}

#[test]
fn probability_rises_with_the_total() {
    let of =
        |total: &u32, tokens: &Vec<&str>| (*total, score(tokens).probability.unwrap().min.percent);
    let all: Vec<f64> = ways().iter().filter_map(|(total, tokens)| of(total, tokens).1).collect();
    assert!(all.is_sorted() && all.len() > 100);
}

/// The published rows that are numbers.
fn rows() -> Vec<(f64, f64)> {
    let table = instrument::find("hscore").unwrap().probability.as_ref().unwrap();
    let row = |row: &iatro_clinical::instrument::ProbabilityRow| {
        Some((row.total.to_string().parse().ok()?, row.percent.parse().ok()?))
    };
    table.row.iter().filter_map(row).collect()
}

fn furthest(formula: impl Fn(f64) -> f64) -> f64 {
    rows().iter().map(|(total, percent)| (formula(*total) - percent).abs()).fold(0.0, f64::max)
}

fn logistic(x: f64) -> f64 {
    100.0 / (1.0 + (-x).exp())
}

#[test]
fn formulas_that_circulate_do_not_give_the_table() {
    // -4.3 + 0.03 S: 17 % where the table has less than 1.
    assert!(furthest(|total| logistic(-4.3 + 0.03 * total)) > 20.0);
    assert!(logistic(-4.3 + 0.03 * 90.0) > 16.0);
    // 0.04 (S - 169): 50 % at the cut-off by construction.
    assert!(furthest(|total| logistic(0.04 * (total - 169.0))) > 5.0);
    // A straight line that reaches 25 % at 169.
    assert!(furthest(|total| (total - 91.0) * 25.0 / 78.0) > 20.0);
    // The best logistic in S misses whole per cents too.
    assert!(furthest(|total| logistic(-10.42 + 0.0624 * total)) > 0.5);
    // And 93 % at 169 is the sensitivity, no probability.
    assert_eq!(
        score(&["temperature=37 Cel"]).probability.unwrap().of,
        "reactive haemophagocytic syndrome"
    );
    let at_169 = score(&ways()[&169]).probability.unwrap().min;
    assert_eq!((at_169.text.as_str(), at_169.interpolated), ("53 %", true));
}

#[test]
fn one_lineage_gives_nothing() {
    let one = score(&["hemoglobin=8 g/dL", "leukocytes=8 10*9/L", "platelets=300 10*9/L"]);
    let item = one.items.iter().find(|item| item.id == "cytopenias").unwrap();
    assert_eq!((item.points.min, item.points.max), (Decimal::ZERO, Decimal::ZERO));
}
