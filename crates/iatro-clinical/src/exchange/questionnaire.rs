//! An instrument as a FHIR R4 Questionnaire, and an assessment as a response to it.
//!
//! Each item is a group: what may be observed for it, and one question whose options carry their points
//! (`ordinalValue`). What is not known is present without an answer, never answered with "no".

mod observed;
mod options;
mod quantity;
mod response;

use rust_decimal::Decimal;
use serde_json::{Value, json};

pub use response::response;

use self::observed::{AGE, question};
use self::options::options;
use crate::evidence::EvidenceStatus;
use crate::instrument::{Criterion, Instrument, Item, Level, in_words};
use crate::observation::Comparator;

/// The extension that carries the points of an option.
pub(super) const ORDINAL: &str = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

/// Where the questionnaires of these instruments have their canonical addresses.
pub(super) const BASE: &str = "https://iatro.example/fhir";

/// The canonical address of an instrument's Questionnaire.
pub(super) fn url(instrument: &Instrument) -> String {
    format!("{BASE}/Questionnaire/{}", instrument.id)
}

/// The Questionnaire of an instrument. `status` is `draft` where the instrument is unverified; what is unverified by
/// itself says so in its text.
pub fn questionnaire(instrument: &Instrument) -> Value {
    let verified = instrument.evidence_status == EvidenceStatus::Verified;
    let title = if verified {
        instrument.name.clone()
    } else {
        format!("{} (unverified)", instrument.name)
    };
    let mut items = vec![display("notice", "Research use. Not a medical device.")];
    let asked = asked(instrument);
    if asked.iter().any(|item| item.observables().contains(&AGE)) {
        let age = question(AGE, AGE);
        items.push(
            json!({ "linkId": "patient", "text": "Patient", "type": "group", "item": [age] }),
        );
    }
    items.extend(asked.iter().map(|item| group(instrument, item)));
    items.push(result(instrument));
    json!({
        "resourceType": "Questionnaire",
        "id": instrument.id,
        "url": url(instrument),
        "version": env!("CARGO_PKG_VERSION"),
        "name": name(&instrument.id),
        "title": title,
        "status": if verified { "active" } else { "draft" },
        "experimental": true,
        "subjectType": ["Patient"],
        "description": description(instrument),
        "item": items,
    })
}

/// What is asked: the items, and what must hold for the total to mean anything, where it asks for something of its own.
pub(super) fn asked(instrument: &Instrument) -> Vec<Item> {
    let requirement = instrument.requires.iter().map(|requirement| Item {
        id: "requires".to_owned(),
        label: requirement.label.clone(),
        levels: vec![Level { when: requirement.when.clone(), points: Decimal::ZERO, label: None }],
        otherwise: Decimal::ZERO,
        unknown: None,
        linear: None,
        evidence_status: EvidenceStatus::Verified,
        note: None,
    });
    let requirement = requirement.filter(|item| !item.observables().is_empty());
    instrument.items.iter().cloned().chain(requirement).collect()
}

fn description(instrument: &Instrument) -> String {
    let mut lines = vec![
        "Research use. Not a medical device.".to_owned(),
        instrument.purpose.clone(),
        format!("Population: {}", instrument.population),
        "Not validated for iatrogenic HLH.".to_owned(),
    ];
    lines.extend(instrument.caveats.iter().cloned());
    if let Some(rule) = &instrument.rule {
        lines.push(format!("Fulfilled: {}{}", rule.label, mark(rule.evidence_status)));
    }
    lines.push(instrument.citation.text.clone());
    lines.join("\n\n")
}

/// `Hlh2004` of `hlh-2004`: a name that programs can use.
fn name(id: &str) -> String {
    let word = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let joined: String = id.split('-').map(word).collect();
    if joined.starts_with(|c: char| c.is_ascii_uppercase()) { joined } else { format!("I{joined}") }
}

fn mark(status: EvidenceStatus) -> &'static str {
    if status == EvidenceStatus::Verified { "" } else { " (unverified)" }
}

fn display(link: &str, text: &str) -> Value {
    json!({ "linkId": link, "text": text, "type": "display" })
}

/// The linkId of the question that is scored.
pub(super) fn answer_link(item: &Item) -> String {
    format!("{}.answer", item.id)
}

/// The linkId of what is observed for an item.
pub(super) fn observed_link(item: &Item, observable: &str) -> String {
    format!("{}.observed.{observable}", item.id)
}

