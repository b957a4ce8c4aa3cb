//! Completeness of a report.
//!
//! How much of what is needed to assess a case does its report hold? The **completeness score** starts
//! at 1 and is multiplied down for each piece of information that a report lacks, most for the time to
//! onset. It looks at coded fields only, and says nothing about whether they are right.
//!
//! The score is one of a drug and an event of a report, since time to onset, indication and dose are;
//! that of the report is the mean over its pairs ([`report_score`]). Source: Bergvall, Noren and
//! Lindquist 2014, Drug Saf 37:65-77 (its published weights; the score there has another name).
//!
//! ```
//! use iatro_stats::completeness::{PairFields, TimeToOnset, is_well_documented, report_score, score};
//!
//! let pair = PairFields { time_to_onset: TimeToOnset::Missing, ..PairFields::COMPLETE };
//! assert_eq!(score(&pair), 0.5);
//! let report = report_score(&[pair, PairFields::COMPLETE]);
//! assert_eq!(report, Some(0.75));
//! assert!(!report.is_some_and(is_well_documented));
//! ```

/// What a report says about the time from the start of a drug to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeToOnset {
    /// Both dates are there, and exact enough to tell that the drug came first.
    Known,
    /// The dates leave open which came first, by a month at most.
    AmbiguousWithinMonth,
    /// The dates leave open which came first, by more than a month.
    AmbiguousBeyondMonth,
    /// A date is missing.
    Missing,
}

/// What a report says about the age of the patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Age {
    /// The age at onset.
    Known,
    /// An age group only.
    GroupOnly,
    /// Nothing.
    Missing,
}

/// What a report holds about one drug and one event. Each `bool` is true if the field is filled with
/// something other than "unknown".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PairFields {
    /// Time from the start of the drug to the event; coded dates only, not free text.
    pub time_to_onset: TimeToOnset,
    /// Indication of the drug.
    pub indication: bool,
    /// Outcome of the event.
    pub outcome: bool,
    /// Sex of the patient.
    pub sex: bool,
    /// Age of the patient.
    pub age: Age,
    /// Dose of the drug.
    pub dose: bool,
    /// Country where the event happened.
    pub country: bool,
    /// Primary reporter: profession of who reports.
    pub reporter: bool,
    /// Type of report: spontaneous, from a study, other.
    pub report_type: bool,
    /// Comments: free text, such as a narrative.
    pub comments: bool,
}

impl PairFields {
    /// Everything is there.
    pub const COMPLETE: Self = Self::filled(true, TimeToOnset::Known, Age::Known);
    /// Nothing is there.
    pub const EMPTY: Self = Self::filled(false, TimeToOnset::Missing, Age::Missing);

    const fn filled(there: bool, time_to_onset: TimeToOnset, age: Age) -> Self {
        Self {
            time_to_onset,
            indication: there,
            outcome: there,
            sex: there,
            age,
            dose: there,
            country: there,
            reporter: there,
            report_type: there,
            comments: there,
        }
    }

    /// Returns the factor of each field, in tenths: 10 where nothing is missing.
    #[must_use]
    pub const fn tenths(&self) -> [(&'static str, u8); 10] {
        [
            (
                "time to onset",
                match self.time_to_onset {
                    TimeToOnset::Known => 10,
                    TimeToOnset::AmbiguousWithinMonth => 9,
                    TimeToOnset::AmbiguousBeyondMonth => 7,
                    TimeToOnset::Missing => 5,
                },
            ),
            ("indication", if self.indication { 10 } else { 7 }),
            ("outcome", if self.outcome { 10 } else { 7 }),
            ("sex", if self.sex { 10 } else { 7 }),
            (
                "age",
                match self.age {
                    Age::Known => 10,
                    Age::GroupOnly => 9,
                    Age::Missing => 7,
                },
            ),
            ("dose", if self.dose { 10 } else { 9 }),
            ("country", if self.country { 10 } else { 9 }),
            ("primary reporter", if self.reporter { 10 } else { 9 }),
            ("report type", if self.report_type { 10 } else { 9 }),
            ("comments", if self.comments { 10 } else { 9 }),
        ]
    }

    /// The score in units of 1e-10: a whole number.
    fn units(&self) -> u64 {
        self.tenths().iter().map(|&(_, tenths)| u64::from(tenths)).product()
    }
}

/// The score of a report with everything, in units.
const UNITS: f64 = 1e10;

/// Returns the completeness score of a drug and an event of a report, from 0.0708883245 (nothing is
/// there) to 1 (everything is).
///
/// ```text
/// score = product of (1 - penalty)
/// penalty   time to onset  missing 0.5, order of drug and event open by more than a month 0.3,
///                          by less 0.1
///           indication, outcome, sex  missing 0.3 each
///           age  missing 0.3, age group only 0.1
///           dose, country, primary reporter, report type, comments  missing 0.1 each
/// ```
///
/// The product is exact, then rounded once. Source: Bergvall et al. 2014, Drug Saf 37:65-77.
#[must_use]
pub fn score(pair: &PairFields) -> f64 {
    pair.units() as f64 / UNITS
}

/// Returns the completeness score of a report, the mean over its pairs of a drug and an event; `None`
/// without pairs. The order of the pairs does not matter, not even in the last digit.
#[must_use]
pub fn report_score(pairs: &[PairFields]) -> Option<f64> {
    let sum: u128 = pairs.iter().map(|pair| u128::from(pair.units())).sum();
    (!pairs.is_empty()).then(|| sum as f64 / (UNITS * pairs.len() as f64))
}

/// A report is well documented if its completeness score is above this.
pub const WELL_DOCUMENTED: f64 = 0.8;

/// Returns true if the score of a report is above [`WELL_DOCUMENTED`].
///
/// With one pair, two penalties of 0.1 are allowed, not three, and none of 0.3 or more. With
/// several, complete pairs make up for others: one without indication beside a complete one is
/// 0.85 on average.
#[must_use]
pub fn is_well_documented(score: f64) -> bool {
    score > WELL_DOCUMENTED
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_extremes_are_exact() {
        assert_eq!(score(&PairFields::COMPLETE), 1.0);
        assert_eq!(score(&PairFields::EMPTY), 0.070_888_324_5);
    }

    #[test]
    fn exactly_eight_tenths_is_not_above() {
        let no_dose = PairFields { dose: false, ..PairFields::COMPLETE };
        let no_sex = PairFields { sex: false, ..PairFields::COMPLETE };
        let mean = report_score(&[no_dose, no_sex]).unwrap();
        assert_eq!(mean, 0.8);
        assert!(!is_well_documented(mean));
        let two = PairFields { country: false, ..no_dose };
        assert!(is_well_documented(score(&two)) && score(&two) == 0.81);
        assert!(!is_well_documented(score(&PairFields { comments: false, ..two })));
        assert!(!is_well_documented(score(&no_sex)));
        let beside = report_score(&[no_sex, PairFields::COMPLETE]).unwrap();
        assert!(beside == 0.85 && is_well_documented(beside));
    }

    #[test]
    fn no_pairs_no_score() {
        assert_eq!(report_score(&[]), None);
    }
}
