//! Builders of the child tables: one row type and one set of columns a table.

use std::sync::Arc;

use arrow_array::builder::{
    Date32Builder, Float64Builder, StringBuilder, UInt32Builder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::ArrowError;

use super::Child;
use crate::lake::schema::Table;
use crate::model::codes::Role;
use crate::model::date::PartialDate;

/// A drug of a report.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DrugRow<'a> {
    pub(crate) seq: Option<u64>,
    pub(crate) role: Option<Role>,
    pub(crate) name: u32,
    pub(crate) manufacturer: &'a str,
    pub(crate) route: &'a str,
    pub(crate) dose: &'a str,
    pub(crate) lot: &'a str,
    pub(crate) dechallenge: &'a str,
    pub(crate) rechallenge: &'a str,
}

/// A reaction term of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventRow<'a> {
    pub(crate) term: u32,
    /// MedDRA version, where the source says it.
    pub(crate) dictionary_version: &'a str,
    /// What came back when the drug was given again (FAERS `drug_rec_act`).
    pub(crate) recurred: &'a str,
}

/// Why a drug was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndicationRow {
    pub(crate) drug_seq: Option<u64>,
    pub(crate) term: u32,
}

/// One course of a drug.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TherapyRow<'a> {
    pub(crate) drug_seq: Option<u64>,
    pub(crate) start: Option<PartialDate>,
    pub(crate) end: Option<PartialDate>,
    pub(crate) duration: Option<f64>,
    pub(crate) duration_unit: &'a str,
}

/// A free text of a report; kept only when asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NarrativeRow<'a> {
    pub(crate) field: &'a str,
    pub(crate) text: &'a str,
}

/// A partial date as two columns: its first day, and how much of it is known.
#[derive(Debug, Default)]
pub(crate) struct DateColumns {
    first_day: Date32Builder,
    precision: StringBuilder,
}

impl DateColumns {
    fn of(dates: &[Option<PartialDate>]) -> Self {
        let mut columns = Self::default();
        dates.iter().for_each(|date| columns.push(*date));
        columns
    }

    pub(crate) fn push(&mut self, date: Option<PartialDate>) {
        self.first_day.append_option(date.map(PartialDate::first_day));
        self.precision.append_option(date.map(|d| d.precision().name()));
    }

    pub(crate) fn finish(mut self) -> [ArrayRef; 2] {
        [Arc::new(self.first_day.finish()), Arc::new(self.precision.finish())]
    }
}

/// Appends a text, blank as null.
pub(crate) fn push_text(column: &mut StringBuilder, text: &str) {
    column.append_option(Some(text).filter(|t| !t.is_empty()));
}

#[derive(Debug, Default)]
pub(crate) struct Drugs {
    owner: Vec<u32>,
    seq: UInt64Builder,
    role: StringBuilder,
    name: UInt32Builder,
    texts: [StringBuilder; 6],
    starts: Vec<Option<PartialDate>>,
    ends: Vec<Option<PartialDate>>,
}

impl Drugs {
    pub(crate) fn push(&mut self, owner: u32, row: &DrugRow<'_>) {
        self.owner.push(owner);
        self.seq.append_option(row.seq);
        self.role.append_option(row.role.map(Role::code));
        self.name.append_value(row.name);
        let texts =
            [row.manufacturer, row.route, row.dose, row.lot, row.dechallenge, row.rechallenge];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            push_text(column, text);
        }
        self.starts.push(None);
        self.ends.push(None);
    }

    pub(crate) fn len(&self) -> usize {
        self.owner.len()
    }

    /// The places of the drugs' reports in the part.
    pub(super) fn owners(&self) -> &[u32] {
        &self.owner
    }

    /// The sequence numbers; 0 where unknown.
    pub(super) fn sequences(&self) -> &[u64] {
        self.seq.values_slice()
    }

    /// Widens the dates of a drug: the earliest start and the latest end of its courses.
    pub(crate) fn add_course(
        &mut self,
        at: usize,
        start: Option<PartialDate>,
        end: Option<PartialDate>,
    ) {
        if let Some(known) = self.starts.get_mut(at) {
            *known = match (*known, start) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        if let Some(known) = self.ends.get_mut(at) {
            *known = (*known).max(end);
        }
    }

    pub(crate) fn finish(mut self) -> Result<Child, ArrowError> {
        let [start, end] = [DateColumns::of(&self.starts), DateColumns::of(&self.ends)];
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.seq.finish()),
            Arc::new(self.role.finish()),
            Arc::new(self.name.finish()),
        ];
        columns.extend(self.texts.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef));
        columns.extend(start.finish());
        columns.extend(end.finish());
        child(Table::Drug, self.owner, columns)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Events {
    owner: Vec<u32>,
    term: UInt32Builder,
    version: StringBuilder,
    recurred: StringBuilder,
}

impl Events {
    pub(crate) fn push(&mut self, owner: u32, row: &EventRow<'_>) {
        self.owner.push(owner);
        self.term.append_value(row.term);
        push_text(&mut self.version, row.dictionary_version);
        push_text(&mut self.recurred, row.recurred);
    }

    /// Puts other symbols in place of the terms; fails if a term has none.
    pub(crate) fn rename_terms(&mut self, symbols: &[u32]) -> Option<()> {
        rename(&mut self.term, symbols)
    }

