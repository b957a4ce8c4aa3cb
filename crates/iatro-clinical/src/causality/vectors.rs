//! The vectors of `vectors/causality`, and the check that each number and branch of the data files is held by one.

#![allow(clippy::unwrap_used, clippy::panic)]

mod mutation;
mod naranjo;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::decide::{Answers, Decision, decide};
use super::definition::{Choice, Definition, FILES, Query, Use, load};
use super::derive::spanned;
use super::liver::injury;
use super::result::DayInterval;
use crate::case::Case;
use crate::logic::Ternary;

type Row = BTreeMap<String, String>;

fn rows(id: &str) -> Vec<Row> {
    let path = format!("{}/vectors/causality/{id}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let found: Vec<Row> = reader.deserialize().map(Result::unwrap).collect();
    assert!(found.len() > 10, "{path}");
    found
}

/// `q2=yes`, `delay=@5` (the answer that stands for 5 days), `onset=stop@15` (15 days from the stop). What no answer
/// stands for is unknown.
fn answers(definition: &Definition, text: &str) -> Answers {
    let pairs = text.split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let one = |pair: &str| {
        let (question, answer) = pair.split_once('=').unwrap();
        let query = definition.questions.iter().find(|query| query.id == question).unwrap();
        let number = |text: &str| text.parse::<i64>().unwrap();
        let id = if let Some(days) = answer.strip_prefix("stop@") {
            from_stop(query, number(days)).map_or("unknown", |choice| choice.id.as_str())
        } else if let Some(days) = answer.strip_prefix('@') {
            let days = number(days);
            spanned(query, DayInterval { min: days, max: days }).unwrap_or("unknown")
        } else {
            assert!(query.choice(answer).is_some(), "{pair}");
            answer
        };
        (question.to_owned(), id.to_owned())
    };
    pairs.map(one).collect()
}

fn from_stop(query: &Query, days: i64) -> Option<&Choice> {
    query.options.iter().find(|choice| {
        (choice.stop_least.is_some() || choice.stop_most.is_some())
            && choice.stop_least.is_none_or(|least| days >= least)
            && choice.stop_most.is_none_or(|most| days <= most)
    })
}

fn number(row: &Row, field: &str) -> Option<Decimal> {
    row.get(field).filter(|text| !text.is_empty()).map(|text| text.parse().unwrap())
}

fn some<'a>(row: &'a Row, field: &str) -> Option<&'a str> {
    row.get(field).map(String::as_str).filter(|text| !text.is_empty())
}

fn decision(definition: &Definition, row: &Row) -> Decision {
    let use_of = Use {
        form: some(row, "form"),
        edition: some(row, "edition"),
        include_unverified: some(row, "unverified").is_some(),
    };
    decide(definition, &use_of, &answers(definition, &row["answers"]))
}

/// What is wrong with a row, if anything.
fn wrong(definition: &Definition, row: &Row) -> Option<String> {
    let made = decision(definition, row);
    let given = answers(definition, &row["answers"]);
    if row["answers"].contains('@') && given.values().any(|answer| answer == "unknown") {
        return Some("no answer stands for this number".to_owned());
    }
    let points = number(row, "as_published");
    // A row that checks a total alone says nothing of the category.
    let said = some(row, "category");
    if (said.is_some() || points.is_none()) && made.category.as_deref() != said {
        return Some(format!("category {:?}, expected {said:?}", made.category));
    }
    if let Some(reachable) = some(row, "reachable") {
        let expected: BTreeSet<String> = reachable.split('|').map(str::to_owned).collect();
        if made.reachable != expected {
            return Some(format!("reachable {:?}, expected {expected:?}", made.reachable));
        }
    }
    for (field, value) in [
        ("as_published", made.total.and_then(|t| t.as_published)),
        ("min", made.total.map(|t| t.min)),
        ("max", made.total.map(|t| t.max)),
        ("ceiling", made.total.map(|t| t.ceiling)),
    ] {
        let expected = number(row, field);
        if expected.is_some() && value != expected {
            return Some(format!("{field} {value:?}, expected {expected:?}"));
        }
    }
    None
}

