//! The versions of one case: when it is seen, what changes, and whether it is withdrawn.

use rand::RngExt;

use crate::calendar::Precision;
use crate::catalogue::Catalogue;
use crate::duplicate;
use crate::quarter::{Era, Quarter};
use crate::report::{Report, Term};
use crate::sampler::{Rng, chance, choose};

/// A case on its way through the quarters.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) report: Report,
    pub(crate) case: u64,
    /// The version of the next sighting.
    pub(crate) version: u32,
    /// The quarters (places in the plan) of further sightings, the next one last.
    pub(crate) upcoming: Vec<usize>,
    pub(crate) initial: bool,
    pub(crate) first_received: i32,
    pub(crate) received: i32,
    pub(crate) seen_in_legacy: bool,
    pub(crate) seen_in_faers: bool,
    /// The event is not disclosed before the second sighting.
    pub(crate) withheld: bool,
    /// A deletion list names it, and no sighting comes after that list.
    pub(crate) deleted: bool,
    /// It repeats another case.
    pub(crate) duplicate: bool,
    /// Rows may be cut.
    pub(crate) expendable: bool,
    pub(crate) without_drug: bool,
    pub(crate) without_reaction: bool,
}

impl Chain {
    /// A case with a single sighting and nothing special.
    pub(crate) fn new(report: Report, case: u64, received: i32) -> Self {
        Self {
            report,
            case,
            version: 1,
            upcoming: Vec::new(),
            initial: true,
            first_received: received,
            received,
            seen_in_legacy: false,
            seen_in_faers: false,
            withheld: false,
            deleted: false,
            duplicate: false,
            expendable: false,
            without_drug: false,
            without_reaction: false,
        }
    }

    /// The place of the last sighting; `here` if no more will come.
    pub(crate) fn last_place(&self, here: usize) -> usize {
        self.upcoming.first().copied().unwrap_or(here)
    }

    /// Notes a sighting that has been written.
    pub(crate) fn seen(&mut self, era: Era) {
        self.initial = false;
        self.withheld = false;
        match era {
            Era::Legacy => self.seen_in_legacy = true,
            Era::Early | Era::Modern => self.seen_in_faers = true,
        }
    }

    /// Moves on to the next sighting: a later day, a higher version (unless it is repeated), and
    /// some news.
    pub(crate) fn advance(
        &mut self,
        rng: &mut Rng,
        quarter: Quarter,
        same_quarter: bool,
        repeat_version: bool,
        catalogue: &Catalogue,
    ) {
        let (first, last) = quarter.days();
        self.received = if !same_quarter {
            rng.random_range(first..=last)
        } else if chance(rng, 0.1) {
            self.received
        } else {
            rng.random_range(self.received..=last.max(self.received))
        };
        if !repeat_version {
            self.version += 1;
        }
        if chance(rng, 0.4) {
            let term = Term::Named(catalogue.draw_term(rng));
            if !self.report.terms.contains(&term) {
                self.report.terms.push(term);
            }
        }
        if chance(rng, 0.15) && !self.report.outcomes.contains(&"HO") {
            self.report.outcomes.push("HO");
        }
        if chance(rng, 0.2) {
            self.report.onset.precision = Precision::Day;
        }
    }

    /// The same events told again under another case id.
    pub(crate) fn duplicate(&self, rng: &mut Rng, case: u64, received: i32) -> Self {
        let report = duplicate::retold(rng, &self.report);
        Self { duplicate: true, ..Self::new(report, case, received) }
    }
}

/// The places of follow-ups: each follows with the chance `follow_up`, in the same quarter or up to
/// three places later. The next one stands last.
pub(crate) fn follow_ups(rng: &mut Rng, here: usize, places: usize, follow_up: f64) -> Vec<usize> {
    let mut upcoming = Vec::new();
    let mut place = here;
    while chance(rng, follow_up) {
        place += choose(rng, [(0, 0.28), (1, 0.45), (2, 0.18), (3, 0.09)]);
        if place >= places {
            break;
        }
        upcoming.push(place);
    }
    upcoming.reverse();
    upcoming
}