    pub(crate) fn finish(mut self) -> Result<Child, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.term.finish()),
            Arc::new(self.version.finish()),
            Arc::new(self.recurred.finish()),
        ];
        child(Table::Event, self.owner, columns)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Indications {
    owner: Vec<u32>,
    drug_seq: UInt64Builder,
    term: UInt32Builder,
}

impl Indications {
    pub(crate) fn push(&mut self, owner: u32, row: IndicationRow) {
        self.owner.push(owner);
        self.drug_seq.append_option(row.drug_seq);
        self.term.append_value(row.term);
    }

    /// Puts other symbols in place of the terms; fails if a term has none.
    pub(crate) fn rename_terms(&mut self, symbols: &[u32]) -> Option<()> {
        rename(&mut self.term, symbols)
    }

    /// The report and the drug's sequence number of every row; 0 where unknown.
    pub(crate) fn links(&self) -> impl Iterator<Item = (u32, u64)> {
        self.owner.iter().copied().zip(self.drug_seq.values_slice().iter().copied())
    }

    pub(crate) fn finish(mut self) -> Result<Child, ArrowError> {
        let columns: Vec<ArrayRef> =
            vec![Arc::new(self.drug_seq.finish()), Arc::new(self.term.finish())];
        child(Table::Indication, self.owner, columns)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Therapies {
    owner: Vec<u32>,
    drug_seq: UInt64Builder,
    starts: Vec<Option<PartialDate>>,
    ends: Vec<Option<PartialDate>>,
    duration: Float64Builder,
    unit: StringBuilder,
}

impl Therapies {
    pub(crate) fn push(&mut self, owner: u32, row: &TherapyRow<'_>) {
        self.owner.push(owner);
        self.drug_seq.append_option(row.drug_seq);
        self.starts.push(row.start);
        self.ends.push(row.end);
        self.duration.append_option(row.duration);
        push_text(&mut self.unit, row.duration_unit);
    }

    /// The report, the drug's sequence number (0 where unknown), the start and the end of every row.
    pub(crate) fn courses(
        &self,
    ) -> impl Iterator<Item = (u32, u64, Option<PartialDate>, Option<PartialDate>)> {
        let drugs = self.owner.iter().zip(self.drug_seq.values_slice());
        let dates = self.starts.iter().zip(&self.ends);
        drugs.zip(dates).map(|((&owner, &seq), (&start, &end))| (owner, seq, start, end))
    }

    pub(crate) fn finish(mut self) -> Result<Child, ArrowError> {
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.drug_seq.finish())];
        columns.extend(DateColumns::of(&self.starts).finish());
        columns.extend(DateColumns::of(&self.ends).finish());
        columns.push(Arc::new(self.duration.finish()));
        columns.push(Arc::new(self.unit.finish()));
        child(Table::Therapy, self.owner, columns)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Narratives {
    owner: Vec<u32>,
    field: StringBuilder,
    text: StringBuilder,
}

impl Narratives {
    pub(crate) fn push(&mut self, owner: u32, row: NarrativeRow<'_>) {
        self.owner.push(owner);
        push_text(&mut self.field, row.field);
        push_text(&mut self.text, row.text);
    }

    pub(crate) fn finish(mut self) -> Result<Child, ArrowError> {
        let columns: Vec<ArrayRef> =
            vec![Arc::new(self.field.finish()), Arc::new(self.text.finish())];
        child(Table::Narrative, self.owner, columns)
    }
}

fn rename(terms: &mut UInt32Builder, symbols: &[u32]) -> Option<()> {
    for term in terms.values_slice_mut() {
        *term = *symbols.get(*term as usize)?;
    }
    Some(())
}

fn child(table: Table, owner: Vec<u32>, columns: Vec<ArrayRef>) -> Result<Child, ArrowError> {
    Ok(Child { owner, columns: RecordBatch::try_new(table.part_schema(), columns)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_data::{days, texts};

    fn date(text: &str) -> Option<PartialDate> {
        PartialDate::from_digits(text, 2026).ok()
    }

    #[test]
    fn courses_widen_the_dates_of_their_drug_only() {
        let mut drugs = Drugs::default();
        drugs.push(0, &DrugRow::default());
        drugs.push(0, &DrugRow { role: Some(Role::NotAdministered), ..DrugRow::default() });
        drugs.add_course(0, date("20190305"), None);
        drugs.add_course(0, None, date("2019"));
        drugs.add_course(0, date("201902"), date("20190601"));
        drugs.add_course(0, date("20200101"), date("20180101"));
        drugs.add_course(9, date("2001"), date("2001"));
        assert_eq!(drugs.len(), 2);
        let child = drugs.finish().unwrap();
        assert_eq!(child.owner, [0, 0]);
        let first_day = |text| date(text).map(PartialDate::first_day);
        assert_eq!(days(&child.columns, "start"), [first_day("201902"), None]);
        assert_eq!(days(&child.columns, "end"), [first_day("20190601"), None]);
        assert_eq!(texts(&child.columns, "start_precision"), ["month", ""]);
        assert_eq!(texts(&child.columns, "role"), ["", "DN"]);
    }
}
