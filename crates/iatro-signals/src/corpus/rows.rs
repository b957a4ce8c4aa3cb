//! The rows behind a corpus that are read only when something asks for them: the facts of a report,
//! what each drug was given for, and when it was started.

use arrow_array::{Array, Date32Array, StringArray, UInt32Array, UInt64Array};
use iatro_reports::Error;
use iatro_reports::lake::Snapshot;
use iatro_reports::lake::schema::Table;
use iatro_reports::model::date::{PartialDate, Precision};

use super::facts::{self, Fact};
use super::{Corpus, role_bit, substances_of_names, to_usize};
use crate::columns::{column, defect};

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
    pub(super) facts: Vec<Fact>,
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

impl Corpus {
    /// Calls `visit` with the place and the facts of every report, in order.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn each_fact(&self, visit: &mut dyn FnMut(usize, Fact)) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => facts::of_lake(snapshot, self, visit),
            Rows::Memory(rows) => {
                rows.facts.iter().enumerate().for_each(|(place, fact)| visit(place, fact.clone()));
                Ok(())
            }
        }
    }

    /// Calls `visit` with every drug row, once for each substance of its name, in the order of the
    /// reports.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn each_drug(&self, visit: &mut dyn FnMut(DrugRow)) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => self.drugs_of_lake(snapshot, visit),
            Rows::Memory(rows) => {
                rows.drugs.iter().for_each(|row| visit(*row));
                Ok(())
            }
        }
    }

    /// Calls `visit` with every indication row, in the order of the reports.
    ///
    /// # Errors
    /// What the lake says if it is damaged.
    pub fn each_indication(&self, visit: &mut dyn FnMut(IndicationRow)) -> Result<(), Error> {
        match &self.rows {
            Rows::Lake(snapshot) => self.indications_of_lake(snapshot, visit),
            Rows::Memory(rows) => {
                rows.indications.iter().for_each(|row| visit(*row));
                Ok(())
            }
        }
    }

    fn drugs_of_lake(
        &self,
        snapshot: &Snapshot,
        visit: &mut dyn FnMut(DrugRow),
    ) -> Result<(), Error> {
        let names = substances_of_names(snapshot)?;
        let columns = ["report_id", "seq", "role", "name_id", "start", "start_precision"];
        for batch in snapshot.read_source(Table::Drug, self.source, &columns)? {
            let batch = batch?;
            let reports = column::<UInt64Array>(&batch, "report_id")?;
            let seqs = column::<UInt64Array>(&batch, "seq")?;
            let roles = column::<StringArray>(&batch, "role")?;
            let name_ids = column::<UInt32Array>(&batch, "name_id")?;
            let starts = column::<Date32Array>(&batch, "start")?;
            let precisions = column::<StringArray>(&batch, "start_precision")?;
            for row in 0..batch.num_rows() {
                let place = self.place_of(reports.value(row))?;
                let name = name_ids.value(row) as usize;
                if name >= names.len() {
                    return Err(defect(&format!("name {name} is not in the dictionary")));
                }
                let drug = DrugRow {
                    place,
                    seq: seqs.is_valid(row).then(|| seqs.value(row)),
                    substance: 0,
                    role: role_bit(roles, row)?,
                    start: partial(starts, precisions, row),
                };
                names.of(name).iter().for_each(|&substance| visit(DrugRow { substance, ..drug }));
            }
        }
        Ok(())
    }

    fn indications_of_lake(
        &self,
        snapshot: &Snapshot,
        visit: &mut dyn FnMut(IndicationRow),
    ) -> Result<(), Error> {
        let columns = ["report_id", "drug_seq", "term_id"];
        for batch in snapshot.read_source(Table::Indication, self.source, &columns)? {
            let batch = batch?;
            let reports = column::<UInt64Array>(&batch, "report_id")?;
            let seqs = column::<UInt64Array>(&batch, "drug_seq")?;
            let terms = column::<UInt32Array>(&batch, "term_id")?;
            for row in 0..batch.num_rows() {
                let place = self.place_of(reports.value(row))?;
                let term = terms.value(row);
                if term as usize >= self.terms.len() {
                    return Err(defect("an indication names a term that is not in the dictionary"));
                }
                let seq = seqs.is_valid(row).then(|| seqs.value(row));
                visit(IndicationRow { place, seq, term });
            }
        }
        Ok(())
    }

    fn place_of(&self, report: u64) -> Result<usize, Error> {
        let place = report.checked_sub(self.first_report).map(to_usize);
        place
            .filter(|place| *place < self.reports())
            .ok_or_else(|| defect(&format!("report {report} is of another source")))
    }
}

fn partial(days: &Date32Array, precisions: &StringArray, row: usize) -> Option<PartialDate> {
    let known = days.is_valid(row) && precisions.is_valid(row);
    let precision = known.then(|| Precision::from_name(precisions.value(row))).flatten()?;
    PartialDate::from_first_day(days.value(row), precision)
}
