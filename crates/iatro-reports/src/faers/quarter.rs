//! A FAERS quarter (2004Q1 to now) and the era its files belong to.

use std::fmt;
use std::str::FromStr;

/// A calendar quarter, ordered in time.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Quarter {
    year: u16,
    number: u8,
}

/// The family of file layouts a quarter belongs to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Era {
    /// Legacy AERS, up to 2012Q3: reports are named by ISR, versions by receipt.
    Legacy,
    /// FAERS from 2012Q4: reports are named by primaryid and carry a case version.
    Faers,
}

/// A text that is not a quarter.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{0}\" is not a quarter; expected one like 2022Q4, from 2004Q1 on")]
pub struct QuarterError(String);

impl Quarter {
    /// The first quarter FDA published in this form.
    pub const FIRST: Self = Self { year: 2004, number: 1 };

    /// A quarter from 2004Q1 to 2099Q4; `None` outside of that.
    pub fn new(year: u16, number: u8) -> Option<Self> {
        ((2004..=2099).contains(&year) && (1..=4).contains(&number))
            .then_some(Self { year, number })
    }

    /// The calendar year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The number within the year, 1 to 4.
    pub fn number(self) -> u8 {
        self.number
    }

    /// The quarter after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.number == 4 {
            Self { year: self.year + 1, number: 1 }
        } else {
            Self { number: self.number + 1, ..self }
        }
    }

    /// Which layout its files have.
    pub fn era(self) -> Era {
        if self < (Self { year: 2012, number: 4 }) { Era::Legacy } else { Era::Faers }
    }

    /// Quarters since 2004Q1, which is 0.
    pub fn index(self) -> u16 {
        (self.year - 2004) * 4 + u16::from(self.number) - 1
    }

    /// The quarter at an [`index`](Self::index).
    pub fn from_index(index: u16) -> Option<Self> {
        let number = u8::try_from(index % 4 + 1).ok()?;
        Self::new(index.checked_div(4)?.checked_add(2004)?, number)
    }

    /// Finds the quarter in a file name such as `DEMO18Q1_new.txt`, `Delete19q1.TXT` or
    /// `aers_ascii_2012q3.zip`: two or four digits, a `q` in either case, one digit.
    pub fn in_file_name(name: &str) -> Option<Self> {
        let bytes = name.as_bytes();
        (0..bytes.len()).filter(|&at| bytes[at].eq_ignore_ascii_case(&b'q')).find_map(|at| {
            let number = bytes.get(at + 1)?.checked_sub(b'0')?;
            let digits = bytes[..at].iter().rev().take_while(|b| b.is_ascii_digit()).count();
            let year: u16 = name.get(at - digits..at)?.parse().ok()?;
            match digits {
                2 => Self::new(2000 + year, number),
                4 => Self::new(year, number),
                _ => None,
            }
        })
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = QuarterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || QuarterError(text.to_owned());
        let (year, number) = text.split_once(['q', 'Q']).ok_or_else(error)?;
        let parsed = year.parse().ok().zip(number.parse().ok());
        parsed.filter(|_| year.len() == 4).and_then(|(y, n)| Self::new(y, n)).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn quarter(text: &str) -> Quarter {
        text.parse().unwrap()
    }

    #[test]
    fn finds_quarters_in_the_names_fda_has_used() {
        for (name, expected) in [
            ("DEMO18Q1_new.txt", "2018Q1"),
            ("demo12q4.txt", "2012Q4"),
            ("DELETE19Q1.txt", "2019Q1"),
            ("aers_ascii_2012q3.zip", "2012Q3"),
            ("faers_ascii_2023Q4.zip", "2023Q4"),
            ("REAC04Q1.TXT", "2004Q1"),
        ] {
            assert_eq!(Quarter::in_file_name(name), Some(quarter(expected)), "{name}");
        }
        for name in ["FAQ.txt", "demo.txt", "q", "DEMO22Q9.txt", "DEMO123Q1.txt", "qé1q"] {
            assert_eq!(Quarter::in_file_name(name), None, "{name}");
        }
    }

    #[test]
    fn the_era_changes_at_2012q4() {
        assert_eq!(quarter("2012Q3").era(), Era::Legacy);
        assert_eq!(quarter("2012Q4").era(), Era::Faers);
    }

    #[test]
    fn index_counts_from_2004q1() {
        let mut at = Quarter::FIRST;
        for index in 0..90 {
            assert_eq!(at.index(), index);
            assert_eq!(Quarter::from_index(index), Some(at));
            assert_eq!(at.to_string().parse(), Ok(at));
            at = at.next();
        }
        assert_eq!(at, quarter("2026Q3"));
    }

    #[test]
    fn refuses_what_is_not_a_quarter() {
        for text in ["", "2022", "22Q4", "2022Q5", "2003Q4", "2022Q", "Q4"] {
            assert!(text.parse::<Quarter>().is_err(), "{text}");
        }
    }
}
