//! What the drugs of the reports were given for, all in memory: it is asked for by several passes over the drugs.

use std::ops::Range;

use iatro_reports::Error;
use rayon::prelude::*;

use super::rows::IndicationRow;
use super::{Corpus, too_many};
use crate::columns::defect;

/// Reports a task looks through.
const CHUNK: usize = 1 << 16;

/// The indications of the drugs of every report: by report, then by drug.
#[derive(Debug, Default)]
pub(crate) struct Indications {
    /// By report, where its rows end.
    ends: Vec<u32>,
    /// By row, the number of the drug and one, 0 without a number.
    drugs: Vec<u64>,
    /// By row, the term.
    terms: Vec<u32>,
}

impl Indications {
    /// Reads them.
    pub(super) fn read(corpus: &Corpus) -> Result<Self, Error> {
        let mut filler = Filler::default();
        filler.make_room(corpus.indication_rows());
        let row = |row: IndicationRow, made: &mut Vec<IndicationRow>| made.push(row);
        corpus.map_indications(&row, &mut |row| filler.add(row))?;
        filler.finish(corpus.reports())
    }

    /// The rows of a report; none beyond the last report.
    fn rows(&self, place: usize) -> Range<usize> {
        let Some(end) = self.ends.get(place) else { return 0..0 };
        let before = place.checked_sub(1).and_then(|before| self.ends.get(before));
        before.map_or(0, |before| *before as usize)..*end as usize
    }

    /// Whether a report has any.
    pub(crate) fn any(&self, place: usize) -> bool {
        !self.rows(place).is_empty()
    }

    /// The terms of a drug of a report, each as often as it is stated.
    #[cfg(test)]
    pub(super) fn of_drug(&self, place: usize, seq: Option<u64>) -> &[u32] {
        &self.terms[self.rows_of_drug(place, seq)]
    }

