//! The reports of a plan, one after another, with what on each is an exposure.
//!
//! What the plan says in sets is laid out flat here, because a scan asks for it at every entry.

use std::ops::Range;

use crate::corpus::Corpus;
use crate::count::Plan;
use crate::count::bits::Bits;

/// Reports a task scans: at most, and at least where there are few.
const CHUNK: usize = 1 << 16;
const SMALL_CHUNK: usize = 1 << 12;
/// Tasks that few reports are divided among.
const TASKS: usize = 16;

/// A plan made ready for a scan.
pub(super) struct Scan<'p> {
    corpus: &'p Corpus,
    roles: u8,
    event_terms: Bits,
    compared: Bits,
    set_aside: Bits,
    /// The places of the reports that count; `None` for all.
    places: Option<Vec<u32>>,
}

/// An eligible report.
pub(super) struct Report<'p> {
    pub(super) place: usize,
    pub(super) case: bool,
    corpus: &'p Corpus,
    first: usize,
}

impl<'p> Scan<'p> {
    pub(super) fn new(corpus: &'p Corpus, plan: &Plan) -> Self {
        let ids = |ids: &[u32]| Bits::new(ids.iter().copied(), ids.iter().max().copied());
        Self {
            corpus,
            roles: plan.roles,
            event_terms: ids(&plan.event_terms),
            compared: ids(&plan.comparator),
            set_aside: Bits::of(&plan.selection.set_aside),
            places: plan.selection.reports.as_ref().map(|reports| reports.iter().collect()),
        }
    }

    /// Ranges that together hold every report that may count.
    pub(super) fn chunks(&self) -> Vec<Range<usize>> {
        let reports = self.places.as_ref().map_or(self.corpus.reports(), Vec::len);
        let size = (reports / TASKS).clamp(SMALL_CHUNK, CHUNK);
        (0..reports).step_by(size).map(|at| at..(at + size).min(reports)).collect()
    }

    /// The eligible reports of a range.
    pub(super) fn eligible(&self, range: Range<usize>) -> impl Iterator<Item = Report<'p>> + '_ {
        range.filter_map(|at| {
            let place = match &self.places {
                None => at,
                Some(places) => *places.get(at)? as usize,
            };
            self.report(place)
        })
    }

    fn report(&self, place: usize) -> Option<Report<'p>> {
        if place >= self.corpus.reports() {
            return None;
        }
        let events = self.corpus.events(place);
        if events.is_empty() {
            return None;
        }
        let first = usize::try_from(self.corpus.first_exposure(place)).unwrap_or(usize::MAX);
        let case = events.iter().any(|&term| self.event_terms.contains(term as usize));
        let report = Report { place, case, corpus: self.corpus, first };
        let eligible = self.exposed(&report).next().is_some();
        eligible.then_some(report)
    }

    /// The exposures of a report.
    pub(super) fn exposed<'s>(
        &'s self,
        report: &'s Report<'p>,
    ) -> impl Iterator<Item = u32> + Clone + 's {
        let entries = report.corpus.exposures(report.place);
        (report.first..).zip(entries).filter_map(|(number, entry)| {
            let counts = entry.roles & self.roles != 0 && !self.set_aside.contains(number);
            counts.then_some(entry.substance)
        })
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
