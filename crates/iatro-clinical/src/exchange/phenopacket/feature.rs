//! Features by HPO term.

use super::Builder;
use super::age;
use super::packet::{Feature, Packet};
use crate::case::CaseError;
use crate::observable::{self, Kind};
use crate::observation::{Observation, Presence};

/// Terms for a number that is high or low: they say so without the number that a cut-off is held against.
const NUMBERLESS: [(&str, &str); 10] = [
    ("HP:0003281", "ferritin raised"),
    ("HP:0002155", "triglycerides raised"),
    ("HP:0011900", "fibrinogen low"),
    ("HP:0001873", "platelets low"),
    ("HP:0001903", "haemoglobin low"),
    ("HP:0001875", "neutrophils low"),
    ("HP:0001876", "all blood cells low"),
    ("HP:0031956", "AST raised"),
    ("HP:0031964", "ALT raised"),
    ("HP:0025435", "LDH raised"),
];

/// Liver and spleen both; its absence leaves open which of them is not enlarged.
const BOTH: &str = "HP:0001433";

impl Builder {
    pub(super) fn features(&mut self, packet: &Packet) -> Result<(), CaseError> {
        for (index, feature) in packet.phenotypic_features.iter().enumerate() {
            let path = format!("phenotypicFeatures[{index}]");
            let what =
                feature.r#type.as_ref().map_or_else(|| "without a term".to_owned(), |t| t.named());
            match self.found(feature) {
                Ok(found) => {
                    for id in found {
                        self.finding(&path, &what, feature, id)?;
                    }
                    self.ledger.used();
                }
                Err(reason) => self.ledger.not_used(&path, &format!("feature {what}"), &reason),
            }
        }
        Ok(())
    }

    /// The findings that a feature stands for, or why it stands for none.
    fn found(&self, feature: &Feature) -> Result<Vec<&'static str>, String> {
        let term =
            feature.r#type.as_ref().and_then(|class| class.id.as_deref()).unwrap_or_default();
        if term == BOTH {
            return if feature.excluded {
                Err("excluded as a pair: which of liver and spleen is not enlarged is left open"
                    .into())
            } else {
                Ok(vec!["hepatomegaly", "splenomegaly"])
            };
        }
        let numberless = NUMBERLESS.iter().find(|(known, _)| *known == term);
        match observable::of_code("hpo", term) {
            Some((known, _)) if matches!(known.kind, Kind::Finding { .. }) => {
                Ok(vec![known.id.as_str()])
            }
            Some((known, _)) => Err(format!("{}: no number, so it meets no cut-off", known.label)),
            None => Err(match numberless {
                Some((_, meaning)) if feature.excluded => {
                    format!("{meaning}: excluded, no number, so it is held against no cut-off")
                }
                Some((_, meaning)) => format!("{meaning}, no number, so it meets no cut-off"),
                None => "its term stands for nothing in the catalogue".to_owned(),
            }),
        }
    }

    fn finding(
        &mut self,
        path: &str,
        what: &str,
        feature: &Feature,
        id: &str,
    ) -> Result<(), CaseError> {
        let time = age::day(feature.onset.as_deref(), &format!("{path}.onset"))?;
        let onset = age::words(feature.onset.as_deref()).map(|age| format!("; onset {age}"));
        let resolved =
            age::words(feature.resolution.as_deref()).map(|age| format!("; resolved {age}"));
        if feature.resolution.is_some() {
            self.ledger.caution(
                path,
                what,
                "it resolved; whether before the event is for the reader to say",
            );
        }
        if time.is_none() {
            self.ledger.caution(path, "finding", "without a day it counts in every window");
        }
        let words =
            format!("{path} {what}{}{}", onset.unwrap_or_default(), resolved.unwrap_or_default());
        self.case.observations.push(Observation {
            id: format!(
                "feature-{}-{id}",
                path.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end_matches(']')
            ),
            observable: id.to_owned(),
            time,
            present: Some(if feature.excluded { Presence::No } else { Presence::Yes }),
            source: Some(words),
            ..Observation::default()
        });
        self.paths.push(path.to_owned());
        Ok(())
    }
}
