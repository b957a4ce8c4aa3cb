//! Broken lines of the published files: mended where a rule tells how, set aside with their bytes
//! where none does, and never lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod common;

use common::quarter::Quarter;
use common::tables::{issues, raws, rows, set_aside, warnings};
use common::{Made, made_of};

const NONE: [&str; 0] = [];

/// Where `line` begins in a table.
fn offset_of(quarter: &Quarter, table: &str, line: &[u8]) -> usize {
    let bytes = quarter.bytes(table);
    bytes.windows(line.len()).position(|window| window == line).unwrap()
}

/// Reasons and columns of the issues, without what the file said.
fn kinds(made: &Made) -> Vec<String> {
    rows(&made.snapshot, "value_issue", "table line column reason")
}

#[test]
fn a_lone_quote_opens_nothing() {
    let quarter = Quarter::new("2020Q1")
        .report(71, 7, 1, "20200101")
        .row("drug", "primaryid=71, drug_seq=2, role_cod=C, drugname=\"ASPIRIN, dose_vbm=5\" tube")
        .row("drug", "primaryid=71, drug_seq=3, role_cod=C, drugname='IBUPROFEN")
        .row("reac", "primaryid=71, pt=\"Pain");
    let made = made_of(&[quarter]);
    let drugs = rows(&made.snapshot, "drug", "seq name dose");
    assert_eq!(drugs, ["1|ASPIRIN|-", "2|\"ASPIRIN|5\" tube", "3|'IBUPROFEN|-"]);
    assert_eq!(rows(&made.snapshot, "event", "term"), ["Rash", "\"Pain"]);
    assert_eq!(issues(&made.snapshot), NONE);
}

#[test]
fn two_and_three_rows_glued_together_are_told_apart() {
    let quarter = Quarter::new("2011Q2").report(11, 1, 0, "20110401").report(12, 2, 0, "20110402");
    let drug = |id: u64, seq: u64| {
        quarter.row_text(
            "drug",
            &format!("primaryid={id}, drug_seq={seq}, role_cod=C, drugname=DRUG {seq}, route=ORAL"),
        )
    };
    let demo = |id: u64| {
        quarter.row_text("demo", &format!("primaryid={id}, caseid={id}, fda_dt=20110403, sex=F"))
    };
    let glued = quarter
        .clone()
        .line("drug", [drug(11, 1_016_572_490), drug(12, 1_016_572_491)].concat())
        .line("drug", [drug(12, 5), drug(11, 6), drug(12, 7)].concat())
        .line("demo", [demo(13), demo(14)].concat())
        .line("reac", "13$Pain$14$Fever$");
    let made = made_of(&[glued]);
    assert_eq!(
        rows(&made.snapshot, "drug", "report_id seq name route"),
        [
            "0|1|ASPIRIN|-",
            "0|1016572490|DRUG 1016572490|ORAL",
            "0|6|DRUG 6|ORAL",
            "1|1|ASPIRIN|-",
            "1|1016572491|DRUG 1016572491|ORAL",
            "1|5|DRUG 5|ORAL",
            "1|7|DRUG 7|ORAL",
        ]
    );
    let reports = rows(&made.snapshot, "report", "native_id line sex");
    assert_eq!(reports, ["11|2|-", "12|3|-", "13|4|F", "14|4|F"]);
    assert_eq!(rows(&made.snapshot, "event", "report_id term")[2..], ["2|Pain", "3|Fever"]);
    assert_eq!(
        kinds(&made),
        [
            "demo|4|-|glued_rows",
            "drug|4|-|glued_rows",
            "drug|5|-|glued_rows",
            "reac|4|-|glued_rows"
        ]
    );
    assert_eq!(made.snapshot.manifest().row_totals()["drug"].rows, 7);
    assert_eq!(set_aside(&made.snapshot), NONE);
}

#[test]
fn one_of_two_glued_rows_is_set_aside_with_its_own_bytes() {
    let quarter = Quarter::new("2011Q2").report(11, 1, 0, "20110401");
    let lost = b"99$5$PS$CAF\xc9$$ORAL$$$$$$".to_vec();
    let kept = quarter.row_text("drug", "primaryid=11, drug_seq=5, role_cod=C, drugname=TEA");
    let line = [kept.as_bytes(), &lost, b"$"].concat();
    let quarter = quarter.line("drug", &line);
    let offset = offset_of(&quarter, "drug", &line);
    let made = made_of(&[quarter]);
    let found = rows(&made.snapshot, "quarantine", "table line byte_offset reason");
    assert_eq!(found, [format!("drug|3|{offset}|no_report")]);
    assert_eq!(raws(&made.snapshot, "quarantine"), [lost]);
    assert_eq!(raws(&made.snapshot, "value_issue"), [line]);
    assert_eq!(rows(&made.snapshot, "drug", "name"), ["ASPIRIN", "TEA"]);
}

