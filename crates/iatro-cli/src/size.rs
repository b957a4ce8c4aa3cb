//! Sizes as people write them: `2GiB`, `500MB`, `1048576`.

/// The units, each with its bytes.
const UNITS: [(&str, u64); 9] = [
    ("", 1),
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

/// The bytes of a size.
pub(crate) fn bytes(text: &str) -> Result<usize, String> {
    let wrong = || {
        format!("\"{text}\" is no size; expected a whole number of bytes, MiB or GiB, such as 2GiB")
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_lowercase();
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let size = number.checked_mul(*factor).and_then(|size| usize::try_from(size).ok());
    size.filter(|size| *size > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let sizes = ["2GiB", "500 MB", "17", "1kib"].map(|text| bytes(text).unwrap());
        assert_eq!(sizes, [2 << 30, 500_000_000, 17, 1_024]);
        for text in ["", "GiB", "-1", "1.5GiB", "2 apples", "0", "99999999999TiB"] {
            assert!(bytes(text).unwrap_err().contains("no size"), "{text}");
        }
    }
}
