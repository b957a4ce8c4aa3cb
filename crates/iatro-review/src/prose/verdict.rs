//! Verdicts in words: what each means, and what one rests on.

use iatro_signals::attribution::{AttributedCause, Group};
use iatro_signals::bench::verdict::{EXPLAINED_FRACTION_BELOW, EXPLAINED_LOWER_AT_MOST};
use iatro_signals::bench::{SubstanceVerdict, Verdict};
use iatro_signals::run::SignalRun;

use super::words::listed;
use crate::number::{counted, decimals, weighted};

/// How many others are named to which cases go.
const NAMED: usize = 3;

/// Returns the name of a verdict as people read it.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoSignal => "no signal",
        other => other.name(),
    }
}

/// Returns what a verdict means, in a sentence.
pub fn verdict_meaning(verdict: Verdict) -> String {
    match verdict {
        Verdict::Insufficient => {
            "It has fewer cases than the study asks for, so nothing is said of it.".to_owned()
        }
        Verdict::NoSignal => {
            "It is not reported with the event out of proportion: the lower 95 % limit of the IC \
             is not above 0."
                .to_owned()
        }
        Verdict::Explained => format!(
            "It is reported out of proportion, but the attribution gives its cases to other things on the same \
             reports: it is left with less than {} % of them, and the lower limit of what it is left with is at \
             most {}.",
            decimals(EXPLAINED_FRACTION_BELOW * 100.0, 0),
            counted_limit(),
        ),
        Verdict::Fragile => {
            "It is reported out of proportion, and at least one declared check ends that; the \
             checks that do are named."
                .to_owned()
        }
        Verdict::Robust => {
            "It is reported out of proportion, at least one declared check could be made of it, \
             and none ends it. That holds against these checks, and against no others."
                .to_owned()
        }
        Verdict::Unchecked => {
            "It is reported out of proportion, and no declared check ends that; but none could be \
             made of it, or the count within ages, sexes, years and regions could not, because the \
             reports do not tell them."
                .to_owned()
        }
    }
}

fn counted_limit() -> String {
    let limit = decimals(EXPLAINED_LOWER_AT_MOST, 0);
    format!("{limit} {}", if limit == "1" { "case" } else { "cases" })
}

/// Returns what the attribution says of a substance, or of those it is given with; `None` if it was not run.
pub fn attributed_row<'r>(run: &'r SignalRun, substance: &str) -> Option<&'r AttributedCause> {
    run.attribution.as_ref()?.cause(substance, Group::Substance)
}

/// Returns what the verdict on a substance rests on, in a few words; empty where its name says it all.
/// `row` is what the attribution says of it.
pub fn verdict_reason(verdict: &SubstanceVerdict, row: Option<&AttributedCause>) -> String {
    match verdict.verdict {
        Verdict::Explained => {
            row.map_or_else(String::new, |row| explained_by(row, &verdict.substance))
        }
        Verdict::Fragile => format!("ends with {}", verdict.ended_by.join(", ")),
        Verdict::Robust => against(verdict),
        Verdict::Unchecked if verdict.assessed > 0 => {
            format!("{}, without strata", against(verdict))
        }
        Verdict::Insufficient | Verdict::NoSignal | Verdict::Unchecked => String::new(),
    }
}

/// Of how many checks it could be made.
fn against(verdict: &SubstanceVerdict) -> String {
    let all = (verdict.assessed + verdict.not_assessable) as u64;
    format!("against {} of {}", verdict.assessed, counted(all, "check", "checks"))
}

/// `to lamotrigine 5.3; background 1.1`; of causes given together, with whom.
fn explained_by(row: &AttributedCause, substance: &str) -> String {
    let others: Vec<&str> =
        row.members.iter().map(String::as_str).filter(|name| *name != substance).collect();
    let mut text = if others.is_empty() {
        String::new()
    } else {
        format!("with {}: ", listed(&others, "and"))
    };
    text.push_str(&to_others(row));
    text
}

/// Returns to whom the other cases of a cause go: `to lamotrigine 5.3; background 1.1`; empty if to nobody.
pub fn to_others(row: &AttributedCause) -> String {
    let to = |c: &iatro_signals::attribution::Competitor| format!("{} {}", c.cause, cases(c.cases));
    let to: Vec<String> = row.competitors.iter().take(NAMED).map(to).collect();
    if to.is_empty() { String::new() } else { format!("to {}", to.join("; ")) }
}

/// Returns what the attribution leaves a substance, in a sentence.
pub fn attribution_in_english(row: &AttributedCause, substance: &str) -> Option<String> {
    let attributed = row.attributed?;
    let limits = match row.attributed_interval {
        Some((low, high)) => format!("95 % credible interval {} to {}", cases(low), cases(high)),
        None => "no interval, for the chains do not agree".to_owned(),
    };
    let together = if row.members.is_empty() {
        String::new()
    } else {
        format!(" (all of {}, which these reports cannot tell apart)", row.cause)
    };
    let others = match to_others(row) {
        text if text.is_empty() => String::new(),
        text => format!("; its other cases go {text}"),
    };
    Some(format!(
        "Attributed to {substance}{together}: {} of {} ({limits}){others}.",
        cases(attributed),
        event_reports(row.n),
    ))
}

/// Whether the attribution calls a substance: the lower limit of its attributed cases is above what would
/// explain it away. `None` if there is no limit.
pub fn called(row: &AttributedCause) -> Option<bool> {
    row.attributed_interval.map(|(low, _)| low > EXPLAINED_LOWER_AT_MOST)
}

/// Returns the attributed cases with their interval: `45.2 (41.0–47.0)`.
pub fn attributed_in_short(row: &AttributedCause) -> String {
    match (row.attributed, row.attributed_interval) {
        (None, _) => "–".to_owned(),
        (Some(x), None) => format!("{} (no interval)", cases(x)),
        (Some(x), Some((low, high))) => format!("{} ({}–{})", cases(x), cases(low), cases(high)),
    }
}

/// An expected number of cases: to a tenth, from 100 on to a whole.
pub(crate) fn cases(number: f64) -> String {
    decimals(number, usize::from(number < 99.95))
}

/// `12 event reports`; with a decimal if weights made the number a fraction.
pub(crate) fn event_reports(number: f64) -> String {
    let number = weighted(number);
    let noun = if number == "1" { "event report" } else { "event reports" };
    format!("{number} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wording::check;

    #[test]
    fn every_verdict_has_a_name_and_a_meaning_that_may_be_shown() {
        for verdict in Verdict::ALL {
            assert!(verdict_meaning(verdict).ends_with('.'));
            assert_eq!(check(&verdict_meaning(verdict)), []);
            assert!(!verdict_name(verdict).contains('_'));
        }
        assert!(verdict_meaning(Verdict::Explained).contains("less than 50 %"));
        assert!(verdict_meaning(Verdict::Explained).contains("at most 1 case."));
    }

    #[test]
    fn numbers_of_cases_are_short() {
        assert_eq!((cases(5.34), cases(123.4)), ("5.3".to_owned(), "123".to_owned()));
        assert_eq!(event_reports(1.0), "1 event report");
        assert_eq!(event_reports(2.5), "2.5 event reports");
    }
}
