//! Measurements and diseases.

use super::Builder;
use super::age;
use super::packet::{Class, Measurement, Packet, Quantity};
use crate::case::{CaseError, Trigger, TriggerRole, TriggerStatus, short};
use crate::evidence::EvidenceStatus;
use crate::exchange::hlh;
use crate::exchange::object::wrong;
use crate::observable::{self, Kind};
use crate::observation::{NumberOrText, Observation, Reading};
use crate::unit::Unit;

impl Builder {
    pub(super) fn measurements(&mut self, packet: &Packet) -> Result<(), CaseError> {
        for (index, row) in packet.measurements.iter().enumerate() {
            let path = format!("measurements[{index}]");
            let name =
                row.assay.as_ref().map_or_else(|| "without an assay".to_owned(), |a| a.named());
            match self.measurement(&path, &name, row)? {
                None => self.ledger.used(),
                Some(reason) => {
                    self.ledger.not_used(&path, &format!("measurement {name}"), &reason);
                }
            }
        }
        Ok(())
    }

    /// `None` if it became an observation, else why not.
    fn measurement(
        &mut self,
        path: &str,
        name: &str,
        row: &Measurement,
    ) -> Result<Option<String>, CaseError> {
        let id = row.assay.as_ref().and_then(|assay| assay.id.as_deref()).unwrap_or_default();
        let code = id.strip_prefix("LOINC:").unwrap_or_default();
        let Some((known, own)) = observable::of_code("loinc", code) else {
            return Ok(Some("its assay stands for nothing in the catalogue".to_owned()));
        };
        if !matches!(known.kind, Kind::Quantity(_)) {
            return Ok(Some(format!("{} is no number", known.label)));
        }
        let Some(quantity) = row.value.as_ref().and_then(|value| value.quantity.as_ref()) else {
            let class = row.value.as_ref().and_then(|value| value.ontology_class.as_ref());
            let word = class.map(|class| class.named());
            let complex =
                row.complex_value.is_some().then(|| "a value of several parts".to_owned());
            let found = word.or(complex).unwrap_or_else(|| "no value".to_owned());
            return Ok(Some(format!("{}: no number, so it meets no cut-off", short(&found))));
        };
        let at = format!("{path}.value.quantity");
        let number = number(quantity.value.as_ref(), &format!("{at}.value"))?;
        let Some(number) = number else { return Ok(Some("no value".to_owned())) };
        let text = unit(quantity.unit.as_deref(), &format!("{at}.unit"))?;
        if own.status == EvidenceStatus::Unverified {
            let reason = format!("that it stands for {} is unverified", known.id);
            self.ledger.caution(path, &format!("code {}", short(code)), &reason);
        }
        let time = age::day(row.time_observed.as_deref(), &format!("{path}.timeObserved"))?;
        let told = age::words(row.time_observed.as_deref());
        let told = told.map_or_else(String::new, |age| format!("; at {age}"));
        if time.is_none() {
            self.ledger.caution(path, "measurement", "without a day it counts in every window");
        }
        self.case.observations.push(Observation {
            id: format!("measurement-{}", self.paths.len()),
            observable: known.id.clone(),
            time,
            value: Some(number),
            upper_limit: upper_limit(quantity, &text, &at)?,
            unit: Some(text),
            source: Some(format!("{path} {name}{told}")),
            ..Observation::default()
        });
        self.paths.push(path.to_owned());
        Ok(None)
    }

    /// Diseases are possible causes of unknown role.
    pub(super) fn diseases(&mut self, packet: &Packet) -> Result<(), CaseError> {
        for (index, row) in packet.diseases.iter().enumerate() {
            let path = format!("diseases[{index}]");
            let named =
                row.term.as_ref().map_or_else(|| "without a term".to_owned(), |term| term.named());
            let label =
                row.term.as_ref().and_then(|term| term.label.clone().or_else(|| term.id.clone()));
            let Some(label) = label.filter(|label| !label.trim().is_empty()) else {
                self.ledger.not_used(&path, "disease without a term", "it has no name");
                continue;
            };
            if hlh::is_event(&label) {
                let reason = "a diagnosis of the event itself; no criterion is met by one, and its onset is an age";
                self.ledger.not_used(&path, &format!("disease {named}"), reason);
                continue;
            }
            let onset = age::words(row.onset.as_deref()).map(|age| format!("; onset {age}"));
            let resolved =
                age::words(row.resolution.as_deref()).map(|age| format!("; resolved {age}"));
            let told = format!("{}{}", onset.unwrap_or_default(), resolved.unwrap_or_default());
            self.case.triggers.push(Trigger {
                id: format!("disease-{index}"),
                name: label,
                status: if row.excluded {
                    TriggerStatus::TestedNegative
                } else {
                    TriggerStatus::Present
                },
                role: TriggerRole::Unknown,
                mediator_of: Vec::new(),
                time: age::day(row.onset.as_deref(), &format!("{path}.onset"))?,
                source: Some(format!("{path} {named}{told}")),
            });
            self.ledger.used();
        }
        Ok(())
    }
}

/// A number, if there is one.
pub(super) fn number(
    value: Option<&serde_json::Number>,
    path: &str,
) -> Result<Option<Reading>, CaseError> {
    let read = |number: &serde_json::Number| {
        Reading::try_from(NumberOrText::Number(number.clone()))
            .map_err(|error| wrong(path, &error.to_string()))
    };
    value.map(read).transpose()
}

/// A unit by its UCUM id (`UCUM:ng/mL`), else its label.
fn unit(class: Option<&Class>, path: &str) -> Result<String, CaseError> {
    let id = class.and_then(|class| class.id.as_deref()).and_then(|id| id.strip_prefix("UCUM:"));
    let text = id.or_else(|| class.and_then(|class| class.label.as_deref())).map(str::trim);
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Err(wrong(path, "no unit; expected one of UCUM, such as UCUM:ng/mL"));
    };
    Unit::parse(text).map_err(|error| wrong(path, &error.to_string()))?;
    Ok(text.to_owned())
}

/// The high end of the reference range, if it is in the unit of the value.
fn upper_limit(
    quantity: &Quantity,
    own: &str,
    path: &str,
) -> Result<Option<rust_decimal::Decimal>, CaseError> {
    let Some(range) = &quantity.reference_range else { return Ok(None) };
    let at = format!("{path}.referenceRange");
    let Some(high) = number(range.high.as_ref(), &format!("{at}.high"))? else { return Ok(None) };
    let other = unit(range.unit.as_deref(), &format!("{at}.unit"))?;
    let units = Unit::parse(&other).ok().zip(Unit::parse(own).ok());
    Ok(units.and_then(|(from, to)| from.convert(high.number, &to)))
}
