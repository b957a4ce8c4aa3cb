//! The facts of every report as columns in memory: several passes ask for them, and reading them takes longer than
//! any of these.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use iatro_reports::Error;
use iatro_reports::model::date::PartialDate;
use rayon::prelude::*;

use super::{AgeBand, Fact, Reporter, Sex};
use crate::columns::defect;
use crate::corpus::Corpus;
use crate::corpus::rows::Wanted;

/// In place of a country that is not stated.
const NO_COUNTRY: u32 = u32::MAX;

/// The facts of every report, by place.
#[derive(Debug, Default)]
pub(crate) struct FactTable {
    columns: Columns,
    /// Countries as reports state them, sorted: the numbers of the column.
    stated: Vec<String>,
}

/// The facts of reports that follow one another.
#[derive(Debug, Default)]
struct Columns {
    ages: Vec<AgeBand>,
    sexes: Vec<Sex>,
    reporters: Vec<Reporter>,
    outcomes: Vec<u16>,
    received: Vec<Option<i32>>,
    /// Year of receipt.
    years: Vec<Option<i16>>,
    event_dates: Vec<Option<PartialDate>>,
    /// By number, or [`NO_COUNTRY`].
    countries: Vec<u32>,
    /// By place in the corpus; reports in none are not listed.
    clusters: Vec<(u32, u64)>,
}

impl Columns {
    fn with_room_for(reports: usize) -> Self {
        Self {
            ages: Vec::with_capacity(reports),
            sexes: Vec::with_capacity(reports),
            reporters: Vec::with_capacity(reports),
            outcomes: Vec::with_capacity(reports),
            received: Vec::with_capacity(reports),
            years: Vec::with_capacity(reports),
            event_dates: Vec::with_capacity(reports),
            countries: Vec::with_capacity(reports),
            clusters: Vec::new(),
        }
    }

    fn add(&mut self, place: usize, fact: &Fact<'_>, country: u32) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.ages.push(fact.age);
        self.sexes.push(fact.sex);
        self.reporters.push(fact.reporter);
        self.outcomes.push(fact.outcomes);
        self.received.push(fact.received);
        self.years.push(fact.year());
        self.event_dates.push(fact.event_date);
        self.countries.push(country);
        self.clusters.extend(fact.duplicate_cluster.map(|cluster| (place, cluster)));
    }

    /// Takes over those of the reports that come next.
    fn append(&mut self, next: &mut Self) {
        self.ages.append(&mut next.ages);
        self.sexes.append(&mut next.sexes);
        self.reporters.append(&mut next.reporters);
        self.outcomes.append(&mut next.outcomes);
        self.received.append(&mut next.received);
        self.years.append(&mut next.years);
        self.event_dates.append(&mut next.event_dates);
        self.countries.append(&mut next.countries);
        self.clusters.append(&mut next.clusters);
    }
}

impl FactTable {
    /// Reads them.
    pub(in crate::corpus) fn read(corpus: &Corpus) -> Result<Self, Error> {
        let numbers = Numbers::default();
        let add = |place: usize, fact: Fact<'_>, made: &mut Columns| {
            made.add(place, &fact, numbers.of(fact.country.as_deref()));
        };
        let mut columns = Columns::with_room_for(corpus.reports());
        corpus.map_facts(Wanted::All, &add, &mut |next| columns.append(next))?;
        if columns.ages.len() != corpus.reports() {
            return Err(defect("reports are missing"));
        }
        let mut table = Self { columns, stated: Vec::new() };
        table.name_countries(numbers);
        Ok(table)
    }

    /// Replaces the numbers that threads gave to countries by places among the sorted names.
    fn name_countries(&mut self, numbers: Numbers) {
        let mut names = numbers.others.into_inner().unwrap_or_else(PoisonError::into_inner);
        let last = CODES + names.len();
        let mut occurs = [false; CODES];
        let codes = self.columns.countries.iter().filter(|number| (**number as usize) < CODES);
        codes.for_each(|number| occurs[*number as usize] = true);
        let occurring = (0_u32..).zip(occurs).filter(|(_, occurs)| *occurs);
        names.extend(occurring.map(|(number, _)| (code(number), number)));
        let mut place_of = vec![NO_COUNTRY; last];
        for (place, (name, number)) in (0_u32..).zip(names) {
            place_of[number as usize] = place;
            self.stated.push(name);
        }
        self.columns.countries.par_iter_mut().for_each(|country| {
            *country = place_of.get(*country as usize).copied().unwrap_or(NO_COUNTRY);
        });
    }

    /// The facts of a report.
    pub(in crate::corpus) fn of(&self, place: usize) -> Fact<'_> {
        let key = u32::try_from(place).unwrap_or(u32::MAX);
        let cluster = self.columns.clusters.binary_search_by_key(&key, |(place, _)| *place);
        Fact {
            age: self.columns.ages[place],
            sex: self.columns.sexes[place],
            received: self.columns.received[place],
            event_date: self.columns.event_dates[place],
            country: self.country(place).map(|at| Cow::Borrowed(self.stated[at].as_str())),
            reporter: self.columns.reporters[place],
            outcomes: self.columns.outcomes[place],
            duplicate_cluster: cluster.ok().map(|at| self.columns.clusters[at].1),
        }
    }

    /// Their age bands.
    pub(in crate::corpus) fn ages(&self) -> &[AgeBand] {
        &self.columns.ages
    }

    /// The sexes.
    pub(in crate::corpus) fn sexes(&self) -> &[Sex] {
        &self.columns.sexes
    }

    /// Who sent them.
    pub(crate) fn reporters(&self) -> &[Reporter] {
        &self.columns.reporters
    }

    /// Their outcomes, as bits.
    pub(crate) fn outcomes(&self) -> &[u16] {
        &self.columns.outcomes
    }

    /// The days of receipt, in days since 1970-01-01.
    pub(crate) fn received(&self) -> &[Option<i32>] {
        &self.columns.received
    }

    /// The years of receipt.
    pub(in crate::corpus) fn years(&self) -> &[Option<i16>] {
        &self.columns.years
    }

    /// When the event happened.
    pub(crate) fn event_dates(&self) -> &[Option<PartialDate>] {
        &self.columns.event_dates
    }

    /// The countries that reports state, sorted, each once as it is spelled.
    pub(crate) fn stated_countries(&self) -> &[String] {
        &self.stated
    }

    /// The country of a report, among those stated.
    pub(crate) fn country(&self, place: usize) -> Option<usize> {
        let at = *self.columns.countries.get(place)?;
        (at != NO_COUNTRY).then_some(at as usize)
    }

    /// Reports with their cluster of suspected duplicates, by place; those in none are not listed.
    pub(crate) fn clusters(&self) -> &[(u32, u64)] {
        &self.columns.clusters
    }
}

