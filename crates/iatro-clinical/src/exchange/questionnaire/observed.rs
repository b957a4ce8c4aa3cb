//! What may be observed for an item, as questions.

use serde_json::{Value, json};

use super::quantity::is_ucum;
use crate::exchange::OWN_SYSTEM;
use crate::observable::{self, Kind};

/// The observable that is asked once for all items.
pub(super) const AGE: &str = "age";

/// The coding of an option of an observable.
pub(super) fn option_coding(observable: &str, option: &str) -> Value {
    json!({
        "system": OWN_SYSTEM,
        "code": format!("{observable}.{option}"),
        "display": option.replace('_', " "),
    })
}

/// The question for an observable.
pub(super) fn question(link: &str, id: &str) -> Value {
    let known = observable::find(id);
    let text = known.map_or(id, |known| known.label.as_str());
    let mut question = json!({ "linkId": link, "text": text, "repeats": true, "required": false });
    let Some(known) = known else {
        question["type"] = "string".into();
        return question;
    };
    let terminology = |system: &str| match system {
        "loinc" => "http://loinc.org",
        _ => "http://purl.obolibrary.org/obo/hp.owl",
    };
    let mut codes = vec![json!({ "system": OWN_SYSTEM, "code": known.id, "display": known.label })];
    codes.extend(
        known
            .codes
            .iter()
            .map(|own| json!({ "system": terminology(&own.system), "code": own.code })),
    );
    question["code"] = codes.into();
    match &known.kind {
        Kind::Quantity(kind) => {
            question["type"] = "quantity".into();
            let others = kind.equivalents.iter().map(|other| other.unit.text());
            let units =
                std::iter::once(kind.unit.text()).chain(others).filter(|unit| is_ucum(unit));
            let extension: Vec<Value> = units
                .map(|unit| {
                    json!({
                        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
                        "valueCoding": { "system": "http://unitsofmeasure.org", "code": unit, "display": unit },
                    })
                })
                .collect();
            question["extension"] = extension.into();
        }
        Kind::Finding { .. } => question["type"] = "boolean".into(),
        Kind::Choice { options } => {
            question["type"] = "choice".into();
            let options: Vec<Value> = options
                .iter()
                .map(|one| json!({ "valueCoding": option_coding(id, one) }))
                .collect();
            question["answerOption"] = options.into();
        }
    }
    question
}
