//! Every instrument as a Questionnaire, and its assessments as responses, held against the rules of FHIR R4.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use iatro_clinical::Decimal;
use iatro_clinical::assess::{Assessment, Question, Verdict, assess};
use iatro_clinical::case::{self, Case};
use iatro_clinical::exchange::questionnaire::{questionnaire, response};
use iatro_clinical::instrument::{self, Instrument};
use iatro_clinical::logic::Ternary;
use serde_json::Value;

const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

/// The types of R4 that are used, each with the value of its answers.
const TYPES: [(&str, Option<&str>); 6] = [
    ("group", None),
    ("display", None),
    ("boolean", Some("valueBoolean")),
    ("decimal", Some("valueDecimal")),
    ("choice", Some("valueCoding")),
    ("quantity", Some("valueQuantity")),
];

fn case(observations: &str) -> Case {
    let text = format!(
        "{{\"form\":\"iatro-case/1\",\"id\":\"P-014\",\"patient\":{{\"age\":46}},\"observations\":[{observations}]}}"
    );
    case::read(text.as_bytes(), "2026-06-01".parse().unwrap()).unwrap()
}

fn known() -> Case {
    case(concat!(
        "{\"id\":\"a\",\"observable\":\"temperature\",\"value\":39.6,\"unit\":\"Cel\"},",
        "{\"id\":\"b\",\"observable\":\"splenomegaly\",\"present\":\"yes\"},",
        "{\"id\":\"c\",\"observable\":\"hepatomegaly\",\"present\":\"no\"},",
        "{\"id\":\"d\",\"observable\":\"ferritin\",\"value\":\"> 40000\",\"unit\":\"ng/mL\"},",
        "{\"id\":\"e\",\"observable\":\"hemoglobin\",\"value\":8.1,\"unit\":\"g/dL\"},",
        "{\"id\":\"f\",\"observable\":\"platelets\",\"value\":35,\"unit\":\"10*9/L\"}"
    ))
}

fn assessed(instrument: &Instrument, case: &Case) -> Assessment {
    let question = Question {
        instruments: vec![instrument.id.clone()],
        include_unverified: true,
        ..Question::default()
    };
    assess(case, &question).unwrap().instruments.remove(0)
}

fn items(node: &Value) -> Vec<Value> {
    node["item"].as_array().cloned().unwrap_or_default()
}

/// Every item by linkId, in order, parents first.
fn flat(node: &Value, into: &mut Vec<Value>) {
    for item in items(node) {
        into.push(item.clone());
        flat(&item, into);
    }
}

fn sound(form: &Value) -> BTreeMap<String, Value> {
    let mut all = Vec::new();
    flat(form, &mut all);
    let mut by_link: BTreeMap<String, Value> = BTreeMap::new();
    for item in all {
        let link = item["linkId"].as_str().unwrap().to_owned();
        let kind = item["type"].as_str().unwrap();
        assert!(TYPES.iter().any(|(known, _)| *known == kind), "{link}: {kind}");
        assert!(!item["text"].as_str().unwrap().trim().is_empty(), "{link}");
        assert_eq!(
            kind == "group",
            item.get("item").is_some(),
            "{link}: groups and no others have items"
        );
        assert_eq!(kind == "choice", item.get("answerOption").is_some(), "{link}");
        if kind == "display" {
            assert!(item.get("repeats").is_none() && item.get("code").is_none(), "{link}");
        }
        for enable in item["enableWhen"].as_array().into_iter().flatten() {
            // What enables an item stands before it, and is answered by the type that it is held against.
            let question = &by_link[enable["question"].as_str().unwrap()];
            let field = match question["type"].as_str().unwrap() {
                "quantity" => "answerQuantity",
                "boolean" => "answerBoolean",
                other => panic!("{link}: enabled by a {other}"),
            };
            assert!(enable.get(field).is_some(), "{link}: {enable}");
            assert!(
                ["=", "!=", "<", "<=", ">", ">="].contains(&enable["operator"].as_str().unwrap())
            );
        }
        assert!(by_link.insert(link.clone(), item).is_none(), "{link} twice");
    }
    by_link
}

#[test]
fn every_instrument_is_a_sound_questionnaire() {
    assert!(instrument::all().len() > 1);
    for instrument in instrument::all() {
        let form = questionnaire(instrument);
        let name = form["name"].as_str().unwrap();
        assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        assert!(form["description"].as_str().unwrap().contains("Not a medical device"));
        let by_link = sound(&form);
        for item in &instrument.items {
            assert!(by_link.contains_key(&format!("{}.answer", item.id)), "{}", item.id);
        }
    }
}

