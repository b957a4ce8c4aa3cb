//! How the signals stand the checks: what each verdict means, the checks, and every signal under them.

mod nested;
mod table;

use iatro_signals::bench::Verdict;
use iatro_signals::run::Signal;

use super::badge::badge;
use super::caption::Captions;
use super::{FOREST_ROWS, ReviewPage, paragraph, section, selection};
use crate::markup::{Markup, at};
use crate::number::{counted, thousands};
use crate::prose::verdict_meaning;

pub(super) const SECTION: (&str, &str) = ("checks", "How the signals stand the checks");

/// The signals under the checks, and how many there are.
pub(super) struct Judged<'a> {
    pub(super) signals: Vec<&'a Signal>,
    pub(super) all: usize,
}

/// The signals of disproportionate reporting with cases enough for a verdict, highest IC025 first.
pub(super) fn judged<'a>(page: &ReviewPage<'a>) -> Judged<'a> {
    let mut signals = selection::with_cases(page.run, page.study.minimum_cases.max(1));
    signals.retain(|signal| signal.is_disproportionate());
    let all = signals.len();
    signals.truncate(FOREST_ROWS);
    Judged { signals, all }
}

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    section(m, SECTION, |m| {
        if page.run.checks.is_empty() {
            return paragraph(m, &without_checks(page));
        }
        paragraph(
            m,
            "A signal is never one number. The study declares checks before the run; each changes what is counted \
             (which reports, which of their substances, against what) and counts the whole question again. What \
             becomes of a signal under them, and what the attribution below leaves it, makes its verdict.",
        );
        verdicts(m);
        table::draw(m, page, captions);
        paragraph(m, &introduction(&judged(page)));
        nested::draw(m, page, captions);
    });
}

fn without_checks(page: &ReviewPage<'_>) -> String {
    if page.study.checks.is_empty() {
        return "The study declares no check, so there is no verdict: every signal stands as counted.".to_owned();
    }
    format!(
        "The study declares {}, but this run left them out, so there is no verdict.",
        counted(page.study.checks.len() as u64, "check", "checks")
    )
}

/// What each verdict means.
fn verdicts(m: &mut Markup) {
    m.within("dl", &[at("class", "verdicts")], |m| {
        for verdict in [
            Verdict::Robust,
            Verdict::Fragile,
            Verdict::Explained,
            Verdict::Unchecked,
            Verdict::NoSignal,
            Verdict::Insufficient,
        ] {
            m.within("div", &[], |m| {
                m.within("dt", &[], |m| badge(m, verdict));
                m.leaf("dd", &[], &verdict_meaning(verdict));
            });
        }
    });
}

fn introduction(judged: &Judged<'_>) -> String {
    let shown = judged.signals.len();
    match (judged.all, judged.all - shown) {
        (0, _) => "No substance is a signal with cases enough for a verdict, so there is nothing to put under \
             the checks."
            .to_owned(),
        (1, _) => "The one signal under every check. Under the primary count, a row for each recount.".to_owned(),
        (all, 0) => format!(
            "The {} signals, highest IC025 first: the primary count, and beneath it a row for each recount. Each can \
             be folded; on paper all are open.",
            thousands(all as u64)
        ),
        (all, hidden) => format!(
            "The {} signals with the highest IC025, of {}; the other {} are not drawn (the CSV of the run has all). \
             Each has its primary count and beneath it a row for each recount; it can be folded, and on paper all \
             are open.",
            thousands(shown as u64),
            thousands(all as u64),
            thousands(hidden as u64)
        ),
    }
}
