//! Every era of FAERS goes into the same tables: columns found by name, versions of a case resolved
//! across eras, withdrawn cases set apart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::made_of;
use common::quarter::Quarter;
use common::tables::{issues, rows, set_aside, warnings};

/// A report with a value in every column that the eras have named differently.
fn with_all_tables(period: &str) -> Quarter {
    Quarter::new(period)
        .row("demo", "primaryid=71, caseid=7, i_f_code=I, event_dt=200309, fda_dt=20040102, \
             rept_cod=PER, mfr_num=N-1, mfr_sndr=ACME, age=42, age_cod=YR, sex=F, wt=70, wt_cod=KG, \
             rept_dt=20031231, occp_cod=MD")
        .row("drug", "primaryid=71, drug_seq=9, role_cod=PS, drugname=TAVOR, route=ORAL, lot_num=L7")
        .row("reac", "primaryid=71, pt=Rash")
        .row("indi", "primaryid=71, indi_drug_seq=9, indi_pt=Anxiety")
        .row("outc", "primaryid=71, outc_cod=HO")
        .row("rpsr", "primaryid=71, rpsr_cod=HP")
        .row("ther", "primaryid=71, dsg_drug_seq=9, start_dt=20030801, end_dt=200309, dur=3, dur_cod=WK")
}

#[test]
fn every_era_reads_the_same_under_its_own_column_names() {
    for period in ["2004Q1", "2005Q3", "2012Q3", "2012Q4", "2013Q1", "2014Q2", "2014Q3", "2026Q2"] {
        let made = made_of(&[with_all_tables(period)]);
        let lake = &made.snapshot;
        let report = "native_id case_id received event_date event_date_precision age_years \
            weight_kg sex reporter report_type sender sender_number outcomes report_sources";
        assert_eq!(
            rows(lake, "report", report),
            ["71|7|2004-01-02|2003-09-01|month|42.0000|70.0000|F|MD|PER|ACME|N-1|4|16"],
            "{period}"
        );
        let drug = "seq role name route lot start start_precision end end_precision";
        assert_eq!(
            rows(lake, "drug", drug),
            ["9|PS|TAVOR|ORAL|L7|2003-08-01|day|2003-09-01|month"],
            "{period}"
        );
        assert_eq!(rows(lake, "event", "report_id term"), ["0|Rash"]);
        assert_eq!(rows(lake, "indication", "report_id drug_seq term"), ["0|9|Anxiety"]);
        assert_eq!(rows(lake, "therapy", "drug_seq duration duration_unit"), ["9|3.0000|WK"]);
        assert_eq!(warnings(lake), Vec::<String>::new(), "{period}");
        assert_eq!(set_aside(lake), Vec::<String>::new(), "{period}");
        assert_eq!(issues(lake), Vec::<String>::new(), "{period}");
    }
}

#[test]
fn columns_that_an_era_lacks_are_unknown() {
    let made = made_of(&[with_all_tables("2005Q2")]);
    let report = "version country occurred_country literature";
    assert_eq!(rows(&made.snapshot, "report", report), ["-|-|-|-"]);
    assert_eq!(rows(&made.snapshot, "event", "recurred"), ["-"]);
    let full = Quarter::new("2014Q3")
        .row(
            "demo",
            "primaryid=71, caseid=7, caseversion=1, reporter_country=JP, occr_country=NA, \
             lit_ref=Lancet 1999",
        )
        .row("drug", "primaryid=71, drug_seq=1, role_cod=SS, drugname=X, prod_ai=Y")
        .row("reac", "primaryid=71, pt=Rash, drug_rec_act=Rash again");
    let made = made_of(&[full]);
    assert_eq!(rows(&made.snapshot, "report", report), ["1|JP|NA|Lancet 1999"]);
    assert_eq!(rows(&made.snapshot, "event", "recurred"), ["Rash again"]);
    assert_eq!(rows(&made.snapshot, "drug", "name substances"), ["X|y"]);
}

#[test]
fn columns_may_be_shuffled_and_new_ones_are_named_and_left_out() {
    let quarter = Quarter::new("2027Q1")
        .with_header("demo", "SEX$horoscope$caseversion$caseid$fda_dt$primaryid$ Moon Phase ")
        .line("demo", "M$LEO$10$8$20270101$810$full")
        .with_header("drug", "drugname$role_cod$caseid$drug_seq$primaryid")
        .line("drug", "ASPIRIN$C$8$1$810")
        .row("reac", "primaryid=810, caseid=8, pt=Rash");
    let made = made_of(&[quarter]);
    let report = rows(&made.snapshot, "report", "native_id case_id version sex received");
    assert_eq!(report, ["810|8|10|M|2027-01-01"]);
    assert_eq!(rows(&made.snapshot, "drug", "seq role name"), ["1|C|ASPIRIN"]);
    assert_eq!(
        warnings(&made.snapshot),
        ["demo: columns no reader knows, not kept: horoscope, moon phase"]
    );
}

