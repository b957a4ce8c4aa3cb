//! Which entry of its report each indication belongs to: found in one pass over the drugs, and asked for again.

use iatro_reports::Error;

use super::indications::Indications;
use super::rows::{Dates, DrugRow, IndicationRow, Wanted};
use super::{Corpus, Exposure};

/// The drugs that were given for something.
#[derive(Debug, Default)]
pub(crate) struct IndicatedDrugs {
    /// By row of [`Indications`], one more than the number of the entry of its drug, 0 for none of the report ...
    entries: Vec<u32>,
    /// ... and its role, perhaps with [`FURTHER`]; 0 if no drug has the number that the row names.
    roles: Vec<u8>,
    /// Further drugs of the same rows, where a name means several substances or several drugs have the same number:
    /// sorted.
    more: Vec<Found>,
}

/// Beside the role of a row: it has further drugs. No role is this bit.
const FURTHER: u8 = 1 << 7;

/// A drug that was given for something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndicatedDrug<'c> {
    /// The role of the row, as a bit; the entry has the roles of all rows of its substance.
    pub(crate) role: u8,
    /// As in [`IndicatedDrugs`].
    entry: u32,
    corpus: &'c Corpus,
}

impl IndicatedDrug<'_> {
    /// Its entry and the number of that, if its substance is an entry of the report.
    pub(crate) fn entry(self) -> Option<(u32, Exposure)> {
        let number = self.entry.checked_sub(1)?;
        self.corpus.entry(number).map(|exposure| (number, exposure))
    }
}

/// A drug: where the rows of its indications begin and how many they are, its entry and its role.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
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
            entries: vec![0; indications.len()],
            roles: vec![0; indications.len()],
            more: Vec::new(),
        };
        if indications.len() == 0 {
            return Ok(made);
        }
        let found = |row: DrugRow, found: &mut Vec<Found>| {
            let rows = indications.rows_of_drug(row.place, row.seq);
            if let (Ok(first), Ok(count @ 1..)) =
                (u32::try_from(rows.start), u32::try_from(rows.len()))
            {
                let entry =
                    corpus.entry_of(row.place, row.substance).map_or(0, |number| number + 1);
                found.push(Found { first, rows: count, entry, role: row.role });
            }
        };
        let wanted = |place: usize| indications.any(place);
        let mut add = |found: &mut Vec<Found>| found.drain(..).for_each(|found| made.add(found));
        corpus.map_drugs(Dates::Left, Wanted::Most(&wanted), &found, &mut add)?;
        made.more.sort_unstable();
        Ok(made)
    }

    fn add(&mut self, found: Found) {
        let first = found.first as usize;
        let rows = first..first + found.rows as usize;
        // The rows of a drug are no other drug's, or all of them are.
        if self.roles[first] == 0 {
            self.entries[rows.clone()].fill(found.entry);
            self.roles[rows].fill(found.role);
        } else {
            self.roles[rows].iter_mut().for_each(|role| *role |= FURTHER);
            self.more.push(found);
        }
    }

    /// The further drugs of a row.
    fn more(&self, at: usize) -> impl Iterator<Item = &Found> {
        let begun = self.more.partition_point(|found| found.first as usize <= at);
        let holds = move |found: &&Found| at < (found.first + found.rows) as usize;
        self.more[..begun].iter().rev().take_while(holds)
    }

    /// What `map` makes of every indication and each drug it belongs to, in parallel, in the order of the reports;
    /// what is made of each report is sorted.
    pub(crate) fn map<T: Ord + Send>(
        &self,
        corpus: &Corpus,
        indications: &Indications,
        map: impl Fn(IndicationRow, IndicatedDrug<'_>, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        indications.map_numbered(|at, row, made| {
            let drug = |entry: u32, role: u8| IndicatedDrug { role, entry, corpus };
            let role = self.roles[at];
            if role == 0 {
                return;
            }
            map(row, drug(self.entries[at], role & !FURTHER), made);
            if role & FURTHER != 0 {
                self.more(at).for_each(|more| map(row, drug(more.entry, more.role), made));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::corpus::facts::Fact;
    use crate::corpus::memory::{MemoryDrug, MemoryReport};
    use crate::corpus::rows::Rows;

    type Drug = (usize, Option<u64>, u32, u8);
    type Indication = (usize, Option<u64>, u32);
    /// Place, number, substance (`None` if it is no entry of the report), role, term.
    type Given = (usize, Option<u64>, Option<u32>, u8, u32);

    /// A corpus of two reports on each of which substances 0 to 2 are entries, with these rows behind it.
    fn corpus(drugs: &[Drug], given_for: &[Indication]) -> Corpus {
        let drug = |name: &str| MemoryDrug {
            substances: vec![name.to_owned()],
            role: None,
            start: None,
            indications: vec!["fever".to_owned(), "pain".to_owned()],
        };
        let drugs_of = ["a", "b", "c"].map(drug).to_vec();
        let report = MemoryReport { fact: Fact::UNKNOWN, drugs: drugs_of, events: Vec::new() };
        let mut corpus = Corpus::of_reports(&[report.clone(), report]);
        if let Rows::Memory(rows) = &mut corpus.rows {
            let row = |&(place, seq, substance, role): &Drug| DrugRow {
                place,
                seq,
                substance,
                role,
                start: None,
            };
            rows.drugs = drugs.iter().map(row).collect();
            let row = |&(place, seq, term): &Indication| IndicationRow { place, seq, term };
            rows.indications = given_for.iter().map(row).collect();
        }
        corpus
    }

    /// Every indication with every drug row of its report and number, compared one by one.
    fn slowly(drugs: &[Drug], given_for: &[Indication]) -> Vec<Given> {
        let mut all = Vec::new();
        for &(place, seq, term) in given_for {
            let own = drugs.iter().filter(|drug| (drug.0, drug.1) == (place, seq));
            all.extend(own.map(|drug| (place, seq, Some(drug.2).filter(|s| *s < 3), drug.3, term)));
        }
        all.sort_unstable();
        all
    }

    /// Several substances of a drug, drugs of the same number and without one, a substance that is no entry, an
    /// indication of no drug, and one that is stated twice.
    #[test]
    fn every_drug_has_what_it_was_given_for() {
        let drugs = [
            (0, Some(1), 0, 1),
            (0, Some(1), 1, 1),
            (0, Some(2), 2, 8),
            (0, Some(2), 0, 32),
            (0, None, 1, 2),
            (0, None, 2, 16),
            (0, Some(7), 9, 1),
            (1, Some(3), 2, 4),
        ];
        let given_for = [
            (0, Some(1), 0),
            (0, Some(1), 1),
            (0, Some(2), 1),
            (0, Some(2), 1),
            (0, None, 0),
            (0, None, 1),
            (0, Some(7), 0),
            (1, Some(4), 1),
        ];
        let corpus = corpus(&drugs, &given_for);
        let indications = corpus.indications().unwrap();
        let indicated = corpus.indicated_drugs().unwrap();
        let mut all = indicated.map(&corpus, indications, |row, drug, found| {
            let substance = drug.entry().map(|(number, exposure)| {
                assert!((corpus.first_exposure(row.place)..).contains(&u64::from(number)));
                assert_eq!(corpus.entry(number).unwrap().substance, exposure.substance);
                exposure.substance
            });
            found.push((row.place, row.seq, substance, drug.role, row.term));
        });
        all.sort_unstable();
        assert_eq!(all.len(), 13);
        assert_eq!(all, slowly(&drugs, &given_for));
    }
}
