//! What a check says of a substance: the rules of a row.

use iatro_stats::disproportionality::ic_observed_expected;
use serde::Serialize;

use super::check::Row;
use crate::run::Estimates;

/// What became of the signal of a substance under a check.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A signal in the primary count, and here.
    Holds,
    /// A signal in the primary count, none here.
    Ends,
    /// No signal in the primary count, one here.
    Appears,
    /// No signal in the primary count, none here.
    Absent,
    /// The check cannot say.
    NotAssessable(Reason),
}

/// Why a check cannot say.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The reports do not tell what the check asks for.
    InformationMissing,
    /// So few exposed reports are left that a signal as strong as the primary one would not show either.
    TooFewCases,
    /// The check does not concern this substance or this run.
    NotApplicable,
}

/// What few cases left mean.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FewLeft {
    /// The check takes away cases that have another explanation or count twice: without them no signal is
    /// left, so it ends.
    Ends,
    /// The check keeps the part of the reports in which it can ask. Whether it ends is weighed against the
    /// cases to be expected there, had the part the share of cases of the whole.
    Weighed,
    /// The reports are others. The cases to be expected are those of the same ratio of observed to expected.
    WeighedByRatio,
}

impl Outcome {
    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Ends => "ends",
            Self::Appears => "appears",
            Self::Absent => "absent",
            Self::NotAssessable(_) => "not assessable",
        }
    }

    /// Of several recounts of a check the one with the smallest rank stands in the row. Where each keeps a part
    /// of the same reports, a part with too few cases to tell says that the signal may rest on the rest; that the
    /// other parts hold is no answer to it. Other reports with too few cases say nothing.
    pub(crate) fn rank(self, few_left: FewLeft) -> u8 {
        match self {
            Self::Ends => 0,
            Self::NotAssessable(Reason::TooFewCases) if few_left == FewLeft::Weighed => 1,
            Self::Appears => 2,
            Self::Holds => 3,
            Self::Absent => 4,
            Self::NotAssessable(_) => 5,
        }
    }
}

/// Whether estimates show a signal of disproportionate reporting: the fewest cases of the study, and a
/// lower 95 % limit of the IC above 0.
pub fn shows(estimates: &Estimates, minimum_cases: u64) -> bool {
    estimates.a >= minimum_cases && estimates.ic025.is_some_and(|limit| limit > 0.0)
}

/// The outcome of a row.
pub(crate) fn outcome(
    primary: &Estimates,
    row: &Row,
    few_left: FewLeft,
    minimum_cases: u64,
) -> Outcome {
    let here = match &row.estimates {
        Ok(estimates) => estimates,
        Err((reason, _)) => return Outcome::NotAssessable(*reason),
    };
    let shows_here = match here.ror_lo.filter(|_| row.by_ror) {
        Some(limit) => here.a >= minimum_cases && limit > 1.0,
        None => shows(here, minimum_cases),
    };
    match (shows(primary, minimum_cases), shows_here) {
        (true, true) => Outcome::Holds,
        (false, true) => Outcome::Appears,
        (false, false) => Outcome::Absent,
        (true, false)
            if could_show(primary, here, few_left, minimum_cases)
                && (!row.by_ror || comparator_could_tell(here, minimum_cases)) =>
        {
            Outcome::Ends
        }
        (true, false) => Outcome::NotAssessable(Reason::TooFewCases),
    }
}

/// Whether a comparator with the substance's own share of cases would have the fewest cases of the study.
fn comparator_could_tell(here: &Estimates, minimum_cases: u64) -> bool {
    let cases = u128::from(here.c + here.d) * u128::from(here.a);
    cases >= u128::from(minimum_cases) * u128::from(here.a + here.b)
}

