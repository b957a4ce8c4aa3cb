//! The possible causes of a corpus: which stand on which event report, and on how many reports at all.

use std::collections::BTreeMap;
use std::ops::Range;

use iatro_stats::attribution::{Cause, Edge, Event, Reports, Stratum};
use rayon::prelude::*;

use super::settings::AttributionSettings;
use super::{Group, latency, model_error};
use crate::causes::TriggerHit;
use crate::corpus::Corpus;
use crate::corpus::strata::Strata;
use crate::count::Exposures;
use crate::count::bits::Bits;
use crate::run::{Prepared, RunError};
use crate::study::Study;

/// A possible cause.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(super) enum Possible {
    /// A suspect substance, by id.
    Substance(u32),
    /// A trigger, by its concept.
    Trigger(u16),
    /// A named pair, by its place in the settings.
    Pair(usize),
}

impl Possible {
    pub(super) fn group(self) -> Group {
        match self {
            Self::Substance(_) => Group::Substance,
            Self::Trigger(_) => Group::Trigger,
            Self::Pair(_) => Group::Interaction,
        }
    }
}

/// An event report with what stands on it.
#[derive(Clone, Debug)]
pub(super) struct EventReport {
    pub(super) place: usize,
    pub(super) stratum: u32,
    pub(super) weight: f64,
    pub(super) causes: Vec<Possible>,
}

/// Everything the model needs, with names.
#[derive(Clone, Debug)]
pub(super) struct PossibleCauses {
    /// The causes in the order of the model, with the eligible reports that name them (weighted).
    pub(super) causes: Vec<(Possible, f64)>,
    /// Their names.
    pub(super) names: Vec<String>,
    pub(super) events: Vec<EventReport>,
    pub(super) strata: Strata,
    /// Eligible reports by stratum (weighted).
    pub(super) reports_of: Vec<f64>,
    /// Eligible reports (not weighted).
    pub(super) reports: u64,
    /// Mediators that were left to their substance: hits on event reports.
    pub(super) mediators: u64,
}

impl PossibleCauses {
    /// Reads the causes of every eligible report.
    pub(super) fn read(
        corpus: &Corpus,
        prepared: &Prepared,
        settings: &AttributionSettings,
    ) -> Result<Self, RunError> {
        let scan = Scan::new(corpus, prepared, settings)?;
        let strata = Strata::read(corpus, &settings.factors)?;
        let slots = scan.slots();
        let visit = |seen: &mut Seen, report: &EventReport, is_case: bool, of_mediators: u64| {
            seen.reports += 1;
            let stratum = strata.of[report.place];
            seen.reports_of[stratum as usize] += report.weight;
            for cause in &report.causes {
                seen.exposed[slots.of(*cause)] += report.weight;
            }
            if is_case {
                seen.mediators += of_mediators;
                seen.events.push(EventReport { stratum, ..report.clone() });
            }
        };
        let empty = || Seen {
            reports_of: vec![0.0; strata.cells.len()],
            exposed: vec![0.0; slots.len()],
            ..Seen::default()
        };
        let Seen { reports, reports_of, exposed, events, mediators } =
            scan.fold(&empty, &visit).into_iter().fold(empty(), Seen::merged);
        let causes: Vec<(Possible, f64)> =
            slots.causes().zip(exposed).filter(|(_, weight)| *weight > 0.0).collect();
        let names = causes.iter().map(|(cause, _)| scan.name(*cause)).collect();
        Ok(Self { causes, names, events, strata, reports_of, reports, mediators })
    }

    /// The place of a cause in the order of the model.
    pub(super) fn position(&self, cause: Possible) -> Option<usize> {
        self.causes.binary_search_by(|(known, _)| known.cmp(&cause)).ok()
    }

    /// The input of the model.
    pub(super) fn reports(
        &self,
        settings: &AttributionSettings,
        corpus: &Corpus,
        study: &Study,
    ) -> Result<Reports, RunError> {
        let factors = if settings.time_to_onset {
            latency::factors(corpus, study, self)?
        } else {
            BTreeMap::new()
        };
        let edge = |place: usize, cause: &Possible| {
            let factor = factors.get(&(place, *cause)).copied().unwrap_or(1.0);
            self.position(*cause).map(|cause| Edge { cause, factor })
        };
        let event = |report: &EventReport| Event {
            stratum: report.stratum as usize,
            weight: report.weight,
            edges: report.causes.iter().filter_map(|cause| edge(report.place, cause)).collect(),
        };
        let causes = self
            .causes
            .iter()
            .map(|(cause, exposed)| Cause { group: cause.group() as usize, exposed: *exposed });
        // A stratum without an eligible report is not of the model.
        let kept: Vec<usize> =
            (0..self.reports_of.len()).filter(|at| self.reports_of[*at] > 0.0).collect();
        let place_of: BTreeMap<usize, usize> = kept.iter().copied().zip(0..).collect();
        let strata = kept.iter().map(|at| Stratum {
            levels: self.strata.cells[*at].clone(),
            reports: self.reports_of[*at],
        });
        let events = self.events.iter().map(event).map(|mut event| {
            event.stratum = place_of.get(&event.stratum).copied().unwrap_or(usize::MAX);
            event
        });
        Reports::new(
            Group::MODELLED.len(),
            causes.collect(),
            self.strata.levels.iter().map(Vec::len).collect(),
            strata.collect(),
            events.collect(),
        )
        .map_err(|error| model_error(&error))
    }

