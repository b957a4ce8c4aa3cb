//! Values and links of FAERS rows: what is not usable becomes unknown and is listed, what belongs to
//! no report is set aside, and nothing is read as more than it says.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::quarter::Quarter;
use common::tables::{issues, rows, set_aside, warnings};
use common::{made_of, refusal_of};
use iatro_reports::ErrorKind;
use iatro_reports::model::codes::Role;

/// A quarter of reports 11, 21, …, one for each of these further values.
fn demo_of(period: &str, all: &[&str]) -> Quarter {
    (1..).zip(all).fold(Quarter::new(period), |quarter, (case, values)| {
        let id = format!("primaryid={case}1, caseid={case}, caseversion=1");
        quarter.row("demo", &format!("{id}, {values}"))
    })
}

#[test]
fn a_drug_that_was_not_given_is_kept_and_suspected_by_no_one() {
    let mut quarter = Quarter::new("2024Q4").report(71, 7, 1, "20241001");
    for (seq, role) in [(2, "DN"), (3, "dn"), (4, "I"), (5, "XX"), (6, ""), (7, "ss")] {
        let values = format!("primaryid=71, drug_seq={seq}, role_cod={role}, drugname=X");
        quarter = quarter.row("drug", &values);
    }
    let made = made_of(&[quarter]);
    assert_eq!(
        rows(&made.snapshot, "drug", "seq role"),
        ["1|PS", "2|DN", "3|DN", "4|I", "5|-", "6|-", "7|SS"]
    );
    assert_eq!(issues(&made.snapshot), ["drug|6|role_cod|unknown_code|XX"]);
    assert_eq!(Role::from_code("DN").unwrap().bit() & Role::SUSPECT, 0);
}

#[test]
fn codes_that_no_document_lists_are_unknown_and_listed() {
    let quarter = demo_of(
        "2020Q1",
        &[
            "sex=UNK, rept_cod=EXP, occp_cod=HP",
            "sex=NS, rept_cod=30DAY, occp_cod=",
            "sex=YR, rept_cod=5DAY, occp_cod=ZZ",
            "sex=m, rept_cod=dir, occp_cod=cn",
            "sex=, rept_cod=NEVER, occp_cod=OT",
        ],
    );
    let made = made_of(&[quarter]);
    let codes = rows(&made.snapshot, "report", "sex report_type reporter");
    assert_eq!(codes, ["-|EXP|HP", "-|EXP|-", "-|EXP|-", "M|DIR|CN", "-|-|OT"]);
    assert_eq!(
        issues(&made.snapshot),
        [
            "demo|4|sex|unknown_code|YR",
            "demo|4|occp_cod|unknown_code|ZZ",
            "demo|6|rept_cod|unknown_code|NEVER"
        ]
    );
}

#[test]
fn ages_are_years_whatever_their_unit() {
    let quarter = demo_of(
        "2020Q1",
        &[
            "age=4, age_cod=DEC",
            "age=18, age_cod=MON",
            "age=52.18, age_cod=WK",
            "age=19, age_cod=DY",
            "age=8766, age_cod=HR",
            "age=525960, age_cod=MIN",
            "age=31557600, age_cod=SEC",
            "age=122, age_cod=YR",
            "age=, age_cod=YR",
        ],
    );
    let made = made_of(&[quarter]);
    let years = rows(&made.snapshot, "report", "age_years");
    let expected =
        ["40.0000", "1.5000", "1.0000", "0.0520", "1.0000", "1.0000", "1.0000", "122.0000", "-"];
    assert_eq!(years, expected);
    assert_eq!(issues(&made.snapshot), Vec::<String>::new());
}

