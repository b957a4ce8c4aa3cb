//! Made-up data for tests and for the preview: realistic, and extreme.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "judged.rs"]
mod judged;

use std::collections::BTreeMap;

use iatro_reports::SourceKind;
use iatro_reports::lake::Manifest;
use iatro_review::page::{PlantedRole, PlantedRow, PlantedTruth, ReviewPage};
use iatro_signals::run::{
    Estimates, Question, Rules, Settings, Shrinkage, Signal, SignalRun, Test,
};
use iatro_signals::study::{Status, Study};
use iatro_signals::waterfall::{Step, Waterfall};
use iatro_stats::Table2x2;
use iatro_stats::disproportionality::fisher_mid_p;
use iatro_stats::gamma_poisson::{Pair, Prior, score};
use iatro_stats::thresholds::{ic025, min_reports, prr_evans2001, ror_lower_limit};
use serde_json::json;

/// Everything that a page is made of.
pub(crate) struct MadeUp {
    pub(crate) manifest: Manifest,
    pub(crate) study: Study,
    pub(crate) run: SignalRun,
    pub(crate) term_rows: BTreeMap<String, u64>,
    pub(crate) planted: Option<PlantedTruth>,
}

impl MadeUp {
    pub(crate) fn page(&self) -> ReviewPage<'_> {
        ReviewPage {
            manifest: &self.manifest,
            study: &self.study,
            run: &self.run,
            term_rows: &self.term_rows,
            planted: self.planted.as_ref(),
        }
    }
}

/// The study of the tests.
pub(crate) fn study() -> Study {
    Study::from_toml(include_str!("study.toml"), "study.toml").unwrap()
}

/// A signal with the estimates of its table.
pub(crate) fn signal(study: &Study, name: &str, cells: (u64, u64, u64, u64)) -> Signal {
    let (a, exposed, cases, reports) = cells;
    let table = Table2x2::from_margins(a, exposed, cases, reports).expect("possible counts");
    let agent = study.agent_of(name);
    Signal {
        substance: name.to_owned(),
        class: agent.map(|agent| agent.class.clone()),
        listed_agent: agent.is_some_and(|agent| agent.status == Status::Verified),
        therapy: study.therapy_substances(iatro_signals::study::Evidence::All).contains(name),
        estimates: Estimates::of(&table),
        shrinkage: shrinkage(&table),
        test: Test { fisher_mid_p: fisher_mid_p(&table), q: fisher_mid_p(&table) },
        rules: Rules {
            n_ge_3: min_reports(&table).name(),
            prr_evans: prr_evans2001(&table).name(),
            ror_lower_gt_1: ror_lower_limit(&table).name(),
            ic025_gt_0: ic025(&table).name(),
        },
    }
}

/// EBGM at a prior of the size that large databases give.
fn shrinkage(table: &Table2x2) -> Shrinkage {
    let prior = Prior::new(0.2, 0.06, 1.4, 1.8, 0.1).unwrap();
    let Some(expected) = table.expected().filter(|&expected| expected > 0.0) else {
        return Shrinkage::default();
    };
    score(&prior, &[Pair { observed: table.a(), expected }]).unwrap()[0].into()
}

/// A page's data with these substances: name, cases, reports that name it.
pub(crate) fn made_up(
    source: SourceKind,
    reports: u64,
    cases: u64,
    rows: &[(&str, u64, u64)],
) -> MadeUp {
    let study = study();
    let manifest = manifest(source);
    let question = Question::resolve(&manifest, &study, &Settings::default()).unwrap();
    let mut signals: Vec<Signal> = rows
        .iter()
        .map(|(name, a, exposed)| signal(&study, name, (*a, *exposed, cases, reports)))
        .collect();
    signals.sort_by(|a, b| (b.estimates.a, &a.substance).cmp(&(a.estimates.a, &b.substance)));
    let run = SignalRun {
        dataset_id: manifest.dataset_id.clone(),
        run_id: "4f1d2c0a9b8e7f65".to_owned(),
        question,
        waterfall: waterfall(reports),
        reports,
        cases,
        set_aside: Vec::new(),
        checks: Vec::new(),
        contrasts: Vec::new(),
        verdicts: Vec::new(),
        attribution: None,
        prior: None,
        signals,
    };
    let term_rows =
        [("haemophagocytic lymphohistiocytosis", 391), ("histiocytosis haematophagic", 44)];
    let term_rows = term_rows.map(|(term, rows)| (term.to_owned(), rows)).into_iter().collect();
    let mut data = MadeUp { manifest, study, run, term_rows, planted: None };
    if cases > 0 {
        judged::judged(&mut data.run, data.study.minimum_cases);
    }
    data
}

/// The same, with the checks left out.
pub(crate) fn without_checks() -> MadeUp {
    let mut data = realistic();
    data.run.checks.clear();
    data.run.contrasts.clear();
    data.run.verdicts.clear();
    data.run.attribution = None;
    data
}

