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
        corpus.map_indications(&|row, made: &mut Next| made.add(row), &mut |next| {
            filler.append(next);
        })?;
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

    /// What `map` makes of every row, in parallel, in the order of the reports; what is made of each report is sorted.
    pub(crate) fn map<T: Ord + Send>(
        &self,
        map: impl Fn(IndicationRow, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        self.map_numbered(|_, row, made| map(row, made))
    }

    /// The same of every row with its number.
    pub(super) fn map_numbered<T: Ord + Send>(
        &self,
        map: impl Fn(usize, IndicationRow, &mut Vec<T>) + Sync,
    ) -> Vec<T> {
        let chunks: Vec<usize> = (0..self.ends.len()).step_by(CHUNK).collect();
        let of_chunk = |from: usize| {
            let mut made = Vec::new();
            for place in from..self.ends.len().min(from + CHUNK) {
                let begun = made.len();
                for at in self.rows(place) {
                    let seq = self.drugs[at].checked_sub(1);
                    map(at, IndicationRow { place, seq, term: self.terms[at] }, &mut made);
                }
                made[begun..].sort_unstable();
            }
            made
        };
        chunks.into_par_iter().flat_map_iter(of_chunk).collect()
    }
}

/// Rows that follow one another.
#[derive(Default)]
struct Next {
    /// The place of each report and how many of the rows are its.
    reports: Vec<(usize, u32)>,
    drugs: Vec<u64>,
    terms: Vec<u32>,
    /// Whether a drug has a number that cannot be told from no number.
    out_of_range: bool,
}

impl Next {
    fn add(&mut self, row: IndicationRow) {
        match self.reports.last_mut() {
            Some((place, rows)) if *place == row.place => *rows += 1,
            _ => self.reports.push((row.place, 1)),
        }
        let drug = row.seq.map_or(Some(0), |seq| seq.checked_add(1));
        self.out_of_range |= drug.is_none();
        self.drugs.push(drug.unwrap_or(0));
        self.terms.push(row.term);
    }
}

/// Rows on the way.
#[derive(Default)]
struct Filler {
    made: Indications,
    /// What rows cannot be, if one is so.
    wrong: Option<&'static str>,
}

impl Filler {
    /// Room for so many rows, which saves copying them; where there is none, it is made as they come.
    fn make_room(&mut self, rows: usize) {
        let Indications { drugs, terms, .. } = &mut self.made;
        let _ = drugs.try_reserve_exact(rows).and_then(|()| terms.try_reserve_exact(rows));
    }

    /// Takes over the rows that come next.
    fn append(&mut self, next: &mut Next) {
        let Indications { ends, drugs, terms } = &mut self.made;
        let mut end = drugs.len();
        for (place, rows) in next.reports.drain(..) {
            // Reports up to here have ended; the one of these rows has not.
            if ends.len() > place {
                self.wrong = Some("indications are out of order");
            } else {
                ends.resize(place, u32::try_from(end).unwrap_or(u32::MAX));
            }
            end += rows as usize;
        }
        if std::mem::take(&mut next.out_of_range) {
            self.wrong = Some("a drug number is out of range");
        }
        drugs.append(&mut next.drugs);
        terms.append(&mut next.terms);
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
        let is_sorted = |place: &usize| self.made.drugs[self.made.rows(*place)].is_sorted();
        let places = (0..reports).into_par_iter();
        let unsorted: Vec<usize> = places.filter(|place| !is_sorted(place)).collect();
        unsorted.into_iter().for_each(|place| self.made.sort(place));
        Ok(self.made)
    }
}

impl Indications {
    /// Sorts the rows of a report by drug; those of a drug stay in their order.
    fn sort(&mut self, place: usize) {
        let rows = self.rows(place);
        let (drugs, terms) = (&mut self.drugs[rows.clone()], &mut self.terms[rows]);
        let mut of_report: Vec<(u64, u32)> =
            drugs.iter().copied().zip(terms.iter().copied()).collect();
        of_report.sort_by_key(|(drug, _)| *drug);
        for ((drug, term), sorted) in drugs.iter_mut().zip(terms).zip(of_report) {
            (*drug, *term) = sorted;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn filled(rows: &[(usize, Option<u64>, u32)], reports: usize) -> Result<Indications, Error> {
        filled_by(rows, rows.len().max(1), reports)
    }

    /// The same, so many rows at a time.
    fn filled_by(
        rows: &[(usize, Option<u64>, u32)],
        many: usize,
        reports: usize,
    ) -> Result<Indications, Error> {
        let (mut filler, mut next) = (Filler::default(), Next::default());
        for rows in rows.chunks(many) {
            for &(place, seq, term) in rows {
                next.add(IndicationRow { place, seq, term });
            }
            filler.append(&mut next);
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
        for many in 1..=rows.len() {
            let other = filled_by(&rows, many, 5).unwrap();
            assert_eq!((&other.ends, &other.drugs), (&made.ends, &made.drugs), "{many}");
            assert_eq!(other.terms, made.terms, "{many}");
        }
        assert_eq!(made.of_drug(1, Some(7)), [3, 1]);
        assert_eq!(made.of_drug(1, Some(2)), [4]);
        assert_eq!(made.of_drug(1, None), [5]);
        assert_eq!(made.of_drug(3, Some(0)), [9]);
        assert_eq!(made.of_drug(3, Some(u64::MAX - 1)), [8]);
        assert!(made.of_drug(3, None).is_empty() && made.of_drug(0, Some(7)).is_empty());
        let any: Vec<bool> = (0..6).map(|place| made.any(place)).collect();
        assert_eq!(any, [false, true, false, true, false, false]);
        // By report, what is made of each sorted, whatever it is sorted by.
        let all = made.map(|row, found| found.push((row.place, row.term, row.seq)));
        let mut expected = rows.map(|(place, seq, term)| (place, term, seq));
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
