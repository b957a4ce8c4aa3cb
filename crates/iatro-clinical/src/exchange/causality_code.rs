//! The codes of a causality category in FHIR. The six are the same in every release; their letters are not: R4 and R4B
//! capitalise them, the terminology server does not, and the system is case-sensitive. Both are read.

use serde_json::{Value, json};

/// The code system of the categories.
pub const CAUSALITY_SYSTEM: &str =
    "http://terminology.hl7.org/CodeSystem/adverse-event-causality-assess";

/// A category of the WHO-UMC system, as FHIR codes it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum CausalityCode {
    /// `Certain`.
    Certain,
    /// `Probably-Likely`.
    ProbablyLikely,
    /// `Possible`.
    Possible,
    /// `Unlikely`.
    Unlikely,
    /// `Conditional-Classified`.
    ConditionalClassified,
    /// `Unassessable-Unclassifiable`.
    UnassessableUnclassifiable,
}

/// For which release codes are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FhirRelease {
    /// R4 and R4B: capitalised.
    R4,
    /// The terminology server and R5: lower case.
    Terminology,
}

impl CausalityCode {
    /// Every category, from certain down.
    pub const ALL: [Self; 6] = [
        Self::Certain,
        Self::ProbablyLikely,
        Self::Possible,
        Self::Unlikely,
        Self::ConditionalClassified,
        Self::UnassessableUnclassifiable,
    ];

    /// The code, written for a release.
    pub fn code(self, release: FhirRelease) -> String {
        let code = match self {
            Self::Certain => "Certain",
            Self::ProbablyLikely => "Probably-Likely",
            Self::Possible => "Possible",
            Self::Unlikely => "Unlikely",
            Self::ConditionalClassified => "Conditional-Classified",
            Self::UnassessableUnclassifiable => "Unassessable-Unclassifiable",
        };
        match release {
            FhirRelease::R4 => code.to_owned(),
            FhirRelease::Terminology => code.to_lowercase(),
        }
    }

    /// The category of a code in either spelling.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|one| one.code(FhirRelease::R4).eq_ignore_ascii_case(code.trim()))
    }

    /// As a Coding.
    pub fn coding(self, release: FhirRelease) -> Value {
        json!({ "system": CAUSALITY_SYSTEM, "code": self.code(release) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_either_spelling_and_written_by_release() {
        for one in CausalityCode::ALL {
            for release in [FhirRelease::R4, FhirRelease::Terminology] {
                assert_eq!(CausalityCode::read(&one.code(release)), Some(one));
            }
        }
        let likely = CausalityCode::ProbablyLikely;
        assert_eq!(likely.code(FhirRelease::R4), "Probably-Likely");
        assert_eq!(likely.code(FhirRelease::Terminology), "probably-likely");
        assert_eq!(CausalityCode::read("probable"), None);
    }
}