#[test]
fn a_long_row_that_no_rule_mends_is_set_aside_as_it_stands() {
    let quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    // Two rows whose border has no delimiter; fields too many by three; a glued row without a number.
    let whole =
        quarter.row_text("drug", "primaryid=71, drug_seq=2, role_cod=C, drugname=X, dose_freq=QD");
    let lines: [Vec<u8>; 4] = [
        [whole.as_str(), whole.as_str()].concat().into_bytes(),
        format!("{whole}$$\u{e9}$").into_bytes(),
        format!("{whole}$x{whole}").into_bytes(),
        [whole.as_bytes(), b"$\xff$\x00"].concat(),
    ];
    let quarter = lines.iter().fold(quarter, |quarter, line| quarter.line("drug", line));
    let made = made_of(std::slice::from_ref(&quarter));
    assert_eq!(rows(&made.snapshot, "drug", "name"), ["ASPIRIN"]);
    assert_eq!(raws(&made.snapshot, "quarantine"), lines);
    let expected: Vec<String> = (3..)
        .zip(&lines)
        .map(|(number, line)| {
            format!("DRUG20Q1.txt|{number}|{}|too_many_fields", offset_of(&quarter, "drug", line))
        })
        .collect();
    // The first line stands in the second and third: their own offsets are those of their breaks.
    assert_eq!(rows(&made.snapshot, "quarantine", "file line byte_offset reason")[0], expected[0]);
    for (offset, line) in rows(&made.snapshot, "quarantine", "byte_offset").iter().zip(&lines) {
        let at: usize = offset.parse().unwrap();
        assert!(quarter.bytes("drug")[at..].starts_with(&[line.as_slice(), b"\n"].concat()));
    }
}

#[test]
fn a_row_cut_by_a_line_break_is_put_together() {
    for end in ["\n", "\r\n"] {
        let quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
        let drug = quarter.row_text("drug",
            "primaryid=71, caseid=7, drug_seq=2, role_cod=SS, drugname=X, dose_vbm=1 DAILY@@FOR A WEEK, dechal=Y");
        let cut = drug.replace('@', end);
        let demo = quarter
            .row_text("demo", "primaryid=81, caseid=8, caseversion=1, mfr_sndr=ACME@INC, sex=M");
        let quarter =
            quarter.raw("drug", format!("{cut}{end}")).raw("demo", demo.replace('@', end) + end);
        let quarter = quarter
            .row("drug", "primaryid=71, drug_seq=3, role_cod=C, drugname=AFTER")
            .row("reac", "primaryid=81, pt=Pain");
        let made = made_of(&[quarter]);
        assert_eq!(
            rows(&made.snapshot, "drug", "seq name dose dechallenge"),
            ["1|ASPIRIN|-|-", "2|X|1 DAILY FOR A WEEK|Y", "3|AFTER|-|-"]
        );
        assert_eq!(rows(&made.snapshot, "report", "native_id sender sex")[1], "81|ACME INC|M");
        let both = ["demo|3|-|embedded_line_break", "drug|3|-|embedded_line_break"];
        assert_eq!(kinds(&made), both);
        assert_eq!(raws(&made.snapshot, "value_issue")[1], cut.as_bytes());
        assert_eq!(made.snapshot.manifest().row_totals()["drug"].rows, 3);
        assert_eq!(set_aside(&made.snapshot), NONE);
    }
}

#[test]
fn a_cut_row_without_its_report_is_set_aside_with_its_line_break() {
    let quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    let cut = quarter
        .row_text("drug", "primaryid=99, drug_seq=2, role_cod=SS, drugname=X, dose_vbm=ONE@TWO")
        .replace('@', "\r\n");
    let made = made_of(&[quarter.line("drug", &cut)]);
    assert_eq!(set_aside(&made.snapshot), ["drug|3|no_report"]);
    assert_eq!(raws(&made.snapshot, "quarantine"), [cut.as_bytes()]);
}

#[test]
fn short_rows_take_nothing_from_the_rows_after_them() {
    let quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101");
    let whole = quarter.row_text("drug", "primaryid=71, drug_seq=4, role_cod=C, drugname=WHOLE");
    // Truncated before a whole row; two truncated rows whose fields would add up; one at the end.
    let (first, second) = ("71$7$2$PS$CUT OFF$$$$$", "71$7$3$SS$ALSO CUT$$$$$");
    let quarter = quarter
        .line("drug", "71$7$1$PS$TRUN")
        .line("drug", &whole)
        .line("drug", first)
        .line("drug", format!("{second}$"))
        .line("drug", whole.replace("$4$", "$5$"))
        .line("drug", "71$7$9");
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "drug", "seq name"), ["1|ASPIRIN", "4|WHOLE", "5|WHOLE"]);
    let short: Vec<String> = [3, 5, 6, 8].map(|line| format!("drug|{line}|too_few_fields")).into();
    assert_eq!(set_aside(&made.snapshot), short);
    assert_eq!(raws(&made.snapshot, "quarantine")[1], first.as_bytes());
}

