//! The triggers that reports name, and in which role.

use std::collections::BTreeSet;

use iatro_reports::Error;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use serde::Serialize;

use super::substance_ids;
use crate::corpus::Corpus;
use crate::corpus::indicated::IndicatedDrug;
use crate::corpus::rows::IndicationRow;
use crate::count::bits::{Bits, set_of_sorted};
use crate::count::{Exposures, Plan};
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
#[derive(Clone, Copy, Default, Eq, Ord, PartialEq, PartialOrd)]
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
        let exposures = Exposures::new(corpus, plan);
        met.extend(met_as_indications(corpus, plan, &exposures, &lookup)?);
        let met = together(met);
        let mediated = mediated(corpus, study, evidence, &lookup.concepts);
        let hit = |&(place, concept, met): &(u32, u16, Met)| {
            let is_brought_about = || {
                let by = &mediated[usize::from(concept)];
                let mut exposed = exposures.of(place as usize);
                !by.is_empty() && exposed.any(|e| by.binary_search(&e.substance).is_ok())
            };
            let role = match met {
                Met { of_suspect: true, .. } => TriggerRole::Indication,
                _ if is_brought_about() => TriggerRole::Mediator,
                Met { of_other: true, .. } => TriggerRole::Alternative,
                _ => TriggerRole::Unknown,
            };
            TriggerHit { place, concept, role }
        };
        let hits = met.par_iter().map(hit).collect();
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
        let mut places: Vec<u32> = self.hits.iter().filter(of_class).map(|hit| hit.place).collect();
        places.dedup();
        set_of_sorted(places.iter().copied())
    }
}

/// From a term to concepts.
struct Lookup {
    concepts: Vec<Concept>,
    /// Met by an event of this name, and by an indication of this name.
    of_event: ByTerm,
    of_indication: ByTerm,
}

/// Concepts by term id.
struct ByTerm {
    concepts: Vec<Vec<u16>>,
    /// The terms that have any: nearly none has, and this is small enough to be at hand.
    any: Bits,
}

impl ByTerm {
    fn new(concepts: Vec<Vec<u16>>) -> Self {
        let any = Bits::where_holds(concepts.len(), |term| !concepts[term].is_empty());
        Self { concepts, any }
    }

    fn of(&self, term: u32) -> &[u16] {
        if self.any.contains(term as usize) { &self.concepts[term as usize] } else { &[] }
    }
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
        let (mut of_event, mut of_indication) = (Vec::new(), Vec::new());
        for term in corpus.terms() {
            let found = index.find(&term.name);
            let ids = |wanted: &dyn Fn(usize) -> bool| -> Vec<u16> {
                let ids: BTreeSet<u16> =
                    found.iter().filter(|at| wanted(**at)).map(|at| id(*at)).collect();
                ids.into_iter().collect()
            };
            of_indication.push(ids(&|_| true));
            of_event.push(ids(&|at| !study.triggers[at].only_as_indication));
        }
        let [of_event, of_indication] = [of_event, of_indication].map(ByTerm::new);
        Self { concepts, of_event, of_indication }
    }
}

/// Reports a task looks through.
const CHUNK: usize = 1 << 16;

fn met_as_events(corpus: &Corpus, lookup: &Lookup) -> Vec<(u32, u16, Met)> {
    let chunks: Vec<usize> = (0..corpus.reports()).step_by(CHUNK).collect();
    let of_chunk = |from: usize| {
        let mut met = Vec::new();
        for place in from..corpus.reports().min(from + CHUNK) {
            for &term in corpus.events(place) {
                for &concept in lookup.of_event.of(term) {
                    met.push((place as u32, concept, Met::default()));
                }
            }
        }
        met
    };
    chunks.into_par_iter().flat_map_iter(of_chunk).collect()
}

/// What drugs were given for, apart for the suspect and the other drugs of the report.
fn met_as_indications(
    corpus: &Corpus,
    plan: &Plan,
    exposures: &Exposures<'_>,
    lookup: &Lookup,
) -> Result<Vec<(u32, u16, Met)>, Error> {
    let indications = corpus.indications()?;
    let concepts = |term: u32| lookup.of_indication.of(term);
    // An indication that belongs to no drug row says that the trigger was there, not what was given for it.
    let mut met = indications.map(|row, found: &mut Vec<(u32, u16, Met)>| {
        for &concept in concepts(row.term) {
            found.push((row.place as u32, concept, Met::default()));
        }
    });
    let of_drug = |row: IndicationRow, drug: IndicatedDrug<'_>, found: &mut Vec<Given>| {
        let concepts = concepts(row.term);
        if concepts.is_empty() {
            return;
        }
        let takes = |(number, entry)| exposures.takes(row.place, number, entry);
        let suspect = drug.role & plan.roles != 0 && drug.entry().is_some_and(takes);
        for &concept in concepts {
            found.push(Given { place: row.place as u32, concept, seq: row.seq, suspect });
        }
    };
    let given = corpus.indicated_drugs()?.map(corpus, indications, of_drug);
    let drugs = given.chunk_by(Given::is_of_same_drug).filter_map(|rows| {
        let Given { place, concept, .. } = *rows.first()?;
        let of_suspect = rows.iter().any(|row| row.suspect);
        Some((place, concept, Met { of_suspect, of_other: !of_suspect }))
    });
    met.extend(drugs);
    Ok(met)
}

/// A drug that was given for a trigger, as one of its substances.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Given {
    place: u32,
    concept: u16,
    seq: Option<u64>,
    suspect: bool,
}

impl Given {
    fn is_of_same_drug(&self, other: &Self) -> bool {
        (self.place, self.concept, self.seq) == (other.place, other.concept, other.seq)
    }
}

/// One entry a report and concept, sorted.
fn together(mut met: Vec<(u32, u16, Met)>) -> Vec<(u32, u16, Met)> {
    // Lists that are sorted by report already, one after another, which this sort makes use of.
    met.par_sort();
    met.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        kept.2.of_suspect |= same && next.2.of_suspect;
        kept.2.of_other |= same && next.2.of_other;
        same
    });
    met
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
