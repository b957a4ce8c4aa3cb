//! The verdict on a substance. The rules live here and in the table of `docs/methods/bias_bench.md`; a test
//! compares the two.

use serde::Serialize;

use super::outcome::{Outcome, shows};
use crate::run::Estimates;

/// Attribution explains cases away only if the lower limit of the attributed cases is at most this.
pub const EXPLAINED_LOWER_AT_MOST: f64 = 1.0;

/// And if the attributed fraction of the cases is below this.
pub const EXPLAINED_FRACTION_BELOW: f64 = 0.5;

/// The lower limit of the IC of a signal is above this.
pub const SIGNAL_IC025_ABOVE: f64 = 0.0;

/// The verdict on a substance.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Fewer cases than the study asks for.
    Insufficient,
    /// Not disproportionate in the primary count.
    NoSignal,
    /// Attribution gives its cases to other things on their reports.
    Explained,
    /// A declared check ends it.
    Fragile,
    /// No check ends it, and at least one could have.
    Robust,
    /// No declared check could say anything of it.
    Unchecked,
}

impl Verdict {
    /// Every verdict, in the order in which the rules are asked; the first that holds is given.
    pub const ALL: [Self; 6] = [
        Self::Insufficient,
        Self::NoSignal,
        Self::Explained,
        Self::Fragile,
        Self::Robust,
        Self::Unchecked,
    ];

    /// The name in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Insufficient => "insufficient",
            Self::NoSignal => "no_signal",
            Self::Explained => "explained",
            Self::Fragile => "fragile",
            Self::Robust => "robust",
            Self::Unchecked => "unchecked",
        }
    }

    /// The rule, as the table of the docs has it.
    pub fn rule(self) -> String {
        match self {
            Self::Insufficient => "fewer cases than the study's `minimum_cases`".to_owned(),
            Self::NoSignal => {
                format!(
                    "lower 95 % limit of the IC not above {SIGNAL_IC025_ABOVE} in the primary count"
                )
            }
            Self::Explained => format!(
                "attribution converged, lower limit of the attributed cases at most \
                 {EXPLAINED_LOWER_AT_MOST}, attributed fraction below {EXPLAINED_FRACTION_BELOW}"
            ),
            Self::Fragile => {
                "at least one check has the outcome `ends`; all such checks are named".to_owned()
            }
            Self::Robust => "no check ends it, and at least one has the outcome `holds`".to_owned(),
            Self::Unchecked => "no check could be assessed".to_owned(),
        }
    }
}

/// What the attribution model says of a substance's cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Attributed {
    /// Its cases.
    pub n: u64,
    /// How many are attributed to it, 0 to `n`.
    pub attributed: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Whether the chains agree; what has not converged explains nothing.
    pub converged: bool,
}

/// What part attribution had in a verdict.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// It was not run, so nothing can be explained by it.
    Absent,
    /// It did not converge, or gave no usable numbers, so nothing can be explained by it.
    NotConverged,
    /// It was heard.
    Used,
}

/// The verdict on a substance, with what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubstanceVerdict {
    /// The substance.
    pub substance: String,
    /// The verdict.
    pub verdict: Verdict,
    /// The checks that end its signal, in the order of the study.
    pub ended_by: Vec<&'static str>,
    /// How many checks could be assessed.
    pub assessed: usize,
    /// How many could not.
    pub not_assessable: usize,
    /// What part attribution had.
    pub attribution: Attribution,
}