#[test]
fn a_byte_order_mark_hides_no_column() {
    let mark = "\u{feff}primaryid$caseid$caseversion\n71$7$1\n";
    let quarter = Quarter::new("2012Q4")
        .report(1, 1, 1, "20121101")
        .file("demo", mark)
        .file("drug", "\u{feff}primaryid$caseid$drug_seq$role_cod$drugname\r\n71$7$1$PS$X\r\n")
        .file("reac", "\u{feff}primaryid$caseid$pt\n71$7$Rash\n");
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "report", "native_id case_id version"), ["71|7|1"]);
    assert_eq!(rows(&made.snapshot, "drug", "report_id name"), ["0|X"]);
    assert_eq!(rows(&made.snapshot, "event", "report_id term"), ["0|Rash"]);
}

#[test]
fn legacy_rows_read_alike_with_and_without_their_last_delimiter() {
    let quarter = Quarter::new("2005Q2").report(11, 1, 0, "20050101").report(12, 2, 0, "20050101");
    let cut = |table: &str| -> String {
        let text = String::from_utf8(quarter.bytes(table).to_vec()).unwrap();
        text.replace("$\n", "\n")
    };
    let with_end = made_of(std::slice::from_ref(&quarter));
    let mixed = quarter.clone().file("reac", cut("reac")).file("drug", cut("drug"));
    let without_end = made_of(&[mixed]);
    for (table, columns) in [
        ("report", "native_id received"),
        ("drug", "report_id seq name"),
        ("event", "report_id term"),
    ] {
        let expected = rows(&with_end.snapshot, table, columns);
        assert_eq!(expected.len(), 2);
        assert_eq!(rows(&without_end.snapshot, table, columns), expected, "{table}");
    }
    // A blank behind the last delimiter adds no field.
    let blank = quarter
        .clone()
        .row("demo", "primaryid=13, caseid=3, mfr_num=N, mfr_sndr=S")
        .raw("demo", "");
    let text = String::from_utf8(blank.bytes("demo").to_vec()).unwrap().replace("$\n", "$ \n");
    let made = made_of(&[blank.file("demo", text)]);
    assert_eq!(rows(&made.snapshot, "report", "native_id sender sender_number")[2], "13|S|N");
    assert_eq!(issues(&made.snapshot), Vec::<String>::new());
}

#[test]
fn version_ten_beats_version_nine() {
    let made = made_of(&[
        Quarter::new("2020Q1").report(710, 7, 10, "20200101"),
        Quarter::new("2020Q2").report(79, 7, 9, "20200601"),
    ]);
    assert_eq!(rows(&made.snapshot, "report", "report_id native_id version fate"), ["0|710|10|-"]);
    let history = rows(&made.snapshot, "history/report", "report_id native_id version fate");
    assert_eq!(history, ["0|79|9|superseded"]);
}

#[test]
fn equal_versions_go_by_receipt_then_quarter_then_identifier() {
    let made = made_of(&[
        Quarter::new("2020Q1")
            .report(11, 1, 2, "20200105")
            .report(12, 1, 2, "202001")
            .report(13, 1, 2, "")
            .report(21, 2, 2, "20200105")
            .report(31, 3, 2, "20200105")
            .report(32, 3, 2, "20200105"),
        Quarter::new("2020Q2").report(20, 2, 2, "20200105"),
    ]);
    assert_eq!(rows(&made.snapshot, "report", "case_id native_id"), ["1|11", "3|32", "2|20"]);
}

#[test]
fn legacy_goes_by_receipt_then_isr_whatever_the_follow_up_number() {
    let quarter = Quarter::new("2005Q3")
        .row("demo", "primaryid=5, caseid=1, foll_seq=9, fda_dt=20050801")
        .row("demo", "primaryid=4, caseid=1, foll_seq=, fda_dt=20050802")
        .row("demo", "primaryid=6, caseid=1, foll_seq=2, fda_dt=20050801")
        .row("demo", "primaryid=8, caseid=2, foll_seq=1, fda_dt=20050801")
        .row("demo", "primaryid=9, caseid=2, foll_seq=, fda_dt=20050801");
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "report", "case_id native_id version"), ["1|4|-", "2|9|-"]);
    assert_eq!(warnings(&made.snapshot), Vec::<String>::new());
}

#[test]
fn any_sighting_from_2012q4_on_beats_legacy() {
    // The version of case 8 is blank, as if it were a legacy report.
    let made = made_of(&[
        Quarter::new("2012Q3").report(999_999_999, 7, 0, "20120930").report(999, 8, 0, "20120930"),
        Quarter::new("2012Q4")
            .report(71, 7, 1, "20000101")
            .row("demo", "primaryid=81, caseid=8, fda_dt=20000101"),
    ]);
    let current = rows(&made.snapshot, "report", "period native_id");
    assert_eq!(current, ["2012Q4|71", "2012Q4|81"]);
    assert_eq!(
        rows(&made.snapshot, "history/report", "period native_id fate"),
        ["2012Q3|999999999|superseded", "2012Q3|999|superseded"]
    );
}