    /// Eligible reports (weighted) that name any cause of each set. A cause is in one set at most.
    pub(super) fn exposed_to_any<'s>(
        &self,
        corpus: &Corpus,
        prepared: &Prepared,
        settings: &AttributionSettings,
        sets: impl Iterator<Item = &'s [usize]>,
    ) -> Result<Vec<f64>, RunError> {
        let scan = Scan::new(corpus, prepared, settings)?;
        let slots = scan.slots();
        let mut set_of: Vec<Option<usize>> = vec![None; slots.len()];
        let mut totals = Vec::new();
        for set in sets {
            let causes = set.iter().map(|cause| self.causes[*cause].0);
            causes.for_each(|cause| set_of[slots.of(cause)] = Some(totals.len()));
            totals.push(0.0);
        }
        if totals.is_empty() {
            return Ok(totals);
        }
        let visit = |totals: &mut Vec<f64>, report: &EventReport, _: bool, _: u64| {
            let mut named: Vec<usize> =
                report.causes.iter().filter_map(|cause| set_of[slots.of(*cause)]).collect();
            named.sort_unstable();
            named.dedup();
            named.into_iter().for_each(|set| totals[set] += report.weight);
        };
        let empty = || vec![0.0; totals.len()];
        for more in scan.fold(&empty, &visit) {
            totals.iter_mut().zip(more).for_each(|(all, more)| *all += more);
        }
        Ok(totals)
    }
}

/// What was seen on some eligible reports.
#[derive(Default)]
struct Seen {
    reports: u64,
    reports_of: Vec<f64>,
    /// By slot.
    exposed: Vec<f64>,
    events: Vec<EventReport>,
    mediators: u64,
}

impl Seen {
    /// With what was seen on the reports after these.
    fn merged(mut self, mut next: Self) -> Self {
        self.reports += next.reports;
        self.reports_of.iter_mut().zip(next.reports_of).for_each(|(all, more)| *all += more);
        self.exposed.iter_mut().zip(next.exposed).for_each(|(all, more)| *all += more);
        self.events.append(&mut next.events);
        self.mediators += next.mediators;
        self
    }
}

/// Places in a list for every cause that a scan can meet, in the order of causes.
#[derive(Clone, Copy)]
struct Slots {
    substances: usize,
    triggers: usize,
    pairs: usize,
}

impl Slots {
    fn len(self) -> usize {
        self.substances + self.triggers + self.pairs
    }

    fn of(self, cause: Possible) -> usize {
        match cause {
            Possible::Substance(id) => id as usize,
            Possible::Trigger(at) => self.substances + usize::from(at),
            Possible::Pair(at) => self.substances + self.triggers + at,
        }
    }

    fn causes(self) -> impl Iterator<Item = Possible> {
        let substances = (0_u32..).take(self.substances).map(Possible::Substance);
        let triggers = (0_u16..).take(self.triggers).map(Possible::Trigger);
        substances.chain(triggers).chain((0..self.pairs).map(Possible::Pair))
    }
}

/// Reports a task looks at; sums are made chunk by chunk, however many threads there are.
const CHUNK: usize = 1 << 17;

/// One pass over the eligible reports.
pub(super) struct Scan<'c> {
    corpus: &'c Corpus,
    prepared: &'c Prepared,
    exposures: Exposures<'c>,
    of_event: Bits,
    /// Named pairs of substances by id; a name may have several.
    pairs: Vec<(String, Vec<u32>, Vec<u32>)>,
    /// By cluster of suspected duplicates, its weight.
    weights: BTreeMap<usize, f64>,
}

impl<'c> Scan<'c> {
    pub(super) fn new(
        corpus: &'c Corpus,
        prepared: &'c Prepared,
        settings: &AttributionSettings,
    ) -> Result<Self, RunError> {
        let ids = |name: &str| {
            let ids = corpus.find_substances(name);
            let missing = || {
                RunError::question(
                    format!("no report of this source names \"{name}\""),
                    "`iatro lake show --substances` lists the names.",
                )
            };
            if ids.is_empty() { Err(missing()) } else { Ok(ids) }
        };
        let pair =
            |(one, two): &(String, String)| Ok((format!("{one} with {two}"), ids(one)?, ids(two)?));
        let pairs: Result<Vec<_>, RunError> = settings.pairs.iter().map(pair).collect();
        let exposures = Exposures::new(corpus, &prepared.plan);
        let weights = BTreeMap::new();
        let of_event = prepared.plan.terms_of_event();
        let mut scan = Self { corpus, prepared, exposures, of_event, pairs: pairs?, weights };
        if settings.weigh_duplicates {
            scan.weights = scan.duplicate_weights()?;
        }
        Ok(scan)
    }

