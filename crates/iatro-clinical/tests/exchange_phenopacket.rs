//! Phenopackets: two of published patients, and small ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{balanced, fails, reads, today};
use iatro_clinical::case::{Sex, TriggerStatus};
use iatro_clinical::exchange::{Imported, NoteKind, SourceKind, read_any};
use iatro_clinical::observation::Presence;
use serde_json::Value;

/// A packet of version 2 with these fields.
fn packet(fields: &str) -> String {
    format!(
        "{{\"id\":\"P-014\",\"metaData\":{{\"phenopacketSchemaVersion\":\"2.0.2\"}},\
         \"subject\":{{\"id\":\"s\",\"sex\":\"MALE\"}},{fields}}}"
    )
}

/// Elements that a packet has by itself: what the account must come to.
fn elements(bytes: &[u8]) -> usize {
    let json: Value = serde_json::from_slice(bytes).unwrap();
    let length = |name: &str| json[name].as_array().map_or(0, Vec::len);
    let variants = json["interpretations"].as_array().into_iter().flatten().map(|one| {
        one["diagnosis"]["genomicInterpretations"].as_array().map_or(1, |list| list.len().max(1))
    });
    let lists =
        ["phenotypicFeatures", "measurements", "diseases", "medicalActions", "biosamples", "files"];
    1 + lists.map(length).iter().sum::<usize>() + variants.sum::<usize>()
}

fn real(name: &str) -> Option<Imported> {
    let bytes = common::real(name)?;
    let read = read_any(&bytes, today()).unwrap();
    assert_eq!(read.kind, SourceKind::Phenopacket);
    balanced(&read);
    assert_eq!(read.control.read, elements(&bytes));
    Some(read)
}

#[test]
fn a_published_chediak_higashi_is_a_molecular_diagnosis() {
    let Some(read) = real("phenopackets/PMID_28183707_Case_presentation.json") else { return };
    assert_eq!(read.case.patient.sex, Some(Sex::Male));
    let age = (read.case.patient.age.unwrap().to_string(), read.case.patient.age_unit.clone());
    assert_eq!(age, ("30".to_owned(), Some("mo".to_owned())));
    // "No hepatosplenomegaly" leaves open which of them is not enlarged, so only the gene is an observation.
    let [gene] = read.case.observations.as_slice() else { panic!("{:?}", read.case.observations) };
    assert_eq!((gene.observable.as_str(), gene.present), ("molecular_hlh", Some(Presence::Yes)));
    assert!(gene.source.as_deref().unwrap().contains("LYST"));
    assert_eq!(read.case.triggers[0].name, "Chediak-Higashi syndrome");
    // Subject, variant and disease are used, ten features are not.
    assert_eq!((read.control.used, read.control.not_used), (3, 10));
}

#[test]
fn a_gene_that_no_list_has_is_noted_and_says_nothing() {
    let Some(read) = real("phenopackets/PMID_36006710_Patient_1.json") else { return };
    assert!(read.case.observations.is_empty(), "{:?}", read.case.observations);
    assert_eq!(read.case.patient.sex, Some(Sex::Female));
    let gene = read.notes.iter().find(|note| note.what == "variant of CBLB").unwrap();
    assert_eq!(gene.kind, NoteKind::NotUsed);
    assert_eq!(read.control.read, 19 + 3);
}

#[test]
fn a_term_without_a_number_meets_no_cut_off() {
    let read = reads(&packet(
        r#""phenotypicFeatures":[{"type":{"id":"HP:0003281","label":"Increased circulating ferritin"}}]"#,
    ));
    assert!(read.case.observations.is_empty());
    let note = read.notes.iter().find(|note| note.kind == NoteKind::NotUsed).unwrap();
    assert!(note.reason.contains("ferritin raised, no number"), "{note}");
}

#[test]
fn present_excluded_and_the_older_word_for_it() {
    let read = reads(&packet(
        r#""phenotypicFeatures":[
            {"type":{"id":"HP:0001744","label":"Splenomegaly"},"excluded":true},
            {"type":{"id":"HP:0002240","label":"Hepatomegaly"},"negated":true},
            {"type":{"id":"HP:0012156","label":"Hemophagocytosis"},"onset":{"age":{"iso8601duration":"P1Y"}}},
            {"type":{"id":"HP:0001433","label":"Hepatosplenomegaly"},"excluded":true}]"#,
    ));
    let found: Vec<_> = read
        .case
        .observations
        .iter()
        .map(|row| (row.observable.as_str(), row.present.unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("splenomegaly", Presence::No),
            ("hepatomegaly", Presence::No),
            ("hemophagocytosis", Presence::Yes)
        ]
    );
    assert!(read.case.observations[2].source.as_deref().unwrap().contains("onset P1Y"));
}

