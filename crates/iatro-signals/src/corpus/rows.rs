//! The rows behind a corpus that are read only when something asks for them: the facts of a report,
//! what each drug was given for, and when it was started.
//!
//! A table is read a few row groups at a time, in parallel; what their rows become is worked out there too, into whatever
//! `A` the asker wants of a row group (a list, columns), and handed on in the order of the reports. Who is handed an `A`
//! takes out what was made: it is filled again with what comes later.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use arrow_array::{Array, Date32Array, RecordBatch, UInt32Array, UInt64Array};
use iatro_reports::Error;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::groups::{Piece, RowGroups};
use iatro_reports::lake::schema::Table;
use iatro_reports::model::codes::Role;
use iatro_reports::model::date::{PartialDate, Precision};
use rayon::prelude::*;

use super::facts::{self, Fact};
use super::{Corpus, Lists, ROLE_UNKNOWN, substances_of_names, to_usize};
use crate::columns::{Texts, column, defect};

/// A piece of which fewer than one row in so many is wanted is read row by row.
const SPARSE: usize = 16;

/// Where the rows are.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// In a snapshot of a lake.
    Lake(Box<Snapshot>),
    /// In memory.
    Memory(Box<MemoryRows>),
}

/// Rows in memory.
#[derive(Clone, Debug, Default)]
pub(super) struct MemoryRows {
    pub(super) facts: Vec<Fact<'static>>,
    pub(super) drugs: Vec<DrugRow>,
    pub(super) indications: Vec<IndicationRow>,
}

/// A drug row, as one of the substances of its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DrugRow {
    /// The place of the report in its corpus.
    pub place: usize,
    /// The drug's number on the report, which its indications name.
    pub seq: Option<u64>,
    /// The substance.
    pub substance: u32,
    /// The role, as one bit.
    pub role: u8,
    /// When it was started.
    pub start: Option<PartialDate>,
}

/// An indication of a drug of a report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IndicationRow {
    /// The place of the report in its corpus.
    pub place: usize,
    /// The drug's number on the report.
    pub seq: Option<u64>,
    /// The term.
    pub term: u32,
}

/// Which reports' rows are wanted, by place.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'w> {
    /// Those of all.
    All,
    /// Those of most: every row is read.
    Most(&'w (dyn Fn(usize) -> bool + Sync)),
    /// Perhaps those of few: it is looked which rows are theirs before anything else is read of them.
    Few(&'w (dyn Fn(usize) -> bool + Sync)),
}

impl Wanted<'_> {
    pub(super) fn holds(self, place: usize) -> bool {
        match self {
            Self::All => true,
            Self::Most(wanted) | Self::Few(wanted) => wanted(place),
        }
    }
}

/// Adds what the wanted rows of a batch become.
type Decode<'d, A> = &'d (dyn Fn(&RecordBatch, &mut A) -> Result<(), Error> + Sync);

/// Takes what was made of some rows, and leaves nothing.
type Take<'t, A> = &'t mut (dyn FnMut(&mut A) + Send);

/// Whether the dates of drugs are read; without, every start is unknown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dates {
    Read,
    Left,
}