fn liver_case(row: &Row) -> Case {
    let seen = |observable: &str, field: &str| {
        let value = some(row, field)?;
        Some(format!(
            "{{\"id\":\"{field}\",\"observable\":\"{observable}\",\"time\":\"2026-03-01\",\"value\":{value},\
             \"unit\":\"U/L\",\"upper_limit\":1}}"
        ))
    };
    let list: Vec<String> =
        [seen("alt", "alt"), seen("alkaline_phosphatase", "alp")].into_iter().flatten().collect();
    let text =
        format!("{{\"form\":\"iatro-case/1\",\"id\":\"P\",\"observations\":[{}]}}", list.join(","));
    serde_json::from_str(&text).unwrap()
}

fn wrong_liver(definition: &Definition, row: &Row) -> Option<String> {
    let found = injury(&liver_case(row), definition.liver.as_ref().unwrap(), &row["edition"]);
    let present = match row["present"].as_str() {
        "met" => Ternary::Met,
        "not_met" => Ternary::NotMet,
        _ => Ternary::Unknown,
    };
    let same = found.present == present && found.kind == some(row, "kind");
    (!same).then(|| format!("{:?} {:?}", found.present, found.kind))
}

/// Every row that a definition gets wrong.
fn failures(definition: &Definition) -> Vec<String> {
    if definition.method == super::definition::Method::Grid {
        return Vec::new();
    }
    let of = rows(&definition.id);
    let mut found: Vec<String> = of
        .iter()
        .filter_map(|row| Some(format!("{}: {}", row["case"], wrong(definition, row)?)))
        .collect();
    if definition.liver.is_some() {
        let of = rows("liver");
        let liver = of
            .iter()
            .filter_map(|row| Some(format!("{}: {}", row["case"], wrong_liver(definition, row)?)));
        found.extend(liver);
    }
    found
}

#[test]
fn every_vector_holds() {
    for (id, text) in FILES {
        let definition = load(id, text).unwrap();
        assert_eq!(definition.id, id);
        assert_eq!(failures(&definition), Vec::<String>::new(), "{id}");
    }
}

#[test]
fn copies_that_are_wrong_fail() {
    for (id, right, copied) in [
        // A one-page sheet that goes round gives -1.
        (
            "rucam",
            "after day 30, or rose again\", points = -2",
            "after day 30, or rose again\", points = -1",
        ),
        // Bands of another copy: 8 and more is highly probable.
        ("rucam", "from = 9", "from = 8"),
        // A concomitant drug that harms the liver counted as nothing.
        (
            "rucam",
            "known to harm the liver, with a time that fits\", points = -2",
            "known to harm the liver, with a time that fits\", points = 0",
        ),
        // A public tool takes points away for a dechallenge that is not known.
        (
            "alden",
            "{ id = \"continued_without_harm\", label = \"continued without harm\", points = -2 },\n  { id = \"unknown\", points = 0 }",
            "{ id = \"continued_without_harm\", label = \"continued without harm\", points = -2 },\n  { id = \"unknown\", points = -2 }",
        ),
    ] {
        let (_, text) = FILES.iter().find(|(known, _)| *known == id).unwrap();
        assert!(text.contains(right), "{id}: {right}");
        let definition = load(id, &text.replace(right, copied)).unwrap();
        assert!(!failures(&definition).is_empty(), "{id}: {copied}");
    }
}

#[test]
fn the_unverified_item_counts_only_when_asked_for() {
    let (id, text) = FILES[5];
    let definition = load(id, text).unwrap();
    let given =
        answers(&definition, "delay=5_to_28; in_body=present; notoriety=nothing; other_cause=yes");
    let total = |include_unverified| {
        let use_of = Use { include_unverified, ..Use::default() };
        decide(&definition, &use_of, &given).total.unwrap().as_published.unwrap()
    };
    assert_eq!((total(false), total(true)), (Decimal::from(3), Decimal::from(2)));
}
