//! One substance explained: the way to its number, its checks and verdict, its cases.

use iatro_reports::lake::manifest::RESEARCH_USE;
use iatro_review::number::decimals;
use iatro_review::prose::{
    attribution_in_english, outcome_in_english, row_detail, set_aside_in_english, verdict_name,
    verdict_reason,
};
use iatro_signals::bench::CheckRow;
use iatro_signals::explain::{CaseReport, Explanation};
use iatro_signals::run::{Estimates, PRIMARY};

use super::lines::{hanging, in_lines};
use super::shown::interval;
use crate::answer::{Answer, Cell, Kind, Rows};
use crate::error::CliError;
use crate::output::table;

/// Width at which the remarks on a check go on in the next line.
const DETAIL: usize = 52;

pub(super) fn answer(explanation: &Explanation) -> Result<Answer, CliError> {
    let document = serde_json::to_value(explanation)
        .map_err(|error| CliError::failed(format!("JSON: {error}")))?;
    let rows = case_rows(&explanation.cases);
    let text = text(explanation, &rows);
    Ok(Answer { rows, document, text })
}

fn text(explanation: &Explanation, cases: &Rows) -> String {
    let signal = &explanation.signal;
    let mut text = format!(
        "{}, {} in {}\n\n",
        signal.substance,
        explanation.question.event,
        explanation.question.source.title(),
    );
    text.push_str(&table::render(&steps(explanation)));
    text.push_str(&format!(
        "\n\na {}  b {}  c {}  d {}\n\n",
        table::thousands(signal.estimates.a),
        table::thousands(signal.estimates.b),
        table::thousands(signal.estimates.c),
        table::thousands(signal.estimates.d),
    ));
    if let Some(verdict) = &explanation.verdict {
        text.push_str(&table::render(&checks(explanation)));
        let reason = verdict_reason(verdict, explanation.attribution.as_ref());
        let reason = if reason.is_empty() { reason } else { format!(" ({reason})") };
        let name = verdict_name(verdict.verdict);
        text.push_str(&format!("\n\n{}", hanging("", &format!("Verdict: {name}{reason}."))));
        let row = explanation.attribution.as_ref();
        if let Some(said) = row.and_then(|row| attribution_in_english(row, &signal.substance)) {
            text.push_str(&hanging("", &said));
        }
        text.push('\n');
    }
    text.push_str(&table::render(cases));
    text.push_str("\n\n");
    text.push_str(&match explanation.set_aside.as_slice() {
        [] => format!("Set aside of {}: nothing.\n", signal.substance),
        some => set_aside_in_english(some),
    });
    text.push_str(&format!(
        "dataset {}  run {}\n{RESEARCH_USE}",
        explanation.dataset_id, explanation.run_id,
    ));
    text
}

fn steps(explanation: &Explanation) -> Rows {
    let mut steps = Rows::new(&[("left", Kind::Count), ("", Kind::Text), ("removed", Kind::Text)]);
    for (at, step) in explanation.waterfall.steps.iter().enumerate() {
        let removed = match (at, step.removed) {
            (0, _) => step.why.clone(),
            (_, 0) => String::new(),
            (_, removed) => format!("{} {}", table::thousands(removed), step.why),
        };
        steps.push(vec![step.left.into(), step.label.as_str().into(), removed.into()]);
    }
    steps
}

/// The primary row, then every check.
fn checks(explanation: &Explanation) -> Rows {
    let mut rows = Rows::new(&[
        ("check", Kind::Text),
        ("a", Kind::Count),
        ("ROR (Wald 95 %)", Kind::Number),
        ("IC025", Kind::Number),
        ("outcome", Kind::Text),
    ]);
    let mut primary = vec![PRIMARY.into()];
    primary.extend(counted(Some(&explanation.signal.estimates)));
    primary.push("".into());
    rows.push(primary);
    for check in &explanation.checks {
        for row in &check.rows {
            let said = remark(row, row_detail(check, row));
            for (line, said) in in_lines(&said, DETAIL).into_iter().enumerate() {
                let mut cells: Vec<Cell> = if line == 0 {
                    let mut cells = vec![check.id.into()];
                    cells.extend(counted(row.estimates.as_ref()));
                    cells
                } else {
                    vec![Cell::Text(String::new()); 4]
                };
                cells.push(said.into());
                rows.push(cells);
            }
        }
    }
    rows
}

fn remark(row: &CheckRow, detail: Option<&str>) -> String {
    let outcome = outcome_in_english(row.outcome);
    match detail {
        Some(detail) => format!("{outcome} ({detail})"),
        None => outcome,
    }
}

fn counted(estimates: Option<&Estimates>) -> [Cell; 3] {
    let Some(e) = estimates else { return [const { Cell::Missing }; 3] };
    let limit = e.ic025.map(|limit| decimals(limit, 2));
    [e.a.into(), interval(e.ror, e.ror_lo, e.ror_hi), limit.into()]
}

fn case_rows(cases: &[CaseReport]) -> Rows {
    let mut rows = Rows::new(&[
        ("report", Kind::Text),
        ("case", Kind::Text),
        ("period", Kind::Text),
        ("line", Kind::Count),
        ("received", Kind::Text),
        ("age_years", Kind::Number),
        ("sex", Kind::Text),
        ("country", Kind::Text),
        ("outcomes", Kind::Text),
        ("event_terms", Kind::Text),
        ("drugs", Kind::Text),
    ]);
    for case in cases {
        let drugs = case.drugs.iter().map(|drug| {
            let role = drug.role.as_deref().unwrap_or("?");
            format!("{} [{role}]", drug.verbatim)
        });
        rows.push(vec![
            case.native_id.as_str().into(),
            case.case_id.clone().into(),
            case.period.as_str().into(),
            case.line.map(u64::from).into(),
            case.received.clone().into(),
            case.age_years.into(),
            case.sex.clone().into(),
            case.country.clone().into(),
            case.outcomes.join(", ").into(),
            case.event_terms.join("; ").into(),
            drugs.collect::<Vec<_>>().join("; ").into(),
        ]);
    }
    rows
}
