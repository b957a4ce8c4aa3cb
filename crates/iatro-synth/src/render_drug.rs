//! DRUG, THER and INDI rows: what a report says about one drug.

use rand::RngExt;

use crate::calendar::{Precision, partial};
use crate::quarter::Era;
use crate::quirk::Quirk;
use crate::render_demo::{number, text};
use crate::report::{Drug, Reported};
use crate::sampler::{Rng, chance, choose};
use crate::sighting::Ids;

/// A drug row, ready to be asked for its fields.
#[derive(Debug)]
pub(crate) struct DrugRow<'a> {
    ids: Ids,
    /// Unique in a legacy quarter; the place in the report afterwards.
    sequence: u64,
    drug: &'a Drug,
    era: Era,
    dose: Vec<u8>,
    cumulative: Option<u32>,
    licence: String,
}

impl<'a> DrugRow<'a> {
    /// Prepares a row; `flaw` is what befalls its `dose_vbm`.
    pub(crate) fn new(
        rng: &mut Rng,
        ids: Ids,
        sequence: u64,
        drug: &'a Drug,
        era: Era,
        flaw: Option<Quirk>,
    ) -> Self {
        let cumulative = chance(rng, 0.02).then(|| rng.random_range(1..5_000));
        Self {
            ids,
            sequence,
            drug,
            era,
            dose: dose(drug, flaw),
            cumulative,
            licence: licence(rng, drug),
        }
    }

    /// The same row under other ids.
    pub(crate) fn under(self, ids: Ids) -> Self {
        Self { ids, ..self }
    }

    /// Writes the field of a column.
    pub(crate) fn field(&self, column: &str, out: &mut Vec<u8>) {
        let drug = self.drug;
        let (amount, unit) = drug.dose.rsplit_once(' ').unwrap_or_default();
        match column {
            "isr" | "primaryid" => number(out, self.ids.report),
            "caseid" => number(out, self.ids.case),
            "drug_seq" => number(out, self.sequence),
            "role_cod" => text(out, drug.role),
            "drugname" => text(out, &drug.named.verbatim),
            "prod_ai" => text(out, &drug.named.ingredient),
            "val_vbm" => text(out, if drug.named.misspelt { "2" } else { "1" }),
            "route" if self.era == Era::Legacy => text(out, &drug.route.to_ascii_uppercase()),
            "route" => text(out, drug.route),
            "dose_vbm" => out.extend_from_slice(&self.dose),
            "cum_dose_chr" => {
                if let Some(dose) = self.cumulative {
                    number(out, u64::from(dose));
                }
            }
            "cum_dose_unit" if self.cumulative.is_some() => text(out, "MG"),
            "dechal" => text(out, drug.dechallenge),
            "rechal" => text(out, drug.rechallenge),
            "lot_num" | "lot_nbr" => {
                if let Some(lot) = drug.lot {
                    text(out, if lot % 3 == 0 { "UNKNOWN" } else { "SYN" });
                    if lot % 3 != 0 {
                        number(out, u64::from(lot));
                    }
                }
            }
            "nda_num" => text(out, &self.licence),
            "dose_amt" => text(out, amount),
            "dose_unit" => text(out, unit),
            "dose_form" if !drug.dose.is_empty() => text(out, drug.form),
            "dose_freq" => text(out, drug.frequency),
            _ => {}
        }
    }
}

/// `dose_vbm`, with the flaws that dwell there.
fn dose(drug: &Drug, flaw: Option<Quirk>) -> Vec<u8> {
    let clean = match (drug.dose, drug.frequency) {
        ("", _) => if drug.lot.is_some() { "UNK" } else { "" }.to_owned(),
        (dose, "") => dose.to_owned(),
        (dose, frequency) => format!("{dose}, {frequency}"),
    };
    let flawed: &[u8] = match flaw {
        Some(Quirk::StrayLineFeed) => b"FIRST DOSE\nTHEN ",
        Some(Quirk::Backspace) => b"DOSE\x08 ",
        Some(Quirk::DeleteCharacter) => b"DOSE\x7f ",
        Some(Quirk::LoneQuote) => b"\"",
        Some(Quirk::Cp1252Text) => b"50 \xb5g ",
        _ => b"",
    };
    [flawed, clean.as_bytes()].concat()
}

/// `nda_num` in the forms that the files mix.
fn licence(rng: &mut Rng, drug: &Drug) -> String {
    if !chance(rng, 0.3) {
        return String::new();
    }
    let serial = 10_000 + drug.substance * 37 % 90_000;
    match choose(rng, [(0u8, 0.6), (1, 0.2), (2, 0.2)]) {
        0 => format!("{serial:06}"),
        1 => serial.to_string(),
        _ => format!("ANDA{serial:06}"),
    }
}

/// A THER row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TherapyRow<'a> {
    pub(crate) ids: Ids,
    pub(crate) sequence: u64,
    pub(crate) drug: &'a Drug,
}

impl TherapyRow<'_> {
    /// Writes the field of a column.
    pub(crate) fn field(&self, column: &str, out: &mut Vec<u8>) {
        let date = |reported: Option<Reported>| {
            reported.map_or(String::new(), |r| partial(r.day, r.precision))
        };
        match column {
            "isr" | "primaryid" => number(out, self.ids.report),
            "caseid" => number(out, self.ids.case),
            "drug_seq" | "dsg_drug_seq" => number(out, self.sequence),
            "start_dt" => text(out, &date(self.drug.start)),
            "end_dt" => text(out, &date(self.drug.end)),
            "dur" => {
                if let Some(days) = self.duration() {
                    text(out, &days.to_string());
                }
            }
            "dur_cod" if self.duration().is_some() => text(out, "DAY"),
            _ => {}
        }
    }

    /// Days of treatment, the first and the last counted; known only from full dates.
    fn duration(&self) -> Option<i32> {
        let (start, end) = (self.drug.start?, self.drug.end?);
        let full = start.precision == Precision::Day && end.precision == Precision::Day;
        full.then_some(end.day - start.day + 1)
    }
}

/// A row of REAC, INDI, OUTC or RPSR: ids, for INDI the drug, and one value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValueRow<'a> {
    pub(crate) ids: Ids,
    pub(crate) sequence: u64,
    pub(crate) value: &'a str,
}

impl ValueRow<'_> {
    /// Writes the field of a column.
    pub(crate) fn field(&self, column: &str, out: &mut Vec<u8>) {
        match column {
            "isr" | "primaryid" => number(out, self.ids.report),
            "caseid" => number(out, self.ids.case),
            "drug_seq" | "indi_drug_seq" => number(out, self.sequence),
            "pt" | "indi_pt" | "outc_cod" | "outc_code" | "rpsr_cod" => text(out, self.value),
            _ => {}
        }
    }
}