/// Judges a substance from its primary estimates, the outcome of every check, and what attribution says.
pub fn judge(
    substance: &str,
    primary: &Estimates,
    minimum_cases: u64,
    outcomes: &[(&'static str, Outcome)],
    attributed: Option<Attributed>,
) -> SubstanceVerdict {
    let ended_by: Vec<&'static str> =
        outcomes.iter().filter(|(_, o)| *o == Outcome::Ends).map(|(id, _)| *id).collect();
    let unassessed = |(_, o): &&(&str, Outcome)| matches!(o, Outcome::NotAssessable(_));
    let not_assessable = outcomes.iter().filter(unassessed).count();
    let attribution = match attributed {
        None => Attribution::Absent,
        Some(attributed) if usable(&attributed) => Attribution::Used,
        Some(_) => Attribution::NotConverged,
    };
    let explained = attributed.filter(usable).is_some_and(|attributed| {
        attributed.lower <= EXPLAINED_LOWER_AT_MOST
            && attributed.attributed / (attributed.n as f64) < EXPLAINED_FRACTION_BELOW
    });
    let verdict = if primary.a < minimum_cases {
        Verdict::Insufficient
    } else if !shows(primary, minimum_cases) {
        Verdict::NoSignal
    } else if explained {
        Verdict::Explained
    } else if !ended_by.is_empty() {
        Verdict::Fragile
    } else if outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Holds) {
        Verdict::Robust
    } else {
        Verdict::Unchecked
    };
    SubstanceVerdict {
        substance: substance.to_owned(),
        verdict,
        ended_by,
        assessed: outcomes.len() - not_assessable,
        not_assessable,
        attribution,
    }
}

fn usable(attributed: &Attributed) -> bool {
    let numbers = [attributed.attributed, attributed.lower, attributed.upper];
    attributed.converged && attributed.n > 0 && numbers.iter().all(|x| x.is_finite() && *x >= 0.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::outcome::Reason;
    use super::*;
    use iatro_stats::Table2x2;

    fn primary(a: u64) -> Estimates {
        Estimates::of(&Table2x2::new(a, 1_000 - a, 90, 98_910).unwrap())
    }

    fn attributed(attributed: f64, lower: f64, converged: bool) -> Attributed {
        Attributed { n: 10, attributed, lower, upper: 9.0, converged }
    }

    fn verdict(a: u64, outcomes: &[(&'static str, Outcome)], of: Option<Attributed>) -> Verdict {
        judge("x", &primary(a), 3, outcomes, of).verdict
    }

    #[test]
    fn the_first_rule_that_holds_is_given() {
        let holds = [("strata", Outcome::Holds)];
        let ends = [("strata", Outcome::Holds), ("masking", Outcome::Ends)];
        assert_eq!(verdict(2, &holds, None), Verdict::Insufficient);
        let none = Estimates::of(&Table2x2::new(3, 997, 297, 98_703).unwrap());
        assert_eq!(judge("x", &none, 3, &holds, None).verdict, Verdict::NoSignal);
        assert_eq!(verdict(10, &holds, None), Verdict::Robust);
        let fragile = judge("x", &primary(10), 3, &ends, None);
        assert_eq!((fragile.verdict, fragile.ended_by), (Verdict::Fragile, vec!["masking"]));
        assert_eq!(verdict(10, &ends, Some(attributed(2.0, 0.5, true))), Verdict::Explained);
        let unsaid = [("strata", Outcome::NotAssessable(Reason::InformationMissing))];
        assert_eq!(verdict(10, &unsaid, None), Verdict::Unchecked);
    }

    #[test]
    fn attribution_explains_only_below_both_thresholds_and_if_it_converged() {
        let holds = [("strata", Outcome::Holds)];
        let of = |attributed| judge("x", &primary(10), 3, &holds, Some(attributed));
        assert_eq!(of(attributed(4.9, 1.0, true)).verdict, Verdict::Explained);
        assert_eq!(of(attributed(5.0, 1.0, true)).verdict, Verdict::Robust);
        assert_eq!(of(attributed(4.9, 1.01, true)).verdict, Verdict::Robust);
        let unsure = of(attributed(0.0, 0.0, false));
        assert_eq!(
            (unsure.verdict, unsure.attribution),
            (Verdict::Robust, Attribution::NotConverged)
        );
        let broken = of(attributed(f64::NAN, 0.0, true));
        assert_eq!(broken.attribution, Attribution::NotConverged);
        assert_eq!(judge("x", &primary(10), 3, &holds, None).attribution, Attribution::Absent);
    }
}
