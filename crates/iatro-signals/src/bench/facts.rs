//! What reports say of sender, time and place, as sets of reports.

use std::collections::{BTreeMap, BTreeSet};

use iatro_reports::Error;
use iatro_reports::dictionary::term::fold_term;
use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::context::reports_where;
use crate::corpus::Corpus;
use crate::corpus::facts::{FactTable, Reporter, is_serious};
use crate::corpus::region::country_of;
use crate::corpus::strata::{Factor, Strata};

/// The country of reports that name none.
pub(crate) const COUNTRY_UNKNOWN: &str = "country unknown";

/// What reports say where they name no country.
const NO_COUNTRY: [&str; 2] = ["country not specified", "foreign"];

/// Sets of reports.
#[derive(Debug)]
pub(crate) struct Facts<'c> {
    /// Sent by a health professional.
    pub(crate) health_professional: RoaringBitmap,
    /// That say who sent them.
    pub(crate) reporter_known: RoaringBitmap,
    /// With a serious outcome.
    pub(crate) serious: RoaringBitmap,
    /// With any outcome.
    pub(crate) outcome_known: RoaringBitmap,
    /// By report, its country among `countries`.
    pub(crate) country: Vec<u32>,
    /// The countries; unknown is one.
    pub(crate) countries: Vec<String>,
    /// The strata.
    pub(crate) strata: Strata,
    table: &'c FactTable,
}

impl<'c> Facts<'c> {
    /// Makes the sets of every report, with strata by these factors.
    pub(crate) fn read(corpus: &'c Corpus, factors: &[Factor]) -> Result<Self, Error> {
        let table = corpus.facts()?;
        let reporter = |holds: fn(Reporter) -> bool| {
            reports_where(corpus, |place| holds(table.reporters()[place]))
        };
        let outcomes =
            |holds: fn(u16) -> bool| reports_where(corpus, |place| holds(table.outcomes()[place]));
        let (countries, country) = countries(table, corpus.reports());
        Ok(Self {
            health_professional: reporter(|sender| sender == Reporter::HealthProfessional),
            reporter_known: reporter(|sender| sender != Reporter::Unknown),
            serious: outcomes(is_serious),
            outcome_known: outcomes(|outcomes| outcomes != 0),
            country,
            countries,
            strata: Strata::read(corpus, factors)?,
            table,
        })
    }

    /// By report, the day of receipt in days since 1970-01-01.
    pub(crate) fn received(&self) -> &'c [Option<i32>] {
        self.table.received()
    }

    /// Of a set of reports, the suspected duplicates of one before them in the set.
    pub(crate) fn later_duplicates(&self, of: &RoaringBitmap) -> RoaringBitmap {
        let mut seen = BTreeSet::new();
        let listed = self.table.clusters().iter().filter(|(place, _)| of.contains(*place));
        listed.filter(|(_, cluster)| !seen.insert(*cluster)).map(|(place, _)| *place).collect()
    }
}

/// The countries by name, and that of every report. A null, and the words that FAERS and VAERS have for one, are one
/// country that is unknown.
fn countries(table: &FactTable, reports: usize) -> (Vec<String>, Vec<u32>) {
    let name = |stated: &String| {
        let says_none = NO_COUNTRY.contains(&fold_term(stated).as_str());
        if says_none { COUNTRY_UNKNOWN.to_owned() } else { country_of(stated) }
    };
    let of_stated: Vec<String> = table.stated_countries().iter().map(name).collect();
    let all = of_stated.iter().cloned().chain([COUNTRY_UNKNOWN.to_owned()]);
    let names: BTreeSet<String> = all.collect();
    let ids: BTreeMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
    let unknown = ids.get(COUNTRY_UNKNOWN).copied().unwrap_or(u32::MAX);
    let id = |name: &String| ids.get(name.as_str()).copied().unwrap_or(unknown);
    let of_stated: Vec<u32> = of_stated.iter().map(id).collect();
    let of_place = |place| table.country(place).and_then(|at| of_stated.get(at));
    let places = (0..reports).into_par_iter();
    let of_report = places.map(|place| of_place(place).copied().unwrap_or(unknown)).collect();
    (names.into_iter().collect(), of_report)
}
