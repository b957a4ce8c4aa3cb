//! The flaws of real quarters that are planted on purpose, each at a rate of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A planted flaw. Each doc comment says where it stands, what its rate is a share of, and what a
/// correct reader makes of it. `truth.json` counts every one per quarter.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quirk {
    /// Legacy DRUG rows: two rows on one line, the newline between them missing. Share of rows.
    /// To be split, both rows stored.
    GluedRow,
    /// DRUG rows: a lone line feed inside `dose_vbm`. Share of rows. To be joined, the row stored.
    StrayLineFeed,
    /// DRUG and INDI rows cut off after two to four fields. Share of rows; planted on reports
    /// without planted drugs. To be quarantined.
    ShortRow,
    /// Empty lines in any table. Share of rows. To be passed over.
    BlankLine,
    /// DEMO rows with a `$` inside `mfr_num`, so one field too many. Share of new cases. To be
    /// repaired or quarantined; the expected totals count them as repaired.
    EmbeddedDollar,
    /// Rows of DRUG, REAC, INDI, OUTC and THER whose report is in no DEMO table. Share of rows.
    /// To be kept apart from reports and counted.
    DanglingRow,
    /// A backspace (0x08) in `dose_vbm`. Share of DRUG rows. Stored.
    Backspace,
    /// A delete character (0x7F) in `dose_vbm`. Share of DRUG rows. Stored.
    DeleteCharacter,
    /// A lone `"`, in `dose_vbm` (share of DRUG rows) or in `mfr_num` (the same share of new
    /// cases). Stored; must not open a quote.
    LoneQuote,
    /// A cp1252 byte that is not UTF-8: `µ` in `dose_vbm` (share of DRUG rows), or the accented
    /// sender in quarters before 2014Q3. Stored, decoded.
    Cp1252Text,
    /// The accented sender in UTF-8, in DEMO from 2014Q3. Share of new cases.
    Utf8Text,
    /// A drug with role DN, not administered; from 2024Q4. Share of new cases; DRUG rows are
    /// counted. Never an exposure.
    NotAdministered,
    /// Sex `UNK`, `NS` or `YR`. Share of DEMO rows. Sex unknown.
    SexJunk,
    /// Report type `30DAY` or `5DAY`, which is expedited. Share of DEMO rows.
    ReportTypeDays,
    /// Weight unit `KGS`, `IB`, `GMS` or `MG`. Share of DEMO rows.
    OddWeightUnit,
    /// A weight of several tonnes. Share of DEMO rows. Weight unknown.
    AbsurdWeight,
    /// An age above 122 years or below 0. Share of DEMO rows. Age unknown.
    ImpossibleAge,
    /// An event date in the year 1025 or 2444. Share of DEMO rows. Date unknown.
    ImpossibleEventYear,
    /// Reporter and occurrence in Namibia, whose code is `NA`. Share of new cases; DEMO rows are
    /// counted.
    Namibia,
    /// The same preferred term twice on a report. Share of DEMO rows. Counts once.
    RepeatedTerm,
    /// A report without any DRUG row. Share of new cases.
    NoDrug,
    /// A report without any REAC row. Share of new cases.
    NoReaction,
    /// Two cases whose reports have the same primaryid: version 12 of one, version 2 of another.
    /// Share of new cases, FAERS only. Told apart by `caseid`.
    SharedPrimaryId,
    /// Version 9 of a case followed by version 10. Share of new cases, FAERS only. 10 is current.
    VersionNineToTen,
    /// A follow-up in a later quarter that keeps the case version, so the same primaryid stands in
    /// two quarters. Share of follow-ups. The later receipt is current.
    RepeatedVersion,
    /// A legacy case that is seen again in the first FAERS quarter. Share of legacy cases; other
    /// follow-ups may cross the eras too and are counted with it.
    LegacyReturn,
    /// A case sent again under another case id with the same `mfr_num` and `mfr_sndr`. Share of
    /// new cases. Both stay; to be flagged.
    DuplicateCase,
    /// A case that a deletion list names in or after the quarter of its last sighting. Share of
    /// new cases.
    Deleted,
    /// A case that a deletion list names, and that is seen again in a later quarter. Share of
    /// cases with a follow-up after such a list. Current.
    Revived,
    /// An id on a deletion list that no report has. Share of a quarter's rows. No effect.
    DeletedUnknown,
    /// A deleted case that a later list names again. Share of deleted cases. No further effect.
    DeletedTwice,
}

