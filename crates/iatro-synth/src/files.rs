//! The tables of one quarter, filled report by report.

use std::borrow::Cow;

use rand::RngExt;

use crate::accident::Accidents;
use crate::archive::Archive;
use crate::compose::Composer;
use crate::error::SynthError;
use crate::event;
use crate::layout::TableKind;
use crate::numbering::Numbers;
use crate::patient::NAMIBIA;
use crate::quarter::{Era, Quarter};
use crate::quirk::{Quirk, QuirkCounts};
use crate::render_demo::DemoRow;
use crate::render_drug::{DrugRow, TherapyRow, ValueRow};
use crate::report::{NumberMark, Term};
use crate::sampler::{Rng, chance};
use crate::sighting::{Ids, Sighting};
use crate::table::{Shape, Table};
use crate::volume::Rows;

/// One quarter's tables while they grow, with the count of what was planted.
pub(crate) struct QuarterFiles<'a> {
    composer: &'a Composer<'a>,
    quarter: Quarter,
    era: Era,
    /// In the order of [`TableKind::ALL`], each with the accidents of its rows.
    pub(crate) tables: Vec<(Table, Accidents)>,
    pub(crate) counts: QuirkCounts,
    /// Where the tables go, block by block.
    pub(crate) archive: Archive,
    /// The next drug number of a legacy quarter.
    next_sequence: u64,
    next_nowhere: u64,
}

impl<'a> QuarterFiles<'a> {
    pub(crate) fn new(
        composer: &'a Composer<'a>,
        quarter: Quarter,
        numbers: &Numbers,
    ) -> Result<Self, SynthError> {
        let members = TableKind::ALL.map(|kind| quarter.member_name(kind)).to_vec();
        let era = quarter.era();
        let table = |kind| (Table::new(kind, quarter), Accidents::of(kind, era, composer.quirks));
        Ok(Self {
            composer,
            quarter,
            era,
            tables: TableKind::ALL.into_iter().map(table).collect(),
            counts: QuirkCounts::default(),
            archive: Archive::new(members).map_err(SynthError::Thread)?,
            next_sequence: 1_000_000_000 + quarter.index() * 10_000_000,
            next_nowhere: numbers.nowhere,
        })
    }

    /// DEMO rows so far.
    pub(crate) fn reports(&self) -> u64 {
        self.tables[TableKind::Demo as usize].0.counts.records
    }

    /// Rows of each table so far.
    pub(crate) fn rows(&self) -> Rows {
        std::array::from_fn(|table| self.tables[table].0.counts.records)
    }

    /// Writes every row of a report version.
    pub(crate) fn write(&mut self, rng: &mut Rng, sighting: Sighting<'_>) {
        self.demo(rng, sighting);
        for (place, drug) in sighting.drugs() {
            let sequence = if self.era == Era::Legacy {
                self.next_sequence += 1;
                self.next_sequence
            } else {
                place as u64
            };
            self.drug(rng, sighting, sequence, drug);
            if drug.start.is_some() {
                self.therapy(rng, TherapyRow { ids: sighting.ids, sequence, drug });
            }
            for term in &drug.indications {
                let value = self.term_text(rng, *term);
                self.value(rng, TableKind::Indi, sighting, sequence, &value);
            }
        }
        self.reactions(rng, sighting);
        for code in &sighting.report.outcomes {
            self.value(rng, TableKind::Outc, sighting, 0, code);
        }
        for code in &sighting.report.sources {
            self.value(rng, TableKind::Rpsr, sighting, 0, code);
        }
        for (member, (table, _)) in self.tables.iter_mut().enumerate() {
            if let Some(block) = table.take_block() {
                self.archive.add(member, block);
            }
        }
    }

    fn demo(&mut self, rng: &mut Rng, sighting: Sighting<'_>) {
        let flaw = self.flaw(rng, TableKind::Demo, sighting);
        let row = DemoRow::new(rng, sighting, self.era, flaw);
        self.table(TableKind::Demo).row(Shape::Whole, |column, out| row.field(column, out));
        self.count(flaw.filter(|flaw| *flaw != Quirk::BlankLine));
        self.count((sighting.report.country == NAMIBIA).then_some(Quirk::Namibia));
        self.count(sighting.without_drug.then_some(Quirk::NoDrug));
        self.count(sighting.without_reaction.then_some(Quirk::NoReaction));
        let Some(sender) = &sighting.report.sender else { return };
        match sender.mark {
            NumberMark::None => {}
            NumberMark::Quote => self.counts.add(Quirk::LoneQuote),
            NumberMark::Dollar => self.counts.add(Quirk::EmbeddedDollar),
        }
        if sender.company == 0 {
            let modern = self.era == Era::Modern;
            self.counts.add(if modern { Quirk::Utf8Text } else { Quirk::Cp1252Text });
        }
    }

