//! Verdicts, intervals and days in words.

use iatro_clinical::Decimal;
use iatro_clinical::assess::{Assessment, Interval, LeftOut, Probability, Report, Verdict};
use iatro_review::number::counted;

/// Beside every instrument.
pub(in crate::commands::case::score) const NOT_VALIDATED: &str =
    "No instrument here was validated for iatrogenic HLH.";

/// As in JSON.
pub(in crate::commands::case::score) fn verdict_id(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fulfilled => "fulfilled",
        Verdict::NotFulfilled => "not_fulfilled",
        Verdict::Indeterminate => "indeterminate",
        Verdict::None => "none",
    }
}

/// For people.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fulfilled => "fulfilled",
        Verdict::NotFulfilled => "not fulfilled",
        Verdict::Indeterminate => "indeterminate",
        Verdict::None => "no verdict",
    }
}

/// `178`, `152–187`, `-8.4 to -3.8`.
pub(super) fn interval(interval: Interval) -> String {
    let Interval { min, max } = interval;
    if min == max {
        return min.to_string();
    }
    if min.is_sign_negative() { format!("{min} to {max}") } else { format!("{min}–{max}") }
}

/// The total with the most the instrument can come to: `152–187 of 337`.
pub(super) fn score(one: &Assessment, most: &Report) -> String {
    let of = most.instruments.iter().find(|other| other.id == one.id);
    // A total of multiples of numbers has no end that anyone would state.
    let whole = |score: Interval| score.max.is_integer() && score.max < Decimal::from(1000);
    match of.map(|other| other.score) {
        Some(score) if whole(score) => format!("{} of {}", interval(one.score), score.max),
        _ => interval(one.score),
    }
}

/// `54 %`, `54 % to 70 %`.
pub(super) fn probability(probability: &Probability) -> String {
    let (min, max) = (&probability.min.text, &probability.max.text);
    if min == max { min.clone() } else { format!("{min} to {max}") }
}

/// A share in per cent, rounded; what is little but not nothing stays so.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 1.0 { "<1 %".to_owned() } else { format!("{percent:.0} %") }
}

/// The days that were looked at, and how many observations in them and outside.
pub(super) fn window(report: &Report) -> String {
    let window = &report.window;
    let observations = |count: usize| counted(count as u64, "observation", "observations");
    let days = match (window.from, window.to) {
        (Some(from), Some(to)) if from == to => format!("{to}: "),
        (Some(from), Some(to)) => format!("{from} to {to}: "),
        (None, Some(to)) => format!("Up to {to}: "),
        _ => String::new(),
    };
    let mut text = format!("{days}{} used", observations(window.used));
    if window.undated > 0 && !days.is_empty() {
        text.push_str(&format!(", {} of them without a date", window.undated));
    }
    if window.outside > 0 {
        text.push_str(&format!("; {} outside of these days, not used", window.outside));
    }
    text + ". What is not known stays open: it is never taken as normal."
}

/// What was left out, and what turns it on.
pub(in crate::commands::case::score) fn left_out(left_out: &[LeftOut]) -> String {
    let names: Vec<&str> = left_out.iter().map(|one| one.name.as_str()).collect();
    format!(
        "Left out as unverified (recalled, not read in a source; --include-unverified turns them on): {}.",
        names.join("; ")
    )
}
