//! What the fields of a case say of one drug, each with its reason and the row it rests on.

mod alternative;
mod challenge;
mod time;

use crate::case::{Case, Drug, DrugKind, DrugRole};
use crate::logic::Ternary;

/// A fact of three values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fact {
    pub(super) state: Ternary,
    pub(super) reason: String,
    pub(super) source: Option<String>,
}

impl Fact {
    pub(super) fn new(state: Ternary, reason: impl Into<String>, source: Option<&str>) -> Self {
        Self { state, reason: reason.into(), source: source.map(str::to_owned) }
    }
}

/// A drug within its case.
#[derive(Clone, Copy)]
pub(super) struct DrugFacts<'a> {
    pub(super) case: &'a Case,
    pub(super) drug: &'a Drug,
}

impl<'a> DrugFacts<'a> {
    pub(super) fn new(case: &'a Case, drug: &'a Drug) -> Self {
        Self { case, drug }
    }

    /// The path of a field of the drug within the case.
    pub(super) fn row(&self, field: &str) -> String {
        format!("drugs.{}.{field}", self.drug.id)
    }

    /// Whether it is given once, so that there is nothing to withdraw.
    pub(super) fn is_given_once(&self) -> bool {
        self.drug.kind != DrugKind::Drug
    }

    /// Other drugs under suspicion that were not surely begun after the onset.
    fn rivals(&self) -> impl Iterator<Item = DrugFacts<'a>> + use<'a> {
        let (case, own) = (self.case, self.drug.id.clone());
        case.drugs
            .iter()
            .filter(move |drug| drug.id != own)
            .filter(|drug| matches!(drug.role, DrugRole::Suspect | DrugRole::Interacting))
            .map(move |drug| DrugFacts::new(case, drug))
            .filter(|rival| rival.precedes().state != Ternary::NotMet)
    }
}
