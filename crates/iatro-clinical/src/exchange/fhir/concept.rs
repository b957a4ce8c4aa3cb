//! Codes, dates and numbers as FHIR writes them.

use rust_decimal::Decimal;

use super::resource::{Concept, Period, Quantity};
use crate::case::{CaseError, short};
use crate::evidence::EvidenceStatus;
use crate::exchange::object::wrong;
use crate::observable::{self, Observable};
use crate::observation::{NumberOrText, Reading};
use crate::unit::Unit;
use crate::when::When;

/// The code system of the catalogue's own ids.
pub(crate) const OWN_SYSTEM: &str = "https://iatro.example/fhir/CodeSystem/observable";

/// An observable, and the code that stands for it.
pub(super) struct Coded {
    pub(super) observable: &'static Observable,
    pub(super) code: String,
    pub(super) status: EvidenceStatus,
}

/// The observables that the codings of a concept stand for, each once.
pub(super) fn coded(concept: &Concept) -> Vec<Coded> {
    let mut found: Vec<Coded> = Vec::new();
    for coding in &concept.coding {
        let (Some(system), Some(code)) = (coding.system.as_deref(), coding.code.as_deref()) else {
            continue;
        };
        let known = match system {
            OWN_SYSTEM => observable::find(code).map(|known| (known, EvidenceStatus::Verified)),
            _ => terminology(system)
                .and_then(|short| observable::of_code(short, code))
                .map(|(known, own)| (known, own.status)),
        };
        if let Some((observable, status)) = known
            && found.iter().all(|other| other.observable.id != observable.id)
        {
            found.push(Coded { observable, code: code.to_owned(), status });
        }
    }
    found
}

fn terminology(system: &str) -> Option<&'static str> {
    match system {
        "http://loinc.org" | "https://loinc.org" | "urn:oid:2.16.840.1.113883.6.1" => Some("loinc"),
        "http://purl.obolibrary.org/obo/hp.owl" | "http://human-phenotype-ontology.org" => {
            Some("hpo")
        }
        _ => None,
    }
}

/// A concept for a note: `8302-2 (Body Height)`.
pub(super) fn named(concept: Option<&Concept>) -> String {
    let Some(concept) = concept else { return "without a code".to_owned() };
    let words = concept.words().map(|words| short(&words));
    let code = concept.coding.iter().find_map(|coding| coding.code.as_deref()).map(short);
    match (code, words) {
        (Some(code), Some(words)) if code != words => format!("{code} ({words})"),
        (_, Some(words)) => words,
        _ => "without a code".to_owned(),
    }
}

/// A date as written, if there is one.
pub(super) fn day(text: Option<&str>, path: &str) -> Result<Option<When>, CaseError> {
    let parsed = text
        .map(|text| text.parse().map_err(|e: crate::when::WhenError| wrong(path, &e.to_string())));
    parsed.transpose()
}

/// First and last day of a period.
pub(super) fn span(
    period: Option<&Period>,
    path: &str,
) -> Result<(Option<When>, Option<When>), CaseError> {
    let start = day(period.and_then(|p| p.start.as_deref()), &format!("{path}.start"))?;
    let end = day(period.and_then(|p| p.end.as_deref()), &format!("{path}.end"))?;
    Ok((start, end))
}

/// The number of a quantity with its comparator.
pub(super) fn reading(quantity: &Quantity, path: &str) -> Result<Option<Reading>, CaseError> {
    let Some(number) = &quantity.value else { return Ok(None) };
    let at_value = format!("{path}.value");
    let plain = Reading::try_from(NumberOrText::Number(number.clone()))
        .map_err(|error| wrong(&at_value, &error.to_string()))?;
    let Some(sign) = quantity.comparator.as_deref() else { return Ok(Some(plain)) };
    let at_sign = format!("{path}.comparator");
    let known = ["<", "<=", ">=", ">"].contains(&sign);
    let read = format!("{sign} {}", plain.number).parse().ok().filter(|_| known);
    read.map(Some).ok_or_else(|| {
        wrong(&at_sign, &format!("found \"{}\"; expected <, <=, >= or >", short(sign)))
    })
}

/// The unit of a quantity: its UCUM code, else its words. Code and words that contradict each other are an error, since
/// either may be the right one.
pub(super) fn unit(quantity: &Quantity, path: &str) -> Result<Option<String>, CaseError> {
    let filled = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let ucum =
        quantity.system.as_deref().is_none_or(|system| system == "http://unitsofmeasure.org");
    let code = filled(&quantity.code).filter(|_| ucum);
    let (text, code) = match (filled(&quantity.unit), code) {
        (None, None) => return Ok(None),
        (text, None) | (None, text) => return Ok(text),
        (Some(text), Some(code)) => (text, code),
    };
    match (Unit::parse(&code), Unit::parse(&text)) {
        (Ok(a), Ok(b)) if a.convert(Decimal::ONE, &b) != Some(Decimal::ONE) => {
            let problem = format!(
                "the unit is \"{}\" by its code and \"{}\" by its words; correct one of them",
                short(&code),
                short(&text)
            );
            Err(wrong(path, &problem))
        }
        (Err(_), Ok(_)) => Ok(Some(text)),
        _ => Ok(Some(code)),
    }
}
