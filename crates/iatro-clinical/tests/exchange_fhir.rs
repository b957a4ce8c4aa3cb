//! A FHIR Bundle of one patient, and of none or several.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{balanced, bundle, fails, observation, reads, today};
use iatro_clinical::case::{DrugKind, TriggerStatus};
use iatro_clinical::exchange::{NoteKind, SourceKind, read_any};
use iatro_clinical::observation::Presence;
use serde_json::Value;

const MG_DL: &str = r#""valueQuantity":{"value":310,"unit":"mg/dL","system":"http://unitsofmeasure.org","code":"mg/dL"}"#;
const NG_ML: &str = r#""valueQuantity":{"value":5200,"unit":"ng/mL","system":"http://unitsofmeasure.org","code":"ng/mL"}"#;

#[test]
fn every_entry_of_a_real_bundle_is_used_or_noted() {
    let Some(bytes) = common::real("fhir/synthea_r4_ferritin.json") else { return };
    let read = read_any(&bytes, today()).unwrap();
    assert_eq!(read.kind, SourceKind::FhirBundle);
    balanced(&read);
    let json: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(read.control.read, json["entry"].as_array().unwrap().len());
    // One patient, nine values, seven conditions, seven orders and thirteen vaccinations.
    assert_eq!((read.control.read, read.control.used, read.control.not_used), (246, 37, 209));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &read.case.observations {
        *counts.entry(row.observable.as_str()).or_default() += 1;
    }
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [("hemoglobin", 2), ("leukocytes", 2), ("platelets", 2), ("triglycerides", 3)]
    );
    let first = &read.case.observations[0];
    assert_eq!(first.value.unwrap().number.round_dp(2).to_string(), "101.63");
    assert_eq!(
        (first.unit.as_deref(), first.time.unwrap().to_string().as_str()),
        (Some("mg/dL"), "2012-04-24T09:21")
    );
    assert_eq!(read.case.triggers.len(), 7);
    assert_eq!(read.case.patient.birth_date.unwrap().to_string(), "1949-08-02");
    // Names, numbers and addresses of the patient stay out.
    let text = serde_json::to_string(&read.case).unwrap();
    assert!(!text.contains("999-65-9492") && !text.contains("Boston"));
    let order = read.notes.iter().find(|note| note.reason.contains("no proof of intake")).unwrap();
    assert_eq!((order.kind, order.count), (NoteKind::Caution, 7));
}

#[test]
fn a_value_keeps_comparator_limit_assay_and_place() {
    let fields = r#""valueQuantity":{"value":40000,"comparator":">","unit":"ng/mL","code":"ng/mL"},
        "method":{"text":"ECLIA"},
        "referenceRange":[{"high":{"value":300,"unit":"ug/L"}}]"#;
    let read = reads(&bundle(&[&observation("f1", "2276-4", fields)]));
    let row = &read.case.observations[0];
    assert_eq!(row.value.unwrap().to_string(), "> 40000");
    assert_eq!(row.upper_limit.unwrap().to_string(), "300");
    assert_eq!(row.assay.as_deref(), Some("ECLIA"));
    assert_eq!(row.source.as_deref(), Some("entry[1] Observation/f1"));
    assert_eq!(
        (row.id.as_str(), row.time.unwrap().to_string().as_str()),
        ("f1", "2026-03-02T08:15")
    );
}

#[test]
fn the_unit_decides_against_the_code() {
    let read = reads(&bundle(&[&observation("t1", "14927-8", MG_DL)]));
    assert_eq!(read.case.observations[0].unit.as_deref(), Some("mg/dL"));
    let note = read.notes.iter().find(|note| note.reason.contains("the unit decides")).unwrap();
    assert_eq!((note.kind, note.what.as_str()), (NoteKind::Caution, "code 14927-8"));
    let contradiction = r#""valueQuantity":{"value":3,"unit":"mg/dL","code":"mmol/L"}"#;
    let said = fails(&bundle(&[&observation("t1", "2571-8", contradiction)]));
    assert!(
        said.contains("entry[1].resource.valueQuantity: the unit is \"mmol/L\" by its code"),
        "{said}"
    );
}

#[test]
fn status_decides_whether_a_value_counts() {
    let with = |status: &str| {
        observation("f1", "2276-4", NG_ML)
            .replace("\"status\":\"final\"", &format!("\"status\":\"{status}\""))
    };
    for status in ["entered-in-error", "cancelled", "registered", "unknown", "Final"] {
        let read = reads(&bundle(&[&with(status)]));
        assert!(read.case.observations.is_empty(), "{status}");
        assert!(read.notes.iter().any(|note| note.reason.contains(status)), "{status}");
    }
    let read = reads(&bundle(&[&with("preliminary")]));
    assert_eq!(read.case.observations.len(), 1);
    assert!(read.notes.iter().any(|note| note.reason.contains("preliminary")));
    let turned = NG_ML.to_owned() + r#","modifierExtension":[{"url":"x"}]"#;
    let read = reads(&bundle(&[&observation("f1", "2276-4", &turned)]));
    assert!(read.case.observations.is_empty());
}