#[test]
fn control_characters_leave_the_values_and_stay_in_the_record() {
    let quarter = Quarter::new("2011Q4")
        .report(11, 1, 0, "20111001")
        .line("drug", b"11$2$C$ASPI\x7fRIN\x08$$$1\tDAILY$$$$$$")
        .line("reac", "11$Pain\x08ful\x1b$");
    let made = made_of(&[quarter]);
    assert_eq!(rows(&made.snapshot, "drug", "name dose")[1], "ASPIRIN|1 DAILY");
    assert_eq!(rows(&made.snapshot, "event", "term")[1], "Painful");
    assert_eq!(kinds(&made), ["drug|3|-|control_character", "reac|3|-|control_character"]);
    let raw = &raws(&made.snapshot, "value_issue")[0];
    assert_eq!(raw, b"11$2$C$ASPI\x7fRIN\x08$$$1\tDAILY$$$$$$");
}

#[test]
fn windows_line_ends_and_blank_lines_are_no_content() {
    let quarter = Quarter::new("2020Q1").report(71, 7, 1, "20200101").report(81, 8, 1, "20200101");
    let mut windows = quarter.clone();
    for table in common::quarter::TABLES {
        let text = String::from_utf8(quarter.bytes(table).to_vec()).unwrap();
        windows = windows.file(table, text.replace('\n', "\r\n\r\n  \r\n") + "\n");
    }
    let (unix, windows) = (made_of(&[quarter]), made_of(&[windows]));
    for table in ["report", "drug", "event"] {
        assert_eq!(rows(&windows.snapshot, table, "report_id").len(), 2);
    }
    let drug = |made: &Made| rows(&made.snapshot, "drug", "report_id seq role name");
    assert_eq!(drug(&windows), drug(&unix));
    assert_eq!(issues(&windows.snapshot), NONE);
    assert_eq!(windows.snapshot.manifest().row_totals()["demo"].rows, 2);
}

#[test]
fn a_delimiter_inside_the_senders_number_is_mended() {
    // The legacy line is DEMO12Q1, line 105,917, shortened.
    for (period, id, rest) in [
        ("2012Q1", "primaryid=11, caseid=1", ""),
        ("2012Q4", "primaryid=11, caseid=1, caseversion=1", ", occr_country=JP"),
        ("2012Q4", "primaryid=11, caseid=1, caseversion=1", ""),
        ("2014Q3", "primaryid=11, caseid=1, caseversion=1", ", occr_country=JP"),
        ("2014Q3", "primaryid=11, caseid=1, caseversion=1", ""),
    ] {
        let values = format!(
            "{id}, event_dt=20110101, fda_dt=20120102, rept_cod=EXP, mfr_num=JP-CUBIST-@E2B0000000182, \
             mfr_sndr=CUBIST, age=70, age_cod=YR, sex=M, rept_dt=20120101{rest}"
        );
        let quarter = Quarter::new(period);
        let line = quarter.row_text("demo", &values).replace('@', "$");
        let made = made_of(&[quarter.line("demo", &line)]);
        assert_eq!(
            rows(&made.snapshot, "report", "sender_number sender age_years sex received"),
            ["JP-CUBIST-$E2B0000000182|CUBIST|70.0000|M|2012-01-02"],
            "{period} {rest}"
        );
        assert_eq!(kinds(&made), ["demo|2|-|embedded_delimiter"], "{period}");
        assert_eq!(raws(&made.snapshot, "value_issue"), [line.as_bytes()]);
    }
}

#[test]
fn a_delimiter_that_may_have_cut_a_drug_name_is_not_guessed_at() {
    for period in ["2012Q1", "2013Q1", "2020Q1"] {
        let quarter = Quarter::new(period).report(11, 1, 1, "20120101");
        let line = quarter
            .row_text(
                "drug",
                "primaryid=11, drug_seq=2, role_cod=C, drugname=A@B, route=ORAL, nda_num=7",
            )
            .replace('@', "$");
        let made = made_of(&[quarter.line("drug", &line)]);
        assert_eq!(set_aside(&made.snapshot), ["drug|3|too_many_fields"], "{period}");
        assert_eq!(raws(&made.snapshot, "quarantine"), [line.as_bytes()]);
        assert_eq!(rows(&made.snapshot, "drug", "name"), ["ASPIRIN"]);
    }
}

#[test]
fn two_encodings_in_one_file_lose_no_character() {
    let quarter = Quarter::new("2019Q3")
        .report(71, 7, 1, "20190701")
        .line("reac", "71$7$Sj\u{f6}gren's syndrome$")
        .line("reac", b"71$7$Sj\xf6gren's syndrome$")
        .line("reac", b"71$7$\x80 \x93quoted\x94 \x81$");
    let made = made_of(&[quarter]);
    let terms = rows(&made.snapshot, "event", "term");
    assert_eq!(
        terms[1..],
        [
            "Sj\u{f6}gren's syndrome",
            "Sj\u{f6}gren's syndrome",
            "\u{20ac} \u{201c}quoted\u{201d} \u{81}"
        ]
    );
    assert_eq!(warnings(&made.snapshot), ["reac: 2 lines are not UTF-8; read as Windows-1252"]);
}