/// Whether a signal as strong as the primary one would show in what the check kept.
fn could_show(
    primary: &Estimates,
    here: &Estimates,
    few_left: FewLeft,
    minimum_cases: u64,
) -> bool {
    let Some(expected) = primary.expected.filter(|expected| *expected > 0.0) else { return true };
    let a = primary.a as f64;
    let left = match few_left {
        FewLeft::Ends => return true,
        // With no report to compare with, as many cases are expected as there are.
        _ if here.c + here.d == 0 => return false,
        FewLeft::Weighed => a * (here.a + here.b) as f64 / (primary.a + primary.b) as f64,
        FewLeft::WeighedByRatio => here.expected.unwrap_or(0.0) * a / expected,
    };
    // A hair more, so that a product that should be whole is not cut to the number below. More cases than
    // the primary count has are not needed: with those it showed.
    let whole = (minimum_cases..=primary.a).rev().find(|cases| *cases as f64 <= left + 1e-9);
    whole.is_some_and(|whole| {
        let expected = whole as f64 * expected / a;
        ic_observed_expected(whole, expected).is_ok_and(|ic| ic.lower > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use iatro_stats::Table2x2;

    fn of(cells: [u64; 4]) -> Estimates {
        let [a, b, c, d] = cells;
        #[allow(clippy::unwrap_used)]
        Estimates::of(&Table2x2::new(a, b, c, d).unwrap())
    }

    fn judged(primary: [u64; 4], here: [u64; 4], few_left: FewLeft) -> Outcome {
        outcome(&of(primary), &Row::counted(of(here)), few_left, 3)
    }

    #[test]
    fn few_cases_left_end_a_signal_only_where_they_were_to_be_expected() {
        let primary = [10, 990, 90, 98_910];
        // Nearly all cases gone, the exposed reports still there.
        assert_eq!(judged(primary, [1, 900, 80, 90_000], FewLeft::Weighed), Outcome::Ends);
        // The exposed reports are gone too.
        let few = Outcome::NotAssessable(Reason::TooFewCases);
        assert_eq!(judged(primary, [1, 99, 40, 50_000], FewLeft::Weighed), few);
        // Unless the check took away what has another explanation.
        assert_eq!(judged(primary, [1, 99, 40, 50_000], FewLeft::Ends), Outcome::Ends);
        assert_eq!(judged(primary, [8, 800, 80, 90_000], FewLeft::Weighed), Outcome::Holds);
        // Enough cases, but as many as expected.
        assert_eq!(judged(primary, [10, 990, 990, 98_010], FewLeft::Weighed), Outcome::Ends);
    }

    #[test]
    fn another_database_is_weighed_by_its_own_expected_cases() {
        let primary = [10, 990, 90, 98_910];
        let few = Outcome::NotAssessable(Reason::TooFewCases);
        let by_ratio = |here| judged(primary, here, FewLeft::WeighedByRatio);
        assert_eq!(by_ratio([0, 100, 10, 100_000]), few);
        assert_eq!(by_ratio([1, 5_000, 100, 100_000]), Outcome::Ends);
    }

    #[test]
    fn without_a_report_to_compare_with_nothing_can_be_said() {
        let few = Outcome::NotAssessable(Reason::TooFewCases);
        let primary = [10, 990, 90, 98_910];
        assert_eq!(judged(primary, [10, 990, 0, 0], FewLeft::Weighed), few);
        assert_eq!(judged(primary, [10, 990, 0, 0], FewLeft::WeighedByRatio), few);
    }

    #[test]
    fn a_part_that_cannot_tell_stands_before_parts_that_hold() {
        let few = Outcome::NotAssessable(Reason::TooFewCases);
        let rank = |outcome: Outcome| outcome.rank(FewLeft::Weighed);
        assert!(rank(Outcome::Ends) < rank(few) && rank(few) < rank(Outcome::Holds));
        // What does not concern the substance says nothing, and neither do other reports with few cases.
        assert!(rank(Outcome::Holds) < rank(Outcome::NotAssessable(Reason::NotApplicable)));
        let by_ratio = |outcome: Outcome| outcome.rank(FewLeft::WeighedByRatio);
        assert!(by_ratio(Outcome::Holds) < by_ratio(few));
    }

    #[test]
    fn what_shows_only_under_a_check_appears() {
        assert_eq!(judged([2, 98, 98, 9_802], [6, 94, 94, 9_806], FewLeft::Ends), Outcome::Appears);
        assert_eq!(judged([1, 99, 99, 9_801], [1, 99, 99, 9_801], FewLeft::Ends), Outcome::Absent);
    }
}
