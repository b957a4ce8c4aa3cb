//! The default corpus: rates as planted, signals where they belong, and the layout of each era.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/naive.rs"]
mod naive;

use iatro_synth::{Corpus, Truth, generate};

#[test]
fn the_layout_of_each_era_is_that_of_the_published_files() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = Corpus::small(1, 50);
    let truth = generate(&corpus, folder.path()).unwrap();
    let names: Vec<String> = truth.quarters.iter().map(|q| q.archive.clone()).collect();
    let quarters = naive::read(folder.path(), &names);
    let get = |name: &str| quarters.iter().find(|q| q.archive == name).unwrap();
    let first_line = |quarter: &naive::QuarterRead, table: &str| {
        let raw = &quarter.raw[table];
        let line = raw.split(|b| *b == b'\n').next().unwrap();
        String::from_utf8(line.strip_suffix(b"\r").unwrap_or(line).to_vec()).unwrap()
    };
    let legacy = get("aers_ascii_2012q3.zip");
    assert!(legacy.names.contains(&"ascii/DEMO12Q3.TXT".to_owned()), "{:?}", legacy.names);
    assert_eq!(
        first_line(legacy, "demo"),
        "ISR$CASE$I_F_COD$FOLL_SEQ$IMAGE$EVENT_DT$MFR_DT$FDA_DT$REPT_COD$MFR_NUM$MFR_SNDR$AGE$\
         AGE_COD$GNDR_COD$E_SUB$WT$WT_COD$REPT_DT$OCCP_COD$DEATH_DT$TO_MFR$CONFID$REPORTER_COUNTRY"
    );
    let first = get("faers_ascii_2012q4.zip");
    assert!(first_line(first, "demo").contains("$wt_cod$ rept_dt$to_mfr$"));
    assert!(first_line(first, "drug").starts_with("\u{feff}primaryid$caseid$drug_seq$"));
    assert!(first_line(first, "drug").contains("$lot_nbr$"));
    assert_eq!(first_line(first, "outc"), "primaryid$caseid$outc_code");
    let modern = get("faers_ascii_2014Q3.zip");
    assert!(first_line(modern, "drug").contains("$drugname$prod_ai$val_vbm$"));
    assert_eq!(first_line(modern, "reac"), "primaryid$caseid$pt$drug_rec_act");
    assert!(get("faers_ascii_2018Q1.zip").names.contains(&"ASCII/DEMO18Q1_new.txt".to_owned()));
    let listed = get("faers_ascii_2019Q1.zip");
    assert!(listed.names.contains(&"Deleted/DELETE19Q1.txt".to_owned()));
    assert!(listed.names.contains(&"ASCII/SIZE19Q1.txt".to_owned()));
    for quarter in &quarters {
        assert_eq!(quarter.tables.len(), 7);
        let demo = quarter.tables["demo"].rows.iter();
        let senders = demo.map(|row| row["mfr_sndr"].as_str()).filter(|s| !s.is_empty());
        assert!(senders.into_iter().all(|s| s.contains("SYNTH")), "{}", quarter.archive);
    }
}

/// Reporting odds ratio of a substance from its cases.
fn ror(truth: &Truth, reports: u64, hlh: u64) -> f64 {
    let (all, events) = (truth.cases.current as f64, truth.event.hlh_reports as f64);
    let (n, a) = (reports as f64, hlh as f64);
    a * (all - n - events + a) / ((n - a) * (events - a)).max(0.5)
}

#[test]
fn the_demonstration_has_the_signals_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(&Corpus::default(), folder.path()).unwrap();
    let superseded = truth.cases.superseded as f64 / truth.cases.reports as f64;
    assert!((0.15..0.185).contains(&superseded), "{superseded}");
    assert!((250..600).contains(&truth.event.hlh_reports), "{}", truth.event.hlh_reports);
    for culprit in &truth.culprits {
        let hlh = culprit.exposure.hlh_reports;
        assert!((8..=90).contains(&hlh), "{} {hlh}", culprit.substance);
        let expected = culprit.hazard * culprit.exposure.reports as f64;
        let attributed = culprit.attributed as f64;
        let spread = 4.0 * expected.sqrt() + 2.0;
        assert!((attributed - expected).abs() < spread, "{} {expected}", culprit.substance);
    }
    let innocent = truth.bystanders.iter().map(|b| (&b.substance, &b.exposure));
    let innocent = innocent.chain(truth.channelled.iter().map(|c| (&c.substance, &c.exposure)));
    for (substance, exposure) in
        innocent.chain(truth.therapies.iter().map(|t| (&t.substance, &t.exposure)))
    {
        let ror = ror(&truth, exposure.reports, exposure.hlh_reports);
        assert!(ror > 2.0, "{substance} is meant to look guilty: {ror}");
    }
    let duplicates = truth.cases.duplicates as f64 / truth.cases.current as f64;
    assert!((0.007..0.016).contains(&duplicates), "{duplicates}");
}

#[test]
fn rows_a_report_are_in_the_range_of_real_quarters() {
    let folder = tempfile::tempdir().unwrap();
    let truth = generate(&Corpus::small(2, 800), folder.path()).unwrap();
    let rate = |table: &str| truth.tables[table].good() as f64 / truth.tables["demo"].good() as f64;
    assert!((2.8..3.6).contains(&rate("drug")), "{}", rate("drug"));
    assert!((2.5..4.0).contains(&rate("reac")), "{}", rate("reac"));
    assert!((1.5..3.2).contains(&rate("indi")), "{}", rate("indi"));
    assert!((0.5..1.2).contains(&rate("outc")), "{}", rate("outc"));
}