    /// The weight of every eligible report in a cluster: one over the eligible reports of the cluster.
    fn duplicate_weights(&self) -> Result<BTreeMap<usize, f64>, RunError> {
        let mut clusters: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for &(place, cluster) in self.corpus.facts()?.clusters() {
            if self.is_eligible(place as usize) {
                clusters.entry(cluster).or_default().push(place as usize);
            }
        }
        let weigh = |places: Vec<usize>| {
            let weight = 1.0 / places.len() as f64;
            places.into_iter().map(move |place| (place, weight))
        };
        Ok(clusters.into_values().flat_map(weigh).collect())
    }

    fn is_eligible(&self, place: usize) -> bool {
        !self.corpus.events(place).is_empty() && self.exposures.any(place)
    }

    /// Visits every eligible report in order: what stands on it, whether it is a case, its mediators.
    pub(super) fn each(&self, visit: &mut dyn FnMut(&EventReport, bool, u64)) {
        self.within(0..self.corpus.reports(), visit);
    }

    /// What visits make of each chunk of reports, in parallel; the chunks in order.
    pub(super) fn fold<A: Send>(
        &self,
        empty: &(dyn Fn() -> A + Sync),
        visit: &(dyn Fn(&mut A, &EventReport, bool, u64) + Sync),
    ) -> Vec<A> {
        let reports = self.corpus.reports();
        let chunks: Vec<usize> = (0..reports).step_by(CHUNK).collect();
        let of_chunk = |from: usize| {
            let mut made = empty();
            self.within(from..reports.min(from + CHUNK), &mut |report, is_case, mediators| {
                visit(&mut made, report, is_case, mediators);
            });
            made
        };
        chunks.into_par_iter().map(of_chunk).collect()
    }

    fn within(&self, places: Range<usize>, visit: &mut dyn FnMut(&EventReport, bool, u64)) {
        let hits = self.prepared.causes.triggers.hits();
        let mut next = hits.partition_point(|hit| (hit.place as usize) < places.start);
        let mut report = EventReport { place: 0, stratum: 0, weight: 1.0, causes: Vec::new() };
        for place in places {
            while hits.get(next).is_some_and(|hit| (hit.place as usize) < place) {
                next += 1;
            }
            let events = self.corpus.events(place);
            if events.is_empty() {
                continue;
            }
            report.causes.clear();
            report
                .causes
                .extend(self.exposures.of(place).map(|entry| Possible::Substance(entry.substance)));
            if report.causes.is_empty() {
                continue;
            }
            let of_report = hits[next..].iter().take_while(|hit| hit.place as usize == place);
            let mediators = self.add_triggers(of_report, &mut report.causes);
            self.add_pairs(&mut report.causes);
            report.place = place;
            report.weight = self.weights.get(&place).copied().unwrap_or(1.0);
            let is_case = self.corpus.has_any(place, &self.of_event);
            visit(&report, is_case, mediators);
        }
    }

    /// Adds the triggers that compete; returns how many do not.
    fn add_triggers<'h>(
        &self,
        hits: impl Iterator<Item = &'h TriggerHit>,
        causes: &mut Vec<Possible>,
    ) -> u64 {
        let mut mediators = 0;
        for hit in hits {
            if hit.role.competes() {
                causes.push(Possible::Trigger(hit.concept));
            } else {
                mediators += 1;
            }
        }
        mediators
    }

    fn add_pairs(&self, causes: &mut Vec<Possible>) {
        for (at, (_, ones, twos)) in self.pairs.iter().enumerate() {
            let has = |ids: &[u32]| ids.iter().any(|id| causes.contains(&Possible::Substance(*id)));
            if has(ones) && has(twos) {
                causes.push(Possible::Pair(at));
            }
        }
    }

    fn slots(&self) -> Slots {
        Slots {
            substances: self.corpus.substances().len(),
            triggers: self.prepared.causes.triggers.concepts().len(),
            pairs: self.pairs.len(),
        }
    }

    fn name(&self, cause: Possible) -> String {
        match cause {
            Possible::Substance(id) => self.corpus.substances()[id as usize].name.clone(),
            Possible::Trigger(at) => {
                self.prepared.causes.triggers.concepts()[usize::from(at)].concept.clone()
            }
            Possible::Pair(at) => self.pairs[at].0.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_the_slot_of_its_order() {
        let slots = Slots { substances: 3, triggers: 2, pairs: 2 };
        let causes: Vec<Possible> = slots.causes().collect();
        assert_eq!(causes.len(), slots.len());
        assert!(causes.is_sorted());
        let places: Vec<usize> = causes.iter().map(|cause| slots.of(*cause)).collect();
        assert_eq!(places, (0..7).collect::<Vec<_>>());
    }
}
