//! Age in years and weight in kilograms, from the units of the files.

/// Why a measured value is not usable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MeasureError {
    /// The value is not a finite number.
    NotANumber,
    /// There is a value but no unit.
    NoUnit,
    /// The unit is none that the documentation lists or the files have shown.
    UnknownUnit,
    /// A human cannot have this age or weight.
    Implausible,
}

/// The oldest documented age, in years.
const OLDEST: f64 = 122.0;
/// The greatest documented weight, in kilograms.
const HEAVIEST: f64 = 635.0;
const DAYS_PER_YEAR: f64 = 365.25;

/// Age in years; blank is `None`. Units DEC (10 years), YR, MON, WK, DY, HR, MIN, SEC.
pub fn age_years(value: &str, unit: &str) -> Result<Option<f64>, MeasureError> {
    let Some(value) = number(value)? else { return Ok(None) };
    let years = match unit.to_ascii_uppercase().as_str() {
        "DEC" => value * 10.0,
        "YR" => value,
        "MON" => value / 12.0,
        "WK" => value * 7.0 / DAYS_PER_YEAR,
        "DY" => value / DAYS_PER_YEAR,
        "HR" => value / (24.0 * DAYS_PER_YEAR),
        "MIN" => value / (1440.0 * DAYS_PER_YEAR),
        "SEC" => value / (86_400.0 * DAYS_PER_YEAR),
        "" => return Err(MeasureError::NoUnit),
        _ => return Err(MeasureError::UnknownUnit),
    };
    within(years, OLDEST).map(Some)
}

/// Weight in kilograms, above 0; blank is `None`. Units KG, KGS, LBS, LB, IB (a misread LB), GMS, MG.
pub fn weight_kg(value: &str, unit: &str) -> Result<Option<f64>, MeasureError> {
    let Some(value) = number(value)? else { return Ok(None) };
    let kilograms = match unit.to_ascii_uppercase().as_str() {
        "KG" | "KGS" => value,
        "LBS" | "LB" | "IB" => value * 0.453_592_37,
        "GMS" | "GM" => value / 1e3,
        "MG" => value / 1e6,
        "" => return Err(MeasureError::NoUnit),
        _ => return Err(MeasureError::UnknownUnit),
    };
    if kilograms <= 0.0 {
        return Err(MeasureError::Implausible);
    }
    within(kilograms, HEAVIEST).map(Some)
}

fn number(text: &str) -> Result<Option<f64>, MeasureError> {
    if text.is_empty() {
        return Ok(None);
    }
    let value: f64 = text.parse().map_err(|_| MeasureError::NotANumber)?;
    if value.is_finite() { Ok(Some(value)) } else { Err(MeasureError::NotANumber) }
}

fn within(value: f64, most: f64) -> Result<f64, MeasureError> {
    if (0.0..=most).contains(&value) { Ok(value) } else { Err(MeasureError::Implausible) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_decade_is_ten_years_and_small_units_are_small() {
        assert_eq!(age_years("4", "DEC"), Ok(Some(40.0)));
        assert_eq!(age_years("18", "mon"), Ok(Some(1.5)));
        let hours = age_years("8766", "HR").unwrap().unwrap();
        assert!((hours - 1.0).abs() < 1e-12);
        let minutes = age_years("525960", "MIN").unwrap().unwrap();
        let seconds = age_years("31557600", "SEC").unwrap().unwrap();
        assert!((minutes - 1.0).abs() < 1e-12 && (seconds - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_no_human_has_is_unknown_not_a_number() {
        assert_eq!(age_years("932", "YR"), Err(MeasureError::Implausible));
        assert_eq!(age_years("-3", "YR"), Err(MeasureError::Implausible));
        assert_eq!(weight_kg("3912", "KG"), Err(MeasureError::Implausible));
        assert_eq!(weight_kg("0.0", "KG"), Err(MeasureError::Implausible));
        assert_eq!(weight_kg("-0", "LBS"), Err(MeasureError::Implausible));
        assert_eq!(age_years("0", "YR"), Ok(Some(0.0)));
        assert_eq!(age_years("40", ""), Err(MeasureError::NoUnit));
        assert_eq!(age_years("inf", "YR"), Err(MeasureError::NotANumber));
        assert_eq!(age_years("", "YR"), Ok(None));
    }

    #[test]
    fn pounds_and_grams() {
        assert!((weight_kg("152", "LBS").unwrap().unwrap() - 68.946_040_24).abs() < 1e-9);
        assert_eq!(weight_kg("3500", "GMS"), Ok(Some(3.5)));
        assert!((weight_kg("10", "IB").unwrap().unwrap() - 4.535_923_7).abs() < 1e-9);
    }
}
