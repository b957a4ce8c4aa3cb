//! Single values of any format's rows: read, or unknown with the reason why.
//!
//! The readers differ in where a value stands and what they list; how it is judged is the same.

use crate::model::codes::Coded;
use crate::model::date::{DateError, PartialDate};
use crate::model::measure::MeasureError;
use crate::quarantine::Reason;

/// Numbers of so many digits fit into 64 bits, whatever they are.
const SHORT: usize = 19;

/// A positive whole number, as identifiers are.
pub(crate) fn identifier(text: &str) -> Result<u64, Reason> {
    if text.len() > SHORT {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits).filter(|&n: &u64| n > 0);
        return number.ok_or(Reason::BadIdentifier);
    }
    let mut number = 0;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(Reason::BadIdentifier);
        }
        number = number * 10 + u64::from(digit);
    }
    if number > 0 { Ok(number) } else { Err(Reason::BadIdentifier) }
}

/// A date in the notation that `read` knows, up to `last_year`; blank is unknown.
pub(crate) fn date(
    text: &str,
    read: impl FnOnce(&str, u16) -> Result<PartialDate, DateError>,
    last_year: u16,
) -> Result<Option<PartialDate>, Reason> {
    if text.is_empty() {
        return Ok(None);
    }
    read(text, last_year).map(Some).map_err(|error| match error {
        DateError::NotADate => Reason::BadDate,
        DateError::Implausible => Reason::ImplausibleDate,
    })
}

/// A code; blank when unknown.
pub(crate) fn code(
    text: &str,
    read: fn(&str) -> Coded<&'static str>,
) -> Result<&'static str, Reason> {
    match read(text) {
        Coded::Known(code) => Ok(code),
        Coded::Unknown => Ok(""),
        Coded::Junk => Err(Reason::UnknownCode),
    }
}

/// The reason of a measure that is not usable.
pub(crate) fn measure_reason(error: MeasureError) -> Reason {
    match error {
        MeasureError::NotANumber => Reason::BadNumber,
        MeasureError::NoUnit => Reason::NoUnit,
        MeasureError::UnknownUnit => Reason::UnknownCode,
        MeasureError::Implausible => Reason::ImplausibleValue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_may_exceed_32_bits_and_have_leading_zeros() {
        assert_eq!(identifier("10021305370"), Ok(10_021_305_370));
        assert_eq!(identifier("0025001"), Ok(25_001));
        for n in [1, 9, 10, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, u64::MAX] {
            assert_eq!(identifier(&n.to_string()), Ok(n));
        }
        for bad in ["", "0", "-5", "12a", "+7", "1.0", "00", "/1", ":", "18446744073709551616", "é"]
        {
            assert_eq!(identifier(bad), Err(Reason::BadIdentifier), "{bad}");
        }
    }

    #[test]
    fn a_date_that_is_not_usable_says_why() {
        let date = |text| date(text, PartialDate::from_digits, 2020);
        assert_eq!(date(""), Ok(None));
        assert!(matches!(date("20200101"), Ok(Some(_))));
        assert_eq!(date("x"), Err(Reason::BadDate));
        assert_eq!(date("29990101"), Err(Reason::ImplausibleDate));
    }
}
