//! The table of the checks: what was counted, against which bias, and what became of the signals.

use iatro_signals::bench::CheckRun;

use super::super::caption::Captions;
use super::super::table::{Kind, count, header, row_name};
use super::super::{ReviewPage, paragraph};
use crate::markup::{Markup, at};
use crate::prose::{CheckTally, reason_in_english};

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    let made = page.run.checks.iter().filter(|check| check.not_assessable.is_none());
    let made: Vec<&CheckRun> = made.collect();
    if made.is_empty() {
        paragraph(m, "None of the declared checks could be made in these reports.");
    } else {
        captions.table(
            m,
            ("check-table", "checks"),
            |m| m.text("The checks that were made, in the order of the study, with what became of the signals. Cannot \
                 say: signals of the primary count for which too little was left, or which it does not concern."),
            |m| table(m, page, &made),
        );
    }
    not_assessable(m, page);
}

fn table(m: &mut Markup, page: &ReviewPage<'_>, checks: &[&CheckRun]) {
    let columns = [
        ("What was counted", Kind::Text),
        ("Guards against", Kind::Text),
        ("Reports", Kind::Number),
        ("Cases", Kind::Number),
        ("Holds", Kind::Number),
        ("Ends", Kind::Number),
        ("Appears", Kind::Number),
        ("Cannot say", Kind::Number),
    ];
    header(m, &columns);
    let is_signal = |name: &str| page.run.signal(name).is_some_and(|s| s.is_disproportionate());
    m.within("tbody", &[], |m| {
        for check in checks {
            let tally = CheckTally::of(check, is_signal);
            m.within("tr", &[], |m| {
                row_name(m, check.title, &[check.id]);
                m.within("td", &[at("class", "why")], |m| {
                    m.text(check.bias);
                    m.text(" ");
                    m.leaf("small", &[], check.rationale);
                });
                several(m, check.reports);
                several(m, check.cases);
                for number in [tally.holds, tally.ends, tally.appears, tally.not_assessable] {
                    count(m, number);
                }
            });
        }
    });
}

/// A count; a check that counts several times has none of its own.
fn several(m: &mut Markup, number: Option<u64>) {
    match number {
        Some(number) => count(m, number),
        None => m.leaf("td", &[at("class", "n na")], "several counts"),
    }
}

fn not_assessable(m: &mut Markup, page: &ReviewPage<'_>) {
    let missing: Vec<_> = page
        .run
        .checks
        .iter()
        .filter_map(|check| Some((check, check.not_assessable.as_ref()?)))
        .collect();
    if missing.is_empty() {
        return;
    }
    paragraph(m, "Declared, but not assessable in these reports:");
    m.within("ul", &[at("class", "plain")], |m| {
        for (check, (reason, text)) in missing {
            m.within("li", &[], |m| {
                m.leaf("strong", &[], check.title);
                m.text(&format!(" ({}): {text}.", reason_in_english(*reason)));
            });
        }
    });
}
