//! Units of measurement, read from UCUM expressions.
//!
//! A unit is a scale and a dimension. Units of one dimension convert exactly, in decimals; others never
//! do: the mass of a substance becomes an amount only by the factor of that substance
//! ([`crate::observable`]), and arbitrary units (U) become nothing else at all.

mod expression;
mod synonym;

use std::fmt;

use rust_decimal::Decimal;

pub use expression::UnitError;

/// What a unit measures, as exponents of its base units.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Dimension {
    /// Grams.
    pub mass: i8,
    /// Moles.
    pub amount: i8,
    /// Arbitrary units (U, \[IU\]): of enzymes, 1 U converts 1 umol/min; of other assays, what the assay says.
    pub arbitrary: i8,
    /// Metres; a litre is the third power.
    pub length: i8,
    /// Seconds.
    pub time: i8,
    /// Degrees of temperature.
    pub temperature: i8,
    /// Multiples of the upper limit of the laboratory's reference range (`xULN`).
    pub upper_limits: i8,
    /// Multiples of the patient's own baseline (`xBASELINE`).
    pub baselines: i8,
}

/// A unit: so many of the base units of a dimension, and for degrees Fahrenheit where zero lies.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unit {
    text: String,
    dimension: Dimension,
    // A value is `(value - offset) * numerator / denominator` in base units: two integers-like decimals instead of
    // one quotient, so that thirds and 1.8ths stay exact until the last step.
    numerator: Decimal,
    denominator: Decimal,
    offset: Decimal,
}

impl Unit {
    /// Reads a UCUM expression (`ng/mL`, `10*9/L`, `Cel`, `[degF]`, `ukat/L`) or one of the spellings that
    /// laboratories print (`x10^9/L`, `K/µL`, `°C`, `G/L`), or `xULN`, `xBASELINE`.
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        expression::parse(text)
    }

    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `value` of this unit in `other`; `None` if they measure different things, or if the result is beyond
    /// decimals of 28 digits.
    pub fn convert(&self, value: Decimal, other: &Self) -> Option<Decimal> {
        if self.dimension != other.dimension {
            return None;
        }
        if self == other {
            return Some(value);
        }
        let above = value.checked_sub(self.offset)?;
        let top = self.numerator.checked_mul(other.denominator)?;
        let bottom = self.denominator.checked_mul(other.numerator)?;
        let scaled = above.checked_mul(top)?.checked_div(bottom)?;
        Some(scaled.checked_add(other.offset)?.normalize())
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn converted(value: &str, from: &str, to: &str) -> Option<String> {
        let (from, to) = (Unit::parse(from).unwrap(), Unit::parse(to).unwrap());
        from.convert(value.parse().unwrap(), &to).map(|value| value.to_string())
    }

    #[test]
    fn conversions_are_exact_at_cut_offs() {
        for (value, from, to, expected) in [
            ("92", "g/L", "g/dL", "9.2"),
            ("101.12", "[degF]", "Cel", "38.4"),
            ("5200", "ng/mL", "ug/L", "5200"),
            ("5.2", "mg/L", "ng/mL", "5200"),
            ("110", "10*3/uL", "10*9/L", "110"),
            ("110000", "/uL", "10*9/L", "110"),
            ("0.11", "10*6/mm3", "10*9/L", "110"),
            ("0.5", "ukat/L", "U/L", "30"),
            ("360", "mg/dL", "g/L", "3.6"),
            ("1500", "/uL", "10*9/L", "1.5"),
            ("54", "a", "mo", "648"),
            ("2.4", "kU/L", "U/mL", "2.4"),
            ("2400", "[IU]/mL", "U/mL", "2400"),
        ] {
            assert_eq!(converted(value, from, to).as_deref(), Some(expected), "{value} {from}");
        }
    }

    #[test]
    fn what_measures_something_else_is_never_converted() {
        for (from, to) in [("pg/mL", "U/mL"), ("mmol/L", "mg/dL"), ("g/L", "g"), ("%", "Cel")] {
            assert_eq!(converted("1", from, to), None, "{from} to {to}");
        }
    }
}