#[test]
fn measurements_keep_number_unit_limit_and_day() {
    let read = reads(&packet(
        r#""measurements":[{"assay":{"id":"LOINC:2276-4","label":"Ferritin"},
            "value":{"quantity":{"unit":{"id":"UCUM:ng/mL"},"value":5200.5,
                "referenceRange":{"unit":{"id":"UCUM:ug/L"},"low":20,"high":300}}},
            "timeObserved":{"timestamp":"2026-03-02T08:15:00Z"}}],
          "diseases":[{"term":{"id":"MONDO:0019338","label":"Sarcoidosis"},"excluded":true}],
          "medicalActions":[{"treatment":{"agent":{"id":"X","label":"Lamotrigine"},
            "doseIntervals":[{"interval":{"start":"2026-02-01T00:00:00Z","end":"2026-02-20T00:00:00Z"}}]}}]"#,
    ));
    let row = &read.case.observations[0];
    assert_eq!(row.value.unwrap().to_string(), "5200.5");
    assert_eq!(
        (row.unit.as_deref(), row.upper_limit.unwrap().to_string()),
        (Some("ng/mL"), "300".to_owned())
    );
    assert_eq!(row.time.unwrap().to_string(), "2026-03-02T08:15");
    assert_eq!(read.case.triggers[0].status, TriggerStatus::TestedNegative);
    assert_eq!(read.case.drugs[0].name, "Lamotrigine");
}

#[test]
fn one_allele_is_no_molecular_diagnosis() {
    let variant = |id: &str, class: &str, state: &str| {
        format!(
            r#"{{"interpretationStatus":"CAUSATIVE","variantInterpretation":{{"acmgPathogenicityClassification":"{class}",
            "variationDescriptor":{{"id":"{id}","geneContext":{{"symbol":"PRF1"}},"allelicState":{{"id":"{state}"}}}}}}}}"#
        )
    };
    let solved = |variants: &[String]| {
        let text = packet(&format!(
            r#""interpretations":[{{"progressStatus":"SOLVED","diagnosis":{{"genomicInterpretations":[{}]}}}}]"#,
            variants.join(",")
        ));
        !reads(&text).case.observations.is_empty()
    };
    let (one, both) = ("GENO:0000135", "GENO:0000136");
    assert!(!solved(&[variant("a", "PATHOGENIC", one)]));
    assert!(!solved(&[variant("a", "PATHOGENIC", one), variant("a", "PATHOGENIC", one)]));
    assert!(solved(&[variant("a", "PATHOGENIC", one), variant("b", "LIKELY_PATHOGENIC", one)]));
    assert!(solved(&[variant("a", "PATHOGENIC", both)]));
    assert!(!solved(&[variant("a", "UNCERTAIN_SIGNIFICANCE", both)]));
    assert!(!solved(&[variant("a", "PATHOGENIC", "GENO:unknown")]));
}

#[test]
fn what_cannot_be_read_is_named_by_its_path() {
    let ferritin = |quantity: &str| {
        packet(&format!(
            r#""measurements":[{{"assay":{{"id":"LOINC:2276-4"}},"value":{{"quantity":{quantity}}}}}]"#
        ))
    };
    for (text, expected) in [
        (ferritin(r#"{"value":5200}"#), "measurements[0].value.quantity.unit: no unit"),
        (
            ferritin(r#"{"value":"5200","unit":{"id":"UCUM:ng/mL"}}"#),
            "measurements[0].value.quantity.value",
        ),
        (ferritin(r#"{"value":-3,"unit":{"id":"UCUM:ng/mL"}}"#), "beyond what is possible"),
        (ferritin(r#"[5200]"#), "measurements[0].value.quantity"),
        (packet(r#""phenotypicFeatures":{}"#), "phenotypicFeatures"),
        (packet(r#""x":1"#).replace("2.0.2", "1.0.0"), "phenopacketSchemaVersion"),
        (r#"{"subject":{"id":"s"}}"#.to_owned(), "phenopacketSchemaVersion"),
    ] {
        let said = fails(&text);
        assert!(said.contains(expected), "{said}");
    }
}
