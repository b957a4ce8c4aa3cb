//! Checks and contrasts in words.

use iatro_signals::attribution::Attribution;
use iatro_signals::bench::{CheckRow, CheckRun, ContrastResult, Outcome, Reason};
use iatro_signals::run::Estimates;

use crate::interval::Interval;
use crate::number::{significant, thousands};

/// How many rows of a check came out how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct CheckTally {
    /// Signals that hold.
    pub holds: u64,
    /// Signals that end.
    pub ends: u64,
    /// Signals that are there only under the check.
    pub appears: u64,
    /// Signals of the primary count of which it could not say anything.
    pub not_assessable: u64,
}

impl CheckTally {
    /// Counts the rows of a check of the substances of which `is_signal` says that they are signals in
    /// the primary count.
    pub fn of(check: &CheckRun, is_signal: impl Fn(&str) -> bool) -> Self {
        let mut tally = Self::default();
        for row in &check.rows {
            match row.outcome {
                Outcome::Holds => tally.holds += 1,
                Outcome::Ends => tally.ends += 1,
                Outcome::Appears => tally.appears += 1,
                Outcome::NotAssessable(_) if is_signal(&row.substance) => tally.not_assessable += 1,
                Outcome::Absent | Outcome::NotAssessable(_) => {}
            }
        }
        tally
    }
}

/// Returns why a check cannot say anything, in words.
pub fn reason_in_english(reason: Reason) -> &'static str {
    match reason {
        Reason::InformationMissing => "the reports do not say",
        Reason::TooFewCases => "too few cases left to tell",
        Reason::NotApplicable => "does not apply",
    }
}

/// Returns the name of a reason in results.
pub fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::InformationMissing => "information_missing",
        Reason::TooFewCases => "too_few_cases",
        Reason::NotApplicable => "not_applicable",
    }
}

/// Returns the outcome of a row in words: `holds`, `ends`, `not assessable: too few cases left to tell`.
pub fn outcome_in_english(outcome: Outcome) -> String {
    match outcome {
        Outcome::NotAssessable(reason) => {
            format!("{}: {}", outcome.name(), reason_in_english(reason))
        }
        other => other.name().to_owned(),
    }
}

/// Returns what is to be said of a row beside its outcome: what it was counted against or without, or why
/// it could not be counted.
pub fn row_detail<'c>(check: &'c CheckRun, row: &'c CheckRow) -> Option<&'c str> {
    let of_check = check.not_assessable.as_ref().map(|(_, text)| text.as_str());
    row.detail.as_deref().or(of_check)
}

/// A contrast as it is printed: ours, and the published one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContrastText {
    /// `12 of 9,120 against 3 of 8,000`; `None` if one side has no report.
    pub counts: Option<String>,
    /// Our ROR with its interval.
    pub ours: String,
    /// The published one, with the reports it was computed from.
    pub published: String,
}

/// Returns a contrast in words.
pub fn contrast_in_english(contrast: &ContrastResult) -> ContrastText {
    let counts = contrast.estimates.as_ref().map(|e| {
        format!(
            "{} of {} against {} of {}",
            thousands(e.a),
            thousands(e.a + e.b),
            thousands(e.c),
            thousands(e.c + e.d)
        )
    });
    let ours = contrast
        .estimates
        .as_ref()
        .map_or_else(|| "one side has no report".to_owned(), |e| ror(e).as_ratio());
    let published = contrast.published.as_ref().map_or_else(
        || "none".to_owned(),
        |p| {
            format!(
                "{} ({}–{}), {}",
                significant(p.ror),
                significant(p.ror_lo),
                significant(p.ror_hi),
                p.reports
            )
        },
    );
    ContrastText { counts, ours, published }
}

/// The ROR (Wald 95 %) of estimates.
pub(crate) fn ror(estimates: &Estimates) -> Interval {
    Interval { point: estimates.ror, lower: estimates.ror_lo, upper: estimates.ror_hi }
}

/// Returns how an attribution was computed, in a sentence.
pub fn sampler_in_english(attribution: &Attribution) -> String {
    let agreed = if attribution.converged {
        "All chains agree (split R-hat at most 1.05, effective sample size at least 200)."
    } else {
        "Where the chains do not agree (split R-hat above 1.05, or an effective sample size below 200), no \
         interval is given."
    };
    format!(
        "Posterior by Gibbs sampling, {} chains of {} sweeps, seed {}. {agreed}",
        attribution.chains,
        thousands(attribution.sweeps as u64),
        attribution.seed,
    )
}