#[test]
fn measures_that_no_human_has_are_unknown_and_listed() {
    let quarter = demo_of(
        "2025Q1",
        &[
            "age=932, age_cod=YR",
            "age=-3, age_cod=YR",
            "age=40",
            "age=40, age_cod=XX",
            "age=about 40, age_cod=YR",
            "wt=3912, wt_cod=KG",
            "wt=70",
            "wt=152, wt_cod=LBS",
            "wt=3500, wt_cod=GMS",
            "wt=10, wt_cod=IB",
            "wt=635, wt_cod=KGS",
        ],
    );
    let made = made_of(&[quarter]);
    let measures = rows(&made.snapshot, "report", "age_years weight_kg");
    assert_eq!(measures[..7], vec!["-|-"; 7]);
    assert_eq!(measures[7..], ["-|68.9460", "-|3.5000", "-|4.5359", "-|635.0000"]);
    assert_eq!(
        issues(&made.snapshot),
        [
            "demo|2|age|implausible_value|932 YR",
            "demo|3|age|implausible_value|-3 YR",
            "demo|4|age|no_unit|40",
            "demo|5|age|unknown_code|40 XX",
            "demo|6|age|bad_number|about 40 YR",
            "demo|7|wt|implausible_value|3912 KG",
            "demo|8|wt|no_unit|70"
        ]
    );
}

#[test]
fn dates_keep_the_precision_of_the_report() {
    let quarter = demo_of(
        "2020Q1",
        &[
            "event_dt=2001",
            "event_dt=200109",
            "event_dt=20010905",
            "event_dt=10250101",
            "event_dt=24440101",
            "event_dt=20010229",
            "event_dt=2001-09",
            "event_dt=20211231",
            "event_dt=20220101",
        ],
    );
    let made = made_of(&[quarter]);
    let dates = rows(&made.snapshot, "report", "event_date event_date_precision");
    assert_eq!(dates[..3], ["2001-01-01|year", "2001-09-01|month", "2001-09-05|day"]);
    assert_eq!(dates[3..], ["-|-", "-|-", "-|-", "-|-", "2021-12-31|day", "-|-"]);
    assert_eq!(
        rows(&made.snapshot, "value_issue", "line reason raw"),
        [
            "5|implausible_date|10250101",
            "6|implausible_date|24440101",
            "7|bad_date|20010229",
            "8|bad_date|2001-09",
            "10|implausible_date|20220101"
        ]
    );
}

#[test]
fn courses_widen_the_dates_of_their_drug() {
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row(
            "ther",
            "primaryid=71, dsg_drug_seq=1, start_dt=20190305, end_dt=2019, dur=-1, dur_cod=DAY",
        )
        .row("ther", "primaryid=71, dsg_drug_seq=1, start_dt=201902, dur=2.5, dur_cod=MON")
        .row("ther", "primaryid=71, dsg_drug_seq=1, end_dt=20190601, start_dt=18500101");
    let made = made_of(&[quarter]);
    assert_eq!(
        rows(&made.snapshot, "drug", "start start_precision end end_precision"),
        ["2019-02-01|month|2019-06-01|day"]
    );
    assert_eq!(
        rows(&made.snapshot, "therapy", "drug_seq start end duration duration_unit"),
        ["1|2019-03-05|2019-01-01|-|DAY", "1|2019-02-01|-|2.5000|MON", "1|-|2019-06-01|-|-"]
    );
    assert_eq!(
        issues(&made.snapshot),
        ["ther|2|dur|bad_number|-1", "ther|4|start_dt|implausible_date|18500101"]
    );
}

#[test]
fn namibia_is_no_missing_value() {
    let quarter = demo_of(
        "2020Q1",
        &[
            "reporter_country=NA, occr_country=NA",
            "reporter_country=COUNTRY NOT SPECIFIED, occr_country=",
        ],
    );
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "report", "country occurred_country"), ["NA|NA", "-|-"]);
}

#[test]
fn identifiers_may_exceed_32_bits() {
    let (long, longer) = (2_147_483_648 + 5, 100_213_053_702);
    let quarter = Quarter::new("2020Q1")
        .report(long, 214_748_365, 3, "20200101")
        .report(longer, 10_021_305_370, 2, "20200101")
        .row("demo", "primaryid=0, caseid=1, caseversion=1")
        .row("demo", "primaryid=12X, caseid=1, caseversion=1")
        .row("demo", "primaryid=12, caseid=, caseversion=1")
        .row("demo", "primaryid=12, caseid=1, caseversion=one");
    let made = made_of(&[quarter]);
    assert_eq!(
        rows(&made.snapshot, "report", "native_id case_id"),
        ["2147483653|214748365", "100213053702|10021305370"]
    );
    assert_eq!(rows(&made.snapshot, "event", "report_id term"), ["0|Rash", "1|Rash"]);
    let bad: Vec<String> = (4..8).map(|line| format!("demo|{line}|bad_identifier")).collect();
    assert_eq!(set_aside(&made.snapshot), bad);
}

