//! Malformed and hostile files: a clear complaint with the path inside the file, never a silent normal, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fmt::Write as _;
use std::time::Instant;

use common::{balanced, bundle, fails, observation, reads, today};
use iatro_clinical::exchange::read_any;
use proptest::prelude::*;

const NG_ML: &str = r#""valueQuantity":{"value":5200,"unit":"ng/mL","code":"ng/mL"}"#;

/// A case of one observation with these fields.
fn case(fields: &str) -> String {
    format!(
        "{{\"form\":\"iatro-case/1\",\"id\":\"P-014\",\"observations\":[{{\"id\":\"a\",\"observable\":\"ferritin\",{fields}}}]}}"
    )
}

fn ferritin(fields: &str) -> String {
    bundle(&[&observation("f1", "2276-4", fields)])
}

fn quantity(value: &str, unit: &str) -> String {
    ferritin(&format!(r#""valueQuantity":{{"value":{value},"code":"{unit}"}}"#))
}

#[test]
fn a_value_that_cannot_be_is_named_by_its_path() {
    for (text, expected) in [
        (case(r#""value":5200"#), "observations[0].unit: no unit"),
        (case(r#""value":5200,"unit":"furlong""#), "observations[0].unit"),
        (
            case(r#""value":-1,"unit":"ng/mL""#),
            "observations[0].value: -1 ng/mL is beyond what is possible",
        ),
        (case(r#""value":"39,4","unit":"ng/mL""#), "observations[0].value (line"),
        (
            case(r#""value":5,"unit":"ng/mL","time":"2031-01-01""#),
            "observations[0].time: 2031-01-01 lies after today",
        ),
        (case(r#""value":5,"unit":"ng/mL","time":"02/03/2026""#), "observations[0].time"),
        (case(r#""value":NaN,"unit":"ng/mL""#), "line 1, column 95: expected value"),
        (case(r#""value":1e400,"unit":"ng/mL""#), "number out of range"),
        (case(r#""value":1e300,"unit":"ng/mL""#), "observations[0].value"),
        (case(r#""present":"yes""#), "observations[0]: expected `value` with its `unit`"),
        (quantity("5200", "furlong"), "entry[1].resource.valueQuantity.code"),
        (
            quantity("-1", "ng/mL"),
            "entry[1].resource (as observations[0].value): -1 ng/mL is beyond",
        ),
        (
            quantity("\"5200\"", "ng/mL"),
            "entry[1].resource.valueQuantity.value: invalid type: string",
        ),
        (quantity("NaN", "ng/mL"), "expected value"),
        (quantity("1e400", "ng/mL"), "number out of range"),
        (quantity("1e300", "ng/mL"), "entry[1].resource.valueQuantity.value"),
        (ferritin(r#""valueQuantity":{"value":5200}"#), "entry[1].resource.valueQuantity: no unit"),
        (
            ferritin(r#""valueString":"5200""#),
            "entry[1].resource.valueString: a number without a unit",
        ),
        (
            ferritin(r#""valueQuantity":[5200]"#),
            "entry[1].resource.valueQuantity: invalid type: sequence",
        ),
        (
            ferritin(NG_ML).replace("2026-03-02T08:15:00Z", "2031-01-01"),
            "entry[1].resource (as observations[0].time): 2031",
        ),
        (
            ferritin(NG_ML).replace("2026-03-02T08:15:00Z", "yesterday"),
            "entry[1].resource.effectiveDateTime",
        ),
        (
            ferritin(NG_ML).replace("1980-02-03", "2080-02-03"),
            "entry[0].resource: 2080-02-03 lies after today",
        ),
    ] {
        let said = fails(&text);
        assert!(said.contains(expected), "{said}\nexpected: {expected}");
    }
}

#[test]
fn a_unit_that_measures_something_else_is_kept_so_that_the_item_is_unknown() {
    // An amount of ferritin has no cut-off and no conversion; the value stays as recorded.
    let read = reads(&quantity("11.7", "pmol/L"));
    assert_eq!(read.case.observations[0].unit.as_deref(), Some("pmol/L"));
    let question = iatro_clinical::assess::Question {
        instruments: vec!["hlh-2004".to_owned()],
        ..Default::default()
    };
    let report = iatro_clinical::assess::assess(&read.case, &question).unwrap();
    let item = report.instruments[0].items.iter().find(|item| item.id == "ferritin").unwrap();
    assert_eq!(item.state, iatro_clinical::logic::Ternary::Unknown);
    assert!(item.evidence[0].reason.contains("pmol/L"), "{:?}", item.evidence);
}

#[test]
fn two_of_one_id_are_refused() {
    let row = observation("f1", "2276-4", NG_ML);
    let said = fails(&bundle(&[&row, &row]));
    assert!(
        said.contains("entry[2].resource.id: \"Observation/f1\" is the address of entry[1] too"),
        "{said}"
    );
    let url = |id: &str| {
        format!(r#"{{"fullUrl":"urn:uuid:1","resource":{}}}"#, observation(id, "2276-4", NG_ML))
    };
    let said =
        fails(&format!(r#"{{"resourceType":"Bundle","entry":[{},{}]}}"#, url("a"), url("b")));
    assert!(said.contains("entry[1].fullUrl: \"urn:uuid:1\""), "{said}");
    let twice = case(NG_ML).replace(
        NG_ML,
        r#""value":5,"unit":"ng/mL"},{"id":"a","observable":"ferritin","value":6,"unit":"ng/mL""#,
    );
    assert!(fails(&twice).contains("observations[1].id: \"a\" is the id of observations[0] too"));
    // Ids that differ only in what does not show are the same id.
    let hidden = twice.replacen(
        "\"id\":\"a\",\"observable\":\"ferritin\",\"value\":6",
        "\"id\":\"\\u202ea\\u200f\",\"observable\":\"ferritin\",\"value\":6",
        1,
    );
    assert!(hidden.contains("202e"));
    assert!(fails(&hidden).contains("observations[1].id"));
}

#[test]
fn duplicate_keys_are_refused_where_they_could_decide() {
    for text in [
        case(r#""value":5,"value":50000,"unit":"ng/mL""#),
        quantity("5,\"value\":50000", "ng/mL"),
        ferritin(NG_ML).replace(
            "\"status\":\"final\"",
            "\"status\":\"final\",\"status\":\"entered-in-error\"",
        ),
        r#"{"resourceType":"Bundle","resourceType":"Patient","entry":[]}"#.to_owned(),
    ] {
        let said = fails(&text);
        assert!(said.contains("duplicate field"), "{said}");
    }
}

#[test]
fn what_is_no_json_object_is_refused_for_what_it_is() {
    let utf16: Vec<u8> = "\u{feff}{\"form\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bare: Vec<u8> = "{\"form\":1}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let entities = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>"#;
    let outside = r#"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Bundle>&f;</Bundle>"#;
    let cases: [(&[u8], &str); 14] = [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (&utf16, "UTF-16"),
        (&bare, "NUL byte"),
        (b"{\"form\":\"iatro-case/1\",\n\"id\":\"a\0b\"}", "line 2: a NUL byte"),
        (b"{\"form\":\"\xff\"}", "not UTF-8"),
        (entities.as_bytes(), "XML; expected JSON"),
        (outside.as_bytes(), "XML; expected JSON"),
        (b"[{\"form\":\"iatro-case/1\"}]", "a list at the top"),
        (b"\"iatro\"", "no JSON object"),
        (b"{}", "neither"),
        (b"{\"resourceType\":\"Patient\"}", "found \"Patient\"; expected \"Bundle\""),
        (b"{\"resourceType\":\"Bundle\",\"entry\":{}}", "entry"),
    ];
    for (bytes, expected) in cases {
        let said = read_any(bytes, today()).unwrap_err().to_string();
        assert!(said.contains(expected), "{said}\nexpected: {expected}");
    }
}

#[test]
fn a_byte_order_mark_is_read_past_and_a_cut_file_is_not() {
    let text = ferritin(NG_ML);
    assert_eq!(reads(&format!("\u{feff}{text}")).case.observations.len(), 1);
    for end in (1..text.len()).step_by(7) {
        assert!(read_any(&text.as_bytes()[..end], today()).is_err(), "cut at {end}");
    }
    assert!(fails(&format!("{text}x")).contains("trailing characters"));
}

#[test]
fn ten_thousand_levels_are_read_past_or_refused() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    for nested in [&deep, &objects] {
        // In what is not read, they are read past; the value beside them is.
        let read = reads(&ferritin(&format!("{NG_ML},\"extension\":{nested}")));
        assert_eq!(read.case.observations.len(), 1);
        fails(&ferritin(&format!("\"valueQuantity\":{{\"value\":{nested}}}")));
        let empty = reads(&ferritin(&format!("\"valueQuantity\":{{\"a\":{nested}}}")));
        assert!(empty.notes.iter().any(|note| note.reason == "no value"));
        fails(&case(&format!("\"value\":{nested}")));
        fails(&format!("{{\"form\":\"iatro-case/1\",\"id\":{nested}}}"));
        fails(&format!("{{\"metaData\":{nested}}}"));
    }
    assert!(read_any(deep.as_bytes(), today()).is_err());
}

#[test]
fn what_does_not_show_is_not_printed() {
    let turned = "P\\u202e410\\u0007-\\u200f\\ud83d\\ude00\\n";
    let text = case(r#""value":5,"unit":"ng/mL""#).replace("P-014", turned);
    assert_eq!(reads(&text).case.id, "P410-\u{1f600}");
    let read = reads(&ferritin(NG_ML).replace("\"f1\"", "\"f\\u202e1\\u001b[31m\""));
    assert_eq!(read.case.observations[0].id, "f1[31m");
    let named = ferritin(NG_ML).replace("2276-4\"", "0-0\",\"display\":\"a\\u202eb\\u001bc\"");
    let notes: String = reads(&named).notes.iter().map(ToString::to_string).collect();
    assert!(
        notes.contains("abc") && !notes.contains(|c: char| c.is_control() || c == '\u{202e}'),
        "{notes}"
    );
    // Nor in a complaint.
    for text in [
        case("\"value\":5,\"unit\":\"\\u202e\\u001bx\""),
        case("\"va\\u202elue\\u001b\":5"),
        format!("{{\"resourceType\":\"\\u202e{}\"}}", "x".repeat(5000)),
        ferritin("\"valueQuantity\":{\"value\":\"\\u202e\\u0007\"}"),
    ] {
        let said = fails(&text);
        assert!(!said.contains(|c: char| c.is_control() || c == '\u{202e}'), "{said:?}");
        assert!(said.len() < 1000, "{}", said.len());
    }
}

/// A bundle of so many bytes: values of one patient and much else.
fn large(bytes: usize) -> (String, usize) {
    let mut text = bundle(&[]);
    text.truncate(text.len() - 2);
    let filler = "x".repeat(2_000);
    let mut count = 1;
    while text.len() < bytes {
        let row = observation(&format!("o{count}"), "2276-4", NG_ML);
        write!(
            text,
            ",{{\"resource\":{row}}},{{\"resource\":{{\"resourceType\":\"DocumentReference\",\"id\":\"d{count}\",\"data\":\"{filler}\"}}}}"
        )
        .unwrap();
        count += 2;
    }
    text.push_str("]}");
    (text, count)
}

#[test]
fn forty_megabytes_are_read_in_bounded_time() {
    let (text, count) = large(40 << 20);
    let start = Instant::now();
    let read = read_any(text.as_bytes(), today()).unwrap();
    balanced(&read);
    assert_eq!(read.control.read, count);
    assert_eq!(read.case.observations.len(), count / 2);
    assert!(read.notes.len() < 10, "notes are grouped: {}", read.notes.len());
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn a_hundred_thousand_administrations_of_one_drug_are_one_drug() {
    let mut text = bundle(&[]);
    text.truncate(text.len() - 2);
    for at in 0..100_000 {
        let (month, day, hour) = (1 + at / 10_000, 1 + at / 400 % 25, at % 24);
        write!(
            text,
            r#",{{"resource":{{"resourceType":"MedicationAdministration","id":"a{at}","status":"completed","subject":{{"reference":"Patient/p1"}},"medicationCodeableConcept":{{"text":"Etoposide"}},"effectiveDateTime":"2025-{month:02}-{day:02}T{hour:02}:00:00Z","dosage":{{"text":"{at}"}}}}}}"#
        )
        .unwrap();
    }
    text.push_str("]}");
    let start = Instant::now();
    let read = reads(&text);
    assert_eq!((read.case.drugs.len(), read.case.drugs[0].courses.len()), (1, 100_000));
    assert!(read.case.drugs[0].source.as_deref().unwrap().ends_with("and 99994 more"));
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn more_than_the_limit_is_refused_with_the_limit() {
    let said = read_any(&vec![b' '; (128 << 20) + 1], today()).unwrap_err().to_string();
    assert!(said.contains("134217728"), "{said}");
    let filler = " ".repeat(17 << 20);
    let said = fails(&format!("{{\"form\":\"iatro-case/1\",\"id\":\"P-014\"{filler}}}"));
    assert!(said.contains("16777216"), "{said}");
}

/// A case, a bundle and a packet, each with something of everything.
fn valid() -> [String; 3] {
    let case = case(
        r#""value":"> 40000","unit":"ng/mL","time":"2026-03-02","upper_limit":300}],"drugs":[{"id":"d","name":"x","courses":[{"start":"2026-01"}],"answers":{"naranjo":[{"question":"q1","answer":"yes"}]}}],"triggers":[{"id":"t","name":"EBV","status":"present"#,
    )
    .replace("\"present}]}", "\"present\"}]}");
    let bundle = bundle(&[
        &observation("f1", "2276-4", NG_ML),
        r#"{"resourceType":"Condition","id":"c1","code":{"text":"Lymphoma"},"onsetDateTime":"2020"}"#,
        r#"{"resourceType":"MedicationStatement","id":"m1","status":"active","medicationCodeableConcept":{"text":"y"},"dosage":[{"text":"1 a day"}]}"#,
    ]);
    let packet = r#"{"id":"P","subject":{"sex":"MALE","timeAtLastEncounter":{"age":{"iso8601duration":"P2Y6M"}}},"phenotypicFeatures":[{"type":{"id":"HP:0001744"},"excluded":true}],"measurements":[{"assay":{"id":"LOINC:2276-4"},"value":{"quantity":{"unit":{"id":"UCUM:ng/mL"},"value":5200}}}],"metaData":{"phenopacketSchemaVersion":"2.0.2"}}"#;
    [case, bundle, packet.to_owned()]
}

#[test]
fn the_valid_files_are_valid() {
    for text in valid() {
        assert!(!reads(&text).case.observations.is_empty(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn mutated_bytes_never_panic(
        which in 0usize..3,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6),
    ) {
        let mut bytes = valid()[which].clone().into_bytes();
        for (at, byte, edit) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => {
                    bytes.remove(at);
                }
                _ => {
                    let copy = bytes[at..(at + 9).min(bytes.len())].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        if let Ok(read) = read_any(&bytes, today()) {
            balanced(&read);
            let json = serde_json::to_string(&read.case).unwrap();
            prop_assert!(iatro_clinical::case::read(json.as_bytes(), today()).is_ok(), "{json}");
        }
    }
}
