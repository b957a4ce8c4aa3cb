//! The reports of a plan, one after another, with what on each is an exposure.

use std::ops::Range;

use roaring::RoaringBitmap;

use crate::corpus::Corpus;
use crate::count::bits::Bits;
use crate::count::groups::Numbered;
use crate::count::{Exposures, Plan};

/// Reports a task scans: at most, and at least where there are few.
const CHUNK: usize = 1 << 16;
const SMALL_CHUNK: usize = if cfg!(test) { 64 } else { 1 << 12 };
/// Fewer than one report in so many are listed rather than looked for.
const SPARSE: u64 = 8;
/// Tasks that few reports are divided among.
const TASKS: usize = 16;

/// Whether reports are so few that they are listed rather than looked for.
pub(super) fn are_few(reports: &RoaringBitmap, corpus: &Corpus) -> bool {
    reports.len() < corpus.reports() as u64 / SPARSE
}

/// So many reports in ranges, one a task.
pub(super) fn chunks(reports: usize) -> Vec<Range<usize>> {
    let size = (reports / TASKS).clamp(SMALL_CHUNK, CHUNK);
    (0..reports).step_by(size).map(|at| at..(at + size).min(reports)).collect()
}

/// A plan made ready for a scan.
pub(super) struct Scan<'p> {
    corpus: &'p Corpus,
    exposures: Exposures<'p>,
    event_terms: Bits,
    compared: Bits,
    /// The places of the reports that count, where they are few; `None` to look at all.
    places: Option<Vec<u32>>,
}

/// The reports with a term, and those with the event.
pub(super) struct Reacted {
    any: Bits,
    event: Bits,
}

/// A report that has a term.
pub(super) struct Report {
    pub(super) place: usize,
    pub(super) case: bool,
}

impl<'p> Scan<'p> {
    pub(super) fn new(corpus: &'p Corpus, plan: &Plan) -> Self {
        let ids = |ids: &[u32]| Bits::new(ids.iter().copied(), ids.iter().max().copied());
        Self {
            corpus,
            exposures: Exposures::new(corpus, plan),
            event_terms: plan.terms_of_event(),
            compared: ids(&plan.comparator),
            places: plan
                .selection
                .reports
                .as_ref()
                .filter(|r| are_few(r, corpus))
                .map(|r| r.iter().collect()),
        }
    }

    /// Ranges that together hold every report that may count.
    pub(super) fn chunks(&self) -> Vec<Range<usize>> {
        chunks(self.places.as_ref().map_or(self.corpus.reports(), Vec::len))
    }

    /// The eligible reports of a range.
    pub(super) fn eligible(&self, range: Range<usize>) -> impl Iterator<Item = Report> + '_ {
        self.reacted(range).filter(|report| self.exposures.any(report.place))
    }

    /// The reports of a range that have a term, those without an exposure among them.
    pub(super) fn reacted(&self, range: Range<usize>) -> impl Iterator<Item = Report> + '_ {
        range.filter_map(|at| {
            let place = match &self.places {
                None => at,
                Some(places) => *places.get(at)? as usize,
            };
            Some(Report { place, case: self.case(place)? })
        })
    }

    /// Whether a report has the event; `None` if it has no term.
    fn case(&self, place: usize) -> Option<bool> {
        if place >= self.corpus.reports() {
            return None;
        }
        let has_term = !self.corpus.events(place).is_empty();
        has_term.then(|| self.corpus.has_any(place, &self.event_terms))
    }

    /// What the terms of all reports say, for those who look at reports here and there: their terms are far apart in
    /// memory, these sets are not.
    pub(super) fn all_reacted(&self) -> Reacted {
        let reports = self.corpus.reports();
        Reacted {
            any: Bits::where_holds(reports, |place| self.case(place).is_some()),
            event: Bits::where_holds(reports, |place| self.case(place) == Some(true)),
        }
    }

    /// The exposures of a report.
    pub(super) fn exposed(&self, report: &Report) -> impl Iterator<Item = u32> + Clone + '_ {
        self.exposures.of(report.place).map(|entry| entry.substance)
    }

    /// Calls `visit` for every report that is eligible by some entries alone, ascending: whether it is a case, and
    /// which substances of these entries are its exposures.
    pub(super) fn each_within(
        &self,
        reacted: &Reacted,
        entries: &[Numbered],
        mut visit: impl FnMut(bool, &[u32]),
    ) {
        let mut exposed = Vec::new();
        for of_report in entries.chunk_by(|one, two| one.place == two.place) {
            let place = of_report.first().map_or(0, |entry| entry.place as usize);
            let taken = of_report.iter().filter_map(|Numbered { number, .. }| {
                let entry = self.corpus.entry(*number)?;
                self.exposures.takes(place, *number, entry).then_some(entry.substance)
            });
            exposed.clear();
            exposed.extend(taken);
            if !exposed.is_empty() && reacted.any.contains(place) {
                visit(reacted.event.contains(place), &exposed);
            }
        }
    }

    /// Whether the plan compares with any substance.
    pub(super) fn compares(&self) -> bool {
        !self.compared.is_empty()
    }

    /// Whether the plan compares with a substance.
    pub(super) fn is_compared(&self, substance: u32) -> bool {
        self.compared.contains(substance as usize)
    }
}
