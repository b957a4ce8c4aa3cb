//! The triggers that reports name, and in which role.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::Error;
use roaring::RoaringBitmap;
use serde::Serialize;

use super::substance_ids;
use crate::corpus::Corpus;
use crate::count::Plan;
use crate::study::{Evidence, Study};

/// In which role a trigger stands on a report.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerRole {
    /// A suspect substance was given for it.
    Indication,
    /// A suspect substance of the report is known to bring it about, as a thiopurine does with Epstein-Barr
    /// virus: a step on the way from the substance, no rival of it.
    Mediator,
    /// Another drug of the report was given for it: it was there for itself.
    Alternative,
    /// It is only co-reported, or an indication of a drug that the report does not name: for what it was there
    /// is not known.
    Unknown,
}

impl TriggerRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Indication, Self::Mediator, Self::Alternative, Self::Unknown];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Indication => "indication",
            Self::Mediator => "mediator",
            Self::Alternative => "alternative",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a trigger in this role competes with the substances of its report.
    pub fn competes(self) -> bool {
        self != Self::Mediator
    }
}

/// A concept of the study's triggers, such as Epstein-Barr virus.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Concept {
    /// Its class, such as viral infection.
    pub class: String,
    /// What its terms mean together.
    pub concept: String,
}

/// A trigger on a report.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct TriggerHit {
    /// The place of the report.
    pub place: u32,
    /// The place among [`Triggers::concepts`].
    pub concept: u16,
    /// Its role.
    pub role: TriggerRole,
}

/// The triggers of a corpus.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Triggers {
    concepts: Vec<Concept>,
    hits: Vec<TriggerHit>,
}

/// Where a concept was met on a report.
#[derive(Clone, Copy, Default)]
struct Met {
    of_suspect: bool,
    of_other: bool,
}

impl Triggers {
    /// Reads the triggers of every report. What is set aside by the plan is no suspect here.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn read(
        corpus: &Corpus,
        study: &Study,
        evidence: Evidence,
        plan: &Plan,
    ) -> Result<Self, Error> {
        let lookup = Lookup::new(corpus, study, evidence);
        let mut met = met_as_events(corpus, &lookup);
        meet_indications(corpus, plan, &lookup, &mut met)?;
        let mediated = mediated(corpus, study, evidence, &lookup.concepts);
        let hit = |((place, concept), met): (&(u32, u16), &Met)| {
            let is_brought_about = || {
                let by = &mediated[usize::from(*concept)];
                let exposed = plan.selection.exposed(corpus, plan.roles, *place as usize);
                !by.is_empty()
                    && exposed.into_iter().any(|e| by.binary_search(&e.substance).is_ok())
            };
            let role = match met {
                Met { of_suspect: true, .. } => TriggerRole::Indication,
                _ if is_brought_about() => TriggerRole::Mediator,
                Met { of_other: true, .. } => TriggerRole::Alternative,
                _ => TriggerRole::Unknown,
            };
            TriggerHit { place: *place, concept: *concept, role }
        };
        let hits = met.iter().map(hit).collect();
        Ok(Self { concepts: lookup.concepts, hits })
    }

    /// The concepts of the study, each once, by class and name.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// Every hit, by report and concept.
    pub fn hits(&self) -> &[TriggerHit] {
        &self.hits
    }

    /// The hits of a report.
    pub fn of(&self, place: usize) -> &[TriggerHit] {
        let from = self.hits.partition_point(|hit| (hit.place as usize) < place);
        let count = self.hits[from..].partition_point(|hit| hit.place as usize == place);
        &self.hits[from..from + count]
    }

    /// The reports with a trigger of one of these classes that competes.
    pub fn reports_with(&self, classes: &[&str]) -> RoaringBitmap {
        let of_class = |hit: &&TriggerHit| {
            let class = self.concepts[usize::from(hit.concept)].class.as_str();
            hit.role.competes() && classes.contains(&class)
        };
        self.hits.iter().filter(of_class).map(|hit| hit.place).collect()
    }
}

/// From a term to concepts.
struct Lookup {
    concepts: Vec<Concept>,
    /// By term id: concepts met by an event of this name, and by an indication of this name.
    of_event: BTreeMap<u32, Vec<u16>>,
    of_indication: BTreeMap<u32, Vec<u16>>,
}

