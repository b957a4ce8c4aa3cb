//! Decision rules in use for a signal of disproportionate reporting, each a named function.
//!
//! A rule is [`NotAssessable`](Assessment::NotAssessable) as soon as an estimate it reads is
//! undefined, whatever its other conditions say; so "not met" always means that the numbers were
//! there and fell short. The rules were set for screening; meeting one says that a pair is reported
//! out of proportion, and nothing about why.

use crate::Table2x2;
use crate::disproportionality::{chi2_yates, ic, prr_point, ror};

/// Fewest reports with exposure and event that the rules ask for.
pub const MIN_REPORTS: u64 = 3;

/// The answer of a decision rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assessment {
    /// Every condition of the rule holds.
    Met,
    /// The estimates are defined, and a condition does not hold.
    NotMet,
    /// An estimate that the rule reads is undefined for this table.
    NotAssessable,
}

impl Assessment {
    /// The name to print: "met", "not met" or "not assessable".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::NotAssessable => "not assessable",
        }
    }
}

impl From<Option<bool>> for Assessment {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::NotAssessable,
        }
    }
}

/// N >= 3: at least three reports have the exposure and the event. Always assessable.
///
/// Source: Evans, Waller and Davis 2001, Pharmacoepidemiol Drug Saf 10:483-486, where it is one of
/// three conditions; the other rules here borrow it.
#[must_use]
pub fn min_reports(table: &Table2x2) -> Assessment {
    Some(enough(table)).into()
}

/// PRR >= 2, chi-squared with Yates's correction >= 4, and N >= 3.
///
/// Not assessable without a PRR ([`prr_point`]) or a chi-squared ([`chi2_yates`]).
/// Source: Evans, Waller and Davis 2001, Pharmacoepidemiol Drug Saf 10:483-486.
#[must_use]
pub fn prr_evans2001(table: &Table2x2) -> Assessment {
    prr_point(table)
        .zip(chi2_yates(table))
        .map(|(prr, chi2)| prr >= 2.0 && chi2 >= 4.0 && enough(table))
        .into()
}

/// Lower limit of the ROR (Wald 95 %) above 1, and N >= 3.
///
/// Not assessable unless all four cells are above 0 ([`ror`]). Source: van Puijenbroek et al. 2002,
/// Pharmacoepidemiol Drug Saf 11:3-10, for the limit; N >= 3 as commonly joined to it.
#[must_use]
pub fn ror_lower_limit(table: &Table2x2) -> Assessment {
    ror(table).map(|ror| ror.lower > 1.0 && enough(table)).into()
}

/// IC025 > 0: lower limit of the IC (exact gamma 95 %) above 0.
///
/// Not assessable only if there are no reports. It implies N >= 3 ([`ic`]). Sources: Bate et al.
/// 1998, Eur J Clin Pharmacol 54:315-321; Noren, Hopstadius and Bate 2013, Stat Methods Med Res
/// 22:57-69.
#[must_use]
pub fn ic025(table: &Table2x2) -> Assessment {
    ic(table).map(|ic| ic.lower > 0.0).into()
}

fn enough(table: &Table2x2) -> bool {
    table.a() >= MIN_REPORTS
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::Assessment::{Met, NotAssessable, NotMet};
    use super::*;

    fn table(a: u64, b: u64, c: u64, d: u64) -> Table2x2 {
        Table2x2::new(a, b, c, d).unwrap()
    }

    fn all(table: &Table2x2) -> [Assessment; 4] {
        [min_reports(table), prr_evans2001(table), ror_lower_limit(table), ic025(table)]
    }

    #[test]
    fn a_strong_pair_meets_every_rule() {
        assert_eq!(all(&table(122, 1_320, 381, 31_341)), [Met; 4]);
        assert_eq!(all(&table(3, 97, 47, 19_853)), [Met; 4]);
    }

    #[test]
    fn an_unremarkable_pair_meets_only_the_count() {
        assert_eq!(all(&table(10, 990, 200, 9_800)), [Met, NotMet, NotMet, NotMet]);
    }

    #[test]
    fn two_reports_are_too_few_however_disproportionate() {
        assert_eq!(all(&table(2, 3, 5, 1_000_000)), [NotMet; 4]);
    }

    #[test]
    fn an_undefined_estimate_is_not_a_no() {
        // Every report of the event has the exposure.
        assert_eq!(all(&table(5, 5, 0, 90)), [Met, NotAssessable, NotAssessable, Met]);
        // The same with too few reports: still not a no.
        assert_eq!(all(&table(2, 5, 0, 90)), [NotMet, NotAssessable, NotAssessable, NotMet]);
        // No report of the exposure.
        assert_eq!(all(&table(0, 0, 5, 95)), [NotMet, NotAssessable, NotAssessable, NotMet]);
        // Nothing observed, something expected: the PRR is 0, the ROR has no interval.
        assert_eq!(all(&table(0, 10, 10, 80)), [NotMet, NotMet, NotAssessable, NotMet]);
        assert_eq!(all(&table(0, 0, 0, 0)), [NotMet, NotAssessable, NotAssessable, NotAssessable]);
    }

    #[test]
    fn the_limits_belong_to_the_rule_as_printed() {
        // PRR exactly 2 counts; a ROR or IC limit must lie above.
        let t = table(40, 960, 200, 9_800);
        assert_eq!(prr_point(&t), Some(2.0));
        assert_eq!(prr_evans2001(&t), Met);
    }

    #[test]
    fn names() {
        assert_eq!(
            [Met, NotMet, NotAssessable].map(Assessment::name),
            ["met", "not met", "not assessable"]
        );
    }
}
