//! An amount of memory, as people give it.

use std::fmt;
use std::str::FromStr;

/// An amount of memory in bytes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Memory(u64);

/// A text that is no amount of memory.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{0}\" is no amount of memory. Expected a whole number and a unit, as in 2GiB or 500MB")]
pub struct MemoryError(String);

const UNITS: [(&str, u64); 9] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("b", 1),
];

impl Memory {
    /// More than any machine has.
    pub const MAX: Self = Self(u64::MAX);

    /// So many bytes.
    pub fn of_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Memory {
    type Err = MemoryError;

    fn from_str(text: &str) -> Result<Self, MemoryError> {
        let wrong = || MemoryError(text.to_owned());
        let lower = text.trim().to_lowercase();
        let unit = UNITS.iter().find_map(|(unit, size)| Some((lower.strip_suffix(unit)?, size)));
        let (number, size) = unit.ok_or_else(wrong)?;
        let number: u64 = number.trim_end().parse().map_err(|_| wrong())?;
        number.checked_mul(*size).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Memory {
    /// Rounded up to whole MiB.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MiB", self.0.div_ceil(1 << 20))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_amount_has_a_number_and_a_unit() {
        for (text, bytes) in [
            ("2GiB", 2 << 30),
            ("500MB", 500_000_000),
            ("500 mb", 500_000_000),
            ("64KiB", 65_536),
            ("7B", 7),
            ("1TiB", 1 << 40),
        ] {
            assert_eq!(text.parse::<Memory>().unwrap().bytes(), bytes, "{text}");
        }
        for text in ["", "2", "GiB", "-1GB", "1.5GiB", "2 G", "99999999999TiB", "2GiBs"] {
            let error = text.parse::<Memory>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("\"{text}\" is no amount")), "{error}");
        }
        assert_eq!(Memory::of_bytes((1 << 20) + 1).to_string(), "2 MiB");
    }
}