/// The rate of each quirk, from 0 to 0.5.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct QuirkRates(BTreeMap<Quirk, f64>);

impl QuirkRates {
    /// Files without any flaw but those that the published quarters have as a whole.
    pub fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Twenty times the default rates (at most 0.1), so that a few hundred reports show most.
    pub fn dense() -> Self {
        let dense = |(quirk, rate): (&Quirk, &f64)| (*quirk, (rate * 20.0).min(0.1));
        Self(Self::default().0.iter().map(dense).collect())
    }

    /// The default rates, but for deletion lists as long as the published ones: about 68,000 ids on
    /// them at full scale, few of them revived, unknown or repeated.
    pub fn published() -> Self {
        Self::default()
            .with(Quirk::Deleted, 3.15e-3)
            .with(Quirk::Revived, 1e-3)
            .with(Quirk::DeletedUnknown, 1e-4)
            .with(Quirk::DeletedTwice, 0.02)
    }

    /// The same rates but for one quirk.
    #[must_use]
    pub fn with(mut self, quirk: Quirk, rate: f64) -> Self {
        self.0.insert(quirk, rate);
        self
    }

    /// The rate of a quirk; 0 where it has none.
    pub fn get(&self, quirk: Quirk) -> f64 {
        self.0.get(&quirk).copied().unwrap_or(0.0)
    }

    /// The quirks that have a rate.
    pub fn iter(&self) -> impl Iterator<Item = (Quirk, f64)> {
        self.0.iter().map(|(quirk, rate)| (*quirk, *rate))
    }
}

impl Default for QuirkRates {
    fn default() -> Self {
        use Quirk as Q;
        Self(BTreeMap::from([
            (Q::GluedRow, 1e-4),
            (Q::StrayLineFeed, 1e-4),
            (Q::ShortRow, 5e-5),
            (Q::BlankLine, 3e-5),
            (Q::EmbeddedDollar, 2e-4),
            (Q::DanglingRow, 2e-4),
            (Q::Backspace, 5e-5),
            (Q::DeleteCharacter, 5e-5),
            (Q::LoneQuote, 2e-4),
            (Q::Cp1252Text, 4e-4),
            (Q::Utf8Text, 5e-3),
            (Q::NotAdministered, 5e-3),
            (Q::SexJunk, 1e-3),
            (Q::ReportTypeDays, 2e-3),
            (Q::OddWeightUnit, 1e-3),
            (Q::AbsurdWeight, 2e-4),
            (Q::ImpossibleAge, 2e-4),
            (Q::ImpossibleEventYear, 2e-4),
            (Q::Namibia, 5e-4),
            (Q::RepeatedTerm, 2e-3),
            (Q::NoDrug, 2e-4),
            (Q::NoReaction, 2e-4),
            (Q::SharedPrimaryId, 2e-4),
            (Q::VersionNineToTen, 1e-3),
            (Q::RepeatedVersion, 5e-3),
            (Q::LegacyReturn, 1e-2),
            (Q::DuplicateCase, 1.2e-2),
            (Q::Deleted, 4e-3),
            (Q::Revived, 3e-2),
            (Q::DeletedUnknown, 5e-4),
            (Q::DeletedTwice, 0.1),
        ]))
    }
}

/// How often each quirk was planted.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct QuirkCounts(BTreeMap<Quirk, u64>);

impl QuirkCounts {
    /// The count of a quirk; 0 where it was not planted.
    pub fn get(&self, quirk: Quirk) -> u64 {
        self.0.get(&quirk).copied().unwrap_or(0)
    }

    /// The planted quirks with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (Quirk, u64)> {
        self.0.iter().map(|(quirk, count)| (*quirk, *count))
    }

    pub(crate) fn add(&mut self, quirk: Quirk) {
        *self.0.entry(quirk).or_insert(0) += 1;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (quirk, count) in other.iter() {
            *self.0.entry(quirk).or_insert(0) += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_can_be_set_and_are_zero_where_absent() {
        assert!(QuirkRates::none().get(Quirk::GluedRow).abs() < f64::EPSILON);
        let rates = QuirkRates::dense().with(Quirk::GluedRow, 0.25);
        assert!((rates.get(Quirk::GluedRow) - 0.25).abs() < f64::EPSILON);
        assert!(rates.iter().all(|(_, rate)| (0.0..=0.5).contains(&rate)));
    }
}
