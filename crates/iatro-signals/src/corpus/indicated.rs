//! Which entry of its report each indication belongs to: found in one pass over the drugs, and asked for again.

use iatro_reports::Error;

use super::indications::Indications;
use super::rows::{Dates, DrugRow, IndicationRow};
use super::{Corpus, Exposure};

/// No entry of the report.
const NONE: u32 = u32::MAX;

/// Beside the role: there is a drug, even if it has no role.
const THERE: u8 = 1 << 7;

/// The drugs that were given for something.
#[derive(Debug, Default)]
pub(crate) struct IndicatedDrugs {
    /// By row of [`Indications`], the number of the entry of its drug ...
    entries: Vec<u32>,
    /// ... and the role of the drug with [`THERE`]; 0 if no drug has the number that the row names.
    roles: Vec<u8>,
    /// Further drugs of a row, where a name means several substances or several drugs have the same number: sorted.
    more: Vec<(u32, u32, u8)>,
}

/// A drug that was given for something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndicatedDrug {
    /// The role of the row, as a bit; the entry has the roles of all rows of its substance.
    pub(crate) role: u8,
    /// Its entry and the number of that, if its substance is an entry of the report.
    pub(crate) entry: Option<(u32, Exposure)>,
}

/// A drug on the way: where the rows of its indications begin and how many they are.
struct Found {
    first: u32,
    rows: u32,
    entry: u32,
    role: u8,
}

impl IndicatedDrugs {
    /// Reads them.
    pub(super) fn read(corpus: &Corpus, indications: &Indications) -> Result<Self, Error> {
        let mut made = Self {
            entries: vec![NONE; indications.len()],
            roles: vec![0; indications.len()],
            more: Vec::new(),
        };
        let found = |row: DrugRow, found: &mut Vec<Found>| {
            let rows = indications.rows_of_drug(row.place, row.seq);
            if let (Ok(first), Ok(count @ 1..)) =
                (u32::try_from(rows.start), u32::try_from(rows.len()))
            {
                let entry = entry_of(corpus, row.place, row.substance);
                found.push(Found { first, rows: count, entry, role: row.role | THERE });
            }
        };
        let wanted = |place: usize| indications.any(place);
        corpus.map_drugs(Dates::Left, &wanted, &found, &mut |found| made.add(&found))?;
        made.more.sort_unstable();
        Ok(made)
    }

    fn add(&mut self, found: &Found) {
        for row in found.first..found.first + found.rows {
            let at = row as usize;
            if self.roles[at] == 0 {
                (self.entries[at], self.roles[at]) = (found.entry, found.role);
            } else {
                self.more.push((row, found.entry, found.role));
            }
        }
    }

    /// What `map` makes of every indication and each drug it belongs to, in parallel, in the order of the reports.
    pub(crate) fn map<T: Send>(
        &self,
        corpus: &Corpus,
        indications: &Indications,
        map: impl Fn(IndicationRow, IndicatedDrug, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        indications.map_numbered(|at, row, made| {
            let drug = |entry: u32, role: u8| IndicatedDrug {
                role: role & !THERE,
                entry: corpus.entry(entry).map(|exposure| (entry, exposure)),
            };
            if self.roles[at] == 0 {
                return;
            }
            map(row, drug(self.entries[at], self.roles[at]), made);
            let from = self.more.partition_point(|more| (more.0 as usize) < at);
            let more = self.more[from..].iter().take_while(|more| more.0 as usize == at);
            more.for_each(|&(_, entry, role)| map(row, drug(entry, role), made));
        })
    }
}

/// The number of a substance's entry on a report.
fn entry_of(corpus: &Corpus, place: usize, substance: u32) -> u32 {
    let within = corpus.exposures(place).position(|entry| entry.substance == substance);
    let number = within.map(|within| corpus.first_exposure(place) + within as u64);
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use iatro_reports::model::codes::Role;

    use super::*;
    use crate::corpus::facts::{AgeBand, Fact, Reporter, Sex};
    use crate::corpus::memory::{MemoryDrug, MemoryReport};

    fn report(drugs: &[(&[&str], Option<Role>, &[&str])]) -> MemoryReport {
        let fact = Fact {
            age: AgeBand::Unknown,
            sex: Sex::Unknown,
            received: None,
            event_date: None,
            country: None,
            reporter: Reporter::Unknown,
            outcomes: 0,
            duplicate_cluster: None,
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let drug = |&(substances, role, indications): &(&[&str], Option<Role>, &[&str])| {
            let (substances, indications) = (names(substances), names(indications));
            MemoryDrug { substances, role, start: None, indications }
        };
        MemoryReport { fact, drugs: drugs.iter().map(drug).collect(), events: Vec::new() }
    }

    /// What a look at every drug row gives: place, substance, role, term.
    fn slowly(corpus: &Corpus) -> Vec<(usize, u32, u8, u32)> {
        let indications = corpus.indications().unwrap();
        let mut all = Vec::new();
        let each = |row: DrugRow, found: &mut Vec<(usize, u32, u8, u32)>| {
            let terms = indications.of_drug(row.place, row.seq).iter();
            found.extend(terms.map(|term| (row.place, row.substance, row.role, *term)));
        };
        corpus.map_drugs(Dates::Left, &|_| true, &each, &mut |found| all.push(found)).unwrap();
        all.sort_unstable();
        all
    }

    #[test]
    fn every_drug_has_what_it_was_given_for() {
        let (suspect, other) = (Some(Role::PrimarySuspect), Some(Role::Concomitant));
        let reports = [
            report(&[(&["a"], suspect, &["fever", "pain"]), (&["b"], other, &[])]),
            report(&[]),
            report(&[(&["a", "c"], None, &["pain"]), (&["a"], other, &["fever", "fever"])]),
            report(&[(&["c"], suspect, &[])]),
        ];
        let corpus = Corpus::of_reports(&reports);
        let indications = corpus.indications().unwrap();
        let drugs = corpus.indicated_drugs().unwrap();
        let mut all = drugs.map(&corpus, indications, |row, drug, found| {
            let (number, exposure) = drug.entry.unwrap();
            assert_eq!(corpus.entry(number).unwrap().substance, exposure.substance);
            found.push((row.place, exposure.substance, drug.role, row.term));
        });
        all.sort_unstable();
        assert_eq!(all.len(), 6);
        assert_eq!(all, slowly(&corpus));
    }
}
