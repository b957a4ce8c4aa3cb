//! Age in years.

use crate::model::measure::{MeasureError, age_years};

/// The age as reported (`AGE_YRS`), else as calculated from the dates (`CAGE_YR` plus `CAGE_MO`).
///
/// `CAGE_MO` is a fraction of a year from 0 to 1, whatever its name says: a child of 1 year and 6
/// months has `CAGE_YR` 1 and `CAGE_MO` .5 (VAERS Data Use Guide, section 5.1).
pub(super) fn age(stated: &str, years: &str, fraction: &str) -> Result<Option<f64>, MeasureError> {
    if !stated.is_empty() {
        return age_years(stated, "YR");
    }
    let (years, fraction) = (age_years(years, "YR")?, age_years(fraction, "YR")?);
    match (years, fraction) {
        (_, Some(fraction)) if fraction > 1.0 => Err(MeasureError::Implausible),
        (Some(years), fraction) => Ok(Some(years + fraction.unwrap_or(0.0))),
        (None, fraction) => Ok(fraction),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stated_age_goes_before_the_calculated() {
        assert_eq!(age("0.2", "1", ".5"), Ok(Some(0.2)));
        assert_eq!(age("", "1", ".5"), Ok(Some(1.5)));
        assert_eq!(age("", "0", "1"), Ok(Some(1.0)));
        assert_eq!(age("", "33", ""), Ok(Some(33.0)));
        assert_eq!(age("", "", ".3"), Ok(Some(0.3)));
        assert_eq!(age("", "", ""), Ok(None));
    }

    #[test]
    fn what_cannot_be_is_an_error() {
        assert_eq!(age("932", "33", ""), Err(MeasureError::Implausible));
        assert_eq!(age("", "1", "6"), Err(MeasureError::Implausible));
        assert_eq!(age("2 mo", "", ""), Err(MeasureError::NotANumber));
    }
}