fn group(instrument: &Instrument, item: &Item) -> Value {
    let mut inner: Vec<Value> = item
        .observables()
        .into_iter()
        .filter(|id| *id != AGE)
        .map(|id| question(&observed_link(item, id), id))
        .collect();
    for level in &item.levels {
        conditional(instrument, item, &level.when, &mut inner);
    }
    if let Some(note) = &item.note {
        inner.push(display(&format!("{}.note", item.id), note));
    }
    inner.push(scored(instrument, item));
    let text = format!("{}{}", item.label, mark(item.evidence_status));
    json!({ "linkId": item.id, "text": text, "type": "group", "item": inner })
}

/// The question that is scored: a choice among levels, or a number for an item that adds a multiple of one.
fn scored(instrument: &Instrument, item: &Item) -> Value {
    let link = answer_link(item);
    if item.linear.is_some() {
        return json!({ "linkId": link, "text": format!("{}: points", item.label), "type": "decimal" });
    }
    let options: Vec<Value> = options(instrument, item)
        .iter()
        .map(|option| {
            json!({
                "extension": [{ "url": ORDINAL, "valueDecimal": quantity::number(option.points) }],
                "valueCoding": option.coding,
            })
        })
        .collect();
    json!({ "linkId": link, "text": item.label, "type": "choice", "answerOption": options })
}

/// What is asked where a cut-off depends on something else, such as age: a line for each side, shown when its side holds.
fn conditional(instrument: &Instrument, item: &Item, when: &Criterion, out: &mut Vec<Value>) {
    match when {
        Criterion::All(of) | Criterion::Any(of) | Criterion::AtLeast { of, .. } => {
            of.iter().for_each(|one| conditional(instrument, item, one, out));
        }
        Criterion::Not(one) => conditional(instrument, item, one, out),
        Criterion::If { condition, then, otherwise } => {
            for (holds, side) in [(true, then), (false, otherwise)] {
                if let Some(enable) = enable_when(item, condition, holds) {
                    let link = format!("{}.when.{}", item.id, out.len());
                    let negation = if holds { "" } else { "not " };
                    let text = {
                        let words = |one: &Criterion| in_words(one, instrument);
                        format!("If {negation}{}: {}", words(condition), words(side))
                    };
                    let mut line = display(&link, &text);
                    line["enableWhen"] = json!([enable]);
                    out.push(line);
                }
                conditional(instrument, item, side, out);
            }
        }
        _ => {}
    }
}

/// A condition on one answer, or its opposite.
fn enable_when(item: &Item, condition: &Criterion, holds: bool) -> Option<Value> {
    let link = |id: &str| if id == AGE { AGE.to_owned() } else { observed_link(item, id) };
    match condition {
        Criterion::Compare { observable, comparator, limits } => {
            let limit = limits.first()?;
            let sign = if holds { comparator.sign() } else { opposite(*comparator) };
            let quantity = quantity::quantity(limit.number, limit.unit.text(), None);
            Some(
                json!({ "question": link(observable), "operator": sign, "answerQuantity": quantity }),
            )
        }
        Criterion::Finding { observable, sites } if sites.is_empty() => {
            Some(json!({ "question": link(observable), "operator": "=", "answerBoolean": holds }))
        }
        _ => None,
    }
}

/// The operator that holds where a comparator does not.
fn opposite(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Less => ">=",
        Comparator::AtMost => ">",
        Comparator::Equal => "!=",
        Comparator::AtLeast => "<",
        Comparator::Greater => "<=",
    }
}

fn result(instrument: &Instrument) -> Value {
    let number = |link: &str, text: &str| json!({ "linkId": link, "text": text, "type": "decimal", "readOnly": true });
    let mut inner = vec![
        number("result.total", "Total; no answer while items that matter are unknown"),
        number("result.least", "Least total that the unknown items leave possible"),
        number("result.most", "Most"),
    ];
    if let Some(rule) = &instrument.rule {
        let options: Vec<Value> = options::VERDICTS
            .iter()
            .map(|(_, code, display)| json!({ "valueCoding": options::verdict(code, display) }))
            .collect();
        let text = format!("{}{}", rule.label, mark(rule.evidence_status));
        inner.push(json!({
            "linkId": "result.verdict", "text": text, "type": "choice", "readOnly": true, "answerOption": options,
        }));
    }
    json!({ "linkId": "result", "text": "Result", "type": "group", "item": inner })
}
