//! Which form a file has, by what stands at its top.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fhir;
use super::imported::{Control, Imported, SourceKind};
use super::object::{Object, wrong};
use super::phenopacket;
use crate::case::{self, CaseError, place, short, text_of};

/// The most that is read of a Bundle.
const MOST_BYTES: usize = 128 << 20;

/// What tells the forms apart.
#[derive(Deserialize)]
struct Top {
    form: Option<IgnoredAny>,
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    #[serde(rename = "metaData", alias = "meta_data")]
    meta_data: Option<IgnoredAny>,
    #[serde(rename = "phenotypicFeatures", alias = "phenotypic_features")]
    features: Option<IgnoredAny>,
    subject: Option<IgnoredAny>,
}

/// Reads a case from a file of any form that is known: our own JSON, a FHIR R4 Bundle, a phenopacket. A day after
/// `today` is an error. XML is refused unread.
pub fn read_any(bytes: &[u8], today: Date) -> Result<Imported, CaseError> {
    if bytes.len() > MOST_BYTES {
        return Err(CaseError::TooLarge { bytes: bytes.len(), most: MOST_BYTES });
    }
    let text = text_of(bytes)?;
    let top: Object<Top> = serde_json::from_str(text).map_err(|error| place(".", &error))?;
    if top.form.is_some() {
        let case = case::read(bytes, today)?;
        let control = Control { read: 1, used: 1, not_used: 0 };
        return Ok(Imported { case, kind: SourceKind::Case, notes: Vec::new(), control });
    }
    match top.resource_type.as_deref() {
        Some("Bundle") => fhir::read(text, today),
        Some(other) => {
            let problem = format!(
                "found \"{}\"; expected \"Bundle\". Put the patient's resources into one Bundle",
                short(other)
            );
            Err(wrong("resourceType", &problem))
        }
        None if top.meta_data.is_some() || top.features.is_some() || top.subject.is_some() => {
            phenopacket::read(text, today)
        }
        None => {
            let problem = "neither \"form\" (a case), \"resourceType\" (a FHIR Bundle) nor \"metaData\" (a phenopacket) \
                           stands at the top";
            Err(wrong("line 1", problem))
        }
    }
}
