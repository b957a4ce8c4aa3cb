//! A run as rows: the primary count of every substance, then every check of those with a case.

use iatro_review::prose::{attributed_row, reason_name, row_detail, verdict_name, verdict_reason};
use iatro_signals::bench::{CheckRow, CheckRun, Outcome};
use iatro_signals::run::{Estimates, PRIMARY, Signal, SignalRun};

use super::shown::mark;
use crate::answer::{Cell, Kind, Rows};

const COLUMNS: [(&str, Kind); 28] = [
    ("substance", Kind::Text),
    ("event", Kind::Text),
    ("check", Kind::Text),
    ("a", Kind::Count),
    ("b", Kind::Count),
    ("c", Kind::Count),
    ("d", Kind::Count),
    ("expected", Kind::Number),
    ("ror", Kind::Number),
    ("ror_lo", Kind::Number),
    ("ror_hi", Kind::Number),
    ("prr", Kind::Number),
    ("prr_lo", Kind::Number),
    ("prr_hi", Kind::Number),
    ("chi2_yates", Kind::Number),
    ("ic", Kind::Number),
    ("ic025", Kind::Number),
    ("ic975", Kind::Number),
    ("ebgm", Kind::Number),
    ("eb05", Kind::Number),
    ("eb95", Kind::Number),
    ("fisher_mid_p", Kind::Number),
    ("q", Kind::Number),
    ("dataset_id", Kind::Text),
    ("run_id", Kind::Text),
    ("outcome", Kind::Text),
    ("detail", Kind::Text),
    ("verdict", Kind::Text),
];

const RULE_COLUMNS: [(&str, Kind); 6] = [
    ("n_ge_3", Kind::Text),
    ("prr_evans", Kind::Text),
    ("ror_lower_gt_1", Kind::Text),
    ("ic025_gt_0", Kind::Text),
    ("class", Kind::Text),
    ("mark", Kind::Text),
];

/// A run as rows; the rows of the checks must be those of the listed signals.
pub(crate) fn rows(run: &SignalRun, rules: bool) -> Rows {
    let mut rows = Rows::new(&COLUMNS);
    if rules {
        rows.columns.extend(RULE_COLUMNS);
    }
    for signal in &run.signals {
        let mut row = primary(run, signal);
        if rules {
            row.extend(rule_cells(signal));
        }
        rows.push(row);
    }
    for check in &run.checks {
        for row in &check.rows {
            let mut cells = checked(run, check, row);
            if rules {
                cells.extend(RULE_COLUMNS.map(|_| Cell::Missing));
            }
            rows.push(cells);
        }
    }
    rows
}

/// The primary count of a substance.
fn primary(run: &SignalRun, signal: &Signal) -> Vec<Cell> {
    let mut cells = named(run, &signal.substance, PRIMARY);
    cells.extend(estimates(Some(&signal.estimates)));
    let shrunk = &signal.shrinkage;
    cells.extend([shrunk.ebgm, shrunk.eb05, shrunk.eb95].map(Cell::from));
    cells.extend([signal.test.fisher_mid_p, signal.test.q].map(Cell::from));
    cells.extend(ids(run));
    let verdict = run.verdict(&signal.substance);
    let reason = verdict.map(|v| verdict_reason(v, attributed_row(run, &signal.substance)));
    cells.push(Cell::Missing);
    cells.push(reason.filter(|reason| !reason.is_empty()).into());
    cells.push(verdict.map(|verdict| verdict.verdict.name()).into());
    cells
}

/// A substance under a check; what was not computed there is missing.
fn checked(run: &SignalRun, check: &CheckRun, row: &CheckRow) -> Vec<Cell> {
    let mut cells = named(run, &row.substance, check.id);
    cells.extend(estimates(row.estimates.as_ref()));
    cells.extend([const { Cell::Missing }; 5]);
    cells.extend(ids(run));
    let (outcome, detail) = outcome_cells(check, row);
    cells.extend([outcome, detail]);
    cells.push(run.verdict(&row.substance).map(|verdict| verdict.verdict.name()).into());
    cells
}

/// The outcome as results name it, and what is to be said of it: for what is not assessable first the reason.
fn outcome_cells(check: &CheckRun, row: &CheckRow) -> (Cell, Cell) {
    let said = row_detail(check, row);
    match row.outcome {
        Outcome::NotAssessable(reason) => {
            let name = reason_name(reason);
            let detail = said.map_or_else(|| name.to_owned(), |said| format!("{name}: {said}"));
            ("not_assessable".into(), detail.into())
        }
        outcome => (outcome.name().into(), said.into()),
    }
}

fn named(run: &SignalRun, substance: &str, check: &str) -> Vec<Cell> {
    vec![substance.into(), run.question.event.as_str().into(), check.into()]
}

fn ids(run: &SignalRun) -> [Cell; 2] {
    [run.dataset_id.as_str().into(), run.run_id.as_str().into()]
}

/// The cells and their estimates; all missing if nothing was counted.
fn estimates(estimates: Option<&Estimates>) -> Vec<Cell> {
    let Some(e) = estimates else { return vec![Cell::Missing; 15] };
    let mut cells: Vec<Cell> = [e.a, e.b, e.c, e.d].map(Cell::from).to_vec();
    cells.extend(
        [
            e.expected,
            e.ror,
            e.ror_lo,
            e.ror_hi,
            e.prr,
            e.prr_lo,
            e.prr_hi,
            e.chi2_yates,
            e.ic,
            e.ic025,
            e.ic975,
        ]
        .map(Cell::from),
    );
    cells
}

fn rule_cells(signal: &Signal) -> Vec<Cell> {
    let rules = &signal.rules;
    vec![
        rules.n_ge_3.into(),
        rules.prr_evans.into(),
        rules.ror_lower_gt_1.into(),
        rules.ic025_gt_0.into(),
        signal.class.clone().into(),
        mark(signal).into(),
    ]
}

/// A verdict as tables for people show it.
pub(super) fn verdict_cell(run: &SignalRun, substance: &str) -> (String, String) {
    let Some(verdict) = run.verdict(substance) else { return ("–".to_owned(), String::new()) };
    let reason = verdict_reason(verdict, attributed_row(run, substance));
    (verdict_name(verdict.verdict).to_owned(), reason)
}