    /// The rows of a drug of a report; without a number, those of the drugs without one.
    pub(super) fn rows_of_drug(&self, place: usize, seq: Option<u64>) -> Range<usize> {
        let drug = seq.map_or(0, |seq| seq.saturating_add(1));
        let rows = self.rows(place);
        let drugs = &self.drugs[rows.clone()];
        let first = drugs.partition_point(|other| *other < drug);
        let count = drugs[first..].iter().take_while(|other| **other == drug).count();
        rows.start + first..rows.start + first + count
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// What `map` makes of every row, in parallel, in the order of the reports.
    pub(crate) fn map<T: Send>(&self, map: impl Fn(IndicationRow, &mut Vec<T>) + Sync) -> Vec<T> {
        self.map_numbered(|_, row, made| map(row, made))
    }

    /// The same of every row with its number.
    pub(super) fn map_numbered<T: Send>(
        &self,
        map: impl Fn(usize, IndicationRow, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        let chunks: Vec<usize> = (0..self.ends.len()).step_by(CHUNK).collect();
        let of_chunk = |from: usize| {
            let mut made = Vec::new();
            for place in from..self.ends.len().min(from + CHUNK) {
                for at in self.rows(place) {
                    let seq = self.drugs[at].checked_sub(1);
                    map(at, IndicationRow { place, seq, term: self.terms[at] }, &mut made);
                }
            }
            made
        };
        chunks.into_par_iter().flat_map_iter(of_chunk).collect()
    }
}

/// Rows on the way.
#[derive(Default)]
struct Filler {
    made: Indications,
    /// Reports whose drugs do not ascend.
    unsorted: Vec<usize>,
    /// What rows cannot be, if one is so.
    wrong: Option<&'static str>,
}

impl Filler {
    /// Room for so many rows, which saves copying them; where there is none, it is made as they come.
    fn make_room(&mut self, rows: usize) {
        let Indications { drugs, terms, .. } = &mut self.made;
        let _ = drugs.try_reserve_exact(rows).and_then(|()| terms.try_reserve_exact(rows));
    }

    fn add(&mut self, row: IndicationRow) {
        let Indications { ends, drugs, terms } = &mut self.made;
        let Some(drug) = row.seq.map_or(Some(0), |seq| seq.checked_add(1)) else {
            self.wrong = Some("a drug number is out of range");
            return;
        };
        // Reports up to here have ended; the one of the row has not.
        if ends.len() > row.place {
            self.wrong = Some("indications are out of order");
            return;
        }
        ends.resize(row.place.max(ends.len()), u32::try_from(drugs.len()).unwrap_or(u32::MAX));
        let first = ends.last().map_or(0, |end| *end as usize);
        let descends = drugs.len() > first && drugs.last().is_some_and(|last| *last > drug);
        if descends && self.unsorted.last() != Some(&row.place) {
            self.unsorted.push(row.place);
        }
        drugs.push(drug);
        terms.push(row.term);
    }

    fn finish(mut self, reports: usize) -> Result<Indications, Error> {
        let rows = self.made.drugs.len();
        let end = u32::try_from(rows).map_err(|_| too_many(reports, rows))?;
        if let Some(wrong) = self.wrong {
            return Err(defect(wrong));
        }
        if rows > 0 && self.made.ends.len() >= reports {
            return Err(defect("an indication is of a report that is not there"));
        }
        self.made.ends.resize(reports, end);
        for place in self.unsorted {
            let rows = self.made.rows(place);
            let (drugs, terms) = (&mut self.made.drugs[rows.clone()], &mut self.made.terms[rows]);
            let mut of_report: Vec<(u64, u32)> =
                drugs.iter().copied().zip(terms.iter().copied()).collect();
            of_report.sort_by_key(|(drug, _)| *drug);
            for ((drug, term), sorted) in drugs.iter_mut().zip(terms).zip(of_report) {
                (*drug, *term) = sorted;
            }
        }
        Ok(self.made)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn filled(rows: &[(usize, Option<u64>, u32)], reports: usize) -> Result<Indications, Error> {
        let mut filler = Filler::default();
        for &(place, seq, term) in rows {
            filler.add(IndicationRow { place, seq, term });
        }
        filler.finish(reports)
    }

    #[test]
    fn every_drug_has_its_terms_in_whatever_order_they_come() {
        let rows = [
            (1, Some(7), 3),
            (1, Some(2), 4),
            (1, None, 5),
            (1, Some(7), 1),
            (3, Some(0), 9),
            (3, Some(u64::MAX - 1), 8),
        ];
        let made = filled(&rows, 5).unwrap();
        assert_eq!(made.of_drug(1, Some(7)), [3, 1]);
        assert_eq!(made.of_drug(1, Some(2)), [4]);
        assert_eq!(made.of_drug(1, None), [5]);
        assert_eq!(made.of_drug(3, Some(0)), [9]);
        assert_eq!(made.of_drug(3, Some(u64::MAX - 1)), [8]);
        assert!(made.of_drug(3, None).is_empty() && made.of_drug(0, Some(7)).is_empty());
        let any: Vec<bool> = (0..6).map(|place| made.any(place)).collect();
        assert_eq!(any, [false, true, false, true, false, false]);
        let mut all = made.map(|row, found| found.push((row.place, row.seq, row.term)));
        let mut expected = rows.to_vec();
        all.sort_unstable();
        expected.sort_unstable();
        assert_eq!(all, expected);
    }

    #[test]
    fn rows_of_other_reports_in_between_are_refused() {
        assert!(filled(&[(2, None, 0), (1, None, 0)], 5).is_err());
        assert!(filled(&[(0, None, 0), (0, None, 1)], 1).is_ok());
        assert!(filled(&[(3, None, 0)], 3).is_err() && filled(&[(2, None, 0)], 3).is_ok());
        assert!(filled(&[(0, Some(u64::MAX), 0)], 1).is_err());
        let none = filled(&[], 0).unwrap();
        assert!(!none.any(0) && none.of_drug(7, None).is_empty());
    }
}