#[test]
fn an_identifier_given_to_two_cases_is_told_apart_by_the_case() {
    let quarter = Quarter::new("2020Q1")
        .row("demo", "primaryid=71, caseid=7, caseversion=1")
        .row("demo", "primaryid=71, caseid=8, caseversion=1")
        .row("drug", "primaryid=71, caseid=8, drug_seq=1, role_cod=PS, drugname=EIGHT")
        .row("drug", "primaryid=71, caseid=7, drug_seq=1, role_cod=PS, drugname=SEVEN")
        .row("drug", "primaryid=71, caseid=9, drug_seq=1, role_cod=PS, drugname=NINE")
        .row("drug", "primaryid=71, drug_seq=1, role_cod=PS, drugname=NONE")
        .row("reac", "primaryid=71, caseid=8, pt=Rash")
        .row("outc", "primaryid=71, caseid=7, outc_cod=DE");
    let made = made_of(&[quarter]);
    let reports = rows(&made.snapshot, "report", "report_id case_id outcomes");
    assert_eq!(reports, ["0|7|1", "1|8|0"]);
    assert_eq!(rows(&made.snapshot, "drug", "report_id name"), ["0|SEVEN", "1|EIGHT"]);
    assert_eq!(rows(&made.snapshot, "event", "report_id"), ["1"]);
    assert_eq!(set_aside(&made.snapshot), ["drug|4|no_report", "drug|5|ambiguous_report"]);
}

#[test]
fn what_belongs_to_a_repeated_report_goes_to_the_one_that_stands() {
    for (period, repeated) in [("2020Q1", "caseversion=1, sex=F"), ("2005Q1", "sex=F")] {
        let first = Quarter::new(period).report(71, 7, 1, "20050103");
        let later = format!("primaryid=71, caseid=7, fda_dt=20050103, {repeated}");
        let earlier = format!("primaryid=71, caseid=7, fda_dt=20050102, {repeated}");
        // Of equal ranks the later row stands, whatever else it says.
        let numbered = |number| format!("{later}, mfr_num=N-{number}, mfr_sndr=ACME");
        let cases = [(later.clone(), "3|F"), (earlier, "2|-")];
        for (values, standing) in cases.into_iter().chain((1..4).map(|n| (numbered(n), "3|F"))) {
            let quarter =
                first.clone().row("demo", &values).row("outc", "primaryid=71, outc_cod=DE");
            let made = made_of(&[quarter]);
            let report = rows(&made.snapshot, "report", "line sex outcomes");
            assert_eq!(report, [format!("{standing}|1")], "{period} {values}");
            assert_eq!(rows(&made.snapshot, "drug", "report_id name"), ["0|ASPIRIN"]);
            assert_eq!(rows(&made.snapshot, "event", "report_id term"), ["0|Rash"]);
            let history = rows(&made.snapshot, "history/report", "native_id fate outcomes");
            assert_eq!(history, ["71|superseded|0"]);
            assert_eq!(set_aside(&made.snapshot), Vec::<String>::new());
        }
    }
}

#[test]
fn rows_of_no_report_are_set_aside_in_every_table() {
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row("drug", "primaryid=99, drug_seq=1, role_cod=PS, drugname=X")
        .row("reac", "primaryid=99, pt=Rash")
        .row("indi", "primaryid=99, indi_drug_seq=1, indi_pt=Pain")
        .row("outc", "primaryid=99, outc_cod=DE")
        .row("rpsr", "primaryid=99, rpsr_cod=HP")
        .row("ther", "primaryid=99, dsg_drug_seq=1, start_dt=2019");
    let made = made_of(&[quarter]);
    assert_eq!(
        set_aside(&made.snapshot),
        [
            "drug|3|no_report",
            "reac|3|no_report",
            "indi|2|no_report",
            "outc|2|no_report",
            "rpsr|2|no_report",
            "ther|2|no_report"
        ]
    );
    let by_table = &made.snapshot.manifest().parts[0].quarantine;
    assert_eq!(by_table["ther"]["no_report"], 1);
    assert!(warnings(&made.snapshot).contains(&"indi: 1 rows set aside (no_report)".to_owned()));
}

