//! What reports say of sender, time and place, as sets of reports. One pass over the reports.

use std::collections::{BTreeSet, HashMap};

use iatro_reports::Error;
use iatro_reports::dictionary::term::fold_term;
use roaring::RoaringBitmap;

use crate::corpus::Corpus;
use crate::corpus::facts::{Fact, Reporter};
use crate::corpus::region::country_of;
use crate::corpus::strata::{Factor, Leveller, Levels, Strata, StrataFiller};
use crate::count::bits::set_of_sorted;

/// The country of reports that name none.
pub(crate) const COUNTRY_UNKNOWN: &str = "country unknown";

/// What reports say where they name no country.
const NO_COUNTRY: [&str; 2] = ["country not specified", "foreign"];

/// Sets of reports.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Sent by a health professional.
    pub(crate) health_professional: RoaringBitmap,
    /// That say who sent them.
    pub(crate) reporter_known: RoaringBitmap,
    /// With a serious outcome.
    pub(crate) serious: RoaringBitmap,
    /// With any outcome.
    pub(crate) outcome_known: RoaringBitmap,
    /// Reports with their cluster of suspected duplicates, by report; those in none are not listed.
    pub(crate) clusters: Vec<(u32, u64)>,
    /// By report, the day of receipt in days since 1970-01-01.
    pub(crate) received: Vec<Option<i32>>,
    /// By report, its country among `countries`.
    pub(crate) country: Vec<u32>,
    /// The countries; unknown is one.
    pub(crate) countries: Vec<String>,
    /// The strata.
    pub(crate) strata: Strata,
}

impl Facts {
    /// Reads the facts of every report, with strata by these factors.
    pub(crate) fn read(corpus: &Corpus, factors: &[Factor]) -> Result<Self, Error> {
        let mut filler = Filler::new(factors);
        let leveller = Leveller::new(factors);
        let with_levels = |place, fact: Fact, made: &mut Vec<(usize, Fact, Levels)>| {
            let levels = leveller.levels(&fact);
            made.push((place, fact, levels));
        };
        corpus.map_facts(&|_| true, &with_levels, &mut |(place, fact, levels)| {
            filler.add(place, &fact, levels);
        })?;
        Ok(filler.finish())
    }

    /// Of a set of reports, the suspected duplicates of one before them in the set.
    pub(crate) fn later_duplicates(&self, of: &RoaringBitmap) -> RoaringBitmap {
        let mut seen = BTreeSet::new();
        let listed = self.clusters.iter().filter(|(place, _)| of.contains(*place));
        listed.filter(|(_, cluster)| !seen.insert(*cluster)).map(|(place, _)| *place).collect()
    }
}

/// Sets on the way.
struct Filler {
    facts: Facts,
    strata: StrataFiller,
    /// By what reports state.
    country_ids: HashMap<String, u32>,
    /// The places of each set, ascending.
    places: [Vec<u32>; 4],
}

impl Filler {
    fn new(factors: &[Factor]) -> Self {
        let facts = Facts {
            health_professional: RoaringBitmap::new(),
            reporter_known: RoaringBitmap::new(),
            serious: RoaringBitmap::new(),
            outcome_known: RoaringBitmap::new(),
            clusters: Vec::new(),
            received: Vec::new(),
            country: Vec::new(),
            countries: Vec::new(),
            strata: Strata::default(),
        };
        let strata = StrataFiller::new(factors);
        Self { facts, strata, country_ids: HashMap::new(), places: Default::default() }
    }

    fn add(&mut self, place: usize, fact: &Fact, levels: Levels) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let holds = [
            fact.reporter == Reporter::HealthProfessional,
            fact.reporter != Reporter::Unknown,
            fact.is_serious(),
            fact.outcomes != 0,
        ];
        for (places, holds) in self.places.iter_mut().zip(holds) {
            places.extend(Some(place).filter(|_| holds));
        }
        let facts = &mut self.facts;
        facts.clusters.extend(fact.duplicate_cluster.map(|cluster| (place, cluster)));
        facts.received.push(fact.received);
        let known = fact.country.as_deref().and_then(|stated| self.country_ids.get(stated));
        let id = match known {
            Some(id) => *id,
            None => self.country(fact.country.as_deref()),
        };
        let facts = &mut self.facts;
        facts.country.push(id);
        self.strata.add(levels);
    }

    /// The id of a country as stated, which is kept. A null, and the words that FAERS and VAERS have for one, are
    /// one country that is unknown.
    fn country(&mut self, stated: Option<&str>) -> u32 {
        let said = stated.filter(|c| !NO_COUNTRY.contains(&fold_term(c).as_str()));
        let name = said.map_or_else(|| COUNTRY_UNKNOWN.to_owned(), country_of);
        let countries = &mut self.facts.countries;
        let known = countries.iter().position(|country| *country == name);
        let id = known.unwrap_or_else(|| {
            countries.push(name);
            countries.len() - 1
        });
        let id = u32::try_from(id).unwrap_or(u32::MAX);
        if let Some(stated) = stated {
            self.country_ids.insert(stated.to_owned(), id);
        }
        id
    }

    fn finish(self) -> Facts {
        let sets = self.places.map(|places| set_of_sorted(places.iter().copied()));
        let [health_professional, reporter_known, serious, outcome_known] = sets;
        Facts {
            health_professional,
            reporter_known,
            serious,
            outcome_known,
            strata: self.strata.finish(),
            ..self.facts
        }
    }
}