/// Codes of two capital letters; nearly every report states one.
const CODES: usize = 26 * 26;

/// The number of a code.
fn code_number(stated: &str) -> Option<u32> {
    match stated.as_bytes() {
        [one @ b'A'..=b'Z', two @ b'A'..=b'Z'] => {
            Some(u32::from(one - b'A') * 26 + u32::from(two - b'A'))
        }
        _ => None,
    }
}

/// The code of a number.
fn code(number: u32) -> String {
    let letter = |at: u32| char::from_u32(u32::from(b'A') + at).unwrap_or('?');
    [letter(number / 26), letter(number % 26)].iter().collect()
}

/// Numbers of countries as stated, given to several threads: that of a code is known, the others are given as they are
/// met.
#[derive(Default)]
struct Numbers {
    others: RwLock<BTreeMap<String, u32>>,
}

impl Numbers {
    fn of(&self, stated: Option<&str>) -> u32 {
        let Some(stated) = stated else { return NO_COUNTRY };
        code_number(stated).unwrap_or_else(|| self.other(stated))
    }

    fn other(&self, stated: &str) -> u32 {
        // A thread that panicked left nothing half done behind.
        let known = self.others.read().unwrap_or_else(PoisonError::into_inner).get(stated).copied();
        known.unwrap_or_else(|| {
            let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
            let next = u32::try_from(CODES + others.len()).unwrap_or(NO_COUNTRY);
            *others.entry(stated.to_owned()).or_insert(next)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use iatro_reports::model::date::Precision;

    use super::*;
    use crate::corpus::memory::MemoryReport;

    #[test]
    fn the_table_says_of_every_report_what_the_report_says() {
        let countries =
            [Some("US"), Some("Utopia"), None, Some("us"), Some("AA"), Some("ZZ"), Some("")];
        let days = [None, Some(11_000), Some(-1), Some(0), Some(19_723), Some(11_400), None];
        let fact = |(at, country): (usize, &Option<&'static str>)| Fact {
            age: AgeBand::ALL[at],
            sex: Sex::ALL[at % 3],
            received: days[at],
            event_date: days[at].and_then(|day| PartialDate::from_first_day(day, Precision::Month)),
            country: country.map(Cow::Borrowed),
            reporter: if at > 2 { Reporter::Other } else { Reporter::Unknown },
            outcomes: at as u16,
            duplicate_cluster: (at % 2 == 0).then_some(at as u64 * 7),
        };
        let facts: Vec<Fact<'static>> = countries.iter().enumerate().map(fact).collect();
        let report = |fact: &Fact<'static>| MemoryReport {
            fact: fact.clone(),
            drugs: Vec::new(),
            events: Vec::new(),
        };
        let reports: Vec<MemoryReport> = facts.iter().map(report).collect();
        let corpus = Corpus::of_reports(&reports);
        let table = corpus.facts().unwrap();
        let read: Vec<Fact<'_>> = (0..facts.len()).map(|place| table.of(place)).collect();
        assert_eq!(read, facts);
        assert_eq!(table.stated_countries(), ["", "AA", "US", "Utopia", "ZZ", "us"]);
        let years: Vec<Option<i16>> = facts.iter().map(Fact::year).collect();
        assert_eq!(table.years(), years);
        assert_eq!(table.clusters(), [(0, 0), (2, 14), (4, 28), (6, 42)]);
    }
}
