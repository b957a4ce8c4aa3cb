//! Every signal with its primary count and, beneath it, a row for every check; folded away one by one.

use iatro_signals::bench::{CheckRun, Outcome};
use iatro_signals::run::{Signal, SignalRun};

use super::super::ReviewPage;
use super::super::badge::badge;
use super::super::caption::Captions;
use crate::figure::{CheckFigure, CheckFigureRow, CheckState};
use crate::interval::Interval;
use crate::markup::{Markup, at};
use crate::number::{counted, decimals};
use crate::prose::{
    attributed_row, attribution_in_english, outcome_in_english, ror, row_detail, verdict_reason,
};

pub(super) fn draw(m: &mut Markup, page: &ReviewPage<'_>, captions: &mut Captions) {
    for (place, signal) in super::judged(page).signals.into_iter().enumerate() {
        let mut attrs = vec![at("class", "wide stand")];
        if place == 0 {
            attrs.push(at("open", "open"));
        }
        m.within("details", &attrs, |m| {
            m.within("summary", &[], |m| summary(m, page.run, signal));
            if let Some(said) = attributed_row(page.run, &signal.substance)
                .and_then(|row| attribution_in_english(row, &signal.substance))
            {
                m.leaf("p", &[at("class", "said")], &said);
            }
            let figure = figure(page.run, signal, place).svg();
            captions.bare_figure(m, &format!("stand-{place}"), &signal.substance, &figure);
        });
    }
}

fn summary(m: &mut Markup, run: &SignalRun, signal: &Signal) {
    let verdict = run.verdict(&signal.substance);
    m.within("strong", &[], |m| m.name(&signal.substance));
    m.text(" ");
    if let Some(verdict) = verdict {
        badge(m, verdict.verdict);
        m.text(" ");
        let reason = verdict_reason(verdict, attributed_row(run, &signal.substance));
        m.leaf("span", &[at("class", "reason")], &reason);
        m.text(" ");
    }
    let limit = signal
        .estimates
        .ic025
        .map_or_else(String::new, |limit| format!(", IC025 {}", decimals(limit, 2)));
    m.leaf(
        "span",
        &[at("class", "crude")],
        &format!(
            "{}, ROR {}{limit}",
            counted(signal.estimates.a, "case", "cases"),
            Interval::ror(signal).as_ratio()
        ),
    );
}

fn figure(run: &SignalRun, signal: &Signal, place: usize) -> CheckFigure {
    let mut rows = vec![CheckFigureRow {
        label: "primary count".to_owned(),
        state: CheckState::Primary,
        words: String::new(),
        cases: Some(signal.estimates.a),
        ror: Interval::ror(signal),
        ic025: signal.estimates.ic025,
    }];
    rows.extend(run.checks.iter().filter_map(|check| row(check, &signal.substance)));
    CheckFigure {
        id: format!("stand-{place}-svg"),
        title: format!("{} under the primary count and every check", signal.substance),
        rows,
    }
}

/// The row of a substance under a check; a check that could not be made at all has none.
fn row(check: &CheckRun, substance: &str) -> Option<CheckFigureRow> {
    if check.not_assessable.is_some() {
        return None;
    }
    let row = check.rows.iter().find(|row| row.substance == substance)?;
    let outcome = outcome_in_english(row.outcome);
    let words = match row_detail(check, row) {
        Some(detail) => format!("{outcome} ({detail})"),
        None => outcome,
    };
    Some(CheckFigureRow {
        label: check.title.to_owned(),
        state: state(row.outcome),
        words,
        cases: row.estimates.as_ref().map(|e| e.a),
        ror: row.estimates.as_ref().map(ror).unwrap_or_default(),
        ic025: row.estimates.as_ref().and_then(|e| e.ic025),
    })
}

fn state(outcome: Outcome) -> CheckState {
    match outcome {
        Outcome::Holds => CheckState::Holds,
        Outcome::Ends => CheckState::Ends,
        Outcome::Appears => CheckState::Appears,
        Outcome::Absent => CheckState::Absent,
        Outcome::NotAssessable(_) => CheckState::NotAssessable,
    }
}
