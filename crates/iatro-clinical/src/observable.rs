//! What can be observed of a patient: the catalogue behind every item.
//!
//! One id a thing, in `data/observables.toml`, with its kind, the codes under which records carry it, the limits
//! beyond which a number is a slip of the pen, and, for a substance of known molar mass, how many of one published
//! unit are one of another.

use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::evidence::EvidenceStatus;
use crate::unit::Unit;

/// Something that can be observed.
#[derive(Clone, Debug)]
pub struct Observable {
    /// Its id: lower case, words joined by `_`.
    pub id: String,
    /// For people.
    pub label: String,
    /// What an observation of it holds.
    pub kind: Kind,
    /// Codes under which records carry it.
    pub codes: Vec<Code>,
    /// What it is and is not, where people mix it up.
    pub note: Option<String>,
}

/// What an observation holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number with a unit.
    Quantity(QuantityKind),
    /// Present, absent or unknown.
    Finding {
        /// Sites or specimens that may be named with it.
        sites: Vec<String>,
        /// Sites at which a "no" answers for every site; elsewhere it leaves the other sites open.
        decisive: Vec<String>,
        /// Whether it is a state that can end, so that the last observation counts and not any.
        state: bool,
    },
    /// One of several, from mildest to worst.
    Choice {
        /// Their ids.
        options: Vec<String>,
    },
}

/// Limits and conversion of a number.
#[derive(Clone, Debug)]
pub struct QuantityKind {
    /// The unit in which it is shown and limits are stated.
    pub unit: Unit,
    /// Below this, a value is refused.
    pub least: Decimal,
    /// Above this, a value is refused.
    pub most: Decimal,
    /// Conversions between units of different dimensions that are published for this substance.
    pub equivalents: Vec<Equivalent>,
}

/// `per` of `unit` are one of the canonical unit.
#[derive(Clone, Debug)]
pub struct Equivalent {
    /// The other unit.
    pub unit: Unit,
    /// How many of it are one of the canonical unit.
    pub per: Decimal,
}

/// A code of a terminology.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// `loinc` or `hpo`.
    pub system: String,
    /// The code.
    pub code: String,
    /// Whether it was read in a source.
    #[serde(default)]
    pub status: EvidenceStatus,
}

/// The observable of this id.
pub fn find(id: &str) -> Option<&'static Observable> {
    CATALOGUE.iter().find(|known| known.id == id)
}

/// Every observable, in the order of the file.
pub fn all() -> &'static [Observable] {
    &CATALOGUE
}

/// The observable that a code stands for.
pub fn of_code(system: &str, code: &str) -> Option<(&'static Observable, &'static Code)> {
    CATALOGUE.iter().find_map(|known| {
        let own = known.codes.iter().find(|own| own.system == system && own.code == code)?;
        Some((known, own))
    })
}

impl QuantityKind {
    /// `value` of `unit` in `target`: exactly within a dimension, else by a published equivalent; `None` if
    /// there is none.
    pub fn convert(&self, value: Decimal, unit: &Unit, target: &Unit) -> Option<Decimal> {
        if let Some(exact) = unit.convert(value, target) {
            return Some(exact);
        }
        let canonical = self.to_canonical(value, unit)?;
        if let Some(exact) = self.unit.convert(canonical, target) {
            return Some(exact);
        }
        let found = self.equivalents.iter().find(|e| e.unit.dimension() == target.dimension())?;
        found.unit.convert(canonical.checked_mul(found.per)?, target)
    }

    /// In the canonical unit.
    pub fn to_canonical(&self, value: Decimal, unit: &Unit) -> Option<Decimal> {
        if let Some(exact) = unit.convert(value, &self.unit) {
            return Some(exact);
        }
        let found = self.equivalents.iter().find(|e| e.unit.dimension() == unit.dimension())?;
        unit.convert(value, &found.unit)?.checked_div(found.per)
    }
}

