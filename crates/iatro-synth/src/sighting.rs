//! One version of a case in one quarter: a report with its ids, dates and what it hides.

use crate::report::{Drug, Report, Term};

/// A report's id and its case's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    /// ISR, or primaryid.
    pub(crate) report: u64,
    pub(crate) case: u64,
}

/// What is written for one report version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting<'a> {
    pub(crate) report: &'a Report,
    pub(crate) ids: Ids,
    /// The case version; in legacy files it makes the follow-up number.
    pub(crate) version: u32,
    pub(crate) initial: bool,
    /// Day of first receipt, and of this receipt.
    pub(crate) first_received: i32,
    pub(crate) received: i32,
    /// The event and its treatment are not disclosed yet.
    pub(crate) withheld: bool,
    /// Rows may be cut: nothing planted is on the report, and no other version exists.
    pub(crate) expendable: bool,
    pub(crate) without_drug: bool,
    pub(crate) without_reaction: bool,
}

impl<'a> Sighting<'a> {
    /// The drugs that are written, with their sequence number.
    pub(crate) fn drugs(self) -> impl Iterator<Item = (usize, &'a Drug)> {
        let shown = move |drug: &Drug| !(self.without_drug || self.withheld && drug.treats_event);
        let numbered = self.report.drugs.iter().enumerate();
        numbered.filter(move |(_, drug)| shown(drug)).map(|(index, drug)| (index + 1, drug))
    }

    /// The reaction terms that are written.
    pub(crate) fn terms(self) -> impl Iterator<Item = Term> {
        let shown =
            move |term: &Term| !(self.without_reaction || self.withheld && *term == Term::Event);
        self.report.terms.iter().copied().filter(shown)
    }
}