impl Lookup {
    fn new(corpus: &Corpus, study: &Study, evidence: Evidence) -> Self {
        let concept = |trigger: &crate::study::Trigger| Concept {
            class: trigger.class.clone(),
            concept: trigger.concept.clone(),
        };
        let concepts: BTreeSet<Concept> = study.triggers.iter().map(concept).collect();
        let concepts: Vec<Concept> = concepts.into_iter().collect();
        let id = |trigger: usize| {
            let wanted = concept(&study.triggers[trigger]);
            let at = concepts.binary_search(&wanted).unwrap_or(0);
            u16::try_from(at).unwrap_or(u16::MAX)
        };
        let index = study.trigger_index(evidence);
        let (mut of_event, mut of_indication) = (BTreeMap::new(), BTreeMap::new());
        for (term, number) in corpus.terms().iter().zip(0..) {
            let found = index.find(&term.name);
            let ids = |wanted: &dyn Fn(usize) -> bool| -> Vec<u16> {
                let ids: BTreeSet<u16> =
                    found.iter().filter(|at| wanted(**at)).map(|at| id(*at)).collect();
                ids.into_iter().collect()
            };
            let all = ids(&|_| true);
            let events = ids(&|at| !study.triggers[at].only_as_indication);
            if !events.is_empty() {
                of_event.insert(number, events);
            }
            if !all.is_empty() {
                of_indication.insert(number, all);
            }
        }
        Self { concepts, of_event, of_indication }
    }
}

fn met_as_events(corpus: &Corpus, lookup: &Lookup) -> BTreeMap<(u32, u16), Met> {
    let mut met: BTreeMap<(u32, u16), Met> = BTreeMap::new();
    for (place, report) in (0..corpus.reports()).zip(0_u32..) {
        for concepts in corpus.events(place).iter().filter_map(|term| lookup.of_event.get(term)) {
            for concept in concepts {
                met.entry((report, *concept)).or_default();
            }
        }
    }
    met
}

/// Adds what drugs were given for, apart for the suspect and the other drugs of the report.
fn meet_indications(
    corpus: &Corpus,
    plan: &Plan,
    lookup: &Lookup,
    met: &mut BTreeMap<(u32, u16), Met>,
) -> Result<(), Error> {
    let mut given_for: BTreeMap<(usize, Option<u64>), Vec<u16>> = BTreeMap::new();
    corpus.each_indication(&mut |row| {
        if let Some(concepts) = lookup.of_indication.get(&row.term) {
            given_for.entry((row.place, row.seq)).or_default().extend(concepts);
        }
    })?;
    let mut is_suspect: BTreeMap<(usize, Option<u64>), bool> = BTreeMap::new();
    corpus.each_drug(&mut |row| {
        let drug = (row.place, row.seq);
        if given_for.contains_key(&drug) {
            let counts = row.role & plan.roles != 0;
            let mut exposed = plan.selection.exposed(corpus, plan.roles, row.place);
            let suspect = counts && exposed.any(|entry| entry.substance == row.substance);
            *is_suspect.entry(drug).or_default() |= suspect;
        }
    })?;
    for (drug, concepts) in given_for {
        let Ok(place) = u32::try_from(drug.0) else { continue };
        // An indication that belongs to no drug row says that the trigger was there, not what was given for it.
        let suspect = is_suspect.get(&drug);
        for concept in concepts {
            let met = met.entry((place, concept)).or_default();
            met.of_suspect |= suspect == Some(&true);
            met.of_other |= suspect == Some(&false);
        }
    }
    Ok(())
}

/// By concept, the substances that are known to bring it about, sorted.
fn mediated(
    corpus: &Corpus,
    study: &Study,
    evidence: Evidence,
    concepts: &[Concept],
) -> Vec<Vec<u32>> {
    let of_concept = |concept: &Concept| {
        let links = study.mediators.iter().filter(|link| {
            evidence.takes(link.status) && link.trigger_concepts.contains(&concept.concept)
        });
        let names: Vec<&str> =
            links.flat_map(|link| &link.substances).map(String::as_str).collect();
        substance_ids(corpus, names)
    };
    concepts.iter().map(of_concept).collect()
}