static CATALOGUE: LazyLock<Vec<Observable>> = LazyLock::new(|| {
    // The embedded file is held to this by a test; a build that shipped a broken one would have no observables.
    load(include_str!("../data/observables.toml")).unwrap_or_default()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    observable: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    label: String,
    kind: String,
    unit: Option<String>,
    least: Option<Decimal>,
    most: Option<Decimal>,
    #[serde(default)]
    equivalents: Vec<EquivalentRow>,
    #[serde(default)]
    sites: Vec<String>,
    #[serde(default)]
    decisive: Vec<String>,
    #[serde(default)]
    state: bool,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    codes: Vec<Code>,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EquivalentRow {
    unit: String,
    per: Decimal,
}

fn load(text: &str) -> Result<Vec<Observable>, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    file.observable.into_iter().map(observable).collect()
}

fn observable(row: Row) -> Result<Observable, String> {
    let id = row.id.clone();
    let lacking = |what: &str| format!("observable {id}: no {what}");
    let unit = |text: &str| Unit::parse(text).map_err(|error| format!("observable {id}: {error}"));
    let kind = match row.kind.as_str() {
        "quantity" => Kind::Quantity(QuantityKind {
            unit: unit(row.unit.as_deref().ok_or_else(|| lacking("unit"))?)?,
            least: row.least.ok_or_else(|| lacking("least"))?,
            most: row.most.ok_or_else(|| lacking("most"))?,
            equivalents: row
                .equivalents
                .iter()
                .map(|e| Ok(Equivalent { unit: unit(&e.unit)?, per: e.per }))
                .collect::<Result<_, String>>()?,
        }),
        "finding" if row.decisive.iter().all(|site| row.sites.contains(site)) => {
            Kind::Finding { sites: row.sites, decisive: row.decisive, state: row.state }
        }
        "choice" if row.options.len() > 1 => Kind::Choice { options: row.options },
        other => return Err(format!("observable {id}: no kind \"{other}\"")),
    };
    Ok(Observable { id: row.id, label: row.label, kind, codes: row.codes, note: row.note })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_file_is_sound() {
        let rows = load(include_str!("../data/observables.toml")).unwrap();
        assert_eq!(rows.len(), all().len());
        for (at, row) in rows.iter().enumerate() {
            assert!(rows[..at].iter().all(|other| other.id != row.id), "{} twice", row.id);
            if let Kind::Quantity(quantity) = &row.kind {
                assert!(quantity.least < quantity.most, "{}", row.id);
            }
            for code in &row.codes {
                let (first, _) = of_code(&code.system, &code.code).unwrap();
                assert_eq!(first.id, row.id, "{} stands for two observables", code.code);
            }
        }
    }

    #[test]
    fn another_method_or_unit_is_another_observable() {
        let of = |code| of_code("loinc", code).map(|(known, _)| known.id.as_str());
        assert_eq!(of("2532-0"), Some("ldh"));
        assert_eq!(of("14805-6"), Some("ldh_pyruvate_to_lactate"));
        assert_eq!(of("48065-7"), Some("d_dimer_feu"));
        assert_eq!(of("48066-5"), Some("d_dimer_ddu"));
        assert_eq!(of("76039-7"), Some("scd25_mass"));
        // Heat denaturation and derivation from the prothrombin time, and CRP of high sensitivity.
        assert_eq!([of("30902-1"), of("48664-7"), of("30522-7")], [None; 3]);
    }

    #[test]
    fn an_amount_of_ferritin_is_no_mass() {
        let Kind::Quantity(ferritin) = &find("ferritin").unwrap().kind else { unreachable!() };
        let amount = Unit::parse("pmol/L").unwrap();
        assert_eq!(ferritin.to_canonical(Decimal::ONE_HUNDRED, &amount), None);
    }

    #[test]
    fn a_substance_converts_by_its_own_factor_and_scd25_by_none() {
        let quantity = |id| match &find(id).unwrap().kind {
            Kind::Quantity(quantity) => quantity,
            _ => unreachable!(),
        };
        let convert = |id, value: &str, from: &str, to: &str| {
            let (from, to) = (Unit::parse(from).unwrap(), Unit::parse(to).unwrap());
            quantity(id)
                .convert(value.parse().unwrap(), &from, &to)
                .map(|v| v.round_dp(4).normalize())
        };
        let number = |text: &str| Some(text.parse().unwrap());
        assert_eq!(convert("triglycerides", "132.8", "mg/dL", "mmol/L"), number("1.4994"));
        assert_eq!(convert("triglycerides", "3", "mmol/L", "mg/dL"), number("265.71"));
        assert_eq!(convert("fibrinogen", "2.5", "g/L", "umol/L"), number("7.35"));
        assert_eq!(convert("hemoglobin", "9.2", "g/dL", "mmol/L"), number("5.7095"));
        assert_eq!(convert("scd25", "24000", "pg/mL", "U/mL"), None);
    }
}
