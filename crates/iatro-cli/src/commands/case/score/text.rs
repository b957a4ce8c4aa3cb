//! A report for a note: what a clinician pastes into the record. First everything side by side, then where instruments
//! disagree and what would decide, then each instrument with its items and what they rest on.

mod block;
mod course;
mod side_by_side;
pub(super) mod words;

use iatro_clinical::assess::{Assessment, Report, Verdict};
use iatro_clinical::logic::Ternary;

use super::super::columns::{clause, paragraph, title};
use super::super::given;

/// How many tests are named as the most informative.
const TESTS: usize = 6;

/// The text of a report. `most` is the report of a patient of whom nothing is known; `named` says that instruments
/// were asked for by name.
pub(super) fn of(report: &Report, most: &Report, named: bool) -> String {
    let mut text = opening(report);
    text.push_str(&side_by_side::of(report, most));
    text.push_str(&disagreements(report));
    text.push_str(&next_tests(report));
    text.push_str(&course::of(report));
    let (shown, hidden): (Vec<_>, Vec<_>) =
        report.instruments.iter().partition(|one| named || is_told(one));
    for one in &shown {
        text.push('\n');
        text.push_str(&block::of(one, most));
    }
    text.push_str(&closing(report, &hidden));
    text
}

fn opening(report: &Report) -> String {
    let heading = if given::is_named(&report.case) {
        format!("Is this HLH? Case {}", report.case)
    } else {
        "Is this HLH? Values given".to_owned()
    };
    paragraph("", &heading) + &paragraph("", &words::window(report)) + "\n"
}

/// Whether the items of an instrument are told one by one where nobody asked for it by name: it may be asked in this
/// patient, and something of it is known. A note of twenty instruments is read by nobody.
fn is_told(one: &Assessment) -> bool {
    let known = one.items.iter().any(|item| item.state != Ternary::Unknown);
    known && one.applicability.state == Ternary::Met
}

/// One paragraph an instrument that is not fulfilled while others are; every pair in full: JSON.
fn disagreements(report: &Report) -> String {
    if report.disagreements.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", title("Where instruments disagree"));
    for one in &report.instruments {
        let against = report.disagreements.iter().filter(|pair| pair.not_fulfilled == one.id);
        let against: Vec<&str> = against.map(|pair| pair.fulfilled.as_str()).collect();
        if against.is_empty() {
            continue;
        }
        let lacking: Vec<&str> = one
            .items
            .iter()
            .filter(|item| item.state == Ternary::NotMet)
            .map(|item| item.label.as_str())
            .collect();
        let lacking = if lacking.is_empty() {
            String::new()
        } else {
            format!(" Not met of it: {}.", lacking.join("; "))
        };
        let said = format!(
            "{} is not fulfilled, while these are: {}. It was made in: {}.{lacking}",
            one.name,
            against.join(", "),
            clause(&one.population)
        );
        text.push_str(&paragraph("- ", &said));
    }
    text + &paragraph(
        "",
        "In whom the others were made stands above; each pair in full: --format json.",
    )
}

fn next_tests(report: &Report) -> String {
    let open = report.instruments.iter().any(|one| {
        one.verdict == Verdict::Indeterminate && one.applicability.state != Ternary::NotMet
    });
    if report.next_tests.is_empty() || !open {
        return String::new();
    }
    let mut text = format!("\n{}", title("Most informative tests not known yet"));
    for (at, test) in report.next_tests.iter().take(TESTS).enumerate() {
        let decides = test.decides.iter().filter(|one| one.share > 0.0);
        let mut decides: Vec<_> = decides.collect();
        decides.sort_by(|a, b| b.share.total_cmp(&a.share));
        let more = decides.len().saturating_sub(3);
        let shares = decides
            .iter()
            .take(3)
            .map(|one| format!("{} {}", one.instrument, words::percent(one.share)));
        let mut shares: Vec<String> = shares.collect();
        if more > 0 {
            shares.push(format!("{more} more"));
        }
        let decides = if shares.is_empty() { "none alone".to_owned() } else { shares.join(", ") };
        text.push_str(&paragraph(&format!("{}. ", at + 1), &format!("{}: {decides}", test.label)));
    }
    let hidden = report.next_tests.len().saturating_sub(TESTS);
    let more =
        if hidden > 0 { format!(" {hidden} more tests: --format json.") } else { String::new() };
    let explained = format!(
        "Share of all results of the other tests not known with which this one alone decides the verdict.{more}"
    );
    text + &paragraph("", &explained)
}

fn closing(report: &Report, hidden: &[&Assessment]) -> String {
    let mut text = String::from("\n");
    if !hidden.is_empty() {
        let ids: Vec<&str> = hidden.iter().map(|one| one.id.as_str()).collect();
        text.push_str(&paragraph(
            "",
            &format!(
                "Items not listed, because nothing of them is known or nobody knows whether the instrument applies \
                 (--instrument ID lists them): {}.",
                ids.join(", ")
            ),
        ));
    }
    if !report.left_out.is_empty() {
        text.push_str(&paragraph("", &words::left_out(&report.left_out)));
    }
    for note in &report.notes {
        text.push_str(&paragraph("Note: ", note));
    }
    text.push_str(&paragraph("", &format!("{} {}", words::NOT_VALIDATED, report.notice)));
    text
}
