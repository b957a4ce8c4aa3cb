//! Line lists: anyone's table with one drug-event pair of a report a row.
//!
//! Columns `report_id`, `drug`, `event`, and if wanted `role`, `group` and `date`, in any order and
//! case, parted by comma, semicolon or tab. Rows of a report need not follow each other; what they
//! repeat is stored once. A row may leave `drug` or `event` blank. `role` is PS, SS, I, C or DN, or
//! the word suspect, interacting or concomitant; blank is PS, since a list without roles lists what
//! is suspected. `date` is the date of the event: `YYYY-MM-DD` or `YYYYMMDD`, or less of either.
//! `group` is kept as it stands, for strata of one's own. Each file is a part of the lake.

pub(crate) mod files;
pub(crate) mod read;

mod report;
mod role;
mod sink;

use crate::input::hash::sha256_text;

/// The case that a report of a list is: 64 bits of a hash of list and report, the same on every
/// machine and release, so that no two lists share a case.
pub(crate) fn case_of(period: &str, report_id: &str) -> u64 {
    let hash = sha256_text(&format!("{}:{period}{report_id}", period.len()));
    hash.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_belongs_to_its_file() {
        assert_eq!(case_of("a.csv", "1"), case_of("a.csv", "1"));
        assert_ne!(case_of("a.csv", "1"), case_of("b.csv", "1"));
        assert_ne!(case_of("a", "b1"), case_of("ab", "1"));
    }
}