fn waterfall(reports: u64) -> Waterfall {
    let counts = [
        ("report rows in 6 files", reports + reports / 3 + 2_119, "read from the files"),
        (
            "readable report rows",
            reports + reports / 3 + 2_100,
            "set aside in the quarantine, with reasons",
        ),
        ("latest version of each case", reports + 2_090, "superseded by a later version"),
        ("current reports", reports + 1_204, "withdrawn by the source"),
        ("with at least one event term", reports + 1_180, "have no event term"),
        (
            "with a substance as PS, SS, I: eligible reports",
            reports,
            "have no substance in these roles",
        ),
    ];
    let mut before = counts[0].1;
    let mut steps = Vec::new();
    for (label, left, why) in counts {
        steps.push(Step {
            label: label.to_owned(),
            left,
            removed: before - left,
            why: why.to_owned(),
        });
        before = left;
    }
    Waterfall { steps }
}

fn manifest(source: SourceKind) -> Manifest {
    let file = |name: &str, seed: u64, warnings: &[&str]| {
        json!({
            "name": name,
            "sha256": format!("{:016x}", seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)).repeat(4),
            "bytes": 61_234_567 + seed * 1_000,
            "rows": 5_204_331 + seed,
            "quarantined": seed % 3,
            "warnings": warnings,
        })
    };
    let part = |period: &str, files: Vec<serde_json::Value>| {
        json!({
            "source": source.name(), "period": period, "period_order": 1, "modern": true,
            "narratives": false, "reports": 620_000, "superseded": 200_000, "deleted": 400,
            "files": files,
            "tables": {"demo": {"rows": 827_000, "stored": 826_981, "quarantined": 19}},
            "quarantine": {"demo": {"too_few_fields": 19}}, "value_issues": {}, "dangling_links": {},
            "demographics": true, "extents": {},
        })
    };
    serde_json::from_value(json!({
        "schema_version": 2,
        "dataset_id": "8c0e6a4f2d1b3957a4c8e6f0b2d49713",
        "tool": "iatro 0.1.0",
        "notice": "Research use. Not a medical device.",
        "parts": [
            part("2022Q3", vec![file("faers_ascii_2022Q3.zip", 1, &[])]),
            part("2022Q4", vec![file("faers_ascii_2022Q4.zip", 2, &[
                "DRUG22Q4.txt, line 20,112: a row is broken over two lines; the two were joined",
                "no list of deleted cases in this quarter",
            ])]),
        ],
        "tables": [],
        "arrays": [],
        "dictionary": {
            "names": 41_233, "substances": 6_120, "terms": 14_002,
            "rows_by_mapping": {"stated": 5_100_000, "unmapped": 18_233},
        },
    }))
    .unwrap()
}

/// About what a year of drug reports looks like.
pub(crate) fn realistic() -> MadeUp {
    made_up(SourceKind::Faers, 1_240_331, 412, &REALISTIC)
}

const REALISTIC: [(&str, u64, u64); 44] = [
    ("tisagenlecleucel", 24, 812),
    ("axicabtagene ciloleucel", 19, 1_377),
    ("brexucabtagene autoleucel", 5, 402),
    ("ciltacabtagene autoleucel", 4, 611),
    ("lamotrigine", 16, 9_120),
    ("pembrolizumab", 21, 14_990),
    ("nivolumab", 27, 17_804),
    ("ipilimumab", 15, 8_911),
    ("atezolizumab", 6, 6_007),
    ("sulfamethoxazole", 9, 5_530),
    ("trimethoprim", 9, 5_602),
    ("teclistamab", 3, 499),
    ("epcoritamab", 3, 288),
    ("etoposide", 48, 4_411),
    ("dexamethasone", 39, 21_660),
    ("emapalumab", 31, 120),
    ("anakinra", 22, 1_966),
    ("ruxolitinib", 19, 9_240),
    ("methylprednisolone", 17, 9_320),
    ("ciclosporin", 18, 7_016),
    ("tocilizumab", 14, 11_909),
    ("human immunoglobulin g", 10, 13_030),
    ("vincristine", 9, 3_911),
    ("cytarabine", 13, 3_702),
    ("doxorubicin", 8, 6_411),
    ("methotrexate", 12, 31_207),
    ("adalimumab", 11, 66_120),
    ("infliximab", 9, 21_440),
    ("vancomycin", 8, 5_102),
    ("meropenem", 7, 2_911),
    ("ganciclovir", 5, 1_003),
    ("mercaptopurine", 6, 1_800),
    ("azathioprine", 7, 6_112),
    ("levetiracetam", 5, 9_010),
    ("valproic acid", 5, 7_344),
    ("paracetamol", 6, 31_002),
    ("prednisolone", 9, 18_330),
    ("rituximab", 9, 15_001),
    ("allopurinol", 3, 5_210),
    ("omeprazole", 1, 14_222),
    ("apixaban", 0, 21_441),
    ("metformin", 1, 19_002),
    ("amoxicillin", 2, 7_710),
    ("dupilumab", 0, 54_110),
];

