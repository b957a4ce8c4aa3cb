//! The checks: each its own file, here in one list.

mod active_comparator;
mod as_reported;
mod duplicates;
mod event_terms;
mod hlh_as_indication;
mod leave_one_country_out;
mod masking;
mod notoriety;
mod other_database;
mod protopathic_therapy;
mod reporters;
mod serious_only;
mod strata;
mod suspect_only;
mod triggers;

use super::context::Bench;
use super::outcome::{FewLeft, Reason};
use crate::count::{Counts, Plan};
use crate::run::{Estimates, RunError};

/// A check: what it is, and how it counts.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its id, as studies declare it.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Why it is done, in one sentence.
    pub rationale: &'static str,
    /// The bias it guards against.
    pub bias: &'static str,
    /// What few cases left mean.
    pub few_left: FewLeft,
    pub(crate) recount: for<'b> fn(&'b Bench<'b>) -> Result<Recounting<'b>, RunError>,
}

/// Every check, in the order in which studies usually declare them.
pub const CHECKS: [Check; 20] = [
    as_reported::CHECK,
    hlh_as_indication::CHECK,
    protopathic_therapy::CHECK,
    triggers::WITHOUT_MALIGNANCY,
    triggers::WITHOUT_INFECTION,
    triggers::WITHOUT_RHEUMATIC_DISEASE,
    triggers::WITHOUT_TRANSPLANTATION,
    suspect_only::CHECK,
    duplicates::CHECK,
    reporters::CHECK,
    serious_only::CHECK,
    strata::CHECK,
    active_comparator::CHECK,
    notoriety::BEFORE,
    notoriety::AFTER,
    masking::CHECK,
    leave_one_country_out::CHECK,
    event_terms::BROAD,
    event_terms::NARROW,
    other_database::CHECK,
];

/// What a check wants counted, and the answer that it makes of it. The plans of all checks are counted together.
pub(crate) struct Recounting<'b> {
    /// Empty if the check has its answer already.
    pub(super) plans: Vec<Plan>,
    /// Given the counts of the plans, in their order.
    pub(super) answer: Reading<'b>,
}

/// The answer to counts.
pub(super) type Reading<'b> = Box<dyn FnOnce(&[Counts]) -> Result<Answer, RunError> + Send + 'b>;

impl<'b> Recounting<'b> {
    pub(crate) fn new(
        plans: Vec<Plan>,
        answer: impl FnOnce(&[Counts]) -> Result<Answer, RunError> + Send + 'b,
    ) -> Self {
        Self { plans, answer: Box::new(answer) }
    }
}

impl From<Answer> for Recounting<'_> {
    fn from(answer: Answer) -> Self {
        Self::new(Vec::new(), |_| Ok(answer))
    }
}

/// What a check found.
pub(crate) enum Answer {
    /// It cannot be done on these reports; the reason in words.
    NotAssessable(Reason, String),
    /// One recount, or several of which the weakest stands in the row.
    Counted(Vec<Recount>),
}

impl Answer {
    pub(crate) fn missing(text: &str) -> Self {
        Self::NotAssessable(Reason::InformationMissing, text.to_owned())
    }

    pub(crate) fn not_applicable(text: &str) -> Self {
        Self::NotAssessable(Reason::NotApplicable, text.to_owned())
    }
}

/// A count of all subjects.
pub(crate) struct Recount {
    /// Eligible reports, where all rows are of one count.
    pub(crate) reports: Option<u64>,
    /// Of these, with the event.
    pub(crate) cases: Option<u64>,
    /// One a subject, in their order.
    pub(crate) rows: Vec<Row>,
}

/// A subject in a count.
#[derive(Clone)]
pub(crate) struct Row {
    /// What was counted, or why nothing was.
    pub(crate) estimates: Result<Estimates, (Reason, String)>,
    /// Against or without what.
    pub(crate) detail: Option<String>,
    /// Whether the limit of the ROR decides instead of that of the IC. Against few comparators the IC has a
    /// low ceiling: its expected count is made of the substance's own cases too.
    pub(crate) by_ror: bool,
}

impl Row {
    pub(crate) fn counted(estimates: Estimates) -> Self {
        Self { estimates: Ok(estimates), detail: None, by_ror: false }
    }

    pub(crate) fn not_applicable(text: &str) -> Self {
        let estimates = Err((Reason::NotApplicable, text.to_owned()));
        Self { estimates, detail: None, by_ror: false }
    }

    pub(crate) fn with(mut self, detail: &str) -> Self {
        self.detail = Some(detail.to_owned());
        self
    }
}

/// Why a check that chooses its own comparator is not done beside a named one.
pub(crate) const NAMED_COMPARATOR: &str = "the run itself compares with named substances";