impl Corpus {
    /// Calls `visit` with the place and the facts of every report, in order.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn each_fact(&self, visit: &mut dyn FnMut(usize, Fact<'_>)) -> Result<(), Error> {
        let facts = self.facts()?;
        (0..self.reports()).for_each(|place| visit(place, facts.of(place)));
        Ok(())
    }

    /// What `add` makes of the facts of the wanted reports, in parallel, handed to `take` in the order of the
    /// reports.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn map_facts<A: Default + Send>(
        &self,
        wanted: Wanted<'_>,
        add: &(dyn Fn(usize, Fact<'_>, &mut A) + Sync),
        take: Take<'_, A>,
    ) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => {
                let decode = |batch: &RecordBatch, made: &mut A| {
                    facts::of_batch(batch, self, wanted, &mut |place, fact| add(place, fact, made))
                };
                self.in_order(snapshot, Table::Report, &facts::COLUMNS, wanted, &decode, take)
            }
            Rows::Memory(rows) => {
                let rows = rows.facts.iter().enumerate().filter(|(place, _)| wanted.holds(*place));
                hand_on(rows, |(place, fact), made| add(place, fact.clone(), made), take);
                Ok(())
            }
        }
    }

    /// What `add` makes of the drug rows of the wanted reports, once for each substance of a row's name, in
    /// parallel; handed to `take` in the order of the rows.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn map_drugs<A: Default + Send>(
        &self,
        dates: Dates,
        wanted: Wanted<'_>,
        add: &(dyn Fn(DrugRow, &mut A) + Sync),
        take: Take<'_, A>,
    ) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => {
                let names = substances_of_names(snapshot)?;
                let decode = |batch: &RecordBatch, made: &mut A| {
                    self.drugs_of(batch, &names, wanted, &mut |row| add(row, made))
                };
                let columns = ["report_id", "seq", "role", "name_id", "start", "start_precision"];
                let columns = if dates == Dates::Read { &columns[..] } else { &columns[..4] };
                self.in_order(snapshot, Table::Drug, columns, wanted, &decode, take)
            }
            Rows::Memory(rows) => {
                let undated = |row: DrugRow| DrugRow {
                    start: row.start.filter(|_| dates == Dates::Read),
                    ..row
                };
                let rows = rows.drugs.iter().filter(|row| wanted.holds(row.place));
                hand_on(rows, |row, made| add(undated(*row), made), take);
                Ok(())
            }
        }
    }

    /// What `add` makes of every indication row, in parallel; handed to `take` in the order of the rows.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub(crate) fn map_indications<A: Default + Send>(
        &self,
        add: &(dyn Fn(IndicationRow, &mut A) + Sync),
        take: Take<'_, A>,
    ) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => {
                let decode = |batch: &RecordBatch, made: &mut A| {
                    self.indications_of(batch, &mut |row| add(row, made))
                };
                let columns = ["report_id", "drug_seq", "term_id"];
                self.in_order(snapshot, Table::Indication, &columns, Wanted::All, &decode, take)
            }
            Rows::Memory(rows) => {
                hand_on(rows.indications.iter(), |row, made| add(*row, made), take);
                Ok(())
            }
        }
    }

    /// How many rows say what a drug was given for.
    pub(crate) fn indication_rows(&self) -> usize {
        match &self.rows {
            Rows::Lake(snapshot) => {
                let manifest = snapshot.manifest();
                to_usize(manifest.extent_of(self.source, Table::Indication.name()).rows)
            }
            Rows::Memory(rows) => rows.indications.len(),
        }
    }

    fn in_order<A: Default + Send>(
        &self,
        snapshot: &Snapshot,
        table: Table,
        columns: &[&str],
        wanted: Wanted<'_>,
        decode: Decode<'_, A>,
        take: Take<'_, A>,
    ) -> Result<(), Error> {
        let (groups, pieces) = snapshot.pieces(table, self.source)?;
        let groups = groups.with_numbered_texts()?;
        let starts = pieces.iter().scan(0, |next, piece| {
            *next += piece.rows();
            Some(*next - piece.rows())
        });
        let pieces: Vec<(usize, &Piece)> = starts.zip(&pieces).collect();
        let rows: usize = pieces.iter().map(|(_, piece)| piece.rows()).sum();
        let is_report = table == Table::Report;
        if is_report && rows != self.reports() {
            return Err(defect("reports are missing"));
        }
        // What was taken leaves its memory to what is made next: new memory for every piece costs more than taking it.
        let spare: Mutex<Vec<A>> = Mutex::default();
        let spare = || spare.lock().unwrap_or_else(PoisonError::into_inner);
        let made_of = |(start, piece): &(usize, &Piece)| -> Result<A, Error> {
            let mut made = spare().pop().unwrap_or_default();
            let first = is_report.then_some(*start);
            for batch in self.wanted_rows(&groups, piece, columns, wanted, first)? {
                decode(&batch?, &mut made)?;
            }
            Ok(made)
        };
        // What was made of some pieces is taken while the next ones are read: more of them than threads, so that the
        // one that takes finds something to read after it.
        let mut ready: Vec<A> = Vec::new();
        let windows = pieces.chunks(2 * rayon::current_num_threads().max(1));
        for window in windows.map(Some).chain([None]) {
            let read = || window.unwrap_or_default().par_iter().map(made_of).collect();
            let made = std::mem::take(&mut ready);
            let take_all = || {
                for mut some in made {
                    take(&mut some);
                    spare().push(some);
                }
            };
            let (made, ()): (Result<_, Error>, ()) = rayon::join(read, take_all);
            ready = made?;
        }
        Ok(())
    }

    /// The rows of a piece, those of reports that are not wanted perhaps among them. Where a row is a report, the
    /// place of the `first` of the piece is known, and those of all others must follow.
    fn wanted_rows(
        &self,
        groups: &RowGroups,
        piece: &Piece,
        columns: &[&str],
        wanted: Wanted<'_>,
        first: Option<usize>,
    ) -> Result<Box<dyn Iterator<Item = Result<RecordBatch, Error>>>, Error> {
        let (mut ranges, mut rows, mut all): (Vec<Range<usize>>, _, _) = (Vec::new(), 0, 0);
        let Wanted::Few(wanted) = wanted else {
            let batches = groups.read(piece, columns)?;
            let Some(first) = first else { return Ok(Box::new(batches)) };
            let next = self.first_report + first as u64;
            return Ok(Box::new(batches.scan(next, |next, batch| {
                Some(batch.and_then(|batch| follow(next, &batch).map(|()| batch)))
            })));
        };
        for batch in groups.read(piece, &["report_id"])? {
            let batch = batch?;
            if let Some(first) = first {
                follow(&mut (self.first_report + (first + all) as u64), &batch)?;
            }
            for &report in column::<UInt64Array>(&batch, "report_id")?.values() {
                let place = self.place_of(report)?;
                if wanted(place) {
                    rows += 1;
                    match ranges.last_mut() {
                        Some(last) if last.end == all => last.end += 1,
                        _ => ranges.push(all..all + 1),
                    }
                }
                all += 1;
            }
        }
        if rows == 0 {
            return Ok(Box::new(std::iter::empty()));
        }
        if rows * SPARSE > all {
            return Ok(Box::new(groups.read(piece, columns)?));
        }
        Ok(Box::new(groups.read_ranges(piece, columns, &ranges)?))
    }

    fn drugs_of(
        &self,
        batch: &RecordBatch,
        names: &Lists,
        wanted: Wanted<'_>,
        visit: &mut dyn FnMut(DrugRow),
    ) -> Result<(), Error> {
        let reports = column::<UInt64Array>(batch, "report_id")?;
        let seqs = column::<UInt64Array>(batch, "seq")?;
        let roles = Texts::read(batch, "role", role_bit)?;
        let name_ids = column::<UInt32Array>(batch, "name_id")?;
        let starts = batch.column_by_name("start").map(|_| Starts::read(batch)).transpose()?;
        for row in 0..batch.num_rows() {
            let place = self.place_of(reports.value(row))?;
            if !wanted.holds(place) {
                continue;
            }
            let name = name_ids.value(row) as usize;
            if name >= names.len() {
                return Err(defect(&format!("name {name} is not in the dictionary")));
            }
            let drug = DrugRow {
                place,
                seq: seqs.is_valid(row).then(|| seqs.value(row)),
                substance: 0,
                role: roles.of(row).map_err(|code| defect(&format!("role \"{code}\"")))?,
                start: starts.as_ref().and_then(|starts| starts.on(row)),
            };
            names.of(name).iter().for_each(|&substance| visit(DrugRow { substance, ..drug }));
        }
        Ok(())
    }

    fn indications_of(
        &self,
        batch: &RecordBatch,
        visit: &mut dyn FnMut(IndicationRow),
    ) -> Result<(), Error> {
        let reports = column::<UInt64Array>(batch, "report_id")?;
        let seqs = column::<UInt64Array>(batch, "drug_seq")?;
        let terms = column::<UInt32Array>(batch, "term_id")?;
        for row in 0..batch.num_rows() {
            let place = self.place_of(reports.value(row))?;
            let term = terms.value(row);
            if term as usize >= self.terms.len() {
                return Err(defect("an indication names a term that is not in the dictionary"));
            }
            let seq = seqs.is_valid(row).then(|| seqs.value(row));
            visit(IndicationRow { place, seq, term });
        }
        Ok(())
    }

    pub(super) fn place_of(&self, report: u64) -> Result<usize, Error> {
        let place = report.checked_sub(self.first_report).map(to_usize);
        place
            .filter(|place| *place < self.reports())
            .ok_or_else(|| defect(&format!("report {report} is of another source")))
    }
}

