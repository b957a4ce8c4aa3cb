//! Counts the planted truth over current cases while the corpus is generated.

use std::collections::BTreeSet;

use crate::calendar;
use crate::chain::Chain;
use crate::event;
use crate::patient;
use crate::plot::{Part, Plot};
use crate::quarter::Era;
use crate::report::{Drug, Origin, Report};
use crate::truth::{CaseTotals, DiseaseTruth, EventTruth, Exposure, InteractionTruth};

mod drugs;
mod planted;

pub(crate) use drugs::DrugCounts;
pub(crate) use planted::{disease, names, part};

/// What is counted for one planted substance.
#[derive(Clone, Debug, Default)]
struct SlotTally {
    exposure: Exposure,
    attributed: u64,
    /// With the culprit of a bystander, the partner of a pair, the disease of a channelled drug, in
    /// infants, or as treatment.
    linked: u64,
    names: BTreeSet<String>,
}

/// Everything that is counted over cases.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    plot: &'a Plot<'a>,
    pub(crate) cases: CaseTotals,
    pub(crate) event: EventTruth,
    pub(crate) drugs: DrugCounts,
    slots: Vec<SlotTally>,
    pub(crate) diseases: Vec<DiseaseTruth>,
    pub(crate) interactions: Vec<InteractionTruth>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(plot: &'a Plot<'a>) -> Self {
        let event = EventTruth {
            terms: vec![event::OLD_TERM.to_owned(), event::NEW_TERM.to_owned()],
            background_hazard: plot.model.background_hazard,
            ..EventTruth::default()
        };
        let diseases = plot.model.diseases.iter().map(|disease| DiseaseTruth {
            term: disease.term.clone(),
            hazard: disease.hazard,
            attributed: 0,
            visible_reports: 0,
            visible_hlh_reports: 0,
            hidden_reports: 0,
            hidden_hlh_reports: 0,
        });
        let interactions = plot.model.interactions.iter().map(|pair| InteractionTruth {
            first: pair.first.clone(),
            second: pair.second.clone(),
            hazard: pair.joint_hazard,
            attributed: 0,
        });
        Self {
            plot,
            cases: CaseTotals::default(),
            event,
            drugs: DrugCounts::default(),
            slots: vec![SlotTally::default(); plot.slots.len()],
            diseases: diseases.collect(),
            interactions: interactions.collect(),
        }
    }

    /// Counts a case after its last sighting, which had the report id `id` and was in a
    /// quarter of `era`.
    pub(crate) fn close(&mut self, chain: &Chain, id: u64, era: Era) {
        self.cases.cases += 1;
        self.cases.crossed_eras += u64::from(chain.seen_in_legacy && chain.seen_in_faers);
        if chain.deleted {
            self.cases.deleted += 1;
            return;
        }
        self.cases.current += 1;
        self.cases.duplicates += u64::from(chain.duplicate);
        self.cases.without_drug += u64::from(chain.without_drug);
        self.cases.without_reaction += u64::from(chain.without_reaction);
        self.cases.current_id_sum += id;
        self.cases.current_received_sum += calendar::as_number(chain.received);
        self.drugs.add(&chain.report, chain.without_drug);
        self.event(&chain.report, chain.duplicate);
        self.carried(&chain.report);
        for slot in 0..self.slots.len() {
            self.exposed(slot, &chain.report, era);
        }
    }

    fn event(&mut self, report: &Report, duplicate: bool) {
        self.event.treated_before += u64::from(report.treated_before);
        let Some(origin) = report.origin else { return };
        self.event.hlh_reports += 1;
        self.event.duplicates += u64::from(duplicate);
        match origin {
            Origin::Background => self.event.from_background += 1,
            Origin::TreatedBefore => self.event.from_treated_before += 1,
            Origin::Substance(slot) => self.slots[slot].attributed += 1,
            Origin::Pair(pair) => self.interactions[pair].attributed += 1,
            Origin::Disease(disease) => self.diseases[disease].attributed += 1,
        }
    }

    fn carried(&mut self, report: &Report) {
        let event = u64::from(report.origin.is_some());
        for carried in &report.diseases {
            let disease = &mut self.diseases[carried.disease];
            if carried.visible {
                disease.visible_reports += 1;
                disease.visible_hlh_reports += event;
            } else {
                disease.hidden_reports += 1;
                disease.hidden_hlh_reports += event;
            }
        }
    }

    fn exposed(&mut self, slot: usize, report: &Report, era: Era) {
        let given = |drug: &&Drug| drug.slot == Some(slot) && drug.role != "DN";
        let rows: Vec<&Drug> = report.drugs.iter().filter(given).collect();
        if rows.is_empty() {
            return;
        }
        let event = u64::from(report.origin.is_some());
        let suspect = rows.iter().any(|drug| drug.role != "C");
        let readable = |drug: &&Drug| {
            !drug.named.misspelt || era == Era::Modern && !drug.named.ingredient.is_empty()
        };
        let misspelt = !rows.iter().any(readable);
        let linked = self.linked(slot, report, &rows);
        let tally = &mut self.slots[slot];
        tally.exposure.reports += 1;
        tally.exposure.hlh_reports += event;
        if suspect {
            tally.exposure.suspect_reports += 1;
            tally.exposure.suspect_hlh_reports += event;
        }
        if misspelt {
            tally.exposure.misspelt_reports += 1;
            tally.exposure.misspelt_hlh_reports += event;
        }
        tally.linked += u64::from(linked);
        for drug in rows.iter().filter(|drug| !drug.named.misspelt) {
            tally.names.insert(drug.named.verbatim.to_ascii_uppercase());
        }
    }

    fn linked(&self, slot: usize, report: &Report, rows: &[&Drug]) -> bool {
        let given = |other: usize| {
            report.drugs.iter().any(|drug| drug.slot == Some(other) && drug.role != "DN")
        };
        match self.plot.slots[slot].part {
            Part::Culprit { .. } | Part::Giant | Part::Notorious => false,
            Part::Bystander { with } => given(with),
            Part::Channelled { disease } => report.diseases.iter().any(|c| c.disease == disease),
            Part::Therapy => rows.iter().any(|drug| drug.treats_event),
            Part::AgeBound => report.patient.age_years().is_some_and(patient::is_infant),
            Part::Together { after } | Part::Interacting { after } => {
                // The second of a pair stands right behind the first.
                given(after.unwrap_or(slot + 1))
            }
        }
    }
}

impl SlotTally {
    fn names(&self) -> Vec<String> {
        self.names.iter().cloned().collect()
    }
}