#[test]
fn a_withdrawal_counts_until_the_case_is_seen_again() {
    let seen = |period: &str, id| Quarter::new(period).report(id, 7, 1, "20200101");
    let list =
        |period: &str| Quarter::new(period).report(1, 1, 1, "20200101").file("deleted", "7\n");
    let fates = |quarters: &[Quarter]| {
        let made = made_of(quarters);
        let of_case = |table: &str| -> Vec<String> {
            let all = rows(&made.snapshot, table, "case_id period fate");
            all.into_iter().filter(|row| row.starts_with("7|")).collect()
        };
        (of_case("report"), of_case("history/report"))
    };
    let text = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
    let before = fates(&[list("2020Q1"), seen("2020Q2", 71)]);
    assert_eq!(before, (text(&["7|2020Q2|-"]), vec![]));
    let same = fates(&[seen("2020Q2", 71).file("deleted", "7")]);
    assert_eq!(same, (vec![], text(&["7|2020Q2|deleted"])));
    let after = fates(&[seen("2020Q1", 71), seen("2020Q2", 72), list("2020Q3")]);
    assert_eq!(after, (vec![], text(&["7|2020Q1|superseded", "7|2020Q2|deleted"])));
    let revived = fates(&[seen("2020Q1", 71), list("2020Q2"), seen("2020Q3", 71)]);
    assert_eq!(revived, (text(&["7|2020Q3|-"]), text(&["7|2020Q1|superseded"])));
}

#[test]
fn deletion_lists_lose_no_id_with_or_without_a_header() {
    let quarter =
        |list: &str| Quarter::new("2019Q1").report(1, 1, 1, "20190101").file("deleted", list);
    for list in ["7\n8\n", " $\n7\n8\n", "caseid\r\n7\r\n8\r\n", "\u{feff}7$\n8$", "7\n\n8\n\n"] {
        let made = made_of(&[quarter(list)]);
        let cases = rows(&made.snapshot, "withdrawal", "source period case_id");
        assert_eq!(cases, ["faers|2019Q1|7", "faers|2019Q1|8"], "{list:?}");
    }
    let made = made_of(&[quarter("7\n8a\n\nnine\n10\n")]);
    assert_eq!(rows(&made.snapshot, "withdrawal", "case_id line"), ["7|1", "10|5"]);
    assert_eq!(
        rows(&made.snapshot, "quarantine", "file line byte_offset reason raw"),
        ["DELETE19Q1.txt|2|2|bad_identifier|8a", "DELETE19Q1.txt|4|6|bad_identifier|nine"]
    );
}

#[test]
fn a_legacy_name_learns_its_substance_from_the_stated_ingredient_of_later_rows() {
    let legacy = Quarter::new("2010Q1")
        .row("demo", "primaryid=5, caseid=5")
        .row("drug", "primaryid=5, drug_seq=1, role_cod=PS, drugname=Zorbitol 20 MG")
        .row("drug", "primaryid=5, drug_seq=2, role_cod=C, drugname=HERBAL TEA OF AUNT MAY")
        .row("reac", "primaryid=5, pt=RASH")
        .row("reac", "primaryid=5, pt=Histiocytosis haematophagic");
    let mut modern = Quarter::new("2020Q1").row("demo", "primaryid=71, caseid=7, caseversion=1");
    for seq in 1..=3 {
        modern = modern.row("drug", &format!(
            "primaryid=71, drug_seq={seq}, role_cod=SS, drugname=ZORBITOL, prod_ai=ZORBITAMINE SODIUM"
        ));
    }
    let made = made_of(&[legacy, modern.row("reac", "primaryid=71, pt=Rash")]);
    assert_eq!(
        rows(&made.snapshot, "name", "verbatim stated mapped_by support rows"),
        [
            "Zorbitol 20 MG|-|learned|3|1",
            "HERBAL TEA OF AUNT MAY|-|unmapped|0|1",
            "ZORBITOL|ZORBITAMINE SODIUM|stated|0|3",
        ]
    );
    let legacy_substances = rows(&made.snapshot, "drug", "report_id substances");
    assert_eq!(legacy_substances[0], "0|zorbitamine");
    assert_eq!(rows(&made.snapshot, "substance", "substance rows")[1], "zorbitamine|4");
    assert_eq!(
        rows(&made.snapshot, "term", "term folded variants current_term event_rows"),
        [
            "Rash|rash|RASH+Rash|-|2",
            "Histiocytosis haematophagic|histiocytosis haematophagic|\
             Histiocytosis haematophagic|Haemophagocytic lymphohistiocytosis|1",
        ]
    );
}