    fn drug(
        &mut self,
        rng: &mut Rng,
        sighting: Sighting<'_>,
        sequence: u64,
        drug: &crate::report::Drug,
    ) {
        let flaw = self.flaw(rng, TableKind::Drug, sighting);
        let row = DrugRow::new(rng, sighting.ids, sequence, drug, self.era, flaw);
        let shape = shape(rng, TableKind::Drug, flaw);
        self.table(TableKind::Drug).row(shape, |column, out| row.field(column, out));
        self.count((drug.role == "DN").then_some(Quirk::NotAdministered));
        match flaw {
            Some(Quirk::DanglingRow) => {
                let row = row.under(self.nowhere());
                self.dangle(TableKind::Drug, |column, out| row.field(column, out));
            }
            Some(Quirk::BlankLine) | None => {}
            Some(_) => self.count(flaw),
        }
    }

    fn therapy(&mut self, rng: &mut Rng, row: TherapyRow<'_>) {
        let flaw = self.draw(rng, TableKind::Ther);
        self.table(TableKind::Ther).row(Shape::Whole, |column, out| row.field(column, out));
        if flaw == Some(Quirk::DanglingRow) {
            let row = TherapyRow { ids: self.nowhere(), ..row };
            self.dangle(TableKind::Ther, |column, out| row.field(column, out));
        }
    }

    fn reactions(&mut self, rng: &mut Rng, sighting: Sighting<'_>) {
        let mut first = None;
        for term in sighting.terms() {
            let value = self.term_text(rng, term);
            self.value(rng, TableKind::Reac, sighting, 0, &value);
            first = first.or(Some(value));
        }
        if let Some(value) = first
            && chance(rng, self.composer.quirks.get(Quirk::RepeatedTerm))
        {
            self.value(rng, TableKind::Reac, sighting, 0, &value);
            self.counts.add(Quirk::RepeatedTerm);
        }
    }

    fn value(
        &mut self,
        rng: &mut Rng,
        kind: TableKind,
        sighting: Sighting<'_>,
        sequence: u64,
        value: &str,
    ) {
        let flaw = self.flaw(rng, kind, sighting);
        let row = ValueRow { ids: sighting.ids, sequence, value };
        let shape = shape(rng, kind, flaw);
        self.table(kind).row(shape, |column, out| row.field(column, out));
        match flaw {
            Some(Quirk::DanglingRow) => {
                let row = ValueRow { ids: self.nowhere(), ..row };
                self.dangle(kind, |column, out| row.field(column, out));
            }
            Some(Quirk::ShortRow) => self.count(flaw),
            _ => {}
        }
    }

    /// A term as the quarter writes it: in capitals in legacy files, now and then shortly after.
    fn term_text(&self, rng: &mut Rng, term: Term) -> Cow<'a, str> {
        let text: Cow<'a, str> = match term {
            Term::Named(text) => Cow::Borrowed(text),
            Term::Disease(index) => Cow::Borrowed(&self.composer.plot.model.diseases[index].term),
            Term::Event => Cow::Borrowed(event::term(self.quarter)),
        };
        let capitals = match self.era {
            Era::Legacy => true,
            Era::Early => chance(rng, 0.06),
            Era::Modern => false,
        };
        if capitals { Cow::Owned(text.to_ascii_uppercase()) } else { text }
    }

    /// The flaw of the next row of a table, if the table and the report can bear it. An empty line
    /// is written at once.
    fn flaw(&mut self, rng: &mut Rng, kind: TableKind, sighting: Sighting<'_>) -> Option<Quirk> {
        let flaw = self.draw(rng, kind)?;
        (flaw != Quirk::ShortRow || sighting.expendable).then_some(flaw)
    }

    fn draw(&mut self, rng: &mut Rng, kind: TableKind) -> Option<Quirk> {
        let (table, accidents) = &mut self.tables[kind as usize];
        let flaw = accidents.draw(rng)?;
        let of_lines = matches!(
            flaw,
            Quirk::BlankLine | Quirk::GluedRow | Quirk::ShortRow | Quirk::StrayLineFeed
        );
        if of_lines && !table.is_calm() {
            return None;
        }
        if flaw == Quirk::BlankLine {
            table.blank_line();
            self.counts.add(flaw);
        }
        Some(flaw)
    }

    fn table(&mut self, kind: TableKind) -> &mut Table {
        &mut self.tables[kind as usize].0
    }

    fn count(&mut self, flaw: Option<Quirk>) {
        if let Some(flaw) = flaw {
            self.counts.add(flaw);
        }
    }

    fn nowhere(&mut self) -> Ids {
        self.next_nowhere += 1;
        let case = self.next_nowhere;
        Ids { case, report: if self.era == Era::Legacy { case } else { case * 10 + 1 } }
    }

    fn dangle(&mut self, kind: TableKind, field: impl FnMut(&str, &mut Vec<u8>)) {
        let table = self.table(kind);
        table.row(Shape::Whole, field);
        table.counts.dangling += 1;
        self.counts.add(Quirk::DanglingRow);
    }
}

/// The shape that a flaw gives its row. A cut row keeps at least two fields, and lacks one or more.
fn shape(rng: &mut Rng, kind: TableKind, flaw: Option<Quirk>) -> Shape {
    match flaw {
        Some(Quirk::GluedRow) => Shape::Glued,
        Some(Quirk::ShortRow) if kind == TableKind::Drug => Shape::Cut(rng.random_range(2..=4)),
        Some(Quirk::ShortRow) => Shape::Cut(2),
        _ => Shape::Whole,
    }
}