#[test]
fn components_findings_and_absent_values() {
    let own = |code: &str, fields: &str| {
        observation("x", "0", fields).replace(
            "\"system\":\"http://loinc.org\",\"code\":\"0\"",
            &format!("\"system\":\"https://iatro.example/fhir/CodeSystem/observable\",\"code\":\"{code}\""),
        )
    };
    let part = |code: &str, value: &str| {
        format!(
            r#"{{"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},{value}}}"#
        )
    };
    let parts = format!(
        r#""component":[{},{}]"#,
        part("777-3", r#""valueQuantity":{"value":35,"code":"10*9/L"}"#),
        part("1-1", MG_DL)
    );
    let read = reads(&bundle(&[&observation("panel", "58410-2", &parts)]));
    assert_eq!(read.case.observations[0].id, "panel.component0");
    assert!(read.notes.iter().any(|note| note.kind == NoteKind::PartNotUsed));

    let finding =
        |fields: &str| reads(&bundle(&[&own("hemophagocytosis", fields)])).case.observations;
    let no = finding(r#""valueBoolean":false,"bodySite":{"text":"marrow aspirate"}"#);
    assert_eq!(
        (no[0].present, no[0].site.as_deref()),
        (Some(Presence::No), Some("marrow_aspirate"))
    );
    // A site that is not known must not count for every site.
    let skin = finding(r#""valueCodeableConcept":{"text":"Present"},"bodySite":{"text":"Skin"}"#);
    assert_eq!((skin[0].present, skin[0].site.as_deref()), (Some(Presence::Yes), Some("other")));
    assert!(finding(r#""valueString":"see letter""#).is_empty());

    let absent = r#""dataAbsentReason":{"text":"sample haemolysed"}"#;
    let read = reads(&bundle(&[&observation("f1", "2276-4", absent)]));
    assert!(read.case.observations.is_empty());
    assert!(read.notes.iter().any(|note| note.reason == "no value: sample haemolysed"));
}

#[test]
fn conditions_are_causes_and_a_diagnosis_of_the_event_only_dates_it() {
    let condition = |id: &str, code: &str, fields: &str| {
        format!(
            r#"{{"resourceType":"Condition","id":"{id}","subject":{{"reference":"Patient/p1"}},
            "code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}","display":"{code} words"}}]}}{fields}}}"#
        )
    };
    let status =
        |code: &str| format!(r#","verificationStatus":{{"coding":[{{"code":"{code}"}}]}}"#);
    let read = reads(&bundle(&[
        &condition("hlh", "D76.1", r#","onsetDateTime":"2026-03-01""#),
        &condition("ebv", "B27.00", &status("refuted")),
        &condition("cmv", "B25.9", &status("provisional")),
        &condition("dlbcl", "C83.3", r#","abatementDateTime":"2020-05""#),
        &condition("slip", "M08.2", &status("entered-in-error")),
    ]));
    assert_eq!(read.case.event.onset.unwrap().to_string(), "2026-03-01");
    assert!(read.case.observations.is_empty(), "a coded diagnosis meets no criterion");
    assert!(read.notes.iter().any(|note| note.reason.contains("low positive predictive")));
    let found: Vec<_> =
        read.case.triggers.iter().map(|row| (row.id.as_str(), row.status)).collect();
    assert_eq!(
        found,
        [
            ("ebv", TriggerStatus::TestedNegative),
            ("cmv", TriggerStatus::NotReported),
            ("dlbcl", TriggerStatus::Present)
        ]
    );
    assert!(read.case.triggers[2].source.as_deref().unwrap().contains("abated 2020-05"));
}

#[test]
fn courses_of_one_name_are_one_drug_and_references_are_followed() {
    let taken = |kind: &str, id: &str, fields: &str| {
        format!(
            r#"{{"resourceType":"{kind}","id":"{id}","status":"completed","subject":{{"reference":"Patient/p1"}},{fields}}}"#
        )
    };
    let lamotrigine = r#""medicationCodeableConcept":{"text":"Lamotrigine"}"#;
    let by_reference =
        |address: &str| format!(r#""medicationReference":{{"reference":"{address}"}}"#);
    let read = reads(&bundle(&[
        &taken(
            "MedicationStatement",
            "s1",
            &format!(
                r#"{lamotrigine},"effectivePeriod":{{"start":"2026-02-10","end":"2026-02-20"}}"#
            ),
        ),
        &taken(
            "MedicationAdministration",
            "a1",
            &format!(
                r#"{},"effectiveDateTime":"2026-01-05T08:00:00Z""#,
                by_reference("Medication/m1")
            ),
        ),
        &taken(
            "MedicationRequest",
            "r1",
            &format!(
                r#"{},"contained":[{{"resourceType":"Medication","id":"c","code":{{"text":"LAMOTRIGINE"}}}}],"authoredOn":"2026-01-01""#,
                by_reference("#c")
            ),
        ),
        &taken("MedicationStatement", "s2", lamotrigine).replace("completed", "not-taken"),
        &taken("MedicationStatement", "s3", &by_reference("Medication/gone")),
        r#"{"resourceType":"Medication","id":"m1","code":{"text":"lamotrigine"}}"#,
        r#"{"resourceType":"Medication","id":"m2","code":{"text":"aspirin"}}"#,
        r#"{"resourceType":"Immunization","id":"i1","status":"completed","vaccineCode":{"text":"MMR"},"patient":{"reference":"Patient/p1"},"occurrenceDateTime":"2026-02-01"}"#,
        r#"{"resourceType":"Procedure","id":"x1","status":"completed","code":{"text":"Transfusion of platelets"},"subject":{"reference":"Patient/p1"},"performedDateTime":"2026-03-01"}"#,
        r#"{"resourceType":"AllergyIntolerance","id":"l1","patient":{"reference":"Patient/p1"}}"#,
    ]));
    let kinds: Vec<_> =
        read.case.drugs.iter().map(|drug| (drug.name.as_str(), drug.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("Lamotrigine", DrugKind::Drug),
            ("MMR", DrugKind::Vaccine),
            ("Transfusion of platelets", DrugKind::BloodProduct)
        ]
    );
    let starts: Vec<String> =
        read.case.drugs[0].courses.iter().map(|course| course.start.unwrap().to_string()).collect();
    assert_eq!(starts, ["2026-01-01", "2026-01-05T08:00", "2026-02-10"]);
    assert!(read.case.drugs[0].source.as_deref().unwrap().contains("an order, no proof of intake"));
    // Patient, three courses, one Medication, vaccine, transfusion; not: not taken, gone, aspirin, allergy.
    assert_eq!((read.control.used, read.control.not_used), (7, 4));
}

#[test]
fn addresses_by_uuid_are_followed() {
    let text = r#"{"resourceType":"Bundle","entry":[
        {"fullUrl":"urn:uuid:11111111-0000-4000-8000-000000000001","resource":{"resourceType":"Patient","birthDate":"1980"}},
        {"fullUrl":"urn:uuid:11111111-0000-4000-8000-000000000002","resource":{"resourceType":"Medication","code":{"text":"Nivolumab"}}},
        {"fullUrl":"urn:uuid:11111111-0000-4000-8000-000000000003","resource":{"resourceType":"MedicationAdministration","status":"completed",
          "subject":{"reference":"urn:uuid:11111111-0000-4000-8000-000000000001"},
          "medicationReference":{"reference":"urn:uuid:11111111-0000-4000-8000-000000000002"},"effectiveDateTime":"2026-01-05"}}]}"#;
    let read = reads(text);
    assert_eq!(read.case.drugs[0].name, "Nivolumab");
    assert_eq!(read.control.used, 3);
}

#[test]
fn two_patients_in_one_bundle_are_refused_by_name() {
    let said = fails(&bundle(&[r#"{"resourceType":"Patient","id":"p2"}"#]));
    assert!(said.contains("2 patients in one bundle (Patient/p1, Patient/p2)"), "{said}");
    let other = observation("f1", "2276-4", NG_ML).replace("Patient/p1", "Patient/p9");
    let said = fails(&bundle(&[&other]));
    assert!(said.contains("entry[1].resource: its subject is \"Patient/p9\""), "{said}");
}

#[test]
fn a_statement_of_one_time_is_no_single_dose() {
    let at = |kind: &str| {
        reads(&bundle(&[&format!(
            r#"{{"resourceType":"{kind}","id":"m","status":"active","subject":{{"reference":"Patient/p1"}},"medicationCodeableConcept":{{"text":"lamotrigine"}},"effectiveDateTime":"2026-02-14"}}"#
        )]))
    };
    let stated = at("MedicationStatement");
    assert_eq!(stated.case.drugs[0].courses[0].stop, None);
    assert!(stated.notes.iter().any(|note| note.to_string().contains("may be earlier")));
    let given = at("MedicationAdministration");
    assert_eq!(given.case.drugs[0].courses[0].stop, given.case.drugs[0].courses[0].start);
}
