//! An assessment as a QuestionnaireResponse.

use serde_json::{Value, json};

use super::observed::{AGE, option_coding};
use super::options::{VERDICTS, chosen, options, verdict};
use super::quantity::{number, quantity};
use super::{answer_link, asked, observed_link, url};
use crate::assess::{Assessment, Evidence, ItemResult, Verdict};
use crate::instrument::{Instrument, Item};
use crate::observable::{self, Kind};
use crate::observation::Reading;

/// The response of an assessment to the Questionnaire of its instrument: every question, those that are not known without
/// an answer. `in-progress` while the verdict (for an instrument without a rule, the total) is open.
pub fn response(instrument: &Instrument, assessment: &Assessment) -> Value {
    let result = |item: &Item| assessment.items.iter().find(|result| result.id == item.id);
    let mut items = Vec::new();
    let asked = asked(instrument);
    if asked.iter().any(|item| item.observables().contains(&AGE)) {
        let evidence = assessment.items.iter().flat_map(|item| &item.evidence);
        let answers = observed(evidence, AGE);
        items.push(json!({ "linkId": "patient", "item": [answered(AGE, answers)] }));
    }
    items.extend(asked.iter().map(|item| group(instrument, item, result(item))));
    items.push(total(instrument, assessment));
    let open = match assessment.verdict {
        Verdict::Indeterminate => true,
        Verdict::None => assessment.score.min != assessment.score.max,
        Verdict::Fulfilled | Verdict::NotFulfilled => false,
    };
    json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": format!("{}|{}", url(instrument), env!("CARGO_PKG_VERSION")),
        "status": if open { "in-progress" } else { "completed" },
        "item": items,
    })
}

/// A question with its answers; without `answer` where there is none, as FHIR has no empty lists.
fn answered(link: &str, answers: Vec<Value>) -> Value {
    let mut item = json!({ "linkId": link });
    if !answers.is_empty() {
        item["answer"] = answers.into();
    }
    item
}

fn group(instrument: &Instrument, item: &Item, result: Option<&ItemResult>) -> Value {
    let mut inner: Vec<Value> = item
        .observables()
        .into_iter()
        .filter(|id| *id != AGE)
        .map(|id| {
            let evidence = result.into_iter().flat_map(|result| &result.evidence);
            answered(&observed_link(item, id), observed(evidence, id))
        })
        .collect();
    let answer = result.and_then(|result| {
        if item.linear.is_some() {
            let settled = result.points.min == result.points.max;
            return settled.then(|| json!({ "valueDecimal": number(result.points.min) }));
        }
        chosen(&options(instrument, item), result).map(|coding| json!({ "valueCoding": coding }))
    });
    inner.push(answered(&answer_link(item), answer.into_iter().collect()));
    json!({ "linkId": item.id, "item": inner })
}

/// What was observed, each value once.
fn observed<'a>(evidence: impl Iterator<Item = &'a Evidence>, id: &str) -> Vec<Value> {
    let mut answers: Vec<Value> = Vec::new();
    for row in evidence.filter(|row| row.observable == id) {
        let answer = row.value.as_deref().and_then(|value| answer(id, value));
        if let Some(answer) = answer.filter(|answer| !answers.contains(answer)) {
            answers.push(answer);
        }
    }
    answers
}

/// The answer behind a value as recorded: `> 40000 ng/mL`, `present (marrow_aspirate)`, `low_flow`.
fn answer(id: &str, value: &str) -> Option<Value> {
    match &observable::find(id)?.kind {
        Kind::Quantity(kind) => {
            let (reading, unit) = value.rsplit_once(' ')?;
            let reading: Reading = reading.parse().ok()?;
            let mut answer = quantity(reading.number, unit, Some(reading.comparator));
            // A unit as a laboratory prints it is no UCUM code.
            let known = std::iter::once(&kind.unit).chain(kind.equivalents.iter().map(|e| &e.unit));
            let ucum = known.into_iter().any(|known| known.text() == unit);
            if let Some(fields) = answer.as_object_mut().filter(|_| !ucum) {
                fields.remove("system");
                fields.remove("code");
            }
            Some(json!({ "valueQuantity": answer }))
        }
        Kind::Finding { .. } => match value.split(' ').next()? {
            "present" => Some(json!({ "valueBoolean": true })),
            "absent" => Some(json!({ "valueBoolean": false })),
            _ => None,
        },
        Kind::Choice { options } => {
            let found = options.iter().find(|option| *option == value)?;
            Some(json!({ "valueCoding": option_coding(id, found) }))
        }
    }
}

fn total(instrument: &Instrument, assessment: &Assessment) -> Value {
    let decimal = |value| vec![json!({ "valueDecimal": number(value) })];
    let score = assessment.score;
    let settled = if score.min == score.max { decimal(score.min) } else { Vec::new() };
    let mut inner = vec![
        answered("result.total", settled),
        answered("result.least", decimal(score.min)),
        answered("result.most", decimal(score.max)),
    ];
    if instrument.rule.is_some() {
        let found = VERDICTS.iter().find(|(own, _, _)| *own == assessment.verdict);
        let coding =
            found.map(|(_, code, display)| json!({ "valueCoding": verdict(code, display) }));
        inner.push(answered("result.verdict", coding.into_iter().collect()));
    }
    json!({ "linkId": "result", "item": inner })
}
