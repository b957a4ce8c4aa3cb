//! Small random corpora for the tests of counting.

use std::ops::Range;

use proptest::prelude::*;

/// How many substances there are.
pub(super) const SUBSTANCES: u32 = 6;
/// The terms.
pub(super) const TERMS: [&str; 4] = ["Rash", "Fever", "Cough", "Ache"];

/// A report: substances with their roles, and terms.
pub(super) type Report = (Vec<(u32, u8)>, Vec<u32>);

/// As many reports, some without a substance or a term.
pub(super) fn reports(count: Range<usize>) -> impl Strategy<Value = Vec<Report>> {
    let exposures = prop::collection::vec((0..SUBSTANCES, 1_u8..4), 0..5);
    let events = prop::collection::vec(0..TERMS.len() as u32, 0..3);
    prop::collection::vec((exposures, events), count)
}