#[test]
fn links_to_a_drug_not_listed_are_stored_and_counted() {
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row("indi", "primaryid=71, indi_drug_seq=1, indi_pt=Pain")
        .row("indi", "primaryid=71, indi_drug_seq=5, indi_pt=Fever")
        .row("indi", "primaryid=71, indi_pt=Cough")
        .row("ther", "primaryid=71, dsg_drug_seq=5, start_dt=2019")
        .row("ther", "primaryid=71, dsg_drug_seq=five, start_dt=2019");
    let made = made_of(&[quarter]);
    let indications = rows(&made.snapshot, "indication", "drug_seq term");
    assert_eq!(indications, ["1|Pain", "5|Fever", "-|Cough"]);
    assert_eq!(rows(&made.snapshot, "therapy", "drug_seq start"), ["5|2019-01-01"]);
    assert_eq!(rows(&made.snapshot, "drug", "start"), ["-"]);
    let dangling = &made.snapshot.manifest().parts[0].dangling_links;
    assert_eq!((dangling["indi"], dangling["ther"]), (2, 1));
    assert_eq!(set_aside(&made.snapshot), ["ther|3|bad_identifier"]);
}

#[test]
fn a_drug_without_a_name_and_an_event_without_a_term_are_set_aside() {
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row("drug", "primaryid=71, drug_seq=2, role_cod=C")
        .row("drug", "primaryid=71, drug_seq=3, role_cod=C, prod_ai=IBUPROFEN")
        .row("reac", "primaryid=71, pt=  ")
        .row("indi", "primaryid=71, indi_drug_seq=1");
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "drug", "seq name substances")[1..], ["3|IBUPROFEN|ibuprofen"]);
    assert_eq!(set_aside(&made.snapshot), ["drug|3|blank", "reac|3|blank", "indi|2|blank"]);
}

#[test]
fn an_outcome_counts_once_and_an_unknown_one_is_set_aside() {
    let mut quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    for code in ["DE", "HO", "DE", "XX", "", "ho"] {
        quarter = quarter.row("outc", &format!("primaryid=71, outc_cod={code}"));
    }
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "report", "outcomes"), ["5"]);
    assert_eq!(set_aside(&made.snapshot), ["outc|5|unknown_code", "outc|6|blank"]);
    let totals = made.snapshot.manifest().row_totals()["outc"];
    assert_eq!((totals.rows, totals.stored, totals.quarantined), (6, 4, 2));
}

#[test]
fn files_that_are_not_what_they_should_be_are_refused_with_their_place() {
    let whole = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    let other = whole.clone().with_header("demo", "caseid$sex").line("demo", "7$F");
    assert_eq!(
        refusal_of(&other).to_string(),
        "DEMO20Q1.txt, line 1: no column \"primaryid\" or \"isr\" (found: caseid, sex). \
         Expected the header of a FAERS DEMO table. Check that the file is one, and whole."
    );
    for table in ["demo", "drug", "ther"] {
        let error = refusal_of(&whole.clone().file(table, ""));
        assert_eq!(error.kind(), ErrorKind::BadData);
        let place = format!("{}20Q1.txt: the file is empty", table.to_uppercase());
        assert!(error.to_string().starts_with(&place), "{error}");
    }
    for table in ["demo", "drug", "reac"] {
        let error = refusal_of(&whole.clone().without(table)).to_string();
        let problem = format!("quarter 2020Q1 has no {} table", table.to_uppercase());
        assert!(error.contains(&problem), "{error}");
    }
    let made = made_of(&[whole.without("indi").without("ther")]);
    let warnings = warnings(&made.snapshot);
    assert!(warnings.len() == 1 && warnings[0].contains("no INDI, THER table"), "{warnings:?}");
}