/// A generated corpus with what was planted in it.
pub(crate) fn generated() -> MadeUp {
    let mut data = realistic();
    let row = |substance: &str, role, because: &str, hazard| PlantedRow {
        substance: substance.to_owned(),
        role,
        because: because.to_owned(),
        hazard_per_report: hazard,
    };
    let rows = vec![
        row("tisagenlecleucel", PlantedRole::Culprit, "", Some(0.029)),
        row("lamotrigine", PlantedRole::Culprit, "", Some(0.0014)),
        row("pembrolizumab", PlantedRole::Culprit, "", Some(0.0012)),
        row("allopurinol", PlantedRole::Culprit, "", Some(0.0002)),
        row("trimethoprim", PlantedRole::Bystander, "co-reported with sulfamethoxazole", None),
        row("levetiracetam", PlantedRole::Bystander, "co-reported with lamotrigine", None),
        row("cytarabine", PlantedRole::Channelled, "given for lymphoma", None),
        row("adalimumab", PlantedRole::Channelled, "given for rheumatoid arthritis", None),
        row("etoposide", PlantedRole::Therapy, "given because of HLH", None),
        row("emapalumab", PlantedRole::Therapy, "given because of HLH", None),
        row("siltuximab", PlantedRole::Therapy, "given because of HLH", None),
    ];
    let corpus_note = "Synthetic data: every report is generated, no row is about a person, no hazard is about a \
        real product."
        .to_owned();
    data.planted = Some(PlantedTruth { corpus_note, rows });
    data
}

/// Names that are long, hostile or of another script; counts that leave estimates undefined or huge.
pub(crate) const HOSTILE: [&str; 12] = [
    "<script>alert(\"x\")</script>",
    "a\" onmouseover=\"alert(1)",
    "</title></style></svg>&amp;<!--",
    "דוגמה של שם ארוך (תערובת)",
    "مثال \u{202e}اسم",
    "💉 Impfstoff 🦠 (👩🏽‍⚕️)",
    "Diphtherie-Tetanus-Pertussis-Haemophilus-influenzae-b-Hepatitis-B-Impfstoff (adsorbiert)",
    "supercalifragilisticexpialidocioussupercalifragilisticexpialidocious",
    "药品 药品 药品 药品 药品 药品 药品 药品 药品 药品 药品 药品",
    "x",
    "tab\tand\u{0}null\u{7}",
    "MEASLES + MUMPS + RUBELLA + VARICELLA (PROQUAD) LIVE, ATTENUATED, SUBCUTANEOUS, 0.5 ML DOSE",
];

/// Extreme counts under hostile names.
pub(crate) fn extreme() -> MadeUp {
    let counts: [(u64, u64); 12] = [
        (3, 3),
        (900_000, 900_001),
        (1, 1),
        (3, 8_000_000_000),
        (3, 4),
        (2, 40),
        (5, 70_000),
        (4, 4_000_000),
        (3, 1_000),
        (12, 4_000),
        (0, 3),
        (1_000, 20_000_000),
    ];
    let rows: Vec<(&str, u64, u64)> =
        HOSTILE.iter().zip(counts).map(|(name, (a, exposed))| (*name, a, exposed)).collect();
    let mut data = made_up(SourceKind::Csv, 24_800_000_000, 901_000, &rows);
    data.study.title = "Title with <b>markup</b> & \"quotes\"".to_owned();
    data.run.question.terms.push("Term <i>of the caller</i>".to_owned());
    data.manifest.parts[0].files[0].name = "<img src=x onerror=alert(1)>.zip".to_owned();
    let rows = HOSTILE
        .iter()
        .zip(PlantedRole::ALL.into_iter().cycle())
        .map(|(name, role)| PlantedRow {
            substance: (*name).to_owned(),
            role,
            because: format!("co-reported with {name}"),
            hazard_per_report: Some(1e-9),
        })
        .collect();
    data.planted = Some(PlantedTruth { corpus_note: "Generated <here>.".to_owned(), rows });
    data
}

/// A run without any case or substance.
pub(crate) fn empty() -> MadeUp {
    let mut data = made_up(SourceKind::Vaers, 0, 0, &[]);
    data.run.waterfall.steps.clear();
    data.manifest.parts.clear();
    data.term_rows.clear();
    data
}

/// Sixty substances with at least three cases, and a thousand with one.
pub(crate) fn many() -> MadeUp {
    let names: Vec<String> = (0..1_060).map(|n| format!("substance number {n} of many")).collect();
    let rows: Vec<(&str, u64, u64)> = names
        .iter()
        .zip(0_u64..)
        .map(|(name, n)| (name.as_str(), if n < 60 { 3 + n } else { 1 }, 1_000 + n * n))
        .collect();
    made_up(SourceKind::Vaers, 3_000_000, 2_000, &rows)
}
