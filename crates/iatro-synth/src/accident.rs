//! Which flaw befalls a row, if any.

use rand::RngExt;

use crate::layout::TableKind;
use crate::quarter::Era;
use crate::quirk::{Quirk, QuirkRates};
use crate::sampler::Rng;

/// The flaws that may befall a row of one table, with their rates; at most one happens.
#[derive(Debug)]
pub(crate) struct Accidents(Vec<(Quirk, f64)>);

impl Accidents {
    pub(crate) fn of(table: TableKind, era: Era, rates: &QuirkRates) -> Self {
        let quirks: &[Quirk] = match table {
            TableKind::Demo => &[
                Quirk::BlankLine,
                Quirk::SexJunk,
                Quirk::ReportTypeDays,
                Quirk::OddWeightUnit,
                Quirk::AbsurdWeight,
                Quirk::ImpossibleAge,
                Quirk::ImpossibleEventYear,
            ],
            TableKind::Drug => &[
                Quirk::BlankLine,
                Quirk::DanglingRow,
                Quirk::ShortRow,
                Quirk::StrayLineFeed,
                Quirk::Backspace,
                Quirk::DeleteCharacter,
                Quirk::LoneQuote,
                Quirk::Cp1252Text,
                Quirk::GluedRow,
            ],
            TableKind::Indi => &[Quirk::BlankLine, Quirk::DanglingRow, Quirk::ShortRow],
            TableKind::Reac | TableKind::Outc | TableKind::Ther => {
                &[Quirk::BlankLine, Quirk::DanglingRow]
            }
            TableKind::Rpsr => &[Quirk::BlankLine],
        };
        let happens = |quirk: &Quirk| *quirk != Quirk::GluedRow || era == Era::Legacy;
        let quirks = quirks.iter().copied().filter(happens);
        Self(quirks.map(|quirk| (quirk, rates.get(quirk))).collect())
    }

    /// The flaw of the next row.
    pub(crate) fn draw(&self, rng: &mut Rng) -> Option<Quirk> {
        let mut at = rng.random::<f64>();
        for (quirk, rate) in &self.0 {
            if at < *rate {
                return Some(*quirk);
            }
            at -= rate;
        }
        None
    }
}