/// Checks that the rows of a batch are the reports that come next, and counts on.
fn follow(next: &mut u64, batch: &RecordBatch) -> Result<(), Error> {
    for report in column::<UInt64Array>(batch, "report_id")?.values() {
        if report != next {
            return Err(defect("reports are out of order"));
        }
        *next += 1;
    }
    Ok(())
}

/// Rows in memory on the way that those of a lake take.
fn hand_on<R, A: Default>(
    rows: impl Iterator<Item = R>,
    add: impl Fn(R, &mut A),
    take: Take<'_, A>,
) {
    let mut made = A::default();
    rows.for_each(|row| add(row, &mut made));
    take(&mut made);
}

/// When the drugs of a batch were started.
struct Starts<'b> {
    days: &'b Date32Array,
    precisions: Texts<'b, Option<Precision>>,
}

impl<'b> Starts<'b> {
    fn read(batch: &'b RecordBatch) -> Result<Self, Error> {
        let precision = |said: Option<&str>| said.and_then(Precision::from_name);
        Ok(Self {
            days: column(batch, "start")?,
            precisions: Texts::read(batch, "start_precision", precision)?,
        })
    }

    fn on(&self, row: usize) -> Option<PartialDate> {
        let precision = self.precisions.of(row).filter(|_| self.days.is_valid(row))?;
        PartialDate::from_first_day(self.days.value(row), precision)
    }
}

/// A role as a bit, or else the code that is no role's.
fn role_bit(code: Option<&str>) -> Result<u8, &str> {
    code.map_or(Ok(ROLE_UNKNOWN), |code| Role::from_code(code).map(Role::bit).ok_or(code))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use arrow_array::ArrayRef;

    use super::*;

    #[test]
    fn reports_that_do_not_follow_one_another_are_refused() {
        let batch = |ids: Vec<u64>| {
            let ids: ArrayRef = Arc::new(UInt64Array::from(ids));
            RecordBatch::try_from_iter([("report_id", ids)]).unwrap()
        };
        let mut next = 7;
        follow(&mut next, &batch(vec![7, 8])).unwrap();
        follow(&mut next, &batch(vec![9])).unwrap();
        assert_eq!(next, 10);
        for ids in [vec![11], vec![9], vec![10, 10], vec![10, 12], vec![10, 9]] {
            let refused = follow(&mut 10, &batch(ids)).unwrap_err();
            assert!(refused.to_string().contains("out of order"), "{refused}");
        }
    }
}
