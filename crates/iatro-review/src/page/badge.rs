//! The verdict on a substance: a word with a sign before it, never colour alone.

use iatro_signals::bench::Verdict;

use crate::markup::{Markup, at};
use crate::prose::verdict_name;

/// The word in its badge.
pub(super) fn badge(m: &mut Markup, verdict: Verdict) {
    m.leaf("span", &[at("class", format!("v {}", class(verdict)))], verdict_name(verdict));
}

/// A cell with the badge and, below it, what the verdict rests on.
pub(super) fn cell(m: &mut Markup, verdict: Option<Verdict>, reason: &str) {
    let Some(verdict) = verdict else {
        return m.leaf("td", &[at("class", "na")], "–");
    };
    m.within("td", &[at("class", "verdict")], |m| {
        badge(m, verdict);
        if !reason.is_empty() {
            m.text(" ");
            m.leaf("small", &[], reason);
        }
    });
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Robust => "v-robust",
        Verdict::Fragile => "v-fragile",
        Verdict::Explained => "v-explained",
        Verdict::Unchecked => "v-unchecked",
        Verdict::Insufficient | Verdict::NoSignal => "v-none",
    }
}