/// Every answer is to a question of the form, in its place, of its type, and one of its options.
fn answers(whole: &Value, reply: &Value) {
    let asked: Vec<Value> =
        items(whole).into_iter().filter(|item| item["type"] != "display").collect();
    let given = items(reply);
    let links = |list: &[Value]| -> Vec<String> {
        list.iter().map(|item| item["linkId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(links(&asked), links(&given));
    for (question, item) in asked.iter().zip(&given) {
        let kind = question["type"].as_str().unwrap();
        let field = TYPES.iter().find(|(known, _)| *known == kind).unwrap().1;
        assert!(item.get("answer") != Some(&Value::Array(vec![])), "an empty list is no FHIR");
        for answer in item["answer"].as_array().into_iter().flatten() {
            let value = &answer[field.unwrap()];
            assert!(!value.is_null(), "{question} answered {answer}");
            if kind == "choice" {
                let options = question["answerOption"].as_array().unwrap();
                assert!(options.iter().any(|option| option["valueCoding"] == *value), "{value}");
            }
        }
        answers(question, item);
    }
}

#[test]
fn responses_fit_their_questionnaires_and_points_add_up() {
    for instrument in instrument::all() {
        let form = questionnaire(instrument);
        let by_link = sound(&form);
        for case in [case(""), known()] {
            let assessment = assessed(instrument, &case);
            let reply = response(instrument, &assessment);
            answers(&form, &reply);
            assert!(
                reply["questionnaire"].as_str().unwrap().starts_with(form["url"].as_str().unwrap())
            );
            let open = assessment.verdict == Verdict::Indeterminate;
            let status = reply["status"].as_str().unwrap();
            assert!(!open || status == "in-progress", "{}: {status}", instrument.id);
            let mut all = Vec::new();
            flat(&reply, &mut all);
            for result in &assessment.items {
                let link = format!("{}.answer", result.id);
                let item = all.iter().find(|item| item["linkId"] == link.as_str()).unwrap();
                points(&by_link[&link], item, result);
            }
        }
    }
}

fn points(question: &Value, item: &Value, result: &iatro_clinical::assess::ItemResult) {
    let answer = &item["answer"][0];
    if result.state == Ternary::Unknown || result.points.min != result.points.max {
        assert!(answer.is_null(), "{} is not known", result.id);
        return;
    }
    let options = question["answerOption"].as_array().cloned().unwrap_or_default();
    let found = options.iter().find(|option| option["valueCoding"] == answer["valueCoding"]);
    let Some(option) = found else {
        return assert_eq!(question["type"], "decimal", "{}", result.id);
    };
    assert_eq!(option["extension"][0]["url"], ORDINAL);
    let text = option["extension"][0]["valueDecimal"].to_string();
    let points: Decimal = text.parse().unwrap();
    assert_eq!(points, result.points.min, "{}", result.id);
}

#[test]
fn a_comparator_and_an_unknown_item_stay_what_they_are() {
    let instrument = instrument::find("hscore").unwrap();
    let reply = response(instrument, &assessed(instrument, &known()));
    let mut all = Vec::new();
    flat(&reply, &mut all);
    let find = |link: &str| all.iter().find(|item| item["linkId"] == link).unwrap().clone();
    let ferritin = find("ferritin.observed.ferritin")["answer"][0]["valueQuantity"].clone();
    assert_eq!(ferritin["comparator"], ">");
    assert_eq!(ferritin["value"].to_string(), "40000");
    assert!(find("triglycerides.answer").get("answer").is_none());
    assert!(find("result.total").get("answer").is_none());
    assert_eq!(reply["status"], "in-progress");
}

#[test]
fn a_cut_off_that_depends_on_age_is_shown_by_age() {
    let form = questionnaire(instrument::find("hlh-2004").unwrap());
    let by_link = sound(&form);
    let shown: Vec<&Value> =
        by_link.values().filter(|item| item.get("enableWhen").is_some()).collect();
    let operators: Vec<&str> =
        shown.iter().map(|item| item["enableWhen"][0]["operator"].as_str().unwrap()).collect();
    assert_eq!(shown.len(), 2);
    assert!(operators.contains(&"<") && operators.contains(&">="));
    assert!(shown.iter().all(|item| item["enableWhen"][0]["answerQuantity"]["value"] == 28));
}
